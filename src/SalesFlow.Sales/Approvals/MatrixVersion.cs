namespace SalesFlow.Sales.Approvals;

/// <summary>What a matrix said from one saving to the next. Versions are never changed and never deleted: approvals point at them.</summary>
public sealed class MatrixVersion
{
    /// <summary>Which matrix, e.g. terms.</summary>
    public string Key { get; set; } = "";
    /// <summary>From 1, without gaps; the highest one is in force.</summary>
    public int Version { get; set; }
    /// <summary>The matrix as JSON.</summary>
    public string Text { get; set; } = "";
    /// <summary>Hash of the text.</summary>
    public string Hash { get; set; } = "";
    /// <summary>When it was saved.</summary>
    public DateTimeOffset At { get; set; }
    /// <summary>Who saved it.</summary>
    public string By { get; set; } = "";

    /// <summary>The version that follows <paramref name="before"/>; the first one when there is none.</summary>
    public static MatrixVersion Next(string key, MatrixVersion? before, string text, DateTimeOffset at, string by) =>
        new() { Key = key, Version = (before?.Version ?? 0) + 1, Text = text, Hash = CanonicalJson.HashOf(text), At = at, By = by };
}

/// <summary>The matrix that decides now, and its version.</summary>
public sealed record MatrixInForce(ApprovalMatrix Matrix, int Version);

/// <summary>A matrix as the page and the API show it; findings are in the reader's language.</summary>
public sealed record MatrixView(string Key, int Version, DateTimeOffset? At, string? By, ApprovalMatrix Matrix, IReadOnlyList<MatrixFindingView> Findings);

/// <summary>A gap or an overlap in words.</summary>
public sealed record MatrixFindingView(string Kind, IReadOnlyList<int> Rows, Terms? Example, string Message)
{
    /// <summary>What is found in a matrix that can be checked.</summary>
    public static IReadOnlyList<MatrixFindingView> Of(ApprovalMatrix matrix, string language) =>
        [.. MatrixChecks.Find(matrix).Select(found => new MatrixFindingView(found.Kind, found.Rows, found.Example, found.Words.In(language)))];
}
