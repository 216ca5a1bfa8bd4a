using SalesFlow.Engine;
using SalesFlow.Sales.People;

namespace SalesFlow.Sales.Approvals;

/// <summary>Approvals in words.</summary>
internal static class ApprovalWords
{
    /// <summary>"role:approver" as people say it; a user is named as written.</summary>
    public static Text Who(string who) => who.StartsWith("role:", StringComparison.Ordinal) ? Role(who[5..]) : new(who.Split(':')[^1], who.Split(':')[^1]);

    /// <summary>A role as people say it.</summary>
    public static Text Role(string role) => role switch
    {
        Roles.Rep => new("any sales representative", "любой менеджер"),
        Roles.HeadOfSales => new("the head of sales", "руководитель отдела продаж"),
        Roles.Approver => new("any approver", "любой согласующий"),
        Roles.ProcessOwner => new("the process owner", "владелец процесса"),
        Roles.Administrator => new("an administrator", "администратор"),
        _ => new(role, role),
    };

    /// <summary>How an approval ended.</summary>
    public static Text Status(ApprovalStatus status) => status switch
    {
        ApprovalStatus.Approved => new("approved", "согласовано"),
        ApprovalStatus.Rejected => new("rejected", "отклонено"),
        ApprovalStatus.Changes => new("changes requested", "есть замечания"),
        ApprovalStatus.Withdrawn => new("no longer needed", "больше не нужно"),
        _ => new("under way", "идёт"),
    };

    /// <summary>A decision, and that it came by a letter when it did.</summary>
    public static Text Decided(ApprovalVoted voted) => Outcome(voted.Outcome) is var outcome && voted.ByLink ? new($"{outcome.En}, by the link in a letter", $"{outcome.Ru}, по ссылке из письма") : Outcome(voted.Outcome);

    /// <summary>A decision.</summary>
    public static Text Outcome(string outcome) => Enum.TryParse<ApprovalStatus>(outcome, out var status) ? Status(status) : new(outcome, outcome);
}
