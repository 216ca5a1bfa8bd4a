using System.Globalization;
using SalesFlow.Engine;
using SalesFlow.Engine.Expressions;
using SalesFlow.Sales.Approvals;
using SalesFlow.Sales.Calendars;
using SalesFlow.Sales.Documents;
using SalesFlow.Sales.Meetings;
using SalesFlow.Sales.Tasks;

namespace SalesFlow.Sales.Deals;

public sealed partial class Deal
{
    /// <summary>A deal that is yet to hear of its creation.</summary>
    public static Deal Blank() => new() { Client = Client.Blank };

    /// <summary>Learns a change; the tables learn the same change from the change writer.</summary>
    public void Apply(DealChange change)
    {
        if (Moves(change) || change is DealCreated or FieldsChanged)
            Version++;
        switch (change)
        {
            case DealCreated created: Begin(created); break;
            case FieldsChanged changed: Set(changed); break;
            case OwnerChanged changed: Owner = changed.Owner; break;
            case OwnerAssigned { Owner: { } owner }: Owner = owner; break;
            case StageEntered entered: Enter(entered); break;
            case StageLeft left: Leave(left); break;
            case StageWaits waits: Stay(waits.Visit)?.Wait(waits.At); break;
            case StageGoesOn goesOn: Stay(goesOn.Visit)?.GoOn(goesOn.WaitedSeconds); break;
            case StageLimited limited: Stay(limited.Visit)?.Limit(limited); break;
            case DefinitionFollowed followed: Follow(followed); break;
            case TaskOpened opened: Tasks.Add(SalesTask.Open(opened)); break;
            case TaskCompleted completed: Task(completed.Task)?.Complete(completed); break;
            case TaskCancelled cancelled: Task(cancelled.Task)?.Cancel(); break;
            case TaskReturned returned: Task(returned.Task)?.Return(returned.InsteadOf); break;
            case TaskUnattended left: Task(left.Task)?.LeaveAlone(); break;
            case TaskSnoozed snoozed: Task(snoozed.Task)?.Snooze(snoozed.Until); break;
            case TaskWaits waits: Task(waits.Task)?.Wait(waits.At); break;
            case TaskGoesOn goesOn: Task(goesOn.Task)?.GoOn(goesOn.DueAt, goesOn.WaitedSeconds); break;
            case TaskAssigned assigned: Task(assigned.Task)?.Assign(assigned.Assignee, assigned.InsteadOf); break;
            case TaskRescheduled rescheduled: Task(rescheduled.Task)?.Reschedule(rescheduled.DueAt); break;
            case MeetingOffered offered: Meetings.Add(Sales.Meetings.Meeting.Of(offered)); break;
            case MeetingChange meeting: Meeting(meeting.Meeting)?.Apply(meeting); break;
            case ApprovalRequested asked: Approvals.Add(Sales.Approvals.Approval.Open(asked)); break;
            case ApprovalAsked asked: Approval(asked.Approval)?.Apply(asked); break;
            case ApprovalVoted voted: Approval(voted.Approval)?.Apply(voted); break;
            case ApprovalEscalated escalated: Approval(escalated.Approval)?.Apply(escalated); break;
            case ApprovalClosed closed: Approval(closed.Approval)?.Apply(closed); break;
            case DocumentIssued issued: Documents.Add(IssuedDocument.Of(issued)); break;
            case DocumentSent sent: Documents.Find(document => document.Id == sent.Document)?.Send(sent); break;
            case DocumentVoided voided: Documents.Find(document => document.Id == voided.Document)?.Void(voided); break;
            case DealWon won: (WonAt, CloseReason) = (won.At, won.Reason); break;
            case DealLost lost: (LostAt, CloseReason) = (lost.At, lost.Reason); break;
        }
    }

    /// <summary>Whether a change concerns where the deal stands or who leads it.</summary>
    internal static bool Moves(DealChange change) => change is StageEntered or StageLeft or DefinitionFollowed or OwnerChanged or OwnerAssigned or DealWon or DealLost;

    /// <summary>The task of that id, when tasks were loaded.</summary>
    public SalesTask? Task(TaskId id) => Tasks.Find(task => task.Id == id);

    /// <summary>The meeting of that id, when meetings were loaded.</summary>
    public Meeting? Meeting(MeetingId id) => Meetings.Find(meeting => meeting.Id == id);

    /// <summary>The stay of that number, when visits were loaded.</summary>
    internal Visit? Stay(int number) => Visits.Find(visit => visit.Number == number);

    /// <summary>True while all that is open waits for the client: nobody here has anything to do.</summary>
    public bool WaitsForClient
    {
        get
        {
            var waits = false;
            foreach (var task in Tasks)
                if (task is { Status: SalesTaskStatus.Open, WaitingSince: null })
                    return false;
                else
                    waits |= task.Status == SalesTaskStatus.Open;
            return waits;
        }
    }

