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

/// <summary>What is stored of one instance, as it was read; of its journal only what the ledger knows.</summary>
internal sealed record SeenInstance(InstanceRow Row, InstanceState State, WorkflowDefinition? Definition, Ledger Ledger) : InstanceHead(Row, Definition)
{
    private Dictionary<int, ContextView>? _contexts;

    /// <summary>An execution that the state still speaks of, or one that failed; null for one that is over and has to be read.</summary>
    public ExecutionRecord? Kept(int id) => Ledger.Kept(id) is { } record ? Settled(record) : null;

    /// <summary>What it remembers of its executions.</summary>
    public IReadOnlyList<ContextView> Contexts => field ??= Definition is null ? [] : [.. State.Contexts(Definition)];

    /// <summary>What it remembers of one execution; null once that is over.</summary>
    public ContextView? ContextOf(int execution) => (_contexts ??= Contexts.ToDictionary(context => context.Id)).GetValueOrDefault(execution);

    /// <summary>In an instance that is over, nothing runs or waits any more.</summary>
    public ExecutionRecord Settled(ExecutionRecord record) =>
        record.Status is not (ActivityStatus.Running or ActivityStatus.Pending) || State.Status == WorkflowStatus.Running ? record
        : State.SubStatus == WorkflowSubStatus.Faulted ? record with { HasBookmarks = State.Bookmarks.Exists(bookmark => bookmark.Activation == record.Id) }
        : record with { Status = ActivityStatus.Canceled, HasBookmarks = false };
}
