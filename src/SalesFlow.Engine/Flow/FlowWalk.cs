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
        if (flowchart.Live.Count == 0)
            flowchart.Complete();
    }

    private void Advance(int activity, Outcomes outcomes, bool backward)
    {
        if (!backward)
            _scope.Visit(activity);
        foreach (var connection in graph.Outbound[activity])
        {
            if (flowchart.Status != ActivityStatus.Running)
                return;
            var followed = outcomes.Follow(connection.Port);
            _scope.Visit(connection, followed);
            if (connection.IsForward)
                Arrive(connection);
            else if (followed)
                GoBack(connection);
        }
    }

    private void GoBack(Connection connection)
    {
        var (source, target) = (graph.Activities[connection.Source], graph.Activities[connection.Target]);
        if (!connection.IsValidLoop)
            throw new FaultException($"Invalid backward connection: Every path from the source ('{source.Id}') must go through the target ('{target.Id}') when tracing back to the start.");
        flowchart.TurnOf.Schedule(target, flowchart).Backward = true;
    }

    private void Arrive(Connection connection)
    {
        var target = connection.Target;
        var inbound = graph.ForwardInbound[target];
        if (ModeOf(target) == FlowJoin.WaitAny)
        {
            ArriveAtAny(connection, inbound);
            return;
        }
        var (least, most, followed, all) = (int.MaxValue, 0, false, true);
        foreach (var one in inbound)
            (least, most) = (Math.Min(least, _scope.Visits(one)), Math.Max(most, _scope.Visits(one)));
        if (least <= _scope.Visits(target))
            return;
        foreach (var one in inbound)
        {
            var live = _scope.Visits(one) == most && _scope.Followed(one);
            followed |= live;
            all &= live;
        }
        if (ModeOf(target) == FlowJoin.WaitAll ? all : followed)
            flowchart.Schedule(graph.Activities[target]);
        else
            Skip(target);
    }

    private void ArriveAtAny(Connection connection, Connection[] inbound)
    {
        var target = connection.Target;
        if (_scope.Visits(connection) <= _scope.Visits(target) || IsQueued(target))
            return;
        var (most, followed, visited) = (0, false, true);
        foreach (var one in inbound)
            most = Math.Max(most, _scope.Visits(one));
        foreach (var one in inbound)
        {
            followed |= _scope.Visits(one) == most && _scope.Followed(one);
            visited &= _scope.Visits(one) > _scope.Visits(target);
        }
        if (followed)
        {
            flowchart.Schedule(graph.Activities[target]);
            Flowchart.CancelAncestors(flowchart, graph, target);
        }
        else if (visited)
            Skip(target);
    }

    /// <summary>Dead-path elimination: later joins must not wait for a branch that was not taken.</summary>
    private void Skip(int target) => Advance(target, new Outcomes([]), backward: false);

    private bool IsQueued(int target)
    {
        foreach (var child in flowchart.Live)
            if (child.Status == ActivityStatus.Pending && ReferenceEquals(child.Node, graph.Activities[target]))
                return true;
        return false;
    }

    private string? ModeOf(int target)
    {
        var node = graph.Activities[target];
        return node.Activity is FlowJoin ? FlowJoin.ModeOf(flowchart, node) : null;
    }
}
