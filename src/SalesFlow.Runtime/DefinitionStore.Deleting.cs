using Microsoft.EntityFrameworkCore;

namespace SalesFlow.Runtime;

public sealed partial class DefinitionStore
{
    /// <summary>Deletes versions with their instances; the highest that is left becomes the latest. Answers how many there were.</summary>
    public Task<int> DeleteVersionsAsync(IReadOnlyCollection<string> versionIds, CancellationToken cancel) => WriteAsync(async db =>
        await DeleteAsync(db, await db.Definitions.AsNoTracking().Where(row => versionIds.Contains(row.VersionId)).ToListAsync(cancel), cancel), cancel);

    /// <summary>Deletes whole definitions: versions, triggers, instances. Answers how many definitions there were.</summary>
    public Task<int> DeleteAsync(IReadOnlyCollection<string> definitionIds, CancellationToken cancel) => WriteAsync(async db =>
    {
        var rows = await db.Definitions.AsNoTracking().Where(row => definitionIds.Contains(row.DefinitionId)).ToListAsync(cancel);
        await DeleteAsync(db, rows, cancel);
        return rows.DistinctBy(row => row.DefinitionId).Count();
    }, cancel);

    private async Task<int> DeleteAsync(WorkflowDb db, List<DefinitionRow> rows, CancellationToken cancel)
    {
        foreach (var row in rows)
            DefinitionVersions.RefuseWhenReadonly(row);
        var gone = rows.Select(row => row.VersionId).ToList();
        foreach (var guard in guards)
            if (await guard.ObjectionAsync(InstanceDeed.Delete, instances => instances.Where(row => gone.Contains(row.DefinitionVersionId)), cancel) is { } objection)
                throw new RefusedException(objection, []);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        foreach (var ofOne in rows.GroupBy(row => row.DefinitionId))
        {
            if (ofOne.Any(row => row.IsPublished))
                await TriggerIndex.RemoveAsync(db, ofOne.Key, cancel);
            if ((await VersionsAsync(db, ofOne.Key, cancel)).LatestWithout(gone) is { } left)
                await db.Definitions.Where(row => row.VersionId == left.VersionId).ExecuteUpdateAsync(set => set.SetProperty(row => row.IsLatest, true), cancel);
        }
        await DeleteInstancesAsync(db, db.Instances.Where(row => gone.Contains(row.DefinitionVersionId)).Select(row => row.Id), cancel);
        await db.Definitions.Where(row => gone.Contains(row.VersionId)).ExecuteDeleteAsync(cancel);
        await transaction.CommitAsync(cancel);
        foreach (var row in rows)
        {
            _compiled.TryRemove(row.VersionId, out _);
            _published.TryRemove(row.DefinitionId, out _);
        }
        return rows.Count;
    }

    private static async Task DeleteInstancesAsync(WorkflowDb db, IQueryable<long> ids, CancellationToken cancel)
    {
        await db.States.Where(row => ids.Contains(row.InstanceId)).ExecuteDeleteAsync(cancel);
        await db.Bookmarks.Where(row => ids.Contains(row.InstanceId)).ExecuteDeleteAsync(cancel);
        await db.Journal.Where(row => ids.Contains(row.InstanceId)).ExecuteDeleteAsync(cancel);
        await db.Incidents.Where(row => ids.Contains(row.InstanceId)).ExecuteDeleteAsync(cancel);
        await db.Outbox.Where(row => ids.Contains(row.InstanceId)).ExecuteDeleteAsync(cancel);
        await db.Children.Where(row => ids.Contains(row.ChildId)).ExecuteDeleteAsync(cancel);
        await db.Instances.Where(row => ids.Contains(row.Id)).ExecuteDeleteAsync(cancel);
    }
}
