using System.Collections.Immutable;
using SalesFlow.Engine;
using SalesFlow.Runtime;
using SalesFlow.Sales.Deals;
using SalesFlow.Sales.People;

namespace SalesFlow.Sales.Tasks;

/// <summary>Who does a task, and when: giving it back, putting it off, waiting for the client.</summary>
internal static partial class TaskDecisions
{
    private const int LongestReason = 1_000;

    public static TurnRequest Return(DealMoment moment, SalesTask task, string? reason, Actor actor, ImmutableDictionary<UserId, UserView> people)
    {
        DealAccess.DemandTask(moment.Facts.Deal, task, actor);
        DemandOpen(moment, task, actor, people);
        if (task.CandidateRole is null)
            throw Refused("noQueue", new Text("The task comes from no queue: it is of whoever carries the deal.", "У задачи нет очереди: она принадлежит ответственному за сделку."), actor,
                new Text("Hand it over to somebody instead.", "Передайте её другому сотруднику."));
        if (task.Assignee is null)
            return Nothing;
        return Only(new TaskReturned(moment.Facts.Deal.Id, moment.Now, actor.Id, task.Id, Reason(reason, actor)));
    }

    public static TurnRequest Snooze(DealMoment moment, SalesTask task, DateTimeOffset? until, Actor actor, ImmutableDictionary<UserId, UserView> people)
    {
        DealAccess.DemandTask(moment.Facts.Deal, task, actor);
        DemandOpen(moment, task, actor, people);
        if (until is { } at && (at <= moment.Now || at > moment.Now.AddYears(1)))
            throw new ValidationException("until", new Text("Choose a time from now on, within a year.", "Выберите время от текущего момента в пределах года.").In(actor.Language));
        return until == task.SnoozedUntil ? Nothing : Only(new TaskSnoozed(moment.Facts.Deal.Id, moment.Now, actor.Id, task.Id, until));
    }

    public static TurnRequest Wait(DealMoment moment, SalesTask task, string? what, Actor actor, ImmutableDictionary<UserId, UserView> people)
    {
        DealAccess.DemandTask(moment.Facts.Deal, task, actor);
        DemandOpen(moment, task, actor, people);
        if (what?.Length > LongestReason)
            throw TooLong("for", what, actor);
        return task.WaitingSince is not null ? Nothing : Only(new TaskWaits(moment.Facts.Deal.Id, moment.Now, actor.Id, task.Id, string.IsNullOrWhiteSpace(what) ? null : what.Trim()));
    }

    public static TurnRequest GoOn(DealMoment moment, SalesTask task, Actor actor, ImmutableDictionary<UserId, UserView> people)
    {
        DealAccess.DemandTask(moment.Facts.Deal, task, actor);
        DemandOpen(moment, task, actor, people);
        return GoesOn(moment, task, actor) is { } goesOn ? Only(goesOn) : Nothing;
    }

    /// <summary>What was left of its working time when the wait began is left when it ends; what was overdue stays so.</summary>
    private static TaskGoesOn? GoesOn(DealMoment moment, SalesTask task, Actor actor)
    {
        if (task.WaitingSince is not { } since)
            return null;
        var calendar = moment.Facts.CalendarOf(task.Assignee);
        var due = task.DueAt is { } at && at > since ? calendar.Add(moment.Now, TimeSpan.FromSeconds(calendar.WorkingSeconds(since, at))) : task.DueAt;
        return new(moment.Facts.Deal.Id, moment.Now, actor.Id, task.Id, due, calendar.WorkingSeconds(since, moment.Now));
    }

    private static TurnRequest Nothing => new(new Stimulus.None(), []);

    private static TurnRequest Only(Change change) => new(new Stimulus.None(), [change]);

    private static string Reason(string? reason, Actor actor) => string.IsNullOrWhiteSpace(reason)
        ? throw new ValidationException("reason", new Text("Say why you give it back.", "Укажите, почему возвращаете задачу.").In(actor.Language))
        : reason.Trim() is { Length: <= LongestReason } said ? said : throw TooLong("reason", reason, actor);

    private static ValidationException TooLong(string field, string text, Actor actor) =>
        new(field, new Text($"The text has {text.Length} characters; at most {LongestReason} are kept.", $"В тексте {text.Length} знаков, хранится не больше {LongestReason}.").In(actor.Language));
}
