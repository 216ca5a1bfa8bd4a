using System.Collections.Immutable;
using SalesFlow.Engine;
using SalesFlow.Engine.Definitions;
using SalesFlow.Sales.Activities;
using SalesFlow.Sales.Calendars;
using SalesFlow.Sales.Deals;
using SalesFlow.Sales.People;
using SalesFlow.Sales.Pipelines;
using SalesFlow.Sales.Tasks;

namespace SalesFlow.Sales.Rehearsals;

/// <summary>
/// What a rehearsal plays with. <paramref name="Template"/> answers the text of a document's template by its key and language; without it documents are
/// issued without a text. <paramref name="Published"/> are the definitions that may be started as children or by an event.
/// </summary>
public sealed record RehearsalSetting(WorkingCalendar Calendar, DateTimeOffset Begins, Func<string, string, string?>? Template = null, IReadOnlyList<WorkflowDefinition>? Published = null);

/// <summary>One instance of a rehearsal.</summary>
public sealed class RehearsedInstance
{
    /// <summary>Number within the rehearsal, from 1.</summary>
    public required long Id { get; init; }
    /// <summary>What it runs.</summary>
    public required WorkflowDefinition Definition { get; init; }
    /// <summary>What its expressions may read.</summary>
    public required Facts Facts { get; init; }
    /// <summary>Where it stands.</summary>
    public InstanceState State { get; internal set; } = new();
}

/// <summary>The rehearsal took more turns than any process needs: something wakes itself without end.</summary>
public sealed class EndlessRehearsalException(int turns) : Exception($"The rehearsal was stopped after {turns:N0} turns: the workflow wakes itself without end. Look for a loop of timers or events.");

/// <summary>
/// A company in memory in which a definition is played: the engine is the real one, the world around it is here. Its clock moves only when told to.
/// Pure: the same calls give the same turns.
/// </summary>
public sealed partial class Rehearsal(RehearsalSetting setting)
{
    private const int MostTurns = 100_000;

    private readonly Interpreter _interpreter = new();
    private readonly List<RehearsedInstance> _instances = [];
    private readonly List<(WorkflowDefinition Definition, string ActivityId, DateTimeOffset Due)> _triggers = [];
    private int _turns;

    /// <summary>The time of the rehearsal.</summary>
    public DateTimeOffset Now { get; private set; } = setting.Begins;

    /// <summary>Every instance, the first one first.</summary>
    public IReadOnlyList<RehearsedInstance> Instances => _instances;

    /// <summary>Raised after each turn.</summary>
    public event Action<RehearsedInstance, Turn>? Played;

    /// <summary>Raised when the company could not do what was asked for; the sentence says what and why.</summary>
    public event Action<string>? Noted;

    /// <summary>
    /// Begins an instance and plays on until everything waits. A definition of a sales process gets a sample deal. Timers, cron expressions and times that may start the definition
    /// do so when the clock comes there; the instance begun here, which waits at one of them, is what its first time starts.
    /// </summary>
    public RehearsedInstance Start(WorkflowDefinition definition, IReadOnlyDictionary<string, object?>? input = null)
    {
        var published = Now;
        var instance = Start(definition, input, null);
        foreach (var trigger in Triggers.Of(definition, published).Found)
            if (trigger.DueAt is { } due && (instance.State.Bookmarks.Exists(bookmark => bookmark.ActivityId == trigger.ActivityId) ? Triggers.Next(definition, trigger.ActivityId, due, due) : due) is { } next)
                _triggers.Add((definition, trigger.ActivityId, next));
        return instance;
    }

    private RehearsedInstance Start(WorkflowDefinition definition, IReadOnlyDictionary<string, object?>? input, string? trigger)
    {
        if (++_turns > MostTurns)
            throw new EndlessRehearsalException(MostTurns);
        var sells = SampleDeal.IsNeededBy(definition);
        var instance = new RehearsedInstance { Id = _instances.Count + 1, Definition = definition, Facts = sells ? SampleDeal.Facts(definition, setting.Calendar) : Facts.None };
        ImmutableArray<Change> created = sells ? [SampleDeal.Created(new DealId(instance.Id), definition, input ?? ImmutableDictionary<string, object?>.Empty, Now)] : [];
        _instances.Add(instance);
        Keep(instance, _interpreter.Run(definition, null, instance.Id, new Stimulus.Start(input, trigger), instance.Facts, Now, created));
        Settle();
        return instance;
    }

    /// <summary>Wakes an instance as a command of the product would, and plays on until everything waits.</summary>
    public void Wake(RehearsedInstance instance, Stimulus stimulus, params IReadOnlyList<Change> changes)
    {
        Turn(instance, stimulus, changes);
        Settle();
    }

    /// <summary>Tells everyone who waits for the event, and plays on; when nobody waits it is kept for seven days.</summary>
    public void Publish(string eventName, object? payload = null)
    {
        Tell(new EventPublished(eventName, null, false, payload), null);
        Settle();
    }

