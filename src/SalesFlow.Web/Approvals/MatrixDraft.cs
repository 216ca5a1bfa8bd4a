using System.Collections.Immutable;
using System.Globalization;
using SalesFlow.Sales.Approvals;

namespace SalesFlow.Web.Approvals;

/// <summary>A matrix while it is being edited: everything is text until it is looked over.</summary>
public sealed class MatrixDraft
{
    private readonly StandardTerms _standard;

    /// <summary>Begins with a matrix.</summary>
    public MatrixDraft(ApprovalMatrix matrix)
    {
        _standard = matrix.Standard;
        (Discount, Margin, PaymentDays, PaymentTerms) = (Numbers.Write(matrix.Standard.Discount), Numbers.Write(matrix.Standard.Margin), Numbers.Write(matrix.Standard.PaymentDays), matrix.Standard.PaymentTerms ?? "");
        Rows = [.. matrix.Rows.Select(row => new MatrixRowDraft(row))];
    }

    /// <summary>Standard discount.</summary>
    public string Discount { get; set; }
    /// <summary>Standard margin.</summary>
    public string Margin { get; set; }
    /// <summary>Standard payment days.</summary>
    public string PaymentDays { get; set; }
    /// <summary>Standard payment terms.</summary>
    public string PaymentTerms { get; set; }
    /// <summary>From the first to the last.</summary>
    public List<MatrixRowDraft> Rows { get; }

    /// <summary>Moves a row up (-1) or down (1).</summary>
    public void Move(int index, int by) => (Rows[index], Rows[index + by]) = (Rows[index + by], Rows[index]);

    /// <summary>The matrix that was entered, and where something is no number.</summary>
    public (ApprovalMatrix Matrix, ImmutableArray<string> Unread) Read()
    {
        var unread = ImmutableArray.CreateBuilder<string>();
        var standard = _standard with
        {
            Discount = Numbers.Read(Discount, "standard.discount", unread), Margin = Numbers.Read(Margin, "standard.margin", unread), PaymentDays = Numbers.Read(PaymentDays, "standard.paymentDays", unread),
            PaymentTerms = PaymentTerms.Trim() is { Length: > 0 } words ? words : null,
        };
        return (new() { Standard = standard, Rows = [.. Rows.Select((row, index) => row.Read($"rows[{index}]", unread))] }, unread.ToImmutable());
    }
}

/// <summary>A row while it is being edited.</summary>
public sealed class MatrixRowDraft
{
    /// <summary>Begins with a row.</summary>
    public MatrixRowDraft(ApprovalRow row)
    {
        foreach (var term in NumberTerms)
            (Over[term], UpTo[term]) = (Numbers.Write(row.When.Range(term)?.Over), Numbers.Write(row.When.Range(term)?.UpTo));
        foreach (var term in WordTerms)
            Values[term] = string.Join(", ", row.When.Values(term));
        Levels = [.. row.Levels.Select(level => new LevelDraft(level))];
    }

    /// <summary>Terms with bounds.</summary>
    public static ImmutableArray<string> NumberTerms { get; } = [TermNames.Discount, TermNames.Amount, TermNames.Margin, TermNames.PaymentDays];
    /// <summary>Terms in words.</summary>
    public static ImmutableArray<string> WordTerms { get; } = [TermNames.Product, TermNames.Segment];

    /// <summary>Lower bounds by term.</summary>
    public Dictionary<string, string> Over { get; } = [];
    /// <summary>Upper bounds by term.</summary>
    public Dictionary<string, string> UpTo { get; } = [];
    /// <summary>Words by term, separated by commas.</summary>
    public Dictionary<string, string> Values { get; } = [];
    /// <summary>Who decides.</summary>
    public List<LevelDraft> Levels { get; }
    /// <summary>Its levels are being edited.</summary>
    public bool Open { get; set; }

    internal ApprovalRow Read(string path, ImmutableArray<string>.Builder unread) => new(new()
    {
        Discount = Range(TermNames.Discount, path, unread), Amount = Range(TermNames.Amount, path, unread), Margin = Range(TermNames.Margin, path, unread), PaymentDays = Range(TermNames.PaymentDays, path, unread),
        Product = Words(TermNames.Product), Segment = Words(TermNames.Segment),
    }, [.. Levels.Select((level, index) => level.Read($"{path}.levels[{index}]", unread))]);

    private TermRange? Range(string term, string path, ImmutableArray<string>.Builder unread) =>
        new TermRange(Numbers.Read(Over[term], $"{path}.when.{term}", unread), Numbers.Read(UpTo[term], $"{path}.when.{term}", unread)) is var range && range == new TermRange() ? null : range;

    private ImmutableArray<string> Words(string term) => [.. Values[term].Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
}

/// <summary>A level while it is being edited.</summary>
public sealed class LevelDraft(ApprovalLevel level)
{
    /// <summary>Same key, same level.</summary>
    public string Key { get; set; } = level.Key;
    /// <summary>Its name in Russian.</summary>
    public string NameRu { get; set; } = level.Name.Ru;
    /// <summary>Its name in English.</summary>
    public string NameEn { get; set; } = level.Name.En;
    /// <summary>Who, separated by commas.</summary>
    public string Who { get; set; } = string.Join(", ", level.Who);
    /// <summary>How they decide.</summary>
    public ApprovalMode Mode { get; set; } = level.Mode;
    /// <summary>How many must say yes.</summary>
    public string Quorum { get; set; } = Numbers.Write(level.Quorum);
    /// <summary>Working hours until it goes further.</summary>
    public string Hours { get; set; } = level.Hours is { } hours ? Numbers.Write((decimal)hours) : "";
    /// <summary>To whom it goes then.</summary>
    public string EscalateTo { get; set; } = level.EscalateTo ?? "";

    internal ApprovalLevel Read(string path, ImmutableArray<string>.Builder unread) => new(Key.Trim(), new(NameEn.Trim(), NameRu.Trim()), [.. Who.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)], Mode,
        Mode == ApprovalMode.Quorum && Numbers.Read(Quorum, $"{path}.quorum", unread) is { } quorum ? (int)Math.Clamp(quorum, 0, 1000) : null,
        Numbers.Read(Hours, $"{path}.hours", unread) is { } hours ? (double)hours : null, EscalateTo.Trim() is { Length: > 0 } to ? to : null);
}

/// <summary>Numbers as people write them.</summary>
internal static class Numbers
{
    public static string Write(decimal? number) => number?.ToString("0.####", CultureInfo.CurrentCulture) ?? "";

    /// <summary>The number; null when nothing was entered, or when it is no number: then its path is noted.</summary>
    public static decimal? Read(string text, string path, ImmutableArray<string>.Builder unread)
    {
        var bare = text.Replace(" ", "", StringComparison.Ordinal).Replace("\u00A0", "", StringComparison.Ordinal).Replace(',', '.').TrimEnd('%');
        if (bare.Length == 0)
            return null;
        if (decimal.TryParse(bare, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            return number;
        unread.Add(path);
        return null;
    }
}
