using Microsoft.EntityFrameworkCore;
using SalesFlow.Engine;

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
        await RefuseUsedAsync(db, rows, gone, cancel);
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

    /// <summary>What a published process is made of stays, and so does what running instances are made of: after the next start nobody could read them any more.</summary>
    private static async Task RefuseUsedAsync(WorkflowDb db, List<DefinitionRow> rows, List<string> gone, CancellationToken cancel)
    {
        foreach (var row in rows)
        {
            var users = await db.Definitions.AsNoTracking().Where(user => !gone.Contains(user.VersionId) && user.Uses.Contains("\n" + row.DefinitionId + "\n")
                && (user.IsPublished || db.Instances.Any(instance => instance.DefinitionVersionId == user.VersionId && instance.Status != (int)WorkflowStatus.Finished))).ToListAsync(cancel);
            if (users.Find(user => IsMadeOf(user, row)) is { } found)
                throw new RefusedException($"Version {row.Version} of '{row.Name}' stays: version {found.Version} of '{found.Name}' is made of it and {(found.IsPublished ? "is published. Publish that one without it first" : "has running instances. Let them end or cancel them first")}.", []);
        }
    }

    private static bool IsMadeOf(DefinitionRow user, DefinitionRow row) =>
        DefinitionPortable.Bound(DefinitionDocument.Parse(user.Document))[row.DefinitionId].ToList() is { Count: > 0 } bound ? bound.Contains(row.VersionId) : row.IsPublished;

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
