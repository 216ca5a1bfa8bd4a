using System.Collections.Immutable;

namespace SalesFlow.Sales.Approvals;

/// <summary>A level's yes: the terms that it was said to, and the terms on which it depends. <paramref name="Source"/> is the approval in which people said it.</summary>
public sealed record GivenYes(string Level, Terms Terms, ImmutableHashSet<string> DependsOn, long Source)
{
    /// <summary>What the level was called then.</summary>
    public Engine.Text? Name { get; init; }
}

/// <summary>What was decided last: whether everybody needed said yes, to which terms, and who did.</summary>
public sealed record FormerApproval(bool Complete, Terms Terms, ImmutableArray<GivenYes> Given);

/// <summary>A level that the terms need; <paramref name="Kept"/> is the yes that still holds, null when it has to be asked.</summary>
public sealed record NeededLevel(ApprovalLevel Level, GivenYes? Kept);

/// <summary>Which levels must be asked, and which yes holds on.</summary>
public static class ApprovalDecisions
{
    /// <summary>
    /// The levels that the terms need. A yes is kept when none of the terms on which it depends has changed since it was said, or when every term is as it was or better for us.
    /// When everybody had said yes and every term is as it was or better, nothing more is asked, whatever row the terms have come to lie in: then there are no levels.
    /// </summary>
    public static ImmutableArray<NeededLevel> Needed(ApprovalRow row, Terms now, FormerApproval? former) => former is { Complete: true } && now.IsNoWorseThan(former.Terms) ? []
        : [.. row.Levels.Select(level => new NeededLevel(level, former?.Given.FirstOrDefault(yes => yes.Level == level.Key && Holds(yes, row, now))))];

    /// <summary>True when nobody has to be asked.</summary>
    public static bool IsValid(ApprovalRow row, Terms now, FormerApproval? former) => Needed(row, now, former).All(level => level.Kept is not null);

    private static bool Holds(GivenYes yes, ApprovalRow row, Terms now) =>
        now.IsNoWorseThan(yes.Terms) || !now.ChangedSince(yes.Terms).Any(yes.DependsOn.Union(row.DependsOn).Contains);
}
