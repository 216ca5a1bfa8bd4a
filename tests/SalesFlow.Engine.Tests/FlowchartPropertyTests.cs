using CsCheck;

namespace SalesFlow.Engine.Tests;

/// <summary>What holds for every acyclic flowchart.</summary>
public sealed class FlowchartPropertyTests
{
    private enum Kind { Line, Yes, No, JoinAll, JoinAny, Event }

    /// <summary>Edges lead from a lower to a higher number, so the graph is acyclic; <paramref name="Port"/> matters behind decisions.</summary>
    private sealed record Edge(int From, int To, bool Port);

    private sealed record Graph(Kind[] Kinds, Edge[] Edges)
    {
        public override string ToString() => $"{string.Join(' ', Kinds)}; {string.Join(' ', Edges.Select(edge => $"{edge.From}{(edge.Port ? "+" : "-")}>{edge.To}"))}";
    }

    private static Gen<Graph> Graphs(params Kind[] kinds) =>
        from size in Gen.Int[2, 14]
        from chosen in Gen.Int[0, kinds.Length - 1].Select(i => kinds[i]).Array[size]
        from edges in Gen.Select(Gen.Int[0, size - 2], Gen.Int[1, size - 1], Gen.Bool).Array[1, size * 2]
        select new Graph([Kind.Line, .. chosen.Skip(1)], [.. edges.Where(edge => edge.Item1 < edge.Item2).Select(edge => new Edge(edge.Item1, edge.Item2, edge.Item3)).Distinct()]);

    [Fact]
    public void Every_activity_whose_condition_holds_runs_exactly_once() =>
        Graphs(Kind.Line, Kind.Line, Kind.Yes, Kind.No, Kind.JoinAll).Sample(graph =>
        {
            var instance = Given.Instance(Root(graph));

            instance.Start();

            Assert.Equal("Finished/Finished", instance.Status);
            Assert.Equal(Expected(graph), Ran(instance));
        }, iter: 600);

    [Fact]
    public void A_flowchart_that_waits_for_events_ends_when_all_have_come_in_any_order() =>
        Gen.Select(Graphs(Kind.Line, Kind.Yes, Kind.No, Kind.JoinAll, Kind.Event), Gen.Int[0, 1000]).Sample((graph, order) =>
        {
            var instance = Given.Instance(Root(graph));

            instance.Start();
            for (; instance.State.Bookmarks is { Count: > 0 } waiting; order = order * 31 % 1009)
                instance.Resume(waiting[order % waiting.Count]);

            Assert.Equal("Finished/Finished", instance.Status);
            Assert.Equal(Expected(graph), Ran(instance));
        }, iter: 300);

    [Fact]
    public void With_joins_that_wait_for_any_nothing_runs_twice_and_nothing_hangs() =>
        Gen.Select(Graphs(Kind.Line, Kind.Yes, Kind.No, Kind.JoinAny, Kind.Event), Gen.Int[0, 1000]).Sample((graph, order) =>
        {
            var instance = Given.Instance(Root(graph));

            instance.Start();
            for (; instance.State.Bookmarks is { Count: > 0 } waiting; order = order * 31 % 1009)
                instance.Resume(waiting[order % waiting.Count]);

            Assert.Equal("Finished/Finished", instance.Status);
            var ran = Ran(instance);
            // Several such joins cancel one another when one leads to the other.
            if (graph.Kinds.Count(kind => kind == Kind.JoinAny) > 1)
                return;
            Assert.All(graph.Edges.Where(edge => graph.Kinds[edge.To] == Kind.JoinAny && ran.Contains($"n{edge.From}") && Follows(graph, edge)), edge => Assert.Contains($"n{edge.To}", ran));
        }, iter: 400);

    [Fact]
    public void The_same_stimuli_give_the_same_bytes() =>
        Graphs(Kind.Line, Kind.Yes, Kind.No, Kind.JoinAll, Kind.Event).Sample(graph =>
        {
            var (one, other) = (Given.Instance(Root(graph)), Given.Instance(Root(graph)));

            one.Start();
            other.Start();
            while (one.State.Bookmarks is [var first, ..])
            {
                Assert.Equal(one.Bytes, other.Bytes);
                one.Resume(first);
                other.Resume(first);
            }

            Assert.Equal(one.Bytes, other.Bytes);
            Assert.Equal(one.Events, other.Events);
        }, iter: 200);

    private static string Root(Graph graph) => Given.Flowchart(
        string.Join(",", graph.Kinds.Select((kind, i) => i == 0 ? Given.Activity("n0", "Elsa.Start") : Node($"n{i}", kind))),
        [.. graph.Edges.Select(edge => $"n{edge.From}:{PortOf(graph, edge)}->n{edge.To}")]);

    private static string Node(string id, Kind kind) => kind switch
    {
        Kind.Yes => Given.Activity(id, "Elsa.FlowDecision", $"\"condition\":{Given.Literal("true", "Boolean")}"),
        Kind.No => Given.Activity(id, "Elsa.FlowDecision", $"\"condition\":{Given.Literal("false", "Boolean")}"),
        Kind.JoinAll => Given.Activity(id, "Elsa.FlowJoin", $"\"mode\":{Given.Literal("WaitAll", "FlowJoinMode")}"),
        Kind.JoinAny => Given.Activity(id, "Elsa.FlowJoin", $"\"mode\":{Given.Literal("WaitAny", "FlowJoinMode")}"),
        Kind.Event => Given.Event(id),
        _ => Given.Line(id),
    };

    private static string PortOf(Graph graph, Edge edge) => graph.Kinds[edge.From] is Kind.Yes or Kind.No ? (edge.Port ? "True" : "False") : "Done";

    private static bool Follows(Graph graph, Edge edge) => graph.Kinds[edge.From] switch { Kind.Yes => edge.Port, Kind.No => !edge.Port, _ => true };

    /// <summary>A WaitAll join runs when every way to it was taken, anything else when one was. What cannot be reached at all counts for nothing.</summary>
    private static SortedSet<string> Expected(Graph graph)
    {
        var (reachable, runs) = (new bool[graph.Kinds.Length], new bool[graph.Kinds.Length]);
        reachable[0] = runs[0] = true;
        for (var i = 1; i < graph.Kinds.Length; i++)
        {
            var inbound = graph.Edges.Where(edge => edge.To == i && reachable[edge.From]).ToList();
            reachable[i] = inbound.Count > 0;
            var live = inbound.Count(edge => runs[edge.From] && Follows(graph, edge));
            runs[i] = graph.Kinds[i] == Kind.JoinAll ? live > 0 && live == inbound.Count : live > 0;
        }
        return [.. Enumerable.Range(0, runs.Length).Where(i => runs[i]).Select(i => $"n{i}")];
    }

    /// <summary>What completed; completing twice shows as a second name.</summary>
    private static SortedSet<string> Ran(Instance instance)
    {
        var ran = new SortedSet<string>();
        foreach (var entry in instance.Journal.Where(entry => entry.Event == "Completed" && entry.ActivityId.StartsWith('n')))
            Assert.True(ran.Add(entry.ActivityId), $"{entry.ActivityId} ran twice");
        return ran;
    }
}
