using System.Text.Json;
using SalesFlow.Engine.Definitions;
using SalesFlow.Engine.Flow;

namespace SalesFlow.Engine.Activities;

/// <summary>
/// Elsa's flowchart. How it goes on from an activity is decided by one of two algorithms (<see cref="FlowWalk"/> counts visits, <see cref="TokenWalk"/> passes
/// tokens), chosen when it begins and kept until it ends.
/// </summary>
internal sealed class Flowchart() : Activity(new("Elsa.Flowchart", new("Flowchart", "Блок-схема"), Categories.Flow) { IsContainer = true, IsBrowsable = false })
{
    internal const string StartedBy = "StartedBy";
    /// <summary>Bounds the work of preparing a graph, which grows with the product of the two.</summary>
    private const int MaxActivities = 2_000, MaxConnections = 10_000;

    /// <inheritdoc />
    public override object? Compile(NodeSource source)
    {
        var wires = new List<(string, string?, string)>();
        var ids = source.Children.Select(child => child.Id).ToHashSet();
        var index = 0;
        foreach (var json in source.Json.Items("connections", (at, message) => source.Report(at, message)))
        {
            var path = $"connections[{index++}]";
            if (Wire(json) is not { } wire)
                source.Report(path, "is not a connection: expected {\"source\": {\"activity\", \"port\"}, \"target\": {\"activity\"}}");
            else if (!ids.Contains(wire.Item1) || !ids.Contains(wire.Item3))
                source.Report(path, $"connects '{wire.Item1}' to '{wire.Item3}', but '{(ids.Contains(wire.Item1) ? wire.Item3 : wire.Item1)}' is not an activity of this flowchart; the connection is ignored", isError: false);
            else
                wires.Add(wire);
        }
        if (source.Children.Count > MaxActivities || wires.Count > MaxConnections)
        {
            source.Report("", $"has {source.Children.Count} activities and {wires.Count} connections; one flowchart may have {MaxActivities} and {MaxConnections}. Move a part into a nested flowchart.");
            return FlowGraph.Of([], []);
        }
        return FlowGraph.Of(source.Children, wires);
    }

    /// <inheritdoc />
    public override void Execute(Activation activation)
    {
        var execution = (Execution)activation;
        var graph = (FlowGraph)execution.Node.Plan!;
        // Remembered, unlike in Elsa: a start derived anew after a resume would change which connections go forward.
        if (execution.TurnOf.TriggerActivityId is { } trigger && graph.IndexOf(trigger) is >= 0 and var index && index != graph.Start)
        {
            activation.Remember(StartedBy, trigger);
            graph = graph.StartingAt(trigger);
        }
        if (execution.TurnOf.Flowcharts != FlowchartMode.TokenBased)
            execution.Counters = FlowScope.Empty(graph);
        if (graph.Start < 0)
            activation.Complete();
        else
            activation.Schedule(graph.Activities[graph.Start]);
    }

    /// <inheritdoc />
    public override void ChildCompleted(Activation activation, Activation child, Outcomes outcomes)
    {
        if (child.Node.Activity.Descriptor.IsTerminal)
        {
            activation.Complete();
            return;
        }
        var flowchart = (Execution)activation;
        if (flowchart.Counters is null)
        {
            PassTokens(flowchart, (Execution)child, outcomes);
            return;
        }
        var graph = GraphOf(flowchart);
        var walk = new FlowWalk(flowchart, graph);
        if (graph.MayThrow)
            Walk(flowchart, walk, (Execution)child, outcomes);
        else
            walk.Advance((Execution)child, outcomes);
        walk.CompleteIfIdle();
    }

    // Methods of their own, so that what their lambdas hold is not allocated on the everyday way.
    private static void PassTokens(Execution flowchart, Execution child, Outcomes outcomes)
    {
        var tokens = TokensOf(flowchart);
        AdvanceOrNot(flowchart, tokens.Save(), () => tokens.Advance(child, outcomes));
    }

    private static void Walk(Execution flowchart, FlowWalk walk, Execution child, Outcomes outcomes)
    {
        var (counters, saved) = (flowchart.Counters!, (int[])flowchart.Counters!.Clone());
        AdvanceOrNot(flowchart, () => saved.CopyTo(counters, 0), () => walk.Advance(child, outcomes));
    }

