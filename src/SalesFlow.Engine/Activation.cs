using SalesFlow.Engine.Definitions;

namespace SalesFlow.Engine;

/// <summary>
/// One execution of one node in one instance, and all that its activity may do. Elsa calls it the activity execution context.
/// What it asks for takes effect in the same <see cref="Turn"/>.
/// </summary>
public abstract class Activation
{
    /// <summary>Number of this execution within its instance, from 1; stable across turns.</summary>
    public abstract int Id { get; }
    /// <summary>The node being executed.</summary>
    public abstract Node Node { get; }
    /// <summary>The execution that scheduled this one; null for the root.</summary>
    public abstract Activation? Parent { get; }
    /// <summary>Pending, Running, Completed, Canceled or Faulted.</summary>
    public abstract ActivityStatus Status { get; }
    /// <summary>The time of the turn; the only clock there is.</summary>
    public abstract DateTimeOffset Now { get; }
    /// <summary>The instance it belongs to.</summary>
    public abstract InstanceState Instance { get; }
    /// <summary>What the outside world knows (the deal, its client, ...); changes made in this turn are already applied.</summary>
    public abstract Facts Facts { get; }

    /// <summary>An evaluated input by its Pascal-case name, converted to <typeparamref name="T"/>; its default when absent.</summary>
    public abstract T? Input<T>(string name);
    /// <summary>Sets an output: bound variables get it, and <c>getOutputFrom</c> sees it until the turn ends.</summary>
    public abstract void Output(string name, object? value);
    /// <summary>Evaluates an expression in this execution's scope.</summary>
    public abstract object? Evaluate(Expression expression, string targetType = "Object");

    /// <summary>Remembers a value for this execution across turns. Values are JSON scalars, lists or string-keyed dictionaries.</summary>
    public abstract void Remember(string key, object? value);
    /// <summary>A remembered value, or default.</summary>
    public abstract T? Recall<T>(string key);

    /// <summary>Reads a variable by id or name, nearest scope first.</summary>
    public abstract object? Variable(string idOrName);
    /// <summary>Writes a variable found by id or name, nearest scope first; an unknown one becomes a dynamic variable that is not persisted.</summary>
    public abstract void SetVariable(string idOrName, object? value);
    /// <summary>Gives a child scheduled by <see cref="Schedule"/> a variable cell of its own.</summary>
    public abstract void Schedule(Node child, object? tag = null, IReadOnlyDictionary<string, object?>? variables = null);

    /// <summary>A number unique in the instance and the same in every replay; combine with the instance id for row ids.</summary>
    public abstract int NextNumber();
    /// <summary>Waits for a stimulus named <paramref name="name"/>; <paramref name="stimulus"/> narrows it (an event's name). </summary>
    public abstract Bookmark Wait(string name, string? stimulus = null, bool autoBurn = true, string? tag = null);
    /// <summary>Waits until <paramref name="dueAt"/>; the bookmark's name is <paramref name="name"/>.</summary>
    public abstract Bookmark WaitUntil(DateTimeOffset dueAt, string name, bool autoBurn = true, string? tag = null);
    /// <summary>Gives up waiting for a bookmark of this execution.</summary>
    public abstract void Burn(Bookmark bookmark);

    /// <summary>Something that must be true in the same transaction as the new state. The facts learn of it at once.</summary>
    public abstract void Change(Change change);
    /// <summary>Something the outside must do after the commit, at least once. <paramref name="answer"/> is the bookmark its answer resumes.</summary>
    public abstract void Effect(Effect effect, Bookmark? answer = null);
    /// <summary>A line of text for the console (WriteLine).</summary>
    public abstract void Line(string text);

    /// <summary>Completes with the named outcomes, or with the default one. A no-op unless Running. Unfinished children are cancelled.</summary>
    public abstract void Complete(params string[] outcomes);
    /// <summary>Cancels this execution, its children first.</summary>
    public abstract void Cancel();
    /// <summary>Sends a signal up through the ancestors.</summary>
    public abstract void Raise(Signal signal);
    /// <summary>Ends the whole workflow as Finished: the queue, every bookmark and every other execution go.</summary>
    public abstract void FinishWorkflow();
    /// <summary>Children of this execution that are pending or running.</summary>
    public abstract IEnumerable<Activation> Children { get; }
    /// <summary>Nothing inside it is pending, running or faulted: a container that waits for all its children may complete.</summary>
    public abstract bool IsIdle { get; }
}

/// <summary>Elsa's statuses of an activity execution.</summary>
public enum ActivityStatus { Pending, Running, Completed, Canceled, Faulted }

/// <summary>Thrown by an activity to fault with a message for people; anything else thrown faults too.</summary>
public sealed class FaultException(string message, string code = "0", string category = "General", string type = "System", Exception? inner = null)
    : Exception(message, inner)
{
    /// <summary>Short code chosen by the designer.</summary>
    public string Code { get; } = code;
    /// <summary>What kind of trouble.</summary>
    public string Category { get; } = category;
    /// <summary>System or Business.</summary>
    public string Type { get; } = type;
}
