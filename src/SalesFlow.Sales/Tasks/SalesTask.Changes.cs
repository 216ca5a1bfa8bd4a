using SalesFlow.Sales.Deals;

namespace SalesFlow.Sales.Tasks;

public sealed partial class SalesTask
{
    internal static SalesTask Open(TaskOpened opened) => new()
    {
        Id = opened.Task, DealId = opened.Deal, Title = opened.Title, Description = opened.Description, StageKey = opened.StageKey, Assignee = opened.Assignee,
        CandidateRole = opened.CandidateRole, CreatedAt = opened.At, DueAt = opened.DueAt, Outcomes = [.. opened.Outcomes], Form = [.. opened.Form],
        ActivityId = opened.ActivityId, Bookmark = opened.Bookmark, Version = 1,
    };

    internal void Complete(TaskCompleted completed)
    {
        (Status, Outcome, CompletedBy, CompletedAt, Comment) = (SalesTaskStatus.Done, completed.Outcome, completed.By, completed.At, completed.Comment);
        Version++;
    }

    internal void Cancel() => (Status, Version) = (SalesTaskStatus.Cancelled, Version + 1);

    internal void Assign(UserId assignee) => (Assignee, Version) = (assignee, Version + 1);
}