    /// <summary>
    /// Completes the oldest open task that has the outcome. <paramref name="answer"/> fills in its form; the host's own task (RunTask) has no outcomes and gets it as
    /// its result. Throws <see cref="ValidationException"/> when there is no such task or the form is filled in wrongly.
    /// </summary>
    public void CompleteTask(string outcome, object? answer = null)
    {
        var open = from instance in _instances
                   where instance.State.Status == WorkflowStatus.Running
                   from bookmark in instance.State.Bookmarks
                   where bookmark.Name is TaskActivity.BookmarkName or "Elsa.RunTask"
                   orderby bookmark.CreatedAt, instance.Id, bookmark.Number
                   select (instance, bookmark, task: (instance.Facts as DealFacts)?.Deal.Tasks.Find(task => task.Bookmark == bookmark.Number && task.Status == SalesTaskStatus.Open));
        var tasks = open.ToList();
        var chosen = tasks.Find(one => one.task is null || one.task.Outcomes.Exists(button => button.Key == outcome));
        if (chosen.instance is null)
            throw new ValidationException("task", tasks.Count == 0
                ? $"'{outcome}' completes nothing: no task is open."
                : $"'{outcome}' is no outcome of the open task '{tasks[0].task!.Title.En}'. It has: {string.Join(", ", tasks[0].task!.Outcomes.Select(button => button.Key))}.");
        if (chosen.task is null)
            Wake(chosen.instance, new Stimulus.Resume(chosen.bookmark.Number, answer));
        else
            Complete(chosen.instance, chosen.task, outcome, answer);
    }

    /// <summary>Moves the clock on; timers on the way fire at their own time, in order.</summary>
    public void Advance(TimeSpan by)
    {
        var end = Now + by;
        for (var (timer, trigger) = (NextTimer(end), NextTrigger(end)); timer is not null || trigger is not null; (timer, trigger) = (NextTimer(end), NextTrigger(end)))
            if (timer is { } next && !(trigger?.Due < next.Bookmark.DueAt))
            {
                Now = next.Bookmark.DueAt > Now ? next.Bookmark.DueAt.Value : Now;
                Wake(next.Instance, new Stimulus.Resume(next.Bookmark.Number));
            }
            else
                Fire(trigger!.Value);
        Now = end;
    }

    private void Fire((WorkflowDefinition Definition, string ActivityId, DateTimeOffset Due) trigger)
    {
        Now = trigger.Due > Now ? trigger.Due : Now;
        _triggers.Remove(trigger);
        if (Triggers.Next(trigger.Definition, trigger.ActivityId, trigger.Due, Now) is { } next)
            _triggers.Add(trigger with { Due = next });
        Start(trigger.Definition, null, trigger.ActivityId);
    }

    /// <summary>Cancels what still runs.</summary>
    public void Cancel()
    {
        foreach (var instance in _instances)
            Turn(instance, new Stimulus.Cancel(), []);
    }

    private void Complete(RehearsedInstance instance, SalesTask task, string outcome, object? answer)
    {
        if (answer is not (null or IReadOnlyDictionary<string, object?>))
            throw new ValidationException("task", $"The form of '{task.Title.En}' takes an object of fields and values such as {{\"budget\": 100}}.");
        var moment = new DealMoment(instance.State, (DealFacts)instance.Facts, Pipeline.Of(instance.Definition), Now);
        var request = TaskDecisions.Complete(moment, task, outcome, (IReadOnlyDictionary<string, object?>?)answer, null, Actor.Engine, ImmutableDictionary<UserId, UserView>.Empty);
        Wake(instance, request.Stimulus, request.Changes);
    }

    private Turn? Turn(RehearsedInstance instance, Stimulus stimulus, IReadOnlyList<Change> changes)
    {
        if (++_turns > MostTurns)
            throw new EndlessRehearsalException(MostTurns);
        // Through bytes, as between two turns of the real company: what an instance does not remember must be gone.
        var turn = _interpreter.Run(instance.Definition, InstanceState.FromBytes(instance.State.ToBytes()), instance.Id, stimulus, instance.Facts, Now, changes);
        return turn.Woke ? Keep(instance, turn) : null;
    }

    private Turn Keep(RehearsedInstance instance, Turn turn)
    {
        instance.State = turn.State;
        foreach (var request in turn.Effects)
            _effects.Enqueue((instance, request));
        Played?.Invoke(instance, turn);
        return turn;
    }

    private (WorkflowDefinition Definition, string ActivityId, DateTimeOffset Due)? NextTrigger(DateTimeOffset until)
    {
        (WorkflowDefinition Definition, string ActivityId, DateTimeOffset Due)? next = null;
        foreach (var trigger in _triggers)
            if (trigger.Due <= until && !(next?.Due <= trigger.Due))
                next = trigger;
        return next;
    }

    private (RehearsedInstance Instance, Bookmark Bookmark)? NextTimer(DateTimeOffset until)
    {
        (RehearsedInstance Instance, Bookmark Bookmark)? next = null;
        foreach (var instance in _instances)
            if (instance.State.Status == WorkflowStatus.Running)
                foreach (var bookmark in instance.State.Bookmarks)
                    if (bookmark.DueAt <= until && !(next?.Bookmark.DueAt <= bookmark.DueAt))
                        next = (instance, bookmark);
        return next;
    }
}
