namespace SalesFlow.Engine.Expressions;

/// <summary>All that an expression may read and change. The interpreter's activations implement it; values are JSON-like.</summary>
public abstract class Scope
{
    /// <summary>A variable by id or name, nearest scope first.</summary>
    public abstract object? GetVariable(string idOrName, out bool found);
    /// <summary>Writes a variable found by id or name; an unknown one becomes a dynamic variable that is not persisted.</summary>
    public abstract void SetVariable(string idOrName, object? value);
    /// <summary>Names of the variables in reach.</summary>
    public abstract IEnumerable<string> VariableNames { get; }

    /// <summary>An input: the enclosing workflow-as-activity's first, then the workflow's.</summary>
    public abstract object? GetInput(string name);
    /// <summary>Names that get accessor functions (<c>getAmount()</c>).</summary>
    public abstract IEnumerable<string> InputNames { get; }

    /// <summary>An output produced in this turn by the activity with that id or name; its first or only one when no name is given.</summary>
    public abstract object? GetOutput(string activityIdOrName, string? outputName);
    /// <summary>The result of the last activity that had one in this turn.</summary>
    public abstract object? LastResult { get; }

    /// <summary>What ties the instance to the outside world.</summary>
    public abstract string? CorrelationId { get; set; }
    /// <summary>Name of the instance for people.</summary>
    public abstract string? InstanceName { get; set; }
    /// <summary>Id of the instance.</summary>
    public abstract long InstanceId { get; }
    /// <summary>Logical id of the definition.</summary>
    public abstract string DefinitionId { get; }
    /// <summary>Id of the definition's version.</summary>
    public abstract string VersionId { get; }
    /// <summary>Number of the definition's version.</summary>
    public abstract int Version { get; }

    /// <summary>The world outside the instance.</summary>
    public abstract Facts Facts { get; }
    /// <summary>The time of the turn, the only clock that scripts see.</summary>
    public abstract DateTimeOffset Now { get; }
    /// <summary>A number unique in the instance and the same in every replay: what scripts' chance and new ids are derived from.</summary>
    public abstract int NextNumber();

    /// <summary>Outcomes chosen by a script; only RunJavaScript hears them.</summary>
    public virtual void SetOutcomes(IReadOnlyList<string> outcomes) { }
    /// <summary>Whether <c>setOutcome</c> exists for scripts in this scope.</summary>
    public virtual bool AcceptsOutcomes => false;
}
