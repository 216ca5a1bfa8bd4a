using SalesFlow.Engine.Activities;

namespace SalesFlow.Engine.Flow;

/// <summary>Goes on in a flowchart after one of its activities: Elsa's counter-based rules (join modes, dead paths, loops).</summary>
internal readonly struct FlowWalk(Execution flowchart, FlowGraph graph)
{
    private readonly FlowScope _scope = new(flowchart.Counters!, graph);

    /// <summary>Registers the outcomes of a completed or cancelled child and schedules what they lead to.</summary>
    public void Advance(Execution child, Outcomes outcomes)
    {
        var index = graph.IndexOf(child.Node.Id);
        if (index < 0 || graph.IsDangling(index))
            return;
        Advance(index, outcomes, child.Backward);
    }

    /// <summary>Completes the flowchart when nothing in it runs, waits or is faulted.</summary>
    public void CompleteIfIdle()
    {
        if (flowchart.IsIdle)
            flowchart.Complete();
    }

    /// <summary>Decides every activity that all its branches have come to and that was not decided yet. In a flowchart that has not been changed there is none.</summary>
    public void Recheck()
    {
        foreach (var target in graph.Forwards())
            foreach (var inbound in graph.ForwardInbound[target])
            {
                if (Unfinished(target) > 0 || !IsDeadEnd(inbound))
                    continue;
                Advance(target, new Outcomes([]), backward: false);
                break;
            }
    }

    /// <summary>
    /// Leaves an activity. A target that will never run is left at once with no outcomes (dead-path elimination: later joins must not wait for
    /// it), depth first; the way there is kept in a list because a dead path may be longer than the stack is deep.
    /// </summary>
    private void Advance(int activity, Outcomes outcomes, bool backward)
    {
        if (!backward)
            _scope.Visit(activity);
        Stack<(int Activity, int Next)>? path = null;
        var (at, next) = (activity, 0);
        while (flowchart.Status == ActivityStatus.Running)
        {
            if (next == graph.Outbound[at].Length)
            {
                if (path is null || !path.TryPop(out var back))
                    return;
                (at, next) = back;
                continue;
            }
            var connection = graph.Outbound[at][next++];
            var alive = path is null or { Count: 0 };
            if (!Leave(connection, alive && outcomes.Follow(connection.Port)))
                continue;
            (path ??= new()).Push((at, next));
            (at, next) = (connection.Target, 0);
            _scope.Visit(at);
        }
    }

    /// <summary>Registers a connection; true when its target will not run.</summary>
    private bool Leave(Connection connection, bool followed)
    {
        _scope.Visit(connection, followed);
        if (connection.IsForward)
            return IsDeadEnd(connection);
        if (followed)
            GoBack(connection);
        return false;
    }

    private void GoBack(Connection connection)
    {
        var (source, target) = (graph.Activities[connection.Source], graph.Activities[connection.Target]);
        if (!connection.IsValidLoop)
            throw new FaultException($"Invalid backward connection: Every path from the source ('{source.Id}') must go through the target ('{target.Id}') when tracing back to the start.");
        flowchart.TurnOf.Schedule(target, flowchart).Backward = true;
    }

    /// <summary>Applies the join mode of the target: schedules it, waits for other branches, or finds that it will not run.</summary>
    private bool IsDeadEnd(Connection connection)
    {
        var target = connection.Target;
        var inbound = graph.ForwardInbound[target];
        var mode = ModeOf(target);
        if (mode == FlowJoin.WaitAny)
            return IsDeadEndForAny(connection, inbound);
        var (least, most, followed, all) = (int.MaxValue, 0, false, true);
        foreach (var one in inbound)
            (least, most) = (Math.Min(least, _scope.Visits(one)), Math.Max(most, _scope.Visits(one)));
        if (least <= _scope.Visits(target) || least <= _scope.Visits(target) + Unfinished(target))
            return false;
        foreach (var one in inbound)
        {
            var live = _scope.Visits(one) == most && _scope.Followed(one);
            followed |= live;
            all &= live;
        }
        var runs = mode == FlowJoin.WaitAll ? all : followed;
        if (runs)
            flowchart.Schedule(graph.Activities[target]);
        return !runs;
    }

    private bool IsDeadEndForAny(Connection connection, Connection[] inbound)
    {
        var target = connection.Target;
        if (_scope.Visits(connection) <= _scope.Visits(target) || IsUnderWay(target))
            return false;
        var (most, followed, visited) = (0, false, true);
        foreach (var one in inbound)
            most = Math.Max(most, _scope.Visits(one));
        foreach (var one in inbound)
        {
            followed |= _scope.Visits(one) == most && _scope.Followed(one);
            visited &= _scope.Visits(one) > _scope.Visits(target);
        }
        if (!followed)
            return visited;
        // Scheduled first, so that cancelling the others does not find the flowchart idle.
        flowchart.Schedule(graph.Activities[target]);
        Flowchart.CancelAncestors(flowchart, graph, target);
        return false;
    }

    /// <summary>Queued, or just executing: a join cancels what leads to it while it executes, and must not be scheduled by that again.</summary>
    private bool IsUnderWay(int target)
    {
        foreach (var child in flowchart.Live)
            if (child.IsLive && ReferenceEquals(child.Node, graph.Activities[target]))
                return true;
        return false;
    }

    /// <summary>
    /// Visits of an activity that have begun and are counted when they end. Only a connection that a new version has added can come to an activity in
    /// the round in which it already runs: it has been decided, and must not run once more.
    /// </summary>
    private int Unfinished(int target)
    {
        var unfinished = 0;
        foreach (var child in flowchart.Live)
            if (!child.Backward && ReferenceEquals(child.Node, graph.Activities[target]))
                unfinished++;
        return unfinished;
    }

    private string? ModeOf(int target)
    {
        var node = graph.Activities[target];
        return node.Activity is FlowJoin ? FlowJoin.ModeOf(flowchart, node) : null;
    }
}
