using SalesFlow.Engine.Definitions;

namespace SalesFlow.Engine;

public sealed partial class InstanceState
{
    /// <summary>Executions that are not finished, oldest first; the root stays even when it is.</summary>
    internal List<ExecutionState> Executions { get; set; } = [];

    /// <summary>Inputs that survive suspension, by name.</summary>
    internal Dictionary<string, object?> Input { get; set; } = [];

    /// <summary>The workflow's own variables by name, as they are now; those of containers are not among them.</summary>
    public IReadOnlyDictionary<string, object?> Variables =>
        (Executions.Find(execution => execution.Parent == 0)?.Cells ?? []).DistinctBy(cell => cell.Name).ToDictionary(cell => cell.Name, cell => cell.Value);

    /// <summary>Where the instance stands: ids of the activities that are running, waiting or faulted.</summary>
    public IEnumerable<(int Execution, string NodeId, ActivityStatus Status)> Positions =>
        Executions.Select(execution => (execution.Id, execution.NodeId, execution.Status));
}

/// <summary>What is remembered of one execution between turns.</summary>
internal sealed class ExecutionState
{
    public int Id;
    public int Parent;
    public string NodeId = "";
    public ActivityStatus Status;
    /// <summary>Started by following a connection backwards: the flowchart does not count this visit.</summary>
    public bool Backward;
    /// <summary>Visit counters of a flowchart; see FlowScope.</summary>
    public int[]? Counters;
    public Dictionary<string, object?>? Remembered;
    public List<Cell>? Cells;
    public object? Tag;
    /// <summary>Outcomes of a completed activity whose parent could not go on with them.</summary>
    public IReadOnlyList<string>? Outcomes;
}

/// <summary>One variable of one execution. <see cref="Declared"/> is null for loop variables and other dynamic ones.</summary>
internal sealed class Cell
{
    public string Id = "";
    public string Name = "";
    public object? Value;
    public Variable? Declared;
    public bool Persisted = true;
}