    /// <summary>What its earlier approvals said by a matrix; null when there is none.</summary>
    internal FormerApproval? FormerApproval(string matrix) => Approvals.Count == 0 ? null : Sales.Approvals.Approval.Former(Approvals, matrix);

    private Approval? Approval(ApprovalId id) => Approvals.Find(approval => approval.Id == id);

    /// <summary>
    /// When the deal last entered that stage or one that it had come through before it: what was answered there earlier is of a way that it has gone back on.
    /// Null when it never stood there.
    /// </summary>
    public DateTimeOffset? CountsFrom(string stage) => Visits.Find(visit => visit.StageKey == stage) is { } first
        ? Visits.FindLast(visit => Visits.Find(same => same.StageKey == visit.StageKey)!.Number <= first.Number)!.EnteredAt : null;

    private void Begin(DealCreated created)
    {
        (Id, Number, Title, Pipeline, PipelineKey) = (created.Deal, created.Number, created.Title, created.Pipeline, created.PipelineKey);
        (Amount, Currency, Channel, Owner, CreatedAt) = (created.Amount, created.Currency, created.Channel, created.Owner, created.At);
        (ClientId, Client, Fields) = (created.Client.Id, Client.Of(created.Client), new(created.Fields));
    }

    private void Set(FieldsChanged changed)
    {
        foreach (var (name, value) in changed.Values)
            switch (name)
            {
                case "title": Title = Conversion.To<string>(value) ?? Title; break;
                case "amount": Amount = value is null ? 0 : Convert.ToDecimal(value, CultureInfo.InvariantCulture); break;
                case "currency": Currency = Conversion.To<string>(value) ?? Currency; break;
                case "channel": Channel = Conversion.To<string>(value); break;
                default:
                    if (value is null)
                        Fields.Remove(name);
                    else
                        Fields[name] = value;
                    break;
            }
    }

    private void Enter(StageEntered entered)
    {
        (StageKey, StageName, StageEnteredAt) = (entered.Key, entered.Name, entered.At);
        (DefinitionVersionId, DefinitionVersion) = (entered.DefinitionVersionId, entered.DefinitionVersion);
        Visits.Add(Visit.Begin(entered));
    }

    private void Follow(DefinitionFollowed followed)
    {
        (DefinitionVersionId, DefinitionVersion) = (followed.DefinitionVersionId, followed.To);
        if (followed is not { StageKey: { } key, StageName: { } name })
            return;
        (StageKey, StageName) = (key, name);
        Visits.FindLast(visit => visit.LeftAt is null)?.Rename(key, name);
    }

    // The deal keeps the name of the stage it left until it enters another: a closed deal shows where it was closed.
    private void Leave(StageLeft left) => Stay(left.Visit)?.End(left);
}

public sealed partial class Client
{
    internal static Client Blank => new();

    internal static Client Of(ClientData data) => new() { Id = data.Id, Name = data.Name, Inn = data.Inn, Contact = data.Contact, Email = data.Email, Phone = data.Phone };
}

public sealed partial class Visit
{
    internal static Visit Begin(StageEntered entered) => new()
    {
        DealId = entered.Deal, Number = entered.Visit, StageKey = entered.Key, StageName = entered.Name, EnteredAt = entered.At, Owner = entered.Owner,
        DefinitionVersionId = entered.DefinitionVersionId, DefinitionVersion = entered.DefinitionVersion,
    };

    internal void Rename(string key, Text name) => (StageKey, StageName) = (key, name);

    internal void End(StageLeft left) =>
        (LeftAt, Outcome, CalendarSeconds, WorkingSeconds, WaitingSince, WaitedSeconds) = (left.At, left.Outcome, left.CalendarSeconds, left.WorkingSeconds, null, left.WaitedSeconds);

    internal void Limit(StageLimited limited) => (LimitSeconds, LimitAt) = (limited.LimitSeconds, limited.LimitAt);

    /// <summary>True when it lasted longer than its limit, or does so now. While it waits for its client nothing makes it late.</summary>
    public bool IsLate(DateTimeOffset now) => LeftAt is null ? LimitAt < (WaitingSince ?? now) : WorkingSeconds > LimitSeconds;

    internal void Wait(DateTimeOffset since) => WaitingSince = since;

    internal void GoOn(long waited) => (WaitingSince, WaitedSeconds) = (null, WaitedSeconds + waited);

    /// <summary>Working seconds in which it was worked on, and in which it waited for the client, up to its end or until now; together they are the calendar's.</summary>
    public (long Worked, long Waited) Clock(WorkingCalendar calendar, DateTimeOffset now)
    {
        if (WorkingSeconds is { } measured)
            return (measured, WaitedSeconds);
        var waited = WaitedSeconds + (WaitingSince is { } since ? calendar.WorkingSeconds(since, now) : 0);
        return (calendar.WorkingSeconds(EnteredAt, now) - waited, waited);
    }
}
