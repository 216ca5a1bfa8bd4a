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
