using SalesFlow.Engine;
using SalesFlow.Engine.Definitions;
using SalesFlow.Sales.Deals;
using SalesFlow.Sales.Tasks;

namespace SalesFlow.Sales.Tests.Deals;

/// <summary>A deal that walks through a process in memory. Between two turns its instance is written and read again, as a database would.</summary>
internal sealed class LivedDeal(WorkflowDefinition process, DealFacts facts)
{
    private InstanceState? _state;

    /// <summary>The deal as it is now.</summary>
    public Deal Deal => facts.Deal;

    /// <summary>Its instance as it is now.</summary>
    public InstanceState State => _state!;

    /// <summary>The turn that begins with these changes; it must meet no incident.</summary>
    public Turn Run(Stimulus stimulus, DateTimeOffset now, params Change[] changes)
    {
        var turn = new Interpreter().Run(process, _state is null ? null : InstanceState.FromBytes(_state.ToBytes()), Given.Id.Value, stimulus, facts, now, changes);
        Assert.Empty(turn.Incidents);
        _state = turn.State;
        return turn;
    }

    /// <summary>The turn after a task was completed with that outcome.</summary>
    public Turn Press(SalesTask task, string outcome, DateTimeOffset now, UserId? by = null) =>
        Run(new Stimulus.Resume(task.Bookmark, new Dictionary<string, object?> { ["outcome"] = outcome }), now, new TaskCompleted(Given.Id, now, by, task.Id, outcome, null));
}
