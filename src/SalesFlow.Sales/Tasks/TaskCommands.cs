using SalesFlow.Sales.People;

namespace SalesFlow.Sales.Tasks;

/// <summary>What people do with tasks. Each call is one turn of the deal's instance.</summary>
public sealed class TaskCommands
{
    /// <summary>Completes the task with one of its outcomes; the deal has moved on when it answers. Twice is refused.</summary>
    public Task<TaskCompletion> CompleteAsync(TaskId id, string outcome, IReadOnlyDictionary<string, object?>? fields, string? comment,
        Actor actor, CancellationToken cancel) => throw new NotSupportedException();

    /// <summary>A candidate takes the task.</summary>
    public Task<TaskView> ClaimAsync(TaskId id, Actor actor, CancellationToken cancel) => throw new NotSupportedException();

    /// <summary>The task goes to someone else.</summary>
    public Task<TaskView> ReassignAsync(TaskId id, UserId to, Actor actor, CancellationToken cancel) => throw new NotSupportedException();
}
