using SalesFlow.Engine;
using SalesFlow.Runtime;

namespace SalesFlow.Studio.Instances;

/// <summary>What Studio's users do to instances from outside.</summary>
internal sealed class InstanceCommands(InstanceQueries queries, WorkflowRuntime runtime, IEnumerable<InstanceGuard> guards)
{
    /// <summary>Cancels every chosen instance that is not over; null when there is none such, over or not.</summary>
    public async Task<int?> CancelAsync(InstanceFilter filter, CancellationToken cancel)
    {
        var ids = await queries.IdsAsync(filter, cancel);
        if (ids.Count == 0)
            return null;
        await DemandAsync(InstanceDeed.Cancel, ids, cancel);
        var cancelled = 0;
        foreach (var id in ids)
            cancelled += (await runtime.CancelAsync(id, cancel)).Turn.Woke ? 1 : 0;
        return cancelled;
    }

    /// <summary>Deletes every chosen instance; answers how many there were.</summary>
    public async Task<int> DeleteAsync(InstanceFilter filter, CancellationToken cancel)
    {
        var ids = await queries.IdsAsync(filter, cancel);
        await DemandAsync(InstanceDeed.Delete, ids, cancel);
        var deleted = 0;
        foreach (var id in ids)
            deleted += await runtime.DeleteAsync(id, cancel) ? 1 : 0;
        return deleted;
    }

    private async Task DemandAsync(InstanceDeed deed, IReadOnlyList<InstanceId> ids, CancellationToken cancel)
    {
        foreach (var some in ids.Select(id => id.Value).Chunk(500))
            foreach (var guard in guards)
                if (await guard.ObjectionAsync(deed, rows => rows.Where(row => some.Contains(row.Id)), cancel) is { } objection)
                    throw new RefusedException(objection, []);
    }
}
