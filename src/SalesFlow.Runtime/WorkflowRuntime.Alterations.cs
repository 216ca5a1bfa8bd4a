using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using SalesFlow.Engine;
using static SalesFlow.Runtime.ColumnType;

namespace SalesFlow.Runtime;

public sealed partial class WorkflowRuntime
{
    /// <summary>Everything that is kept of an instance.</summary>
    private static readonly ImmutableArray<RowShape> Kept =
    [
        RowShape.Delete("bookmarks", ("instance_id", Number)), RowShape.Delete("journal", ("instance_id", Number)), RowShape.Delete("incidents", ("instance_id", Number)),
        RowShape.Delete("outbox", ("instance_id", Number)), RowShape.Delete("kept_events", ("instance_id", Number)), RowShape.Delete("states", ("instance_id", Number)), RowShape.Delete("instances", ("id", Number)),
    ];

    /// <summary>Mends an instance from outside, all steps or none, and lets it go on. Throws <see cref="AlterationException"/>.</summary>
    public Task<TurnOutcome> AlterAsync(InstanceId id, ImmutableArray<Alteration> steps, CancellationToken cancel) =>
        RunAsync(id, (_, _) => new TurnRequest(new Stimulus.Alter(steps), []), cancel);

    /// <summary>Deletes an instance and all that is kept of it, running or not; false when there is none.</summary>
    public async Task<bool> DeleteAsync(InstanceId id, CancellationToken cancel)
    {
        using var gate = await _gates.EnterAsync(id.Value, cancel);
        for (var attempt = 1; ; attempt++)
        {
            await using var db = await databases.CreateDbContextAsync(cancel);
            if (await db.Instances.Where(row => row.Id == id.Value).Select(row => (long?)row.Version).SingleOrDefaultAsync(cancel) is not { } version)
                return false;
            var rows = new RowBatch();
            rows.Guard(new RowGuard("instances", "id", id.Value, "version", version));
            foreach (var shape in Kept)
                rows.Add(shape, id.Value);
            try
            {
                await store.CommitAsync(rows);
                _cache.Remove(id);
                return true;
            }
            catch (ConflictException conflict) when (attempt < Retries)
            {
                log.LogDebug("Instance {Instance} was changed elsewhere ({Conflict}); attempt {Attempt}.", id, conflict.Message, attempt);
            }
        }
    }
}
