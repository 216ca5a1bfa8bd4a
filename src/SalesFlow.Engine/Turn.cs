using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace SalesFlow.Engine;

/// <summary>What one run of the interpreter decided. Nothing has happened yet: the runtime makes it true in one transaction.</summary>
public sealed record Turn
{
    /// <summary>The instance after the turn.</summary>
    public required InstanceState State { get; init; }
    /// <summary>What <see cref="InstanceState.ToBytes"/> makes of the state, where the turn had to write it to learn its size; null otherwise.</summary>
    public byte[]? StateBytes { get; init; }
    /// <summary>False when the stimulus met nothing to wake (burned bookmark, finished instance): nothing is to be stored.</summary>
    public required bool Woke { get; init; }
    /// <summary>What must be true together with the state, in order.</summary>
    public ImmutableArray<Change> Changes { get; init; } = [];
    /// <summary>What the outside must do afterwards, in order.</summary>
    public ImmutableArray<EffectRequest> Effects { get; init; } = [];
    /// <summary>What happened, in order.</summary>
    public ImmutableArray<JournalEntry> Journal { get; init; } = [];
    /// <summary>Bookmarks that exist after the turn and did not before.</summary>
    public ImmutableArray<Bookmark> Bookmarked { get; init; } = [];
    /// <summary>Bookmarks that existed before and no longer do.</summary>
    public ImmutableArray<Bookmark> Burned { get; init; } = [];
    /// <summary>Incidents that arose in this turn.</summary>
    public ImmutableArray<Incident> Incidents { get; init; } = [];
    /// <summary>Texts written by WriteLine, in order.</summary>
    public ImmutableArray<string> Lines { get; init; } = [];
}

/// <summary>Base of everything that must be true in the same instant as the new state. The product derives its own.</summary>
public abstract record Change;

/// <summary>Base of everything that the outside must do after the commit. The product derives its own.</summary>
public abstract record Effect;

/// <summary>Another instance or this one is told of an event (PublishEvent).</summary>
public sealed record EventPublished(string EventName, string? CorrelationId, bool Local, object? Payload) : Effect;

/// <summary>The host is asked to do a named task (RunTask) and to answer with the task id.</summary>
public sealed record TaskRequested(string TaskId, string TaskName, object? Payload) : Effect;

/// <summary>The outside has given up an effect after many attempts; <paramref name="Kind"/> is the name of its type.</summary>
public sealed record EffectGivenUp(int Effect, string Kind, string Message, DateTimeOffset At) : Change;

/// <summary>An effect that had been given up is tried again; <paramref name="By"/> is the id of whoever said so, as the host knows people.</summary>
public sealed record EffectTriedAgain(int Effect, string Kind, long? By, DateTimeOffset At) : Change;

/// <summary>An effect with its key, unique in the instance and stable in a replay, and the bookmark that its answer resumes.</summary>
public sealed record EffectRequest(int Number, Effect Effect, int? AnswerBookmark);

/// <summary>
/// A point where an instance waits. <paramref name="Number"/> is unique in the instance. <paramref name="Name"/> is the activity type or the kind of
/// wait, <paramref name="Stimulus"/> what narrows it (an event's name, a task's id), <paramref name="DueAt"/> makes it a timer.
/// </summary>
public sealed record Bookmark(int Number, string Name, string? Stimulus, int Activation, string ActivityId, string NodeId, DateTimeOffset CreatedAt,
    bool AutoBurn = true, DateTimeOffset? DueAt = null, string? Tag = null);

/// <summary>
/// One line of the journal. Event names are Elsa's: Started, Resumed, Suspended, Completed, Faulted, Canceled, ... What is known of an execution
/// (its inputs, outputs, state) can be put together from its lines alone; see <see cref="ExecutionRecord"/>.
/// </summary>
public sealed record JournalEntry(int Sequence, int Activation, string ActivityId, string NodeId, string ActivityType, string Event, DateTimeOffset At,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Message = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Outcomes = null)
{
    /// <summary>The execution that contains this one; 0 for the root.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Parent { get; init; }
    /// <summary>The execution that led to this one: its container at first, then the one completed before it. Known on the first line; 0 for the root.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int ScheduledBy { get; init; }
    /// <summary>The evaluated inputs by Pascal-case name, when they were evaluated since the execution's last line.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Snapshot? State { get; init; }
    /// <summary>Outputs by Pascal-case name that were set since the execution's last line.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Snapshot? Outputs { get; init; }
    /// <summary>What was thrown, on a Faulted line.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Failure? Failure { get; init; }
}

