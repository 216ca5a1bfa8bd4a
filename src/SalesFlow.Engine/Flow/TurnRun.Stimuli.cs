using System.Collections.ObjectModel;
using System.Globalization;
using SalesFlow.Engine.Activities;
using SalesFlow.Engine.Definitions;

namespace SalesFlow.Engine.Flow;

internal sealed partial class TurnRun
{
    private bool Begin(Stimulus stimulus) => stimulus switch
    {
        Stimulus.Start start => Start(start),
        Stimulus.Resume resume => Resume(resume),
        Stimulus.Cancel => Cancel(),
        Stimulus.Jump jump => Jump(jump.ActivityId),
        Stimulus.Retry retry => Retry(retry.Activation),
        Stimulus.Alter alter => Alter(alter.Steps),
        Stimulus.Follow follow => Follow(follow),
        Stimulus.Replan => Replan(),
        Stimulus.GiveUp failed => GiveUp(failed),
        Stimulus.TryAgain again => TryAgain(again),
        _ => false,
    };

    private bool Start(Stimulus.Start start)
    {
        if (_executions.Count > 0)
            return false;
        State.CorrelationId = start.CorrelationId;
        State.Name = start.Name;
        State.Flowcharts = start.Flowcharts;
        State.Parent = start.Parent;
        TriggerActivityId = start.TriggerActivityId;
        if (start.Input is { } input)
        {
            Input = input;
            foreach (var argument in Definition.Inputs)
                if (argument.Persisted && input.TryGetValue(argument.Name, out var value))
                    State.Input[argument.Name] = Plain.Checked(value);
        }
        var root = Schedule(Definition.Workflow, null);
        foreach (var (name, value) in start.Variables ?? ReadOnlyDictionary<string, object?>.Empty)
            root.SetVariable(name, value);
        return true;
    }

    private bool Resume(Stimulus.Resume resume)
    {
        if (State.Status != WorkflowStatus.Running || State.Bookmarks.Find(candidate => candidate.Number == resume.Bookmark) is not { } bookmark)
            return false;
        if (Find(bookmark.Activation) is not { Status: ActivityStatus.Running } execution)
            return false;
        try
        {
            execution.Resume(bookmark, resume.Input);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            Fault(execution, exception);
        }
        return true;
    }

    private bool Cancel()
    {
        if (State.Status == WorkflowStatus.Finished && State.SubStatus != WorkflowSubStatus.Faulted)
            return false;
        Stop(WorkflowSubStatus.Cancelled);
        if (State.HasChildren)
            Effect(new ChildrenCancelled(), null);
        if (_executions.Count > 0)
            Log(_executions[0], "Workflow cancelled");
        return true;
    }

    private bool Jump(string activityId)
    {
        if (State.Status != WorkflowStatus.Running)
            return false;
        foreach (var execution in _executions)
            if (execution is { Status: ActivityStatus.Running, Node.Plan: FlowGraph graph } && graph.IndexOf(activityId) >= 0)
            {
                Flowchart.Jump(execution, activityId);
                return true;
            }
        return false;
    }

    private bool Retry(int? activation)
    {
        var faulted = _executions.Where(execution => execution.Status == ActivityStatus.Faulted && (activation is null || execution.Id == activation)).ToList();
        // An incident without a faulted execution came of a limit of the turn, or of a mistake while cancelling: there is nothing to run anew.
        var removed = State.Incidents.RemoveAll(incident => activation is null || incident.Activation == activation);
        if (faulted.Count + removed == 0 || State.SubStatus is WorkflowSubStatus.Cancelled or WorkflowSubStatus.Finished)
            return false;
        State.Status = WorkflowStatus.Running;
        foreach (var execution in faulted)
            RunAgain(execution);
        return true;
    }

    private bool Follow(Stimulus.Follow follow)
    {
        Log(_executions[0], VersionChange.Event, $"The instance goes on under version {follow.To.Version}.");
        foreach (var execution in _executions.ToArray())
            if (execution.Status == ActivityStatus.Running && Changed.Contains(execution.Id))
                execution.TellVersionChanged();
        foreach (var execution in _executions.ToArray())
            if (execution is { Status: ActivityStatus.Running, Node.Plan: FlowGraph })
                Flowchart.Recheck(execution);
        return true;
    }

