using SalesFlow.Engine.Activities;
using SalesFlow.Engine.Definitions;

namespace SalesFlow.Engine.Flow;

/// <summary>
/// Goes on in a flowchart after one of its activities by Elsa's token-based rules: a completed activity puts a token on every connection it leaves by,
/// and the merge mode of the target says which tokens it needs. Tokens are remembered by ids under Elsa's name for them.
/// </summary>
internal sealed class TokenWalk
{
    private const string Key = "Flowchart.Tokens";
    private readonly Execution _flowchart;
    private readonly FlowGraph _graph;
    private readonly List<(Connection On, Token Kind)> _tokens = [];
    private bool _arriving;

    /// <summary>
    /// A live token is work that is still to come. A blocked one keeps its connection from starting the target again. A granted one stands for a branch
    /// that a jump has passed: it counts for a merge and for nothing else.
    /// </summary>
    private enum Token { Live, Blocked, Granted }

    public TokenWalk(Execution flowchart, FlowGraph graph)
    {
        (_flowchart, _graph) = (flowchart, graph);
        if (flowchart.Recall<IReadOnlyList<object?>>(Key) is not { } stored)
            return;
        foreach (var item in stored)
            if (item is IReadOnlyDictionary<string, object?> token && Find(token) is { } connection)
                _tokens.Add((connection, token["blocked"] is true ? Token.Blocked : token.ContainsKey("granted") ? Token.Granted : Token.Live));
    }

    /// <summary>What brings back the tokens as they are now.</summary>
    public Action Save()
    {
        var saved = _tokens.ToArray();
        return () =>
        {
            _tokens.Clear();
            _tokens.AddRange(saved);
            Store();
        };
    }

    /// <summary>The child has completed: its tokens are used up, new ones are put on, and what they suffice for is scheduled.</summary>
    public void Advance(Execution child, Outcomes outcomes)
    {
        if (_graph.IndexOf(child.Node.Id) is not (>= 0 and var activity))
            return;
        // Blocks go too, else a loop that comes again would be turned away by those of the round before.
        _tokens.RemoveAll(token => token.On.Target == activity);
        var left = _graph.Outbound[activity].Where(connection => outcomes.Follow(connection.Port)).ToList();
        _tokens.AddRange(left.Select(connection => (connection, Token.Live)));
        Arrive(left);
    }

    /// <summary>The child was cancelled: its tokens go, the flow does not go on from it.</summary>
    public void Forget(Execution child)
    {
        if (_graph.IndexOf(child.Node.Id) is not (>= 0 and var activity))
            return;
        _tokens.RemoveAll(token => token.On.Target == activity || token.On.Source == activity);
        if (!_arriving)
            Settle();
    }

    /// <summary>Merges that wait look again whether they have all their tokens; what waits for a neighbour is seen to when nothing else runs.</summary>
    public void Recheck()
    {
        Arrive([.. _tokens.Where(token => token.Kind == Token.Live && ModeOf(token.On.Target) is "Merge" or "Converge").Select(token => token.On).DistinctBy(connection => connection.Target)
            .Where(connection => !_flowchart.Live.Exists(child => child.Node == _graph.Activities[connection.Target]))]);
    }

    /// <summary>All before <paramref name="target"/> counts as passed: merges after it do not wait for those branches.</summary>
    public void ArriveBy(int target)
    {
        _tokens.Clear();
        foreach (var connection in _graph.Connections)
            if (connection.IsForward && connection.Source != target && !_graph.Reaches(target, connection.Source) && _graph.Reaches(target, connection.Target))
                _tokens.Add((connection, Token.Granted));
        Store();
    }

    // A race cancels what runs before all tokens have arrived: the flow has not come to its end then.
    private void Arrive(List<Connection> connections)
    {
        _arriving = true;
        try
        {
            foreach (var connection in connections)
                Arrive(connection);
        }
        finally
        {
            _arriving = false;
        }
        Settle();
    }

    private void Arrive(Connection connection)
    {
        var target = connection.Target;
        switch (ModeOf(target))
        {
            case "Race" or "Cascade" when _tokens.Remove((connection, Token.Blocked)):
                break;
            case "Race":
                Block(connection);
                Flowchart.CancelAncestors(_flowchart, _graph, target);
                Schedule(target);
                break;
            case "Cascade":
                Block(connection);
                Schedule(target);
                break;
            case "Merge" when HasAll(_graph.ForwardInbound[target]):
            case "Converge" when HasAll(_graph.Inbound[target]):
                Schedule(target);
                break;
            case "Merge" or "Converge":
                break;
            default:
                if (!_graph.ForwardInbound[target].Any(inbound => IsAwaited(inbound.Source)))
                    Schedule(target);
                break;
        }
    }

    private void Block(Connection connection) =>
        _tokens.AddRange(_graph.ForwardInbound[connection.Target].Where(other => other != connection).Select(other => (other, Token.Blocked)));

    private bool HasAll(Connection[] inbound) => inbound.Length <= 1 || inbound.All(connection => _tokens.Exists(token => token.On == connection && token.Kind != Token.Blocked));

    /// <summary>A token is on its way to the activity: it is about to run.</summary>
    private bool IsAwaited(int activity) => _tokens.Exists(token => token.On.Target == activity && token.Kind == Token.Live);

    private void Schedule(int target)
    {
        Store();
        _flowchart.Schedule(_graph.Activities[target]);
    }

    /// <summary>
    /// Completes the flowchart when nothing runs and no token is left. A token may be left before an activity that waited for a neighbour which then went
    /// another way: nothing else is to come, so it runs now. (In Elsa such a flowchart stands still.) What waits for a merge that can't come stays.
    /// </summary>
    private void Settle()
    {
        if (_flowchart.IsIdle)
            foreach (var target in _tokens.Where(token => token.Kind == Token.Live).Select(token => token.On.Target).Distinct().ToArray())
                if (ModeOf(target) is not ("Race" or "Cascade" or "Merge" or "Converge"))
                    Schedule(target);
        Store();
        if (_flowchart.IsIdle && !_tokens.Exists(token => token.Kind == Token.Live))
        {
            _flowchart.Remember(Key, null);
            _flowchart.Complete();
        }
    }

    private string? ModeOf(int activity)
    {
        var node = _graph.Activities[activity];
        return node.Activity is FlowJoin ? FlowJoin.ModeOf(_flowchart, node) == FlowJoin.WaitAny ? "Race" : "Merge"
            : node.Json.Member("customProperties")?.Text("mergeMode");
    }

    private Connection? Find(IReadOnlyDictionary<string, object?> token)
    {
        foreach (var connection in _graph.Connections)
            if (_graph.Activities[connection.Source].Id == token["fromActivityId"] as string && connection.Port == token["outcome"] as string
                && _graph.Activities[connection.Target].Id == token["toActivityId"] as string)
                return connection;
        return null;
    }

    private void Store() => _flowchart.Remember(Key, _tokens.Select(object? (token) =>
    {
        var (from, to) = (_graph.Activities[token.On.Source], _graph.Activities[token.On.Target]);
        var stored = new Dictionary<string, object?>
        {
            ["fromActivityId"] = from.Id, ["fromActivityName"] = from.Name, ["outcome"] = token.On.Port, ["toActivityId"] = to.Id, ["toActivityName"] = to.Name,
            ["consumed"] = false, ["blocked"] = token.Kind == Token.Blocked,
        };
        if (token.Kind == Token.Granted)
            stored["granted"] = true;
        return stored;
    }).ToList());
}
