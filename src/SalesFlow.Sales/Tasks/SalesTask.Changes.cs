using SalesFlow.Engine;
using SalesFlow.Sales.Deals;

namespace SalesFlow.Sales.Tasks;

public sealed partial class SalesTask
{
    internal static SalesTask Open(TaskOpened opened) => new()
    {
        Id = opened.Task, DealId = opened.Deal, Title = opened.Title, Description = opened.Description, StageKey = opened.StageKey, Assignee = opened.Assignee,
        CandidateRole = opened.CandidateRole, CreatedAt = opened.At, DueAt = opened.DueAt, Outcomes = [.. opened.Outcomes], Form = [.. opened.Form],
        ActivityId = opened.ActivityId, Bookmark = opened.Bookmark, Version = 1, InsteadOf = opened.InsteadOf,
    };

    /// <summary>What the button of that key is called; the key itself for one it does not have.</summary>
    public Text NameOf(string outcome) => Outcomes.Find(known => known.Key == outcome)?.Name ?? new(outcome, outcome);

    internal void Complete(TaskCompleted completed)
    {
        (Status, Outcome, CompletedBy, CompletedAt, Comment) = (SalesTaskStatus.Done, completed.Outcome, completed.By, completed.At, completed.Comment);
        Version++;
    }

    internal void Cancel() => (Status, Version) = (SalesTaskStatus.Cancelled, Version + 1);

    internal void Assign(UserId assignee, UserId? insteadOf) => (Assignee, InsteadOf, SnoozedUntil, Version) = (assignee, insteadOf, null, Version + 1);

    internal void Return(UserId? insteadOf) => (Assignee, InsteadOf, SnoozedUntil, Version) = (null, insteadOf, null, Version + 1);

    internal void LeaveAlone() => (InsteadOf, Version) = (InsteadOf ?? Assignee, Version + 1);

    internal void Snooze(DateTimeOffset? until) => (SnoozedUntil, Version) = (until, Version + 1);

    internal void Wait(DateTimeOffset since) => (WaitingSince, Version) = (since, Version + 1);

    internal void Reschedule(DateTimeOffset? due) => (DueAt, Version) = (due, Version + 1);

    internal void GoOn(DateTimeOffset? due, long waited) => (WaitingSince, DueAt, WaitedSeconds, Version) = (null, due, WaitedSeconds + waited, Version + 1);
}
