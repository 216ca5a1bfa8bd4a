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

    /// <summary>Two drawings over the same activities; <paramref name="ExpectedFrom"/> answers what still runs in the second one after what has run, from where an instance stands.</summary>
    internal sealed record Redrawing(string Before, string After, Func<IReadOnlyCollection<string>, IReadOnlyCollection<string>, SortedSet<string>?> ExpectedFrom, string Said)
    {
        public override string ToString() => Said;
    }

    /// <summary>Some connections are in one of the drawings alone, and the second may run the other way round.</summary>
    internal static Gen<Redrawing> Redrawings =>
        from graph in Graphs(Kind.Line, Kind.Yes, Kind.No, Kind.Event, Kind.Event)
        from before in Gen.Bool.Array[graph.Edges.Length]
        from after in Gen.Bool.Array[graph.Edges.Length]
        from removed in Gen.Int[0, 1000]
        from turned in Gen.Bool
        let one = Without(graph, before, -1)
        let other = Without(turned ? Turned(graph) : graph, after, removed % graph.Kinds.Length)
        select new Redrawing(Root(one), Root(other), (ran, standing) => ExpectedFrom(one, other, ran, standing), $"{one} => {other}");

    private static Graph Without(Graph graph, bool[] kept, int removed) => graph with { Edges = [.. graph.Edges.Where((edge, i) => (kept[i] || i % 3 > 0) && edge.From != removed && edge.To != removed)] };

    /// <summary>What came early comes late; the start stays where it is.</summary>
    private static Graph Turned(Graph graph) => graph with { Edges = [.. graph.Edges.Select(edge => edge.From == 0 ? edge : edge with { From = edge.To, To = edge.From })] };

    /// <summary>Null when the start leads to what runs no longer: then the flow begins anew from there.</summary>
    private static SortedSet<string>? ExpectedFrom(Graph before, Graph graph, IReadOnlyCollection<string> ran, IReadOnlyCollection<string> standing)
    {
        var reachable = Closure(graph, ["n0"], _ => true);
        if (standing.Any(id => !reachable.Contains(id)))
            return null;
        // Where the flow had come to but waited for another branch, it goes on as well.
        var waiting = graph.Edges.Where(edge => before.Edges.Any(old => (old.From, old.To, PortOf(before, old)) == (edge.From, edge.To, PortOf(graph, edge)))
            && ran.Contains($"n{edge.From}") && Follows(graph, edge) && !ran.Contains($"n{edge.To}") && reachable.Contains($"n{edge.From}")).Select(edge => $"n{edge.To}");
        // What has run and gone its own way does not run again; what led to where the instance stands does.
        var gone = ran.Where(id => !standing.Any(runs => Closure(before, [id], _ => true).Contains(runs) && Closure(graph, [runs], _ => true).Contains(id))).ToHashSet();
        return Closure(graph, [.. standing, .. waiting], edge => Follows(graph, edge) && !gone.Contains($"n{edge.To}") && reachable.Contains($"n{edge.From}"));
    }

    private static SortedSet<string> Closure(Graph graph, IReadOnlyCollection<string> from, Func<Edge, bool> follows)
    {
        var found = new SortedSet<string>(from);
        while (graph.Edges.FirstOrDefault(edge => found.Contains($"n{edge.From}") && !found.Contains($"n{edge.To}") && follows(edge)) is { } next)
            found.Add($"n{next.To}");
        return found;
    }

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
    internal static SortedSet<string> Ran(Instance instance)
    {
        var ran = new SortedSet<string>();
        foreach (var entry in instance.Journal.Where(entry => entry.Event == "Completed" && entry.ActivityId.StartsWith('n')))
            Assert.True(ran.Add(entry.ActivityId), $"{entry.ActivityId} ran twice");
        return ran;
    }
}
