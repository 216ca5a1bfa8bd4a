using SalesFlow.Engine;
using SalesFlow.Sales.Approvals;
using SalesFlow.Sales.Deals;
using SalesFlow.Sales.Meetings;
using SalesFlow.Sales.People;
using SalesFlow.Sales.Tasks;

namespace SalesFlow.Sales.Notifications;

/// <summary>Decides whom a change is told. Nobody is told what they did themselves, nor of the tasks that their own deals bring: those are in their day.</summary>
internal static class Notices
{
    /// <summary>Everybody who is to be told of what happened in a turn of a deal.</summary>
    public static IEnumerable<Notice> Of(IReadOnlyList<Change> changes, Deal deal, Func<PeopleBook> people)
    {
        var (actor, handed) = ((UserId?)null, false);
        foreach (var change in changes)
        {
            actor = change is DealChange { By: { } by } ? by : actor;
            handed |= change is OwnerChanged or OwnerAssigned;
        }
        foreach (var notice in changes.SelectMany(change => OfNobody(change, deal, people)))
            yield return notice;
        foreach (var change in changes)
            switch (change)
            {
                // A question of terms goes to everybody who may answer it.
                case TaskOpened opened when deal.Task(opened.Task) is { IsApproval: true } asked:
                    foreach (var person in ApprovalLinkDecisions.Asked(deal, asked, people(), opened.At))
                        yield return new(person, NotificationKinds.ApprovalAsked, Told(opened.Title, opened.InsteadOf, people), opened.At, null, opened.Task);
                    break;
                case TaskReturned returned when deal.Task(returned.Task) is { IsApproval: true } asked:
                    foreach (var person in ApprovalLinkDecisions.Asked(deal, asked, people(), returned.At).Where(person => person != returned.By))
                        yield return new(person, NotificationKinds.ApprovalAsked, Json.Write(new { task = asked.Title }), returned.At, returned.By, returned.Task);
                    break;
                case TaskOpened { Assignee: { } assignee } opened when assignee != actor && assignee != deal.Owner:
                    yield return new(assignee, NotificationKinds.TaskAssigned, Told(opened.Title, opened.InsteadOf == assignee ? null : opened.InsteadOf, people), opened.At, actor, opened.Task);
                    break;
                // The tasks of a deal that is handed over go along with it.
                case TaskAssigned assigned when assigned.Assignee != assigned.By && !(handed && assigned.Assignee == deal.Owner):
                    yield return new(assigned.Assignee, deal.Task(assigned.Task) is { IsApproval: true } ? NotificationKinds.ApprovalAsked : NotificationKinds.TaskAssigned, Told(deal.Task(assigned.Task)?.Title, assigned.InsteadOf, people), assigned.At, assigned.By, assigned.Task);
                    break;
                case Commented note:
                    foreach (var person in note.Mentions.Where(person => person != note.By))
                        yield return new(person, NotificationKinds.Mention, Json.Write(new { text = note.Text }), note.At, note.By);
                    break;
                case ColleaguesTold told:
                    foreach (var person in told.People)
                        yield return new(person, NotificationKinds.Process, Json.Write(new { subject = told.Subject, text = told.Text }), told.At, null) { MayMail = false };
                    break;
                case MeetingChange meeting:
                    foreach (var notice in MeetingNotices.Of(meeting, deal, people))
                        yield return notice;
                    break;
                case DealCreated or OwnerChanged or OwnerAssigned:
                    foreach (var notice in OfOwner((DealChange)change, people))
                        yield return notice;
                    break;
            }
    }

    /// <summary>True when the changes may tell that person something, or do away with something told; also asked by pages, on the thread that commits.</summary>
    public static bool MayTell(UserId person, IReadOnlyList<Change> changes) => changes.Any(change => change switch
    {
        TaskOpened opened => opened.Assignee == person || opened.InsteadOf is not null || opened.Assignee is null && ApprovalOutcomes.AreOf(opened.Outcomes),
        TaskAssigned assigned => assigned.Assignee == person,
        TaskReturned or TaskUnattended => true,
        // What told of the task is no news to whoever has done it.
        TaskCompleted done => done.By == person,
        Commented note => note.Mentions.Contains(person),
        ColleaguesTold told => told.People.Contains(person),
        DealCreated or OwnerChanged or OwnerAssigned or MeetingHandedOver or MeetingCancelled { Away.IsEmpty: false } => true,
        _ => false,
    });

    private static string Told(Text? task, UserId? insteadOf, Func<PeopleBook> people) => insteadOf is { } away
        ? Json.Write(new { task, insteadOf = people().ById.GetValueOrDefault(away)?.DisplayName ?? away.ToString() }) : Json.Write(new { task });

    /// <summary>A task for which nobody is there is told to those who can see that somebody comes.</summary>
    private static IEnumerable<Notice> OfNobody(Change change, Deal deal, Func<PeopleBook> people)
    {
        var (id, at, insteadOf) = change switch { TaskOpened opened => (opened.Task, opened.At, opened.InsteadOf), TaskReturned { By: null } returned => (returned.Task, returned.At, returned.InsteadOf), TaskUnattended left => (left.Task, left.At, null), _ => default };
        if (at == default || deal.Task(id) is not { Status: SalesTaskStatus.Open } task)
            return [];
        var book = people();
        var absent = task.Assignee is { } assignee ? book.ById.GetValueOrDefault(assignee) is { } person && (!person.Active || person.AwayAt(at) is not null) : task.CandidateRole is { } role && !book.IsAnyoneThere(role, at);
        return !absent ? [] : book.ById.Where(one => one.Value.Active && one.Key != task.Assignee && (one.Value.Roles.Contains(Roles.HeadOfSales) || one.Value.Roles.Contains(Roles.Administrator))).OrderBy(one => one.Key)
            .Select(one => new Notice(one.Key, NotificationKinds.NobodyThere, Told(task.Title, insteadOf ?? task.Assignee, people), at, null, id));
    }

    private static IEnumerable<Notice> OfOwner(DealChange change, Func<PeopleBook> people)
    {
        var owner = change switch { DealCreated created => created.Owner, OwnerChanged changed => changed.Owner, OwnerAssigned assigned => assigned.Owner, _ => null };
        if (owner is { } person)
            return person == change.By ? [] : [new(person, NotificationKinds.DealHanded, "{}", change.At, change.By)];
        // A new deal waits for its owner as the process says; one that had an owner, or that the process found none for, does not.
        return change is DealCreated ? [] : people().ById.Where(one => one.Value.Active && one.Key != change.By && one.Value.Roles.Contains(Roles.HeadOfSales))
            .Select(one => new Notice(one.Key, NotificationKinds.DealWithoutOwner, "{}", change.At, change.By));
    }
}
