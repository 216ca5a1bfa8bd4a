using System.Collections.Immutable;
using SalesFlow.Engine;
using SalesFlow.Sales.Assignments;
using SalesFlow.Sales.Rules;
using SalesFlow.Sales.Tasks;

namespace SalesFlow.Sales.Deals;

/// <summary>Something that happens to a deal; <paramref name="By"/> is null when the process itself does it.</summary>
public abstract record DealChange(DealId Deal, DateTimeOffset At, UserId? By) : Change;

/// <summary>The client of a new deal.</summary>
public sealed record ClientData(ClientId Id, string Name, string? Inn = null, string? Contact = null, string? Email = null, string? Phone = null);

/// <summary>The deal exists from now on.</summary>
public sealed record DealCreated(DealId Deal, DateTimeOffset At, UserId? By, string Number, string Title, string Pipeline, string PipelineKey, ClientData Client,
    decimal Amount, string Currency, string? Channel, UserId? Owner, ImmutableDictionary<string, object?> Fields) : DealChange(Deal, At, By);

/// <summary>Values changed. The names title, amount, currency and channel mean the deal's own columns; null removes a field.</summary>
public sealed record FieldsChanged(DealId Deal, DateTimeOffset At, UserId? By, ImmutableDictionary<string, object?> Values) : DealChange(Deal, At, By);

/// <summary>The deal goes to someone else, or to nobody.</summary>
public sealed record OwnerChanged(DealId Deal, DateTimeOffset At, UserId? By, UserId? Owner) : DealChange(Deal, At, By);

/// <summary>An owner was picked by the process, or nobody could be; the open tasks of a former owner go along.</summary>
public sealed record OwnerAssigned(DealId Deal, DateTimeOffset At, string Step, UserId? Owner, Text Why, ImmutableArray<ScoredCandidate> Candidates) : DealChange(Deal, At, null);

/// <summary>Somebody moves the deal to another stage; the stays themselves begin and end by the process.</summary>
public sealed record DealMoved(DealId Deal, DateTimeOffset At, UserId? By, Text To) : DealChange(Deal, At, By);

/// <summary>A stay in a stage begins. <paramref name="Bookmark"/> is where moves and rechecks resume it.</summary>
public sealed record StageEntered(DealId Deal, DateTimeOffset At, int Visit, string Key, Text Name, string ActivityId, int Bookmark, UserId? Owner,
    string DefinitionVersionId, int DefinitionVersion) : DealChange(Deal, At, null);

/// <summary>
/// A stay in a stage ended, by an outcome or (Cancelled) by a jump or the end of the deal. <paramref name="WaitedSeconds"/> is the working time in which the deal waited
/// for its client, <paramref name="WorkingSeconds"/> the rest; together they are the calendar's.
/// </summary>
public sealed record StageLeft(DealId Deal, DateTimeOffset At, int Visit, string Key, Text Name, string Outcome, long CalendarSeconds, long WorkingSeconds, long WaitedSeconds) : DealChange(Deal, At, null);

/// <summary>Nothing is left to do in the stage but to wait for the client: its clock stands still.</summary>
public sealed record StageWaits(DealId Deal, DateTimeOffset At, int Visit) : DealChange(Deal, At, null);

/// <summary>There is something to do again: the clock of the stage goes on. <paramref name="WaitedSeconds"/> is the working time of this wait.</summary>
public sealed record StageGoesOn(DealId Deal, DateTimeOffset At, int Visit, long WaitedSeconds) : DealChange(Deal, At, null);

/// <summary>
/// The limit of a stay is another one: <paramref name="LimitSeconds"/> of working time, null for none, which end at <paramref name="LimitAt"/> unless the deal waits for its client meanwhile. The engine has counted both.
/// </summary>
public sealed record StageLimited(DealId Deal, DateTimeOffset At, int Visit, long? LimitSeconds, DateTimeOffset? LimitAt) : DealChange(Deal, At, null);

/// <summary>Someone is to do something.</summary>
public sealed record TaskOpened(DealId Deal, DateTimeOffset At, TaskId Task, Text Title, Text Description, string StageKey, UserId? Assignee, string? CandidateRole,
    DateTimeOffset? DueAt, ImmutableArray<TaskOutcome> Outcomes, ImmutableArray<FormField> Form, string ActivityId, int Bookmark) : DealChange(Deal, At, null)
{
    /// <summary>Whose it would have been, had they been there; null when it is the one's for whom it was meant.</summary>
    public UserId? InsteadOf { get; init; }
}

/// <summary>Someone did it; what the form took is a <see cref="FieldsChanged"/> of its own.</summary>
public sealed record TaskCompleted(DealId Deal, DateTimeOffset At, UserId? By, TaskId Task, string Outcome, string? Comment) : DealChange(Deal, At, By);

