using System.Collections.Frozen;
using SalesFlow.Engine.Definitions;
using SalesFlow.Engine.Expressions;
using SalesFlow.Engine.Flow;

namespace SalesFlow.Engine;

/// <summary>
/// Runs definitions: one call is one turn. Pure and synchronous: equal arguments give equal turns. Serves all threads.
/// </summary>
public sealed class Interpreter
{
    private readonly EngineLimits _limits;
    private readonly FlowchartMode _flowcharts;
    private readonly LogPersistence _logs;
    private readonly Evaluator _evaluator;

    /// <summary>
    /// An interpreter that keeps turns within <paramref name="limits"/>. <paramref name="flowcharts"/> is for instances that were started without a mode of
    /// their own, <paramref name="logs"/> for definitions that do not say what the journal keeps.
    /// </summary>
    public Interpreter(EngineLimits? limits = null, FlowchartMode flowcharts = FlowchartMode.CounterBased, LogPersistence logs = LogPersistence.Include)
    {
        (_flowcharts, _logs) = (flowcharts, logs);
        _limits = limits ?? new EngineLimits();
        _evaluator = new Evaluator(_limits);
    }

    /// <summary>
    /// Wakes an instance and runs it until it waits or ends. <paramref name="state"/> is null for a new instance and is used up otherwise.
    /// <paramref name="changes"/> come with the command that woke it (a completed task, changed fields): the facts learn of them first and they
    /// lead <see cref="Turn.Changes"/>. Whatever an activity throws becomes an incident; only a mistake of the caller is thrown.
    /// </summary>
    public Turn Run(WorkflowDefinition definition, InstanceState? state, long instanceId, Stimulus stimulus, Facts facts, DateTimeOffset now,
        IReadOnlyList<Change>? changes = null)
    {
        IReadOnlySet<int> changed = FrozenSet<int>.Empty;
        if (stimulus is Stimulus.Follow follow)
        {
            var misfits = state is null ? [new Misfit(0, "", new("The instance has not been started.", "Экземпляр ещё не запущен."))] : VersionChange.Check(state, definition, follow.To);
            if (misfits.Length > 0)
                throw new MisfitException(misfits);
            changed = VersionChange.Apply(state!, definition, follow.To);
            definition = follow.To;
        }
        var run = new TurnRun(definition, state ?? Fresh(definition, instanceId), facts, now, _limits, _evaluator, _flowcharts) { Changed = changed, Logs = _logs };
        if (changes is not null)
            foreach (var change in changes)
                run.Change(change);
        return run.Run(stimulus);
    }

    private static InstanceState Fresh(WorkflowDefinition definition, long instanceId) =>
        new() { InstanceId = instanceId, DefinitionVersionId = definition.VersionId, SubStatus = WorkflowSubStatus.Pending };
}
