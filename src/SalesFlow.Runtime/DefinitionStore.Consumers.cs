using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using SalesFlow.Engine.Definitions;

namespace SalesFlow.Runtime;

public sealed partial class DefinitionStore
{
    /// <summary>Lets the definitions that use this one use its published version; <paramref name="only"/> narrows them. Answers the ids of those that changed.</summary>
    public Task<ImmutableArray<string>> UpdateReferencesAsync(string definitionId, IReadOnlyCollection<string>? only, Editor editor, CancellationToken cancel) => WriteAsync(async db =>
        (await VersionsAsync(db, definitionId, cancel)).Published is { } published ? await FollowAsync(db, published, only, editor, cancel) : [], cancel);

    /// <summary>Ids of the definitions whose latest version uses this one.</summary>
    public async Task<ImmutableArray<string>> ConsumersAsync(string definitionId, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return [.. (await ConsumersAsync(db, definitionId, cancel)).Select(row => row.DefinitionId)];
    }

    /// <summary>Refuses definitions that would run inside themselves, whether the others in the circle came with them or were there before.</summary>
    private static async Task RefuseCirclesAsync(WorkflowDb db, List<DefinitionRow> imported, CancellationToken cancel)
    {
        if (imported.TrueForAll(row => row.Uses.Length == 0))
            return;
        var uses = (await db.Definitions.Where(row => (row.IsLatest || row.IsPublished) && row.Uses != "").Select(row => new { row.DefinitionId, row.Uses }).ToListAsync(cancel))
            .ToLookup(row => row.DefinitionId, row => row.Uses.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        foreach (var row in imported)
            foreach (var used in row.Uses.Split('\n', StringSplitOptions.RemoveEmptyEntries))
                if (Way(used, row.DefinitionId, id => uses[id].SelectMany(ids => ids)) is { } way)
                    throw Circle(row, used, way);
    }

    /// <summary>Definitions that lead from one to another, both included; null when none do.</summary>
    private static List<string>? Way(string from, string to, Func<string, IEnumerable<string>> usedBy)
    {
        var (before, open) = (new Dictionary<string, string?> { [from] = null }, new Queue<string>([from]));
        while (open.TryDequeue(out var id))
        {
            if (id == to)
            {
                var way = new List<string>();
                for (string? step = id; step is not null; step = before[step])
                    way.Insert(0, step);
                return way;
            }
            foreach (var next in usedBy(id))
                if (before.TryAdd(next, id))
                    open.Enqueue(next);
        }
        return null;
    }

    private static BrokenDefinitionException Circle(DefinitionRow row, string used, List<string> way)
    {
        var (document, activity) = (DefinitionDocument.Parse(row.Document), "root");
        DefinitionDocument.Visit(document["root"], node => activity = node.Text("workflowDefinitionId") == used ? node.Text("id") ?? activity : activity);
        var problem = new Problem(activity, $"lets a definition run inside itself: {string.Join(" → ", way.Prepend(row.DefinitionId))}. Take the activity out, or let it dispatch the workflow instead.");
        return new(row.Name ?? row.DefinitionId, [problem], document);
    }

    private static Task<List<DefinitionRow>> ConsumersAsync(WorkflowDb db, string definitionId, CancellationToken cancel) =>
        db.Definitions.AsNoTracking().Where(row => row.IsLatest && row.DefinitionId != definitionId && row.Uses.Contains("\n" + definitionId + "\n")).OrderBy(row => row.DefinitionId).ToListAsync(cancel);

    /// <summary>True when a definition says that those who use it take each new version.</summary>
    private static bool ConsumersFollow(DefinitionRow row) => row.UsableAsActivity
        && (DefinitionDocument.Parse(row.Document)["options"] as System.Text.Json.Nodes.JsonObject)?.Flag("autoUpdateConsumingWorkflows") == true;

    /// <summary>
    /// Gives every definition that uses the published one a version that does so, and publishes those that were published: once each, and after those that it
    /// uses itself. One that has errors with the new version stays a draft.
    /// </summary>
    private async Task<ImmutableArray<string>> FollowAsync(WorkflowDb db, DefinitionRow published, IReadOnlyCollection<string>? only, Editor editor, CancellationToken cancel)
    {
        var (followed, offered) = (ImmutableArray.CreateBuilder<string>(), new List<DefinitionRow> { published });
        foreach (var consumer in InOrderOfUse(await AllConsumersAsync(db, published, only, cancel)))
        {
            var document = DefinitionDocument.Parse(consumer.Document);
            var changed = false;
            foreach (var used in offered)
                changed |= DefinitionDocument.Follow(document, used);
            if (!changed)
                continue;
            followed.Add(consumer.DefinitionId);
            document.Remove("id");
            db.ChangeTracker.Clear();
            var draft = await SaveAsync(db, document, await VersionsAsync(db, consumer.DefinitionId, cancel), editor, null, null, cancel);
            if (consumer.IsPublished && await TryPublishAsync(db, draft, editor, cancel) is { } next && ConsumersFollow(next))
                offered.Add(next);
        }
        return followed.ToImmutable();
    }

    private async Task<DefinitionRow?> TryPublishAsync(WorkflowDb db, DefinitionRow draft, Editor editor, CancellationToken cancel)
    {
        try
        {
            return (await PublishAsync(db, draft, editor, cancel)).Row;
        }
        catch (BrokenDefinitionException)
        {
            return null;
        }
    }

    /// <summary>Those that use it, and as far as they hand it on, those that use them.</summary>
    private static async Task<List<DefinitionRow>> AllConsumersAsync(WorkflowDb db, DefinitionRow published, IReadOnlyCollection<string>? only, CancellationToken cancel)
    {
        var (found, open) = (new List<DefinitionRow>(), new Queue<string>([published.DefinitionId]));
        while (open.TryDequeue(out var id))
            foreach (var consumer in await ConsumersAsync(db, id, cancel))
            {
                if (consumer.IsReadonly || consumer.DefinitionId == published.DefinitionId || only?.Contains(consumer.DefinitionId) == false || found.Exists(row => row.DefinitionId == consumer.DefinitionId))
                    continue;
                found.Add(consumer);
                if (consumer.IsPublished && ConsumersFollow(consumer))
                    open.Enqueue(consumer.DefinitionId);
            }
        return found;
    }

    private static IEnumerable<DefinitionRow> InOrderOfUse(List<DefinitionRow> rows)
    {
        while (rows.Count > 0)
        {
            // Definitions that use each other in a circle cannot run; they are taken as they come.
            var next = rows.Find(row => !rows.Exists(other => other != row && row.Uses.Contains($"\n{other.DefinitionId}\n", StringComparison.Ordinal))) ?? rows[0];
            rows.Remove(next);
            yield return next;
        }
    }
}
