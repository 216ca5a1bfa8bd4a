using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using SalesFlow.Engine.Activities;
using SalesFlow.Engine.Definitions;
using SalesFlow.Engine.Expressions;
using SalesFlow.Engine.Flow;

namespace SalesFlow.Engine;

/// <summary>Why an instance cannot go on under another version: the execution that has no place there (0 for the instance itself).</summary>
public sealed record Misfit(int Execution, string NodeId, Text Reason);

/// <summary>An instance was told to follow a version in which it has no place.</summary>
public sealed class MisfitException(ImmutableArray<Misfit> misfits) : Exception(string.Join(" ", misfits.Select(misfit => misfit.Reason.En)))
{
    /// <summary>Every reason.</summary>
    public ImmutableArray<Misfit> Misfits { get; } = misfits;
}

/// <summary>
/// Takes an instance from one version of its definition to another. It can follow when everything that is pending, waiting or faulted has its place there:
/// the same path of ids and the same type. What is completed stays completed, whatever became of it.
/// </summary>
public static class VersionChange
{
    /// <summary>The line of the journal that begins a turn under another version.</summary>
    public const string Event = "Migrated";

    /// <summary>What keeps the instance from going on under <paramref name="to"/>; empty when nothing does.</summary>
    public static ImmutableArray<Misfit> Check(InstanceState state, WorkflowDefinition from, WorkflowDefinition to)
    {
        if (state.Status == WorkflowStatus.Finished && state.SubStatus != WorkflowSubStatus.Faulted)
            return [new(0, "", new($"The instance is {state.SubStatus}.", "Экземпляр уже завершён."))];
        if (from.DefinitionId != to.DefinitionId)
            return [new(0, "", new($"'{to.DefinitionId}' is another process, not a version of '{from.DefinitionId}'.", $"«{to.DefinitionId}» — другой процесс, а не версия «{from.DefinitionId}»."))];
        var places = new Places(from, to);
        var misfits = ImmutableArray.CreateBuilder<Misfit>();
        foreach (var execution in state.Executions)
        {
            var (before, after) = places.Of(execution.NodeId);
            if (after is null)
                misfits.Add(Misfit(execution, before, to, "is not there", "её там нет"));
            else if (!string.Equals(before?.Type ?? after.Type, after.Type, StringComparison.OrdinalIgnoreCase))
                misfits.Add(Misfit(execution, before, to, $"is of type {after.Type} there and was of type {before!.Type}", $"там это {after.Type}, а было {before.Type}"));
            else
                misfits.AddRange(Values(execution, before, after, to).Concat(Stranded(state, execution, before, after, places, to)));
        }
        return misfits.ToImmutable();
    }

    /// <summary>Moves the state, which <see cref="Check"/> has passed. The answer are the executions whose own definition changed.</summary>
    internal static HashSet<int> Apply(InstanceState state, WorkflowDefinition from, WorkflowDefinition to)
    {
        var (places, changed) = (new Places(from, to), new HashSet<int>());
        foreach (var execution in state.Executions)
        {
            var (before, after) = places.Of(execution.NodeId);
            if (before is null || !JsonElement.DeepEquals(before.Json, after!.Json))
                changed.Add(execution.Id);
            if (before?.Plan is FlowGraph old && after!.Plan is FlowGraph graph)
                CarryFlow(execution, Unfinished(state, execution, places), old, graph);
        }
        var paths = state.Executions.ToDictionary(execution => execution.Id, execution => places.Of(execution.NodeId).After!.NodeId);
        foreach (var execution in state.Executions)
            execution.NodeId = paths[execution.Id];
        state.Bookmarks = [.. state.Bookmarks.Select(bookmark => bookmark with { NodeId = paths.GetValueOrDefault(bookmark.Activation, bookmark.NodeId) })];
        state.Incidents = [.. state.Incidents.Select(incident => incident with { NodeId = paths.GetValueOrDefault(incident.Activation, incident.NodeId) })];
        state.DefinitionVersionId = to.VersionId;
        return changed;
    }

