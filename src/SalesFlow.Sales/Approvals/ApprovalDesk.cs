using System.Collections.Immutable;
using SalesFlow.Sales.Deals;
using SalesFlow.Sales.Tasks;

namespace SalesFlow.Sales.Approvals;

/// <summary>A question of terms as a list shows it. <paramref name="Task"/> is the id under which it is opened; <paramref name="OutcomeName"/> and <paramref name="DecidedAt"/> are null while it is open.</summary>
public sealed record ApprovalItem(string Task, string Title, string DealId, string DealNumber, string DealTitle, string ClientName, decimal Amount, string Currency, decimal Discount, DateTimeOffset AskedAt, DateTimeOffset? DueAt, bool Overdue,
    string? Assignee, string? Outcome, string? OutcomeName, DateTimeOffset? DecidedAt);

/// <summary>What somebody is asked to decide, soonest due first, and what they decided lately, latest first. <paramref name="More"/> is true when there are more open ones than shown.</summary>
public sealed record ApprovalInbox(ImmutableArray<ApprovalItem> Open, bool More, ImmutableArray<ApprovalItem> Decided);

/// <summary>Another deal of the same client, for comparison. <paramref name="Approved"/> is the discount that was approved, null when none was; <paramref name="MaySee"/> is true when the reader may open the deal.</summary>
public sealed record ClientDiscount(string DealId, string Number, string Title, string State, DateTimeOffset CreatedAt, decimal Amount, string Currency, decimal Discount, decimal? Approved, bool MaySee);

/// <summary>
/// Everything that an approver decides on: the task with its buttons, the terms with their differences, earlier requests, and the deal in short. <paramref name="StageSeconds"/> is the working time in the stage so far.
/// </summary>
public sealed record ApprovalDesk(TaskView Task, DealView Deal, ApprovalView Approval, ImmutableArray<ApprovalView> Earlier, ImmutableArray<ClientDiscount> Client, long? StageSeconds);
