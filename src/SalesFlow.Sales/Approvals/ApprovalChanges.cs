using System.Collections.Immutable;
using SalesFlow.Sales.Deals;

namespace SalesFlow.Sales.Approvals;

/// <summary>The terms are put before those who decide on them.</summary>
public sealed record ApprovalRequested(DealId Deal, DateTimeOffset At, ApprovalId Approval, string ActivityId, string Matrix, int MatrixVersion, Terms Terms, ImmutableArray<AskedLevel> Levels) : DealChange(Deal, At, null);

/// <summary>Somebody is asked; the task that asks is a change of its own.</summary>
public sealed record ApprovalAsked(DealId Deal, DateTimeOffset At, ApprovalId Approval, ApprovalVote Vote) : DealChange(Deal, At, null);

/// <summary>Somebody decided. <paramref name="For"/> is whom the matrix meant, when that is somebody else.</summary>
public sealed record ApprovalVoted(DealId Deal, DateTimeOffset At, UserId? By, ApprovalId Approval, int Vote, string Outcome, string? Comment, UserId? For) : DealChange(Deal, At, By)
{
    /// <summary>True when it was decided by the link in a letter.</summary>
    public bool ByLink { get; init; }
}

/// <summary>Nobody answered in time: the question goes further.</summary>
public sealed record ApprovalEscalated(DealId Deal, DateTimeOffset At, ApprovalId Approval, int Vote, string To, TaskId Task) : DealChange(Deal, At, null);

/// <summary>The approval ended.</summary>
public sealed record ApprovalClosed(DealId Deal, DateTimeOffset At, ApprovalId Approval, ApprovalStatus Status) : DealChange(Deal, At, null);