    private static void CarryFlow(ExecutionState flowchart, List<(ExecutionState Child, string Id)> unfinished, FlowGraph old, FlowGraph graph)
    {
        var (before, after) = (Flowchart.Rooted(old, flowchart.Remembered), Flowchart.Rooted(graph, flowchart.Remembered));
        if (unfinished is [var (_, only)] && IsStranded(only, before, after))
        {
            // Nothing leads to the one activity that runs any more: from here on the flow begins with it.
            after = graph.StartingAt(only);
            (flowchart.Remembered ??= [])[Flowchart.StartedBy] = only;
            if (flowchart.Counters is not null)
                flowchart.Counters = FlowScope.ArrivedAt(after, after.IndexOf(only));
        }
        else if (flowchart.Counters is { } counters)
            flowchart.Counters = FlowScope.Carried(counters, before, after, [.. unfinished.Select(child => child.Id)]);
    }

    private static List<(ExecutionState Child, string Id)> Unfinished(InstanceState state, ExecutionState flowchart, Places places) =>
        [.. state.Executions.Where(child => child.Parent == flowchart.Id).Select(child => (child, places.Of(child.NodeId).Before?.Id ?? ""))];

    private static bool IsStranded(string activity, FlowGraph before, FlowGraph after) =>
        after.IndexOf(activity) is >= 0 and var now && after.IsDangling(now) && !(before.IndexOf(activity) is >= 0 and var then && before.IsDangling(then));

    private static IEnumerable<Misfit> Stranded(InstanceState state, ExecutionState execution, Node? before, Node after, Places places, WorkflowDefinition to)
    {
        if (before?.Plan is not FlowGraph old || after.Plan is not FlowGraph graph || Unfinished(state, execution, places) is not { Count: > 1 } unfinished)
            yield break;
        foreach (var (child, id) in unfinished)
            if (IsStranded(id, Flowchart.Rooted(old, execution.Remembered), Flowchart.Rooted(graph, execution.Remembered)))
                yield return Misfit(child, places.Of(child.NodeId).Before, to, "has nothing leading to it there, and other activities run beside it", "к ней там ничего не ведёт, а рядом выполняются другие");
    }

    private static IEnumerable<Misfit> Values(ExecutionState execution, Node? before, Node after, WorkflowDefinition to)
    {
        foreach (var cell in execution.Cells ?? [])
            if (after.Variables.FirstOrDefault(variable => variable.Id == cell.Id) is { } variable && Mistake(cell.Value, variable) is { } mistake)
                yield return Misfit(execution, before, to, $"declares the variable '{variable.Name}' as {variable.TypeName}, and its value is none: {mistake}",
                    $"объявляет переменную «{variable.Name}» как {variable.TypeName}, а её значение им не является: {mistake}");
    }

    private static string? Mistake(object? value, Variable variable)
    {
        try
        {
            Conversion.To(value, variable.TypeName, variable.IsArray);
            return null;
        }
        catch (FaultException fault)
        {
            return fault.Message;
        }
    }

    private static Misfit Misfit(ExecutionState execution, Node? node, WorkflowDefinition to, string en, string ru)
    {
        var title = node?.Title ?? execution.NodeId[(execution.NodeId.LastIndexOf(':') + 1)..];
        var version = to.Version.ToString(CultureInfo.InvariantCulture);
        return new(execution.Id, execution.NodeId, new($"'{title}' {en} (version {version}).", $"«{title}»: {ru} (версия {version})."));
    }

    /// <summary>Finds nodes of one version in the other. Numbers of implicit workflows may differ when the definitions that are used do.</summary>
    private sealed class Places(WorkflowDefinition from, WorkflowDefinition to)
    {
        private readonly Dictionary<string, Node> _after = to.Nodes.Values.ToDictionary(node => Plain(node.NodeId, to));

        public (Node? Before, Node? After) Of(string nodeId) => (from.Nodes.GetValueOrDefault(nodeId), _after.GetValueOrDefault(Plain(nodeId, from)));

        private static string Plain(string nodeId, WorkflowDefinition definition)
        {
            var (path, plain) = (new StringBuilder(nodeId.Length), new StringBuilder(nodeId.Length));
            foreach (var id in nodeId.Split(':'))
            {
                path.Append(path.Length == 0 ? "" : ":").Append(id);
                plain.Append(':').Append(definition.Nodes.TryGetValue(path.ToString(), out var node) && node.Type == "Elsa.Workflow" ? "Workflow" : id);
            }
            return plain.ToString();
        }
    }
}
