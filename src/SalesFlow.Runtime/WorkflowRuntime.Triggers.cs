using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using SalesFlow.Engine;
using SalesFlow.Engine.Definitions;
using static SalesFlow.Runtime.ColumnType;

namespace SalesFlow.Runtime;

public sealed partial class WorkflowRuntime
{
    private const int TriggersAtOnce = 200;
    private static readonly TimeSpan TriggerAgainAfter = TimeSpan.FromMinutes(1);
    private static readonly RowShape MovedOn = RowShape.Update("triggers", [("id", Number)], ("due_at", Number), ("fired", Number));

    /// <summary>Starts the instances whose triggers are due, one for each firing, whichever server is first; answers when the next one is due.</summary>
    internal async Task<DateTimeOffset?> FireTriggersAsync(CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        while (true)
        {
            await using var db = await databases.CreateDbContextAsync(cancel);
            var due = await db.Triggers.AsNoTracking().Where(row => row.DueAt != null && row.DueAt <= now).OrderBy(row => row.DueAt).Take(TriggersAtOnce).ToListAsync(cancel);
            if (due.Count == 0)
                return await db.Triggers.Where(row => row.DueAt != null).MinAsync(row => row.DueAt, cancel);
            await Parallel.ForEachAsync(due, cancel, async (trigger, token) => await FireAsync(trigger, now, token));
        }
    }

    private async Task FireAsync(TriggerRow trigger, DateTimeOffset now, CancellationToken cancel)
    {
        try
        {
            var definition = await definitions.VersionAsync(trigger.VersionId, cancel);
            var next = Triggers.Next(definition, trigger.ActivityId, trigger.DueAt!.Value, now);
            if (await StartAsync(definition, new Stimulus.Start(TriggerActivityId: trigger.ActivityId), MoveOn(trigger, next), cancel) is null)
            {
                log.LogInformation("Trigger {Activity} of {Definition} was due, but its activation strategy allows no other instance now.", trigger.ActivityId, trigger.DefinitionId);
                await CommitAsync(MoveOn(trigger, next));
            }
        }
        catch (ConflictException)
        {
            // Another server fired it, or its definition was published anew: either way it is not ours any more.
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            log.LogError(failure, "Trigger {Activity} of {Definition} failed; it is tried again in a minute.", trigger.ActivityId, trigger.DefinitionId);
            await PostponeAsync(trigger, now + TriggerAgainAfter);
        }
    }

    private async Task PostponeAsync(TriggerRow trigger, DateTimeOffset until)
    {
        try
        {
            await CommitAsync(MoveOn(trigger, until));
        }
        catch (ConflictException)
        {
            // It had fired before the failure.
        }
    }

    private static Action<RowBatch> MoveOn(TriggerRow trigger, DateTimeOffset? next) => rows =>
    {
        rows.Guard(new RowGuard("triggers", "id", trigger.Id, "fired", trigger.Fired));
        rows.Add(MovedOn, trigger.Id, next is { } due ? TurnRows.Micros(due) : null, trigger.Fired + 1);
    };

    private Task CommitAsync(Action<RowBatch> write)
    {
        var rows = new RowBatch();
        write(rows);
        return store.CommitAsync(rows);
    }

    /// <summary>A new instance without facts of its own, as triggers start it.</summary>
    private async Task<TurnOutcome?> StartAsync(WorkflowDefinition definition, Stimulus.Start start, Action<RowBatch>? more, CancellationToken cancel)
    {
        var id = new InstanceId(await NextIdAsync(cancel));
        return await TryStartAsync(definition, start, await factsSource.LoadAsync(id, definition.DefinitionId, cancel), [], id, more, cancel);
    }
}
