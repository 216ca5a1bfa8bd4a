namespace SalesFlow.Engine;

/// <summary>One step of mending an instance from outside; Elsa's alterations.</summary>
public abstract record Alteration
{
    private Alteration() { }

    /// <summary>Gives a variable another value, converted to its type.</summary>
    public sealed record SetVariable(string VariableId, object? Value) : Alteration;

    /// <summary>
    /// Runs an activity: a faulted execution of it again, else a new one inside the nearest container that runs. Nothing else stops.
    /// </summary>
    public sealed record Schedule(Aim Aim) : Alteration;

    /// <summary>Cancels whatever of it is pending, waiting or faulted; the flow goes on without it.</summary>
    public sealed record CancelActivity(Aim Aim) : Alteration;
}

/// <summary>Which activity is meant: one execution by its number, or every one of an activity by its id.</summary>
public sealed record Aim(string? ActivityId, int? Activation = null)
{
    /// <inheritdoc />
    public override string ToString() => Activation is { } activation ? $"execution {activation}" : $"activity '{ActivityId}'";
}

/// <summary>A step cannot be done; nothing of the alteration was.</summary>
public sealed class AlterationException(string message) : Exception(message);