    private bool Replan()
    {
        foreach (var execution in _executions.ToArray())
            if (execution is { Status: ActivityStatus.Running, Node.Activity.WatchesTime: true })
                execution.TellTimeChanged();
        return true;
    }

    private bool GiveUp(Stimulus.GiveUp failed)
    {
        if (_executions.Count == 0 || State.Incidents.Exists(known => known.Effect == failed.Effect))
            return false;
        var waiting = State.Bookmarks.Find(bookmark => bookmark.Number == failed.Bookmark);
        var execution = (waiting is null ? null : Find(waiting.Activation)) ?? _executions[0];
        Report(execution, new FaultException(failed.Message), failed.Effect);
        Log(execution, "Effect given up", failed.Message);
        Change(new EffectGivenUp(failed.Effect, failed.Kind, failed.Message, Now));
        return true;
    }

    private bool TryAgain(Stimulus.TryAgain again)
    {
        var incident = State.Incidents.Find(known => known.Effect == again.Effect);
        if (_executions.Count == 0 || incident is null)
            return false;
        State.Incidents.Remove(incident);
        Log(Find(incident.Activation) ?? _executions[0], "Effect tried again");
        Change(new EffectTriedAgain(again.Effect, again.Kind, again.By, Now));
        return true;
    }

    private void RunAgain(Execution execution)
    {
        foreach (var child in execution.Live.ToArray())
            child.Cancel();
        BurnAll(execution);
        execution.Again();
        _queue.Enqueue(execution);
    }

    private Execution? Find(int id) => _executions.Find(execution => execution.Id == id);

    /// <summary>Rebuilds the tree of executions. What was still queued when the last turn hit a limit is queued again.</summary>
    private void Restore()
    {
        foreach (var stored in State.Executions)
        {
            var parent = stored.Parent == 0 ? null : Find(stored.Parent);
            if (!Definition.Nodes.TryGetValue(stored.NodeId, out var node) || (stored.Parent != 0 && parent is null))
                continue;
            var execution = new Execution(this, node, parent, stored);
            _executions.Add(execution);
            if (execution.IsLive || execution.Status == ActivityStatus.Faulted)
                parent?.Live.Add(execution);
            if (execution.Status == ActivityStatus.Pending)
                _queue.Enqueue(execution);
        }
    }

    private void Settle(bool ran)
    {
        if (!ran || State.Status != WorkflowStatus.Running)
            return;
        if (_executions.TrueForAll(execution => !execution.IsLive && execution.Status != ActivityStatus.Faulted))
            (State.Status, State.SubStatus) = (WorkflowStatus.Finished, WorkflowSubStatus.Finished);
        else
            State.SubStatus = WorkflowSubStatus.Suspended;
    }

    /// <summary>An instance that waits for this one's end hears of it, however it came about.</summary>
    private void TellParent()
    {
        if (State is { Status: WorkflowStatus.Finished, Parent: { Bookmark: { } bookmark } parent })
        {
            // The effect takes a number of the state's.
            _stateBytes = null;
            Effect(new ChildFinished(parent.InstanceId, bookmark, State.SubStatus, State.Output), null);
        }
    }

    private void Store()
    {
        State.Executions = new List<ExecutionState>(_executions.Count);
        foreach (var execution in _executions)
            if (execution.Parent is null || execution.IsLive || execution.Status == ActivityStatus.Faulted)
                State.Executions.Add(execution.ToState());
        if (State.Status == WorkflowStatus.Finished || _executions.Count == 0 || RoughSize() <= limits.MaxStateBytes)
            return;
        _stateBytes = null;
        HitLimit(_executions[0], string.Create(CultureInfo.InvariantCulture, $"The instance remembers more than {limits.MaxStateBytes:N0} bytes. Keep large values outside of variables, then retry or cancel it."));
    }

    /// <summary>Exact only when it matters: most states have no value that could be large.</summary>
    private int RoughSize() => State.Executions.Exists(execution => execution.Cells is not null || execution.Remembered is not null) || State.Input.Count + State.Output.Count > 0
        ? (_stateBytes = State.ToBytes()).Length
        : State.Executions.Count * 100;
}
