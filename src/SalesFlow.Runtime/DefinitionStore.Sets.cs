using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using SalesFlow.Engine.Definitions;

namespace SalesFlow.Runtime;

/// <summary>What became of a definition of a set: <paramref name="Before"/> is what was published here, <paramref name="After"/> what is now; the same row, not compiled, when it was left alone.</summary>
public sealed record TakenDefinition(WorkflowDefinition? Compiled, DefinitionRow? Before, DefinitionRow After, ImmutableArray<string> Warnings)
{
    /// <summary>True when nothing had to be done.</summary>
    public bool IsLeft => Before?.VersionId == After.VersionId;
}

/// <summary>What became of a set.</summary>
public sealed record TakenSet(ImmutableArray<TakenDefinition> Definitions, ImmutableArray<string> Consumers);

/// <summary>A set was refused; every definition that has errors is named with all of them.</summary>
public sealed class BrokenSetException(IReadOnlyDictionary<string, ImmutableArray<string>> problems)
    : Exception(string.Join(" ", problems.Select(broken => $"Definition '{broken.Key}': {string.Join("; ", broken.Value)}")))
{
    /// <summary>Sentences by the id of the definition.</summary>
    public IReadOnlyDictionary<string, ImmutableArray<string>> Problems { get; } = problems;
}

public sealed partial class DefinitionStore
{
    /// <summary>Versions published in a transaction that is still open; nobody may start them before it is committed.</summary>
    private List<(DefinitionRow Row, WorkflowDefinition Compiled)>? _unannounced;

    /// <summary>
    /// Publishes documents that belong together, all or none, after <paramref name="beside"/> has written what they rest on into the same transaction. One that says what is
    /// published already is left alone; a draft that somebody has begun stays the latest version. With <paramref name="dryRun"/> all of it is done and taken back.
    /// Throws <see cref="BrokenSetException"/>.
    /// </summary>
    public Task<TakenSet> TakeOverAsync(IReadOnlyList<JsonObject> documents, Editor editor, bool dryRun, Func<WorkflowDb, Task> beside, CancellationToken cancel) => WriteAsync(async db =>
    {
        _unannounced = [];
        try
        {
            await using var transaction = await db.Database.BeginTransactionAsync(cancel);
            await beside(db);
            var taken = await TakeAllAsync(db, documents, editor, cancel);
            if (dryRun)
                return taken;
            await transaction.CommitAsync(cancel);
            _unannounced.ForEach(Announce);
            return taken;
        }
        finally
        {
            _unannounced = null;
        }
    }, cancel);

    private async Task<TakenSet> TakeAllAsync(WorkflowDb db, IReadOnlyList<JsonObject> documents, Editor editor, CancellationToken cancel)
    {
        var (taken, problems) = (new List<TakenDefinition>(), new Dictionary<string, ImmutableArray<string>>());
        foreach (var document in DefinitionHead.InOrderOfUse(documents, document => DefinitionHead.Of(DefinitionDocument.Write(document))))
            try
            {
                taken.Add(await TakeAsync(db, document, editor, cancel));
            }
            catch (Exception refused) when (refused is BrokenDefinitionException or RefusedException)
            {
                db.ChangeTracker.Clear();
                problems[document.Text("definitionId")!] = refused is BrokenDefinitionException broken ? [.. broken.Words] : [refused.Message];
            }
        if (problems.Count > 0)
            throw new BrokenSetException(problems);
        var consumers = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var changed in taken.Where(one => !one.IsLeft && ConsumersFollow(one.After)))
            consumers.UnionWith(await FollowAsync(db, changed.After, null, editor, cancel));
        return new([.. taken], [.. consumers]);
    }

    private async Task<TakenDefinition> TakeAsync(WorkflowDb db, JsonObject received, Editor editor, CancellationToken cancel)
    {
        var document = DefinitionPortable.Of(received);
        var id = document.Text("definitionId")!;
        var versions = await VersionsAsync(db, id, cancel);
        if (versions.Published is { } published && await IsUpToDateAsync(db, published, document, cancel))
            return new(null, published, published, []);
        if (versions.Latest is { } latest)
            DefinitionVersions.RefuseWhenReadonly(latest);
        var begun = await BeginAsync(db, document, new SavePlan.Begin(versions.Next, versions.Latest), editor, cancel);
        var (row, compiled, warnings) = await PublishAsync(db, begun, editor, cancel);
        if (versions.Latest is { IsPublished: false } draft)
            await RedrawAsync(db, draft, row, _ => { }, editor, cancel);
        return new(compiled, versions.Published, row, [.. warnings.Select(warning => DefinitionDocument.InWords(document, warning))]);
    }

    /// <summary>True when the published version says that, and uses the versions that are published now.</summary>
    private static async Task<bool> IsUpToDateAsync(WorkflowDb db, DefinitionRow published, JsonObject document, CancellationToken cancel)
    {
        var here = DefinitionDocument.Parse(published.Document);
        if (DefinitionPortable.Write(here) != DefinitionPortable.Write(document))
            return false;
        foreach (var used in DefinitionDocument.UsedIds(here))
            if (await db.Definitions.AsNoTracking().SingleOrDefaultAsync(row => row.DefinitionId == used && row.IsPublished, cancel) is { } now && DefinitionDocument.Follow(here, now))
                return false;
        return true;
    }

    /// <summary>From now on the version is started and its triggers are in force; not before its transaction is committed.</summary>
    private void Announce((DefinitionRow Row, WorkflowDefinition Compiled) published)
    {
        _compiled[published.Row.VersionId] = published.Compiled;
        _published[published.Row.DefinitionId] = (published.Row.VersionId, clock.GetUtcNow());
        TriggersChanged?.Invoke();
    }
}
