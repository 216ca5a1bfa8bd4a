namespace SalesFlow.Sales.Approvals;

/// <summary>A term as approvers see it. <paramref name="Change"/> is same, better, worse or other since the last request, seen by us; <paramref name="FromStandard"/> the same against the standard, null where there is none.</summary>
public sealed record TermView(string Term, string Label, object? Value, object? Standard, string? FromStandard, object? Before, string? Change);

/// <summary>One person's part. <paramref name="Meant"/> is whom the matrix names, <paramref name="By"/> who decided, <paramref name="ByLink"/> true when that was by the link in a letter.</summary>
public sealed record VoteView(int Number, string? Task, string? Meant, string? Role, string? By, string? Outcome, string? OutcomeName, string? Comment, DateTimeOffset AskedAt, DateTimeOffset DueAt, DateTimeOffset? At, DateTimeOffset? EscalatedAt, string? EscalatedTo, bool ByLink);

/// <summary>A level; <paramref name="Outcome"/> is null while it is open, and <paramref name="Kept"/> true when an earlier yes still holds.</summary>
public sealed record LevelView(string Key, string Name, string Mode, int Needed, string? Outcome, bool Kept, IReadOnlyList<VoteView> Votes);

/// <summary>
/// An approval of a deal. <paramref name="Status"/> is open, approved, rejected, changes or withdrawn; <paramref name="Valid"/> is true when the terms of the deal as they are now are covered by it.
/// </summary>
public sealed record ApprovalView(string Id, string DealId, string Status, string StatusName, string TermsHash, bool Valid, int MatrixVersion, DateTimeOffset RequestedAt, DateTimeOffset? ClosedAt,
    IReadOnlyList<TermView> Terms, IReadOnlyList<LevelView> Levels);