/// <summary>An exception as the journal keeps it.</summary>
public sealed record Failure(string Type, string Message, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Failure? Inner = null)
{
    private const int MaxDepth = 4;

    internal static Failure Of(Exception exception, int depth = 1) =>
        new(exception.GetType().Name, exception.Message, exception.InnerException is { } inner && depth < MaxDepth ? Of(inner, depth + 1) : null);
}

/// <summary>A fault that a person can read and retry.</summary>
public sealed record Incident(int Number, int Activation, string ActivityId, string NodeId, string ActivityType, string Message, string? ExceptionType, DateTimeOffset At)
{
    /// <summary>The effect that the outside gave up; null when an activity failed.</summary>
    public int? Effect { get; init; }
}

/// <summary>What wakes an instance.</summary>
public abstract record Stimulus
{
    private Stimulus() { }

    /// <summary>
    /// Begins a new instance. <paramref name="TriggerActivityId"/> is the trigger that fired, if one did; <paramref name="Flowcharts"/> is Elsa's execution
    /// property <c>Flowchart:ExecutionMode</c>. <paramref name="Variables"/> replace the defaults of the workflow's variables.
    /// </summary>
    public sealed record Start(IReadOnlyDictionary<string, object?>? Input = null, string? TriggerActivityId = null, string? CorrelationId = null, string? Name = null,
        FlowchartMode Flowcharts = FlowchartMode.Default, ParentLink? Parent = null, IReadOnlyDictionary<string, object?>? Variables = null) : Stimulus;

    /// <summary>A bookmark's wait is over.</summary>
    public sealed record Resume(int Bookmark, object? Input = null) : Stimulus;

    /// <summary>Ends the instance; it stays readable.</summary>
    public sealed record Cancel : Stimulus;

    /// <summary>
    /// Leaves whatever runs in the flowchart that holds <paramref name="ActivityId"/> and goes on there, as if everything
    /// before it had been passed and nothing after it been reached.
    /// </summary>
    public sealed record Jump(string ActivityId) : Stimulus;

    /// <summary>Runs faulted executions again: the given one, or all. A Faulted instance becomes Running.</summary>
    public sealed record Retry(int? Activation = null) : Stimulus;

    /// <summary>Mends a running or faulted instance from outside, step by step, and goes on; either all steps are done or none.</summary>
    public sealed record Alter(ImmutableArray<Alteration> Steps) : Stimulus;

    /// <summary>
    /// Goes on under another version of the definition; throws <see cref="MisfitException"/> when it can't (<see cref="VersionChange.Check"/> says so before).
    /// The turn's state belongs to that version.
    /// </summary>
    public sealed record Follow(Definitions.WorkflowDefinition To) : Stimulus;

    /// <summary>An effect was given up: an incident on the instance, running or not, that faults nothing. <paramref name="Bookmark"/> waits for its answer, if one does.</summary>
    public sealed record GiveUp(int Effect, string Kind, int? Bookmark, string Message) : Stimulus;

    /// <summary>An effect that was given up is tried again: its incident is gone.</summary>
    public sealed record TryAgain(int Effect, string Kind, long? By) : Stimulus;

    /// <summary>How time is counted has changed: activities that wait for a time renew their timers.</summary>
    public sealed record Replan : Stimulus;

    /// <summary>Wakes nothing: only commits the changes that came with the command.</summary>
    public sealed record None : Stimulus;
}

/// <summary>
/// What expressions may read of the world outside the instance, loaded before the turn. Derived by the product.
/// Names become globals of every expression language (<c>deal.amount</c>).
/// </summary>
public abstract class Facts
{
    /// <summary>The names that <see cref="Read"/> answers.</summary>
    public abstract IReadOnlyCollection<string> Names { get; }
    /// <summary>A JSON-like value (scalars, lists, string-keyed dictionaries) or null.</summary>
    public abstract object? Read(string name);
    /// <summary>Learns a change, so that what follows in the same turn sees it.</summary>
    public abstract void Apply(Change change);

    /// <summary>No facts at all.</summary>
    public static Facts None { get; } = new Nothing();

    private sealed class Nothing : Facts
    {
        public override IReadOnlyCollection<string> Names => [];
        public override object? Read(string name) => null;
        public override void Apply(Change change) { }
    }
}
