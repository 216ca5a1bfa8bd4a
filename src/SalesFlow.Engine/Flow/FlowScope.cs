namespace SalesFlow.Engine.Flow;

/// <summary>
/// The counters of a running flowchart in one array: visits of each activity, then visits of each connection, then whether each
/// connection's last visit was followed.
/// </summary>
internal readonly struct FlowScope(int[] counters, FlowGraph graph)
{
    private readonly int _activities = graph.Activities.Count;
    private readonly int _connections = graph.Connections.Count;

    public static int[] Empty(FlowGraph graph) => new int[graph.Activities.Count + 2 * graph.Connections.Count];

    /// <summary>Everything that the target does not lead to counts as passed without being followed.</summary>
    public static int[] ArrivedAt(FlowGraph graph, int target)
    {
        var counters = Empty(graph);
        var scope = new FlowScope(counters, graph);
        for (var activity = 0; activity < graph.Activities.Count; activity++)
            if (activity != target && !graph.Reaches(target, activity))
            {
                scope.Visit(activity);
                foreach (var connection in graph.Outbound[activity])
                    if (connection.IsForward)
                        scope.Visit(connection, followed: false);
            }
        return counters;
    }

    /// <summary>
    /// The counters under another version of the flowchart, as if that version had been there all along: what is new counts as passed without being
    /// followed as often as what leads to it was left. What <paramref name="running"/> activities lead to is still to
    /// come, when it was found not to run or when it led to them.
    /// </summary>
    public static int[] Carried(int[] counters, FlowGraph from, FlowGraph to, IReadOnlyCollection<string> running)
    {
        var carried = Empty(to);
        var (before, after) = (new FlowScope(counters, from), new FlowScope(carried, to));
        var known = from.Connections.ToLookup(connection => Key(from, connection));
        var fresh = new HashSet<Connection>();
        for (var activity = 0; activity < to.Activities.Count; activity++)
            if (from.IndexOf(to.Activities[activity].Id) is >= 0 and var old)
                carried[activity] = before.Visits(old);
        foreach (var same in to.Connections.GroupBy(connection => Key(to, connection)))
            foreach (var (connection, old) in same.Zip(known[same.Key].Cast<Connection?>().Concat(Enumerable.Repeat<Connection?>(null, same.Count()))))
                if (old is null)
                    fresh.Add(connection);
                else
                    after.Set(connection, before.Visits(old), before.Followed(old));
        foreach (var activity in to.Forwards())
        {
            if (from.IndexOf(to.Activities[activity].Id) < 0)
                carried[activity] = to.ForwardInbound[activity].Select(after.Visits).DefaultIfEmpty(0).Min();
            else if (running.Any(id => before.IsStillToCome(to.Activities[activity].Id, id, from, to)))
                after.TakeBack(activity, to);
            // Every way out of an activity is counted when it is left: a new one as often as the others were.
            var left = to.Outbound[activity].Where(connection => !fresh.Contains(connection)).Select(after.Visits).DefaultIfEmpty(carried[activity]).Max();
            foreach (var connection in to.Outbound[activity])
                if (fresh.Contains(connection))
                    after.Set(connection, left, followed: false);
        }
        return carried;
    }

    /// <summary>
    /// The flow goes on from <paramref name="running"/> to the activity. It may not run twice for the branch it has run for: it comes again when it led to what
    /// runs, or when no branch had led to it.
    /// </summary>
    private bool IsStillToCome(string activity, string running, FlowGraph from, FlowGraph to)
    {
        var (first, then) = (from.IndexOf(activity), from.IndexOf(running));
        return activity != running && to.IndexOf(running) is >= 0 and var now && to.Reaches(now, to.IndexOf(activity))
            && (from.ForwardInbound[first].All(Unfollowed) || then >= 0 && from.Reaches(first, then));
    }

    private bool Unfollowed(Connection connection) => !Followed(connection);

    /// <summary>As if the flow had not come to the activity in this round: it runs for what is still to come, not for what has come.</summary>
    private void TakeBack(int activity, FlowGraph graph)
    {
        var arrived = graph.ForwardInbound[activity].Select(Visits).DefaultIfEmpty(0).Min();
        if (Visits(activity) <= arrived)
            return;
        counters[activity] = arrived;
        foreach (var connection in graph.ForwardInbound[activity])
            Set(connection, Visits(connection), followed: false);
        foreach (var connection in graph.Outbound[activity])
            Set(connection, Math.Min(Visits(connection), arrived), Followed(connection));
    }

    private static (string, string, string) Key(FlowGraph graph, Connection connection) => (graph.Activities[connection.Source].Id, connection.Port, graph.Activities[connection.Target].Id);

    private void Set(Connection connection, int visits, bool followed)
    {
        counters[_activities + connection.Index] = visits;
        counters[_activities + _connections + connection.Index] = followed ? 1 : 0;
    }

    public int Visits(int activity) => counters[activity];
    public int Visits(Connection connection) => counters[_activities + connection.Index];
    public bool Followed(Connection connection) => counters[_activities + _connections + connection.Index] != 0;
    public void Visit(int activity) => counters[activity]++;

    public void Visit(Connection connection, bool followed)
    {
        counters[_activities + connection.Index]++;
        counters[_activities + _connections + connection.Index] = followed ? 1 : 0;
    }
}