    /// <summary>A flow that cannot go on leaves no trace: the retry goes on from here, and what was already scheduled must not run twice.</summary>
    private static void AdvanceOrNot(Execution flowchart, Action undo, Action advance)
    {
        var before = flowchart.Live.ToArray();
        try
        {
            advance();
        }
        catch
        {
            flowchart.Quiet = true;
            foreach (var scheduled in flowchart.Live.Except(before).ToArray())
                scheduled.Cancel();
            flowchart.Quiet = false;
            undo();
            throw;
        }
    }

    /// <inheritdoc />
    public override void ChildCancelled(Activation activation, Activation child)
    {
        var flowchart = (Execution)activation;
        if (flowchart.Quiet)
            return;
        if (flowchart.Counters is null)
        {
            TokensOf(flowchart).Forget((Execution)child);
            return;
        }
        var graph = GraphOf(flowchart);
        // A join cancels what leads to it while its own visit is being decided; only direct, reachable children concern the flow.
        if (graph.IndexOf(child.Node.Id) is not (>= 0 and var index) || graph.IsDangling(index))
            return;
        var walk = new FlowWalk(flowchart, graph);
        walk.CompleteIfIdle();
        if (activation.Status == ActivityStatus.Running)
            walk.Advance((Execution)child, new Outcomes([]));
    }

    /// <summary>
    /// Leaves what runs and goes on at <paramref name="target"/>, as if all before it had been passed and nothing after it been reached. An activity that
    /// nothing leads to becomes the start, because the flow would not go on from it otherwise.
    /// </summary>
    internal static void Jump(Execution flowchart, string target)
    {
        var graph = GraphOf(flowchart);
        if (graph.IsDangling(graph.IndexOf(target)))
        {
            graph = (FlowGraph)flowchart.Node.Plan!;
            var start = graph.IsDangling(graph.IndexOf(target)) ? target : null;
            flowchart.Remember(StartedBy, start);
            graph = Rooted(graph, start);
        }
        Jump(flowchart, graph, graph.IndexOf(target));
    }

    private static void Jump(Execution flowchart, FlowGraph graph, int target)
    {
        flowchart.Quiet = true;
        foreach (var child in flowchart.Live.ToArray())
            child.Cancel();
        flowchart.Quiet = false;
        flowchart.Tokens = null;
        if (flowchart.Counters is null)
            TokensOf(flowchart).ArriveBy(target);
        else
            flowchart.Counters = FlowScope.ArrivedAt(graph, target);
        flowchart.Schedule(graph.Activities[target]);
    }

    /// <summary>Looks again at what the flow waits for, after the definition has become another one: what is due now, runs now.</summary>
    internal static void Recheck(Execution flowchart)
    {
        if (flowchart.Counters is null)
            TokensOf(flowchart).Recheck();
        else
            new FlowWalk(flowchart, GraphOf(flowchart)).Recheck();
    }

    /// <summary>Cancels everything in this flowchart that leads forward to the join.</summary>
    internal static void CancelAncestors(Execution flowchart, FlowGraph graph, int join)
    {
        foreach (var child in flowchart.Live.ToArray())
            if (child.IsLive && graph.IndexOf(child.Node.Id) is >= 0 and var index && index != join && graph.Reaches(index, join))
                child.Cancel();
    }

    /// <summary>One for each execution and turn: a join that cancels others is called back by them while it decides.</summary>
    private static TokenWalk TokensOf(Execution flowchart) => flowchart.Tokens ??= new TokenWalk(flowchart, GraphOf(flowchart));

    internal static FlowGraph GraphOf(Execution flowchart) => Rooted((FlowGraph)flowchart.Node.Plan!, flowchart.Recall<string>(StartedBy));

    /// <summary>The graph as it runs for an execution that remembers these values.</summary>
    internal static FlowGraph Rooted(FlowGraph graph, Dictionary<string, object?>? remembered) => Rooted(graph, remembered?.GetValueOrDefault(StartedBy) as string);

    private static FlowGraph Rooted(FlowGraph graph, string? start) => start is not null && graph.IndexOf(start) >= 0 ? graph.StartingAt(start) : graph;

    private static (string, string?, string)? Wire(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object || json.Member("source") is not { } source || json.Member("target") is not { } target)
            return null;
        return source.ValueKind == JsonValueKind.Object
            ? source.Text("activity") is { } from && target.ValueKind == JsonValueKind.Object && target.Text("activity") is { } to ? (from, source.Text("port"), to) : null
            : source.ValueKind == JsonValueKind.String && target.ValueKind == JsonValueKind.String ? (source.GetString()!, json.Text("sourcePort"), target.GetString()!) : null;
    }
}
