using System.Collections.Immutable;

namespace SalesFlow.Sales.Digests;

/// <summary>A line of a digest: a deal and what is said of it. <paramref name="Since"/> is when it became so; <paramref name="Who"/> whom it concerns.</summary>
public sealed record DigestLine(string DealId, string Deal, string? What, string? Who, DateTimeOffset? Since);

/// <summary>A part of a digest: how many there are, the first of them, and the path of the list that shows all their deals.</summary>
public sealed record DigestPart(int Count, ImmutableArray<DigestLine> Lines, string All);

/// <summary>
/// What a head of sales should look at this morning: open deals that nobody has anything to do for, open deals of which nothing was heard for a week, tasks that are overdue (approvers' ones too), tasks for which nobody is there, and rules that were broken
/// from <paramref name="From"/> to <paramref name="To"/>, each with its reason.
/// </summary>
public sealed record MorningDigest(DateTimeOffset From, DateTimeOffset To, DigestPart WithoutNextAction, DigestPart Idle, DigestPart Overdue, DigestPart Unattended, DigestPart BrokenGlass)
{
    /// <summary>True when there is nothing to look at.</summary>
    public bool IsEmpty => WithoutNextAction.Count + Idle.Count + Overdue.Count + Unattended.Count + BrokenGlass.Count == 0;
}
