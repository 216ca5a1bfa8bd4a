using SalesFlow.Engine;
using SalesFlow.Engine.Definitions;
using SalesFlow.Runtime;

namespace SalesFlow.Studio.Instances;

/// <summary>An instance and what it runs; <see cref="Definition"/> is null when that version is no longer there.</summary>
internal record InstanceHead(InstanceRow Row, WorkflowDefinition? Definition)
{
    /// <summary>The id on the wire.</summary>
    public string Id => new InstanceId(Row.Id).ToString();

    /// <summary>The node of an execution; null when the version that is run now does not have it.</summary>
    public Node? NodeOf(string nodeId) => Definition?.Nodes.GetValueOrDefault(nodeId);
}

/// <summary>All that is stored of one instance, as it was read.</summary>
internal sealed record SeenInstance(InstanceRow Row, InstanceState State, WorkflowDefinition? Definition, IReadOnlyList<JournalEntry> Journal) : InstanceHead(Row, Definition)
{
    // A list asks for each execution's scheduler, and a loop has very many.
    private Dictionary<int, ExecutionRecord>? _executions;
    private Dictionary<int, ContextView>? _contexts;

    /// <summary>Its executions in the order they began. In an instance that is over, nothing runs or waits any more.</summary>
    public IReadOnlyList<ExecutionRecord> Executions => field ??= [.. ExecutionRecord.Of(Journal).Select(record => Settled(record))];

    /// <summary>The execution with that number, or null.</summary>
    public ExecutionRecord? Execution(int id) => (_executions ??= Executions.ToDictionary(record => record.Id)).GetValueOrDefault(id);

    /// <summary>What it remembers of its executions.</summary>
    public IReadOnlyList<ContextView> Contexts => field ??= Definition is null ? [] : [.. State.Contexts(Definition)];

    /// <summary>What it remembers of one execution; null once that is over.</summary>
    public ContextView? ContextOf(int execution) => (_contexts ??= Contexts.ToDictionary(context => context.Id)).GetValueOrDefault(execution);

    private ExecutionRecord Settled(ExecutionRecord record) =>
        record.Status is not (ActivityStatus.Running or ActivityStatus.Pending) || State.Status == WorkflowStatus.Running ? record
        : State.SubStatus == WorkflowSubStatus.Faulted ? record with { HasBookmarks = State.Bookmarks.Exists(bookmark => bookmark.Activation == record.Id) }
        : record with { Status = ActivityStatus.Canceled, HasBookmarks = false };
}
