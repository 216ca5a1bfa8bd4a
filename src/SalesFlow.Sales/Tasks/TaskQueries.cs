using SalesFlow.Sales.People;

namespace SalesFlow.Sales.Tasks;

/// <summary>What pages and the API read of tasks; every answer holds only what the actor may see.</summary>
public sealed class TaskQueries
{
    /// <summary>Tasks that match; open ones by due time, the others newest first.</summary>
    public Task<Page<TaskView>> ListAsync(TaskFilter filter, Actor actor, CancellationToken cancel) => throw new NotSupportedException();

    /// <summary>One task.</summary>
    public Task<TaskView> GetAsync(TaskId id, Actor actor, CancellationToken cancel) => throw new NotSupportedException();
}
