using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using SalesFlow.Engine;
using SalesFlow.Engine.Definitions;
using SalesFlow.Engine.Expressions;

namespace SalesFlow.Runtime;

/// <summary>A definition was refused; every problem is listed.</summary>
public sealed class BrokenDefinitionException(string name, IReadOnlyList<Problem> problems, JsonObject? document = null)
    : Exception($"Definition '{name}' is broken: {string.Join("; ", problems)}")
{
    /// <summary>Every problem with its JSON path.</summary>
    public IReadOnlyList<Problem> Problems { get; } = problems;
    /// <summary>Every problem in words that name the activity as designers see it.</summary>
    public IReadOnlyList<string> Words { get; } = [.. problems.Select(problem => DefinitionDocument.InWords(document, problem))];
}

/// <summary>The definitions in the database, compiled once each.</summary>
public sealed partial class DefinitionStore(IDbContextFactory<WorkflowDb> databases, ActivityCatalogue catalogue, IEnumerable<DefinitionCheck> checks, IEnumerable<InstanceGuard> guards, TimeProvider clock) : IDisposable
{
    /// <summary>How long another server may go on starting a version that this one has replaced.</summary>
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(1);
    private readonly ConcurrentDictionary<string, WorkflowDefinition> _compiled = new();
    private readonly ConcurrentDictionary<string, (string VersionId, DateTimeOffset At)> _published = new();
    private readonly SemaphoreSlim _writing = new(1, 1);
    private int _generation;

    /// <summary>Grows with every change of a definition on this server, so that what was made of them can be kept until then.</summary>
    public int Generation => _generation;

    /// <summary>Tells the timers that other triggers are in force.</summary>
    internal event Action? TriggersChanged;

    /// <summary>The published version. Throws <see cref="KeyNotFoundException"/> when there is none.</summary>
    public async Task<WorkflowDefinition> PublishedAsync(string definitionId, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        if (_published.TryGetValue(definitionId, out var known) && now - known.At < Freshness)
            return await VersionAsync(known.VersionId, cancel);
        await using var db = await databases.CreateDbContextAsync(cancel);
        var versionId = await db.Definitions.Where(row => row.DefinitionId == definitionId && row.IsPublished).Select(row => row.VersionId).SingleOrDefaultAsync(cancel)
            ?? throw new KeyNotFoundException($"No published version of workflow definition with ID {definitionId} found.");
        _published[definitionId] = (versionId, now);
        return await VersionAsync(versionId, cancel);
    }

    /// <summary>A version by its id.</summary>
    public async Task<WorkflowDefinition> VersionAsync(string versionId, CancellationToken cancel)
    {
        if (_compiled.TryGetValue(versionId, out var known))
            return known;
        await using var db = await databases.CreateDbContextAsync(cancel);
        var row = await db.Definitions.AsNoTracking().SingleOrDefaultAsync(row => row.VersionId == versionId, cancel)
            ?? throw new KeyNotFoundException($"There is no definition version '{versionId}'.");
        var definition = Compile(row.Document, await UsedAsync(db, cancel));
        // A draft may still be written over, until something has run it.
        return row.IsPublished || !row.IsLatest || await db.Instances.AnyAsync(instance => instance.DefinitionVersionId == versionId, cancel) ? _compiled.GetOrAdd(versionId, definition) : definition;
    }

    /// <summary>A version that has been compiled before, as every running instance's has.</summary>
    public WorkflowDefinition Known(string versionId) => _compiled.TryGetValue(versionId, out var known) ? known
        : throw new InvalidOperationException($"Definition version '{versionId}' has not been loaded yet.");

    /// <summary>Every activity of a version that can be made out, also in a draft too broken to run.</summary>
    public async Task<IReadOnlyCollection<Node>> OutlineAsync(DefinitionRow row, CancellationToken cancel)
    {
        if (row.IsPublished && _compiled.TryGetValue(row.VersionId, out var known))
            return [.. known.Nodes.Values];
        await using var db = await databases.CreateDbContextAsync(cancel);
        return DefinitionReader.Outline(row.Document, catalogue, await UsedAsync(db, cancel));
    }

    /// <summary>Every published definition, by name.</summary>
    public async Task<IReadOnlyList<WorkflowDefinition>> AllPublishedAsync(CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var ids = await db.Definitions.Where(row => row.IsPublished).OrderBy(row => row.Name).Select(row => row.VersionId).ToListAsync(cancel);
        var all = new List<WorkflowDefinition>(ids.Count);
        foreach (var id in ids)
            all.Add(await VersionAsync(id, cancel));
        return all;
    }

    /// <summary>Saves the document as the next version of its definition and publishes it; running instances stay on theirs.</summary>
    public Task<WorkflowDefinition> PublishAsync(string json, CancellationToken cancel) => WriteAsync(async db =>
    {
        var document = DefinitionDocument.Parse(json);
        document["definitionId"] = IdOf(json);
        // Looked over before anything is written: a broken document leaves no draft behind.
        await CheckedAsync(db, document, cancel);
        var versions = await VersionsAsync(db, IdOf(json), cancel);
        var row = await BeginAsync(db, document, new SavePlan.Begin(versions.Latest is null ? document["version"]?.GetValue<int>() ?? 1 : versions.Next, versions.Latest), Editor.Server, cancel);
        return (await PublishAsync(db, row, Editor.Server, cancel)).Compiled;
    }, cancel);

    /// <summary>Publishes those documents whose definition is not there yet: shipped files never replace what was edited.</summary>
    public async Task SeedAsync(IReadOnlyCollection<string> documents, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var known = await db.Definitions.Select(row => row.DefinitionId).Distinct().ToListAsync(cancel);
        // A definition is compiled with those it uses, so these go first.
        foreach (var json in DefinitionHead.InOrderOfUse(documents.Where(json => !known.Contains(IdOf(json))), DefinitionHead.Of))
            await PublishAsync(json, cancel);
    }

    /// <inheritdoc />
    public void Dispose() => _writing.Dispose();

    private WorkflowDefinition Compile(string json, Func<DefinitionReference, string?> used) => DefinitionReader.Read(json, catalogue, used) switch
    {
        Reading.Fine fine => fine.Definition,
        Reading.Broken broken => throw new BrokenDefinitionException(IdOf(json), broken.Problems, DefinitionDocument.TryParse(json)),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>Answers documents of definitions used as activities: the version named, else the published one, by id or by type name.</summary>
    private static async Task<Func<DefinitionReference, string?>> UsedAsync(WorkflowDb db, CancellationToken cancel)
    {
        var heads = await db.Definitions.AsNoTracking()
            .Select(row => new DefinitionHead(row.DefinitionId, row.VersionId, row.Version, row.Name, row.IsPublished, row.UsableAsActivity, ImmutableHashSet<string>.Empty)).ToListAsync(cancel);
        return reference => DefinitionHead.Choose(heads, reference) is { } found
            ? db.Definitions.Where(row => row.VersionId == found.VersionId).Select(row => row.Document).Single() : null;
    }

    private static string IdOf(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = DefinitionReader.MaxDepth });
            return document.RootElement.TryGetProperty("definitionId", out var id) && id.GetString() is { Length: > 0 } text ? text
                : document.RootElement.TryGetProperty("id", out id) && id.GetString() is { Length: > 0 } version ? version : "definition";
        }
        catch (JsonException)
        {
            return "definition";
        }
    }
}
