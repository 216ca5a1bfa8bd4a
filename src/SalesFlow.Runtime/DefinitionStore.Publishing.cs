using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using SalesFlow.Engine.Definitions;

namespace SalesFlow.Runtime;

public sealed partial class DefinitionStore
{
    /// <summary>
    /// Publishes the latest version; null when there is no such definition. Running instances stay on theirs, new ones start on this one. Definitions that use it
    /// follow when it says so. Throws <see cref="BrokenDefinitionException"/> when it has errors.
    /// </summary>
    public Task<Publication?> PublishLatestAsync(string definitionId, Editor editor, CancellationToken cancel) => WriteAsync(async db =>
    {
        var versions = await VersionsAsync(db, definitionId, cancel);
        if (versions.Latest is not { } latest)
            return null;
        if (latest.IsPublished)
            return new Publication(latest, true, [], []);
        DefinitionVersions.RefuseWhenReadonly(latest);
        var (row, _, warnings) = await PublishAsync(db, latest, editor, cancel);
        var followed = ConsumersFollow(row) ? await FollowAsync(db, row, null, editor, cancel) : [];
        var document = DefinitionDocument.Parse(row.Document);
        return new Publication(row, false, followed, [.. warnings.Select(warning => DefinitionDocument.InWords(document, warning))]);
    }, cancel);

    /// <summary>Takes the published version back: nothing new starts, what runs goes on. Null when no such definition is known; refused when its latest version is not published.</summary>
    public Task<DefinitionRow?> RetractAsync(string definitionId, Editor editor, CancellationToken cancel) => WriteAsync(async db =>
    {
        var versions = await VersionsAsync(db, definitionId, cancel);
        if (versions.Latest is null)
            return null;
        if (versions.Latest is not { IsPublished: true } latest)
            throw new RefusedException($"Workflow with id {definitionId} is not published", []);
        DefinitionVersions.RefuseWhenReadonly(latest);
        return (DefinitionRow?)await RetractAsync(db, latest, editor, cancel);
    }, cancel);

    /// <summary>Takes the published version back even while a draft of a later one exists; false when none is published.</summary>
    public Task<bool> RetractAnyAsync(string definitionId, Editor editor, CancellationToken cancel) => WriteAsync(async db =>
    {
        if ((await VersionsAsync(db, definitionId, cancel)).Published is not { } published)
            return false;
        DefinitionVersions.RefuseWhenReadonly(published);
        await RetractAsync(db, published, editor, cancel);
        return true;
    }, cancel);

    /// <summary>Compiles and looks a document over; throws when it has errors, answers the rest.</summary>
    private async Task<(WorkflowDefinition Definition, ImmutableArray<Problem> Warnings)> CheckedAsync(WorkflowDb db, JsonObject document, CancellationToken cancel)
    {
        var definition = Compile(DefinitionDocument.Write(document), await UsedAsync(db, cancel));
        var problems = ElsaChecks.Find(document).Concat(await TriggerIndex.ProblemsAsync(db, definition, clock.GetUtcNow(), cancel)).ToList();
        foreach (var check in checks)
            problems.AddRange(await check.FindAsync(db, definition, cancel));
        return problems.Any(problem => problem.IsError)
            ? throw new BrokenDefinitionException(definition.Name ?? definition.DefinitionId, [.. problems.Where(problem => problem.IsError)], document)
            : (definition, [.. definition.Warnings, .. problems]);
    }

    private async Task<(DefinitionRow Row, WorkflowDefinition Compiled, ImmutableArray<Problem> Warnings)> PublishAsync(WorkflowDb db, DefinitionRow row, Editor editor, CancellationToken cancel)
    {
        var document = DefinitionDocument.Parse(row.Document);
        await PinAsync(db, document, cancel);
        var (definition, warnings) = await CheckedAsync(db, document, cancel);
        var published = row with { IsLatest = true, IsPublished = true, Document = definition.Document, Revision = row.Revision + 1, ChangedById = editor.Id, ChangedByName = editor.Name };
        // A set brings a transaction of its own, in which others are published too.
        await using var transaction = _unannounced is null ? await db.Database.BeginTransactionAsync(cancel) : null;
        db.ChangeTracker.Clear();
        await db.Definitions.Where(other => other.DefinitionId == row.DefinitionId && other.VersionId != row.VersionId && (other.IsLatest || other.IsPublished))
            .ExecuteUpdateAsync(set => set.SetProperty(other => other.IsLatest, false).SetProperty(other => other.IsPublished, false).SetProperty(other => other.Revision, other => other.Revision + 1), cancel);
        Update(db, published, row.Revision);
        await TriggerIndex.ReplaceAsync(db, definition, clock.GetUtcNow(), cancel);
        await db.SaveChangesAsync(cancel);
        if (transaction is null)
            _unannounced!.Add((published, definition));
        else
        {
            await transaction.CommitAsync(cancel);
            Announce((published, definition));
        }
        return (published, definition, warnings);
    }

    private async Task<DefinitionRow> RetractAsync(WorkflowDb db, DefinitionRow row, Editor editor, CancellationToken cancel)
    {
        var retracted = row with { IsPublished = false, Revision = row.Revision + 1, ChangedById = editor.Id, ChangedByName = editor.Name };
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        Update(db, retracted, row.Revision);
        await db.SaveChangesAsync(cancel);
        await TriggerIndex.RemoveAsync(db, row.DefinitionId, cancel);
        await transaction.CommitAsync(cancel);
        _published.TryRemove(row.DefinitionId, out _);
        TriggersChanged?.Invoke();
        return retracted;
    }

    /// <summary>An activity that stands for a definition and names no version means the one published now; later ones must not change what runs.</summary>
    private static async Task PinAsync(WorkflowDb db, JsonObject document, CancellationToken cancel)
    {
        foreach (var used in DefinitionDocument.UsedIds(document))
            if (await db.Definitions.AsNoTracking().SingleOrDefaultAsync(row => row.DefinitionId == used && row.IsPublished, cancel) is { } published)
                DefinitionDocument.Follow(document, published, onlyUnpinned: true);
    }
}