/// <summary>The process no longer needs the task.</summary>
public sealed record TaskCancelled(DealId Deal, DateTimeOffset At, TaskId Task) : DealChange(Deal, At, null);

/// <summary>A task was claimed or given to someone.</summary>
public sealed record TaskAssigned(DealId Deal, DateTimeOffset At, UserId? By, TaskId Task, UserId Assignee) : DealChange(Deal, At, By)
{
    /// <summary>In whose place, when that person is away; null otherwise.</summary>
    public UserId? InsteadOf { get; init; }
}

/// <summary>A task goes back to those who may claim it.</summary>
public sealed record TaskReturned(DealId Deal, DateTimeOffset At, UserId? By, TaskId Task, string Reason) : DealChange(Deal, At, By)
{
    /// <summary>Who had it and is away, when that is the reason; null otherwise.</summary>
    public UserId? InsteadOf { get; init; }
}

/// <summary>The assignee of a task is away and nobody else is there: it waits for whoever comes back first, the assignee or somebody who takes it over.</summary>
public sealed record TaskUnattended(DealId Deal, DateTimeOffset At, TaskId Task) : DealChange(Deal, At, null);

/// <summary>A task is out of sight until then; null brings it back. Its due time stays.</summary>
public sealed record TaskSnoozed(DealId Deal, DateTimeOffset At, UserId? By, TaskId Task, DateTimeOffset? Until) : DealChange(Deal, At, By);

/// <summary>A task waits for the client: its clock stands still.</summary>
public sealed record TaskWaits(DealId Deal, DateTimeOffset At, UserId? By, TaskId Task, string? For) : DealChange(Deal, At, By);

/// <summary>The client has answered: the clock goes on from where it stood. <paramref name="WaitedSeconds"/> is working time.</summary>
public sealed record TaskGoesOn(DealId Deal, DateTimeOffset At, UserId? By, TaskId Task, DateTimeOffset? DueAt, long WaitedSeconds) : DealChange(Deal, At, By);

/// <summary>A task is due at another time, because what it waits for is, or because its hours are counted anew.</summary>
public sealed record TaskRescheduled(DealId Deal, DateTimeOffset At, TaskId Task, DateTimeOffset? DueAt) : DealChange(Deal, At, null);

/// <summary>A document was rendered, numbered and kept.</summary>
public sealed record DocumentIssued(DealId Deal, DateTimeOffset At, DocumentId Document, string Kind, string Number, string TemplateKey, string TemplateHash,
    string Language, string Html, string Hash) : DealChange(Deal, At, null)
{
    /// <summary>Version of the template; 0 where templates have none.</summary>
    public int TemplateVersion { get; init; }
    /// <summary>What it was made of, as JSON: enough to make it again.</summary>
    public string Making { get; init; } = "{}";
}

/// <summary>A document is on its way to the client; the letter itself is a <see cref="Mails.MailWritten"/> of its own.</summary>
public sealed record DocumentSent(DealId Deal, DateTimeOffset At, UserId? By, DocumentId Document, string To) : DealChange(Deal, At, By);

/// <summary>A document holds no longer; its number stays and is never given again.</summary>
public sealed record DocumentVoided(DealId Deal, DateTimeOffset At, UserId? By, DocumentId Document, string Reason) : DealChange(Deal, At, By);

/// <summary>
/// The running deal goes on with another version of its process. The stage is what the one it stands in is called there; null while it stands in none.
/// </summary>
public sealed record DefinitionFollowed(DealId Deal, DateTimeOffset At, UserId? By, int From, int To, string DefinitionVersionId, string? StageKey, Text? StageName) : DealChange(Deal, At, By);

/// <summary>The client bought.</summary>
public sealed record DealWon(DealId Deal, DateTimeOffset At, UserId? By, string? Reason) : DealChange(Deal, At, By);

/// <summary>The client did not buy.</summary>
public sealed record DealLost(DealId Deal, DateTimeOffset At, UserId? By, string? Reason) : DealChange(Deal, At, By);

/// <summary>
/// The deal left a stage without meeting a rule: a hard one by breaking the glass, a soft one with a reason, a measured one by itself. Counted and reported.
/// </summary>
public sealed record RulePassed(DealId Deal, DateTimeOffset At, UserId? By, string StageKey, string Kind, Text Words, Severity Severity, string? Reason) : DealChange(Deal, At, By);

/// <summary>A note; <paramref name="Mentions"/> are the people it names.</summary>
public sealed record Commented(DealId Deal, DateTimeOffset At, UserId? By, string Text) : DealChange(Deal, At, By)
{
    /// <summary>Who is to read it.</summary>
    public ImmutableArray<UserId> Mentions { get; init; } = [];
}
