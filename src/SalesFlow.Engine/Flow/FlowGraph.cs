using System.Collections.Concurrent;
using SalesFlow.Engine.Definitions;

namespace SalesFlow.Engine.Flow;

/// <summary>A connection of a flowchart by positions in <see cref="FlowGraph.Activities"/>.</summary>
internal sealed record Connection(int Index, int Source, string Port, int Target)
{
    /// <summary>Forward connections lead away from the start; the others are loops.</summary>
    public bool IsForward { get; set; }
    /// <summary>A loop is valid when every forward path from its source back to the start passes through its target.</summary>
    public bool IsValidLoop { get; set; }
}

/// <summary>A flowchart prepared for running from one start: connections by activity, and which of them go forward.</summary>
internal sealed class FlowGraph
{
    private readonly Dictionary<string, int> _positions = new(StringComparer.Ordinal);
    private readonly bool[]?[] _reaches;
    private readonly ConcurrentDictionary<string, FlowGraph> _startingAt = new(StringComparer.Ordinal);

    private FlowGraph(IReadOnlyList<Node> activities, IReadOnlyList<Connection> connections, int start)
    {
        (Activities, Connections, Start) = (activities, connections, start);
        for (var i = 0; i < activities.Count; i++)
            _positions[activities[i].Id] = i;
        Outbound = By(connection => connection.Source);
        Inbound = By(connection => connection.Target);
        Classify();
        ForwardInbound = [.. Inbound.Select(inbound => inbound.Where(connection => connection.IsForward).ToArray())];
        _reaches = new bool[]?[activities.Count];
        foreach (var loop in connections.Where(connection => !connection.IsForward))
            loop.IsValidLoop = Dominates(loop.Target, loop.Source);
        MayThrow = connections.Any(connection => connection is { IsForward: false, IsValidLoop: false })
            || activities.Any(node => node.Activity is Activities.FlowJoin && node.Inputs.TryGetValue("Mode", out var mode) && mode.Type != "Literal");
    }

    public IReadOnlyList<Node> Activities { get; }
    public IReadOnlyList<Connection> Connections { get; }
    public int Start { get; }
    /// <summary>Connections leaving each activity, in the order of the definition.</summary>
    public Connection[][] Outbound { get; }
    /// <summary>Connections reaching each activity.</summary>
    public Connection[][] Inbound { get; }
    /// <summary>Forward connections reaching each activity.</summary>
    public Connection[][] ForwardInbound { get; }

    /// <summary>The same graph begun by a trigger.</summary>
    public FlowGraph StartingAt(string trigger) => _startingAt.GetOrAdd(trigger, _ => WithStart(trigger));

    private FlowGraph WithStart(string trigger) =>
        Of(Activities, [.. Connections.Select(connection => (Activities[connection.Source].Id, (string?)connection.Port, Activities[connection.Target].Id))], trigger);

