using System.Collections.Immutable;
using SalesFlow.Engine.Activities;
using SalesFlow.Engine.Definitions;

namespace SalesFlow.Engine.Flow;

internal sealed partial class TurnRun
{
    private bool Alter(ImmutableArray<Alteration> steps)
    {
        if (_executions.Count == 0)
            throw new AlterationException("The instance has not been started.");
        foreach (var step in steps)
            Log(_executions[0], "Altered", step switch
            {
                Alteration.SetVariable set => Set(set),
                Alteration.Schedule schedule => Schedule(schedule.Aim),
                Alteration.CancelActivity cancel => Cancel(cancel.Aim),
                _ => throw new System.Diagnostics.UnreachableException(),
            });
        return true;
    }

    private string Set(Alteration.SetVariable set)
    {
        // The root is first, so a variable of the workflow wins over one of the same id inside.
        var cell = _executions.Select(execution => execution.FindCell(set.VariableId)).FirstOrDefault(cell => cell is not null)
            ?? throw new AlterationException($"The instance has no variable '{set.VariableId}'. Its variables are: {string.Join(", ", _executions.SelectMany(execution => execution.CellNames()).Distinct())}.");
        try
        {
            cell.Value = Execution.Typed(cell, set.Value);
        }
        catch (Exception mistake) when (mistake is not OutOfMemoryException)
        {
            throw new AlterationException($"Variable '{cell.Name}' cannot have that value: {mistake.Message}");
        }
        return $"Variable '{cell.Name}' was set.";
    }

    private string Schedule(Aim aim)
    {
        DemandUnfinished(aim);
        var faulted = _executions.FindAll(execution => execution.Status == ActivityStatus.Faulted && IsMeant(execution, aim));
        if (faulted.Count > 0)
        {
            State.Incidents.RemoveAll(incident => faulted.Exists(execution => execution.Id == incident.Activation));
            faulted.ForEach(RunAgain);
            Wake();
            return $"Faulted {aim} was scheduled again.";
        }
        if (aim.Activation is not null)
            throw new AlterationException($"There is no faulted {aim} to schedule; name the activity to run it anew.");
        var (node, holder) = Definition.Nodes.Values.Where(node => node.Id == aim.ActivityId).Select(node => (node, HolderOf(node))).FirstOrDefault(pair => pair.Item2 is not null);
        if (holder is null)
            throw new AlterationException(Definition.Nodes.Values.Any(known => known.Id == aim.ActivityId)
                ? $"Nothing that contains {aim} is running." : $"The definition has no {aim}.");
        Cause = holder.Id;
        Schedule(node, holder).Backward = HasVisited(holder, node);
        Wake();
        return $"New execution of {aim} was scheduled.";
    }

    private string Cancel(Aim aim)
    {
        DemandUnfinished(aim);
        var meant = _executions.FindAll(execution => (execution.IsLive || execution.Status == ActivityStatus.Faulted) && execution.Parent is not null && IsMeant(execution, aim));
        if (meant.Count == 0)
            throw new AlterationException($"There is no unfinished {aim} to cancel.");
        foreach (var execution in meant)
            execution.Cancel();
        return $"Unfinished {aim} was cancelled.";
    }

    /// <summary>The running execution of the container that directly holds the node; one that finished is not begun anew.</summary>
    private Execution? HolderOf(Node node) => _executions.FindLast(execution => execution.Status == ActivityStatus.Running && execution.Node.Children.Contains(node));

    /// <summary>A flowchart counts its activities: one that runs again must not count as a visit more than what led to it.</summary>
    private static bool HasVisited(Execution holder, Node node) => holder is { Counters: { } counters, Node.Plan: FlowGraph } && Flowchart.GraphOf(holder) is var graph
        && graph.IndexOf(node.Id) is >= 0 and var index && new FlowScope(counters, graph).Visits(index) > 0;

    private void Wake()
    {
        if (State.SubStatus == WorkflowSubStatus.Faulted)
            State.Status = WorkflowStatus.Running;
    }

    private void DemandUnfinished(Aim aim)
    {
        if (State.Status == WorkflowStatus.Finished && State.SubStatus != WorkflowSubStatus.Faulted)
            throw new AlterationException($"The instance is {State.SubStatus}: {aim} can no longer be altered.");
    }

    private static bool IsMeant(Execution execution, Aim aim) => aim.Activation is { } activation ? execution.Id == activation : execution.Node.Id == aim.ActivityId;
}
