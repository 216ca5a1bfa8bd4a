using CsCheck;
using SalesFlow.Engine.Definitions;

namespace SalesFlow.Engine.Tests;

/// <summary>What holds for every acyclic flowchart whose definition becomes another one while it waits.</summary>
public sealed class VersionChangePropertyTests
{
    private enum Kind { Line, Yes, No, JoinAll, JoinAny, Event }

    /// <summary>Places are whole numbers in the first version; what is added lies between them, so that edges still lead forwards.</summary>
    private sealed record Node(double Place, Kind Kind);

    private sealed record Edge(double From, double To, bool Port);

    private sealed record Graph(Node[] Nodes, Edge[] Edges)
    {
        public string Root => Given.Flowchart(string.Join(",", Nodes.Select(Activity)), [.. Edges.Select(edge => $"{Id(edge.From)}:{Port(edge)}->{Id(edge.To)}")]);

        public override string ToString() => $"{string.Join(' ', Nodes.Select(node => $"{Id(node.Place)}={node.Kind}"))}; {string.Join(' ', Edges.Select(edge => $"{Id(edge.From)}:{Port(edge)}>{Id(edge.To)}"))}";

        private string Port(Edge edge) => Nodes.First(node => node.Place == edge.From).Kind is Kind.Yes or Kind.No ? $"{edge.Port}" : "Done";

        public static string Id(double place) => FormattableString.Invariant($"n{place}").Replace('.', '_');
    }

    private static string Activity(Node node) => node switch
    {
        { Place: 0 } => Given.Activity("n0", "Elsa.Start"),
        { Kind: Kind.Yes or Kind.No } => Given.Activity(Graph.Id(node.Place), "Elsa.FlowDecision", $"\"condition\":{Given.Literal($"{node.Kind == Kind.Yes}", "Boolean")}"),
        { Kind: Kind.JoinAll or Kind.JoinAny } => Given.Activity(Graph.Id(node.Place), "Elsa.FlowJoin", $"\"mode\":{Given.Literal(node.Kind == Kind.JoinAll ? "WaitAll" : "WaitAny", "FlowJoinMode")}"),
        { Kind: Kind.Event } => Given.Event(Graph.Id(node.Place)),
        _ => Given.Line(Graph.Id(node.Place)),
    };

    private static Gen<Graph> Graphs(params Kind[] kinds) =>
        from size in Gen.Int[2, 12]
        from chosen in Gen.Int[0, kinds.Length - 1].Select(i => kinds[i]).Array[size]
        from edges in Gen.Select(Gen.Int[0, size - 2], Gen.Int[1, size - 1], Gen.Bool).Array[1, size * 2]
        select new Graph([.. chosen.Select((kind, i) => new Node(i, i == 0 ? Kind.Line : kind))], [.. edges.Where(edge => edge.Item1 < edge.Item2).Select(edge => new Edge(edge.Item1, edge.Item2, edge.Item3)).Distinct()]);

    /// <summary>Adds activities and connections, takes some away; the start stays.</summary>
    private static Gen<Graph> Changed(Graph graph, params Kind[] kinds) =>
        from added in Gen.Select(Gen.Int[0, graph.Nodes.Length - 1], Gen.Int[0, kinds.Length - 1]).Array[0, 3]
        from wires in Gen.Select(Gen.Int[0, 100], Gen.Int[0, 100], Gen.Bool).Array[0, 8]
        from removedNode in Gen.Int[1, 3 * graph.Nodes.Length]
        from removedEdges in Gen.Int[0, 30].Array[0, 3]
        let nodes = graph.Nodes.Where(node => node.Place != removedNode).Concat(added.Select((one, i) => new Node(one.Item1 + 0.25 + 0.1 * i, kinds[one.Item2]))).OrderBy(node => node.Place).ToArray()
        let kept = graph.Edges.Where((edge, i) => !removedEdges.Contains(i) && edge.From != removedNode && edge.To != removedNode)
        let more = wires.Select(wire => new Edge(nodes[wire.Item1 % nodes.Length].Place, nodes[wire.Item2 % nodes.Length].Place, wire.Item3)).Where(edge => edge.From < edge.To)
        select new Graph(nodes, [.. kept.Concat(more).Distinct()]);

    private static WorkflowDefinition Version(int number, Graph graph) => Given.Definition(Given.Document(graph.Root).Replace("\"id\":\"v1\"", $"\"id\":\"v{number}\"", StringComparison.Ordinal));

    private static Instance Waiting(WorkflowDefinition definition, int events, int order, FlowchartMode mode = FlowchartMode.Default)
    {
        var instance = new Instance(definition);
        instance.Start(flowcharts: mode);
        for (var i = 0; i < events && instance.State.Bookmarks is { Count: > 0 } waiting; i++)
            instance.Resume(waiting[(order + i * 7) % waiting.Count]);
        return instance;
    }

    [Theory, InlineData(FlowchartMode.CounterBased), InlineData(FlowchartMode.TokenBased)]
    public void Following_an_unchanged_definition_changes_nothing(FlowchartMode mode) =>
        Gen.Select(Graphs(Kind.Line, Kind.Yes, Kind.No, Kind.JoinAll, Kind.JoinAny, Kind.Event, Kind.Event), Gen.Int[0, 4], Gen.Int[0, 1000]).Sample((graph, events, order) =>
        {
            var (from, to) = (Version(1, graph), Version(2, graph));
            var (instance, other) = (Waiting(from, events, order, mode), Waiting(from, events, order, mode));
            if (instance.State.Status == WorkflowStatus.Finished)
                return;

            Assert.Empty(VersionChange.Check(instance.State, from, to));
            var turn = instance.Follow(to);

            Assert.Equal(["Migrated"], turn.Journal.Select(line => line.Event));
            instance.Overwrite(state => (state.Sequence, state.DefinitionVersionId) = (other.State.Sequence, "v1"));
            Assert.Equal(System.Text.Encoding.UTF8.GetString(other.Bytes!), System.Text.Encoding.UTF8.GetString(instance.Bytes!));
        }, iter: 400);

    [Fact]
    public void Whatever_changes_an_instance_that_can_follow_comes_to_its_end_and_repeats_nothing() =>
        (from graph in Graphs(Kind.Line, Kind.Yes, Kind.No, Kind.JoinAll, Kind.Event, Kind.Event)
         from next in Changed(graph, Kind.Line, Kind.Yes, Kind.JoinAll, Kind.Event)
         from events in Gen.Int[0, 4]
         from order in Gen.Int[0, 1000]
         select (graph, next, events, order)).Sample((graph, next, events, order) =>
        {
            var (from, to) = (Version(1, graph), Version(2, next));
            var instance = Waiting(from, events, order);
            if (VersionChange.Check(instance.State, from, to).Length > 0)
                return;

            instance.Follow(to);
            // Begun anew from the only activity that runs, the flow may well lead to what was completed before.
            if (instance.State.Executions.Exists(execution => execution.Remembered?.ContainsKey("StartedBy") == true))
                return;
            for (; instance.State.Bookmarks is { Count: > 0 } waiting; order = order * 31 % 1009)
                instance.Resume(waiting[order % waiting.Count]);

            Assert.Equal("Finished/Finished", instance.Status);
            var completed = instance.Journal.Where(line => line.Event == "Completed" && line.ActivityId.StartsWith('n')).Select(line => line.ActivityId).ToList();
            Assert.Equal(completed.Distinct(), completed);
        }, iter: 1500);
}
