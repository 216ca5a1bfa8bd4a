using SalesFlow.Engine.Activities;
using SalesFlow.Engine.Definitions;
using SalesFlow.Engine.Flow;

namespace SalesFlow.Engine;

public sealed partial class InstanceState
{
    /// <summary>Inputs that survive suspension, for those who look.</summary>
    public IReadOnlyDictionary<string, object?> StoredInput => Input;

    /// <summary>Every execution that is remembered, oldest first, for those who look; <paramref name="definition"/> is the version it runs.</summary>
    public IEnumerable<ContextView> Contexts(WorkflowDefinition definition)
    {
        foreach (var execution in Executions)
        {
            definition.Nodes.TryGetValue(execution.NodeId, out var node);
            yield return new ContextView(execution.Id, execution.Parent, execution.NodeId, execution.Status, VariablesOf(execution, node),
                execution.Remembered ?? [], VisitsOf(execution, node));
        }
    }

    /// <summary>Declared variables first and as declared when nothing was stored, then the dynamic ones.</summary>
    private static List<VariableView> VariablesOf(ExecutionState execution, Node? node)
    {
        var (declared, stored) = (node?.Variables ?? [], execution.Cells ?? []);
        return
        [
            .. declared.Select(variable => new VariableView(variable.Id, variable.Name, stored.Find(cell => cell.Id == variable.Id) is { } cell ? cell.Value : variable.Initial, IsDynamic: false)),
            .. stored.Where(cell => declared.All(variable => variable.Id != cell.Id)).Select(cell => new VariableView(cell.Id, cell.Name, cell.Value, IsDynamic: true)),
        ];
    }

    private static VisitsView? VisitsOf(ExecutionState execution, Node? node)
    {
        if (execution.Counters is not { } counters || node?.Plan is not FlowGraph graph)
            return null;
        graph = Flowchart.Rooted(graph, execution.Remembered);
        if (counters.Length != FlowScope.Empty(graph).Length)
            return null;
        var scope = new FlowScope(counters, graph);
        var visited = graph.Connections.Where(connection => scope.Visits(connection) > 0).DistinctBy(Key).ToList();
        return new VisitsView(
            Enumerable.Range(0, graph.Activities.Count).Where(i => scope.Visits(i) > 0).ToDictionary(i => graph.Activities[i].Id, scope.Visits),
            visited.ToDictionary(Key, scope.Visits), visited.ToDictionary(Key, scope.Followed));

        string Key(Connection connection) => $"{graph.Activities[connection.Source].Id}:{connection.Port}->{graph.Activities[connection.Target].Id}:In";
    }
}

/// <summary>One remembered execution as it stands.</summary>
/// <param name="Parent">The execution that contains it; 0 for the root.</param>
/// <param name="Remembered">What its activity keeps for itself.</param>
/// <param name="Visits">Counters, if it is a flowchart.</param>
public sealed record ContextView(int Id, int Parent, string NodeId, ActivityStatus Status, IReadOnlyList<VariableView> Variables,
    IReadOnlyDictionary<string, object?> Remembered, VisitsView? Visits);

/// <summary>A variable of an execution; a dynamic one (of a loop) is declared nowhere.</summary>
public sealed record VariableView(string Id, string Name, object? Value, bool IsDynamic);

/// <summary>What a flowchart has counted; a connection is named <c>source:port->target:In</c>, as in Elsa.</summary>
public sealed record VisitsView(IReadOnlyDictionary<string, int> Activities, IReadOnlyDictionary<string, int> Connections, IReadOnlyDictionary<string, bool> Followed);