    /// <summary>Prepares connections; those naming unknown activities are left out.</summary>
    public static FlowGraph Of(IReadOnlyList<Node> activities, IReadOnlyList<(string Source, string? Port, string Target)> wires, string? trigger = null)
    {
        var positions = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < activities.Count; i++)
            positions[activities[i].Id] = i;
        var connections = new List<Connection>();
        foreach (var (source, port, target) in wires)
            if (positions.TryGetValue(source, out var from) && positions.TryGetValue(target, out var to))
                connections.Add(new Connection(connections.Count, from, string.IsNullOrEmpty(port) ? Outcomes.Done : port, to));
        return new FlowGraph(activities, connections, ChooseStart(activities, connections, trigger));
    }

    public int IndexOf(string activityId) => _positions.GetValueOrDefault(activityId, -1);

    /// <summary>True when <paramref name="to"/> can be reached from <paramref name="from"/> by forward connections.</summary>
    public bool Reaches(int from, int to) => (_reaches[from] ??= Reach(from))[to];

    /// <summary>Every activity after all those that lead to it by forward connections.</summary>
    public IEnumerable<int> Forwards()
    {
        var missing = ForwardInbound.Select(inbound => inbound.Length).ToArray();
        var ready = new Queue<int>(Enumerable.Range(0, missing.Length).Where(activity => missing[activity] == 0));
        while (ready.TryDequeue(out var activity))
        {
            yield return activity;
            foreach (var connection in Outbound[activity])
                if (connection.IsForward && --missing[connection.Target] == 0)
                    ready.Enqueue(connection.Target);
        }
    }

    /// <summary>Going on in it may throw: by a join whose mode is computed, or a loop that can be bypassed.</summary>
    public bool MayThrow { get; }

    /// <summary>Neither the start nor the target of a forward connection: it can only be reached by a jump.</summary>
    public bool IsDangling(int activity) => activity != Start && ForwardInbound[activity].Length == 0;

    /// <summary>The trigger that fired; else Start; else one that may start; else the first nobody leads to; else the first. (Elsa's order.)</summary>
    private static int ChooseStart(IReadOnlyList<Node> activities, List<Connection> connections, string? trigger)
    {
        var targets = connections.Select(connection => connection.Target).ToHashSet();
        return First(node => node.Id == trigger) ?? First(node => node.Activity.Descriptor.IsStart) ?? First(node => node.CanStart)
            ?? Enumerable.Range(0, activities.Count).Cast<int?>().FirstOrDefault(i => !targets.Contains(i!.Value)) ?? (activities.Count > 0 ? 0 : -1);

        int? First(Predicate<Node> wanted)
        {
            for (var i = 0; i < activities.Count; i++)
                if (wanted(activities[i]))
                    return i;
            return null;
        }
    }

    private Connection[][] By(Func<Connection, int> end)
    {
        var lists = Connections.ToLookup(end);
        return [.. Enumerable.Range(0, Activities.Count).Select(i => lists[i].ToArray())];
    }

    /// <summary>Breadth first from the start: an edge is forward unless its target already reaches its source.</summary>
    private void Classify()
    {
        if (Start < 0)
            return;
        var accepted = new HashSet<(int, int)>();
        var forward = new List<int>[Activities.Count];
        for (var i = 0; i < forward.Length; i++)
            forward[i] = [];
        var (marks, mark) = (new int[Activities.Count], 0);
        var queue = new Queue<int>([Start]);
        var seen = new HashSet<int> { Start };
        while (queue.TryDequeue(out var source))
            foreach (var connection in Outbound[source])
            {
                var edge = (source, connection.Target);
                if (!accepted.Contains(edge) && CanReach(forward, marks, ++mark, connection.Target, source))
                    continue;
                connection.IsForward = true;
                if (accepted.Add(edge))
                    forward[source].Add(connection.Target);
                if (seen.Add(connection.Target))
                    queue.Enqueue(connection.Target);
            }
    }

    /// <summary>An activity is seen when it bears this search's mark: one array serves all searches.</summary>
    private static bool CanReach(List<int>[] forward, int[] marks, int mark, int from, int to)
    {
        var stack = new Stack<int>([from]);
        while (stack.TryPop(out var at))
        {
            if (at == to)
                return true;
            if (marks[at] == mark)
                continue;
            marks[at] = mark;
            foreach (var next in forward[at])
                stack.Push(next);
        }
        return false;
    }

    private bool[] Reach(int from)
    {
        var reached = new bool[Activities.Count];
        var stack = new Stack<int>([from]);
        while (stack.TryPop(out var at))
            foreach (var connection in Outbound[at])
                if (connection.IsForward && !reached[connection.Target])
                {
                    reached[connection.Target] = true;
                    stack.Push(connection.Target);
                }
        return reached;
    }

    /// <summary>Every forward path from <paramref name="from"/> back to the start goes through <paramref name="through"/>.</summary>
    private bool Dominates(int through, int from)
    {
        var stack = new Stack<int>([from]);
        var seen = new HashSet<int>();
        while (stack.TryPop(out var at))
        {
            if (at == through || !seen.Add(at))
                continue;
            if (at == Start || ForwardInbound[at].Length == 0)
                return false;
            foreach (var connection in ForwardInbound[at])
                stack.Push(connection.Source);
        }
        return true;
    }
}
