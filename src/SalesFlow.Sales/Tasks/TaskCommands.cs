using System.Collections.Immutable;
using SalesFlow.Engine;
using SalesFlow.Runtime;
using SalesFlow.Sales.Deals;
using SalesFlow.Sales.People;

namespace SalesFlow.Sales.Tasks;

/// <summary>What people do with tasks. Each call is one turn of the deal's instance.</summary>
public sealed class TaskCommands(DealTurnCommands turns, TaskQueries queries, DealQueries deals, UserQueries users)
{
    /// <summary>Completes the task with one of its outcomes; the deal has moved on when it answers. Twice is refused.</summary>
    public async Task<TaskCompletion> CompleteAsync(TaskId id, string outcome, IReadOnlyDictionary<string, object?>? fields, string? comment,
        Actor actor, CancellationToken cancel)
    {
        await RunAsync(id, actor, (moment, task, people) => TaskDecisions.Complete(moment, task, outcome, fields, comment, actor, people), cancel);
        var done = await queries.ReadAsync(id, actor, cancel);
        return new(done, await deals.ReadAsync(DealOf(id), actor.Language, cancel));
    }

    /// <summary>A candidate takes the task.</summary>
    public async Task<TaskView> ClaimAsync(TaskId id, Actor actor, CancellationToken cancel)
    {
        await RunAsync(id, actor, (moment, task, people) => TaskDecisions.Claim(moment, task, actor, people), cancel);
        return await queries.ReadAsync(id, actor, cancel);
    }

    /// <summary>The task goes to someone else.</summary>
    public async Task<TaskView> ReassignAsync(TaskId id, UserId to, Actor actor, CancellationToken cancel)
    {
        await RunAsync(id, actor, (moment, task, people) => TaskDecisions.Reassign(moment, task, to, actor, people), cancel);
        return await queries.ReadAsync(id, actor, cancel);
    }

    /// <summary>The task goes back to those who may claim it.</summary>
    public async Task<TaskView> ReturnAsync(TaskId id, string? reason, Actor actor, CancellationToken cancel)
    {
        await RunAsync(id, actor, (moment, task, people) => TaskDecisions.Return(moment, task, reason, actor, people), cancel);
        return await queries.ReadAsync(id, actor, cancel);
    }

    /// <summary>The task is out of sight until then; null brings it back.</summary>
    public async Task<TaskView> SnoozeAsync(TaskId id, DateTimeOffset? until, Actor actor, CancellationToken cancel)
    {
        await RunAsync(id, actor, (moment, task, people) => TaskDecisions.Snooze(moment, task, until, actor, people), cancel);
        return await queries.ReadAsync(id, actor, cancel);
    }

    /// <summary>The task waits for the client: its clock stands still.</summary>
    public async Task<TaskView> WaitAsync(TaskId id, string? what, Actor actor, CancellationToken cancel)
    {
        await RunAsync(id, actor, (moment, task, people) => TaskDecisions.Wait(moment, task, what, actor, people), cancel);
        return await queries.ReadAsync(id, actor, cancel);
    }

    /// <summary>The client has answered: the clock goes on from where it stood.</summary>
    public async Task<TaskView> GoOnAsync(TaskId id, Actor actor, CancellationToken cancel)
    {
        await RunAsync(id, actor, (moment, task, people) => TaskDecisions.GoOn(moment, task, actor, people), cancel);
        return await queries.ReadAsync(id, actor, cancel);
    }

    private async Task RunAsync(TaskId id, Actor actor, Func<DealMoment, SalesTask, ImmutableDictionary<UserId, UserView>, TurnRequest> decide, CancellationToken cancel)
    {
        var people = await users.ByIdAsync(cancel);
        try
        {
            await turns.RunAsync(DealOf(id), actor, $"/api/tasks/{id}", moment => decide(moment, moment.Facts.Deal.Task(id) ?? throw TaskDecisions.NotFound(id), people), cancel);
        }
        catch (NotFoundException)
        {
            // Whether the deal or the task is missing, or may not be seen, is nobody's business.
            throw TaskDecisions.NotFound(id);
        }
    }

    private static DealId DealOf(TaskId id) => new(RowIds.InstanceOf(id.Value).Value);
}
