namespace SalesFlow.Sales.Approvals;

/// <summary>A decision that somebody gave, kept beside the approval so that everybody's own are found by who and when.</summary>
public sealed class GivenVote
{
    /// <summary>The task by which it was asked.</summary>
    public TaskId TaskId { get; private set; }
    /// <summary>The deal.</summary>
    public DealId DealId { get; private set; }
    /// <summary>Who decided.</summary>
    public UserId Person { get; private set; }
    /// <summary>When.</summary>
    public DateTimeOffset At { get; private set; }
    /// <summary>One of <see cref="ApprovalOutcomes"/>.</summary>
    public string Outcome { get; private set; } = "";
}
