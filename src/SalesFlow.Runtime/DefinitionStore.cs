using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using SalesFlow.Engine;
using SalesFlow.Engine.Definitions;
using SalesFlow.Engine.Expressions;

namespace SalesFlow.Runtime;

/// <summary>A definition was refused; every problem is listed.</summary>
public sealed class BrokenDefinitionException(string name, IReadOnlyList<Problem> problems)
    : Exception($"Definition '{name}' is broken: {string.Join("; ", problems)}")
{
    /// <summary>Every problem with its JSON path.</summary>
    public IReadOnlyList<Problem> Problems { get; } = problems;
}

/// <summary>The definitions in the database, compiled once each.</summary>
public sealed class DefinitionStore(IDbContextFactory<WorkflowDb> databases, ActivityCatalogue catalogue, TimeProvider clock) : IDisposable
{
    private readonly ConcurrentDictionary<string, WorkflowDefinition> _compiled = new();
    private readonly ConcurrentDictionary<string, string> _published = new();
    private readonly SemaphoreSlim _writing = new(1, 1);

    /// <summary>Tells the timers that other triggers are in force.</summary>
    internal event Action? TriggersChanged;

    /// <summary>The published version. Throws <see cref="KeyNotFoundException"/> when there is none.</summary>
    public async Task<WorkflowDefinition> PublishedAsync(string definitionId, CancellationToken cancel)
    {
        if (_published.TryGetValue(definitionId, out var versionId))
            return await VersionAsync(versionId, cancel);
        await using var db = await databases.CreateDbContextAsync(cancel);
        versionId = await db.Definitions.Where(row => row.DefinitionId == definitionId && row.IsPublished).Select(row => row.VersionId).SingleOrDefaultAsync(cancel)
            ?? throw new KeyNotFoundException($"No published version of workflow definition with ID {definitionId} found.");
        _published[definitionId] = versionId;
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
        return _compiled.GetOrAdd(versionId, Compile(row.Document, await UsedAsync(db, cancel)));
    }

    /// <summary>A version that has been compiled before, as every running instance's has.</summary>
    public WorkflowDefinition Known(string versionId) => _compiled.TryGetValue(versionId, out var known) ? known
        : throw new InvalidOperationException($"Definition version '{versionId}' has not been loaded yet.");

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
    public async Task<WorkflowDefinition> PublishAsync(string json, CancellationToken cancel)
    {
        await _writing.WaitAsync(cancel);
        try
        {
            await using var db = await databases.CreateDbContextAsync(cancel);
            return await PublishAsync(db, json, cancel);
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>Publishes those documents whose definition is not there yet: shipped files never replace what was edited.</summary>
    public async Task SeedAsync(IReadOnlyCollection<string> documents, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var known = await db.Definitions.Select(row => row.DefinitionId).Distinct().ToListAsync(cancel);
        var missing = documents.Where(json => !known.Contains(IdOf(json))).ToList();
        // Those that others use go first.
        foreach (var json in missing.OrderBy(json => json.Contains("\"usableAsActivity\": true", StringComparison.Ordinal) ? 0 : 1))
            await PublishAsync(json, cancel);
    }

    /// <inheritdoc />
    public void Dispose() => _writing.Dispose();

    private async Task<WorkflowDefinition> PublishAsync(WorkflowDb db, string json, CancellationToken cancel)
    {
        Read(json, await UsedAsync(db, cancel));
        var document = JsonNode.Parse(json)!.AsObject();
        var id = IdOf(json);
        var versions = await db.Definitions.Where(row => row.DefinitionId == id).OrderBy(row => row.Version).AsNoTracking().ToListAsync(cancel);
        var version = versions.Count == 0 ? document["version"]?.GetValue<int>() ?? 1 : versions[^1].Version + 1;
        var given = document["id"]?.GetValue<string>();
        var versionId = versions.Count == 0 && given is not null ? given : $"{id}-{version.ToString(CultureInfo.InvariantCulture)}";
        (document["id"], document["definitionId"], document["version"], document["isLatest"], document["isPublished"]) = (versionId, id, version, true, true);
        var definition = Compile(document.ToJsonString(), await UsedAsync(db, cancel));
        if (await TriggerIndex.ProblemsAsync(db, definition, clock.GetUtcNow(), cancel) is { Count: > 0 } problems)
            throw new BrokenDefinitionException(id, problems);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        foreach (var row in versions.Where(row => row.IsLatest || row.IsPublished))
            db.Update(row with { IsLatest = false, IsPublished = false });
        db.Add(new DefinitionRow(versionId, id, version, definition.Name, true, true, definition.Document, clock.GetUtcNow()));
        await TriggerIndex.ReplaceAsync(db, definition, clock.GetUtcNow(), cancel);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        _compiled[versionId] = definition;
        _published[id] = versionId;
        TriggersChanged?.Invoke();
        return definition;
    }

    private WorkflowDefinition Compile(string json, Func<DefinitionReference, string?> used) => Read(json, used);

    private WorkflowDefinition Read(string json, Func<DefinitionReference, string?> used) => DefinitionReader.Read(json, catalogue, used) switch
    {
        Reading.Fine fine => fine.Definition,
        Reading.Broken broken => throw new BrokenDefinitionException(IdOf(json), broken.Problems),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>Answers documents of definitions used as activities: the version named, else the published one, by id or by type name.</summary>
    private static async Task<Func<DefinitionReference, string?>> UsedAsync(WorkflowDb db, CancellationToken cancel)
    {
        var heads = await db.Definitions.AsNoTracking().Select(row => new { row.VersionId, row.DefinitionId, row.Name, row.IsPublished }).ToListAsync(cancel);
        return reference =>
        {
            var found = heads.Find(head => head.VersionId == reference.VersionId)
                ?? heads.Find(head => head.IsPublished && head.DefinitionId == reference.DefinitionId)
                ?? heads.Find(head => head.IsPublished && TypeNameOf(head.Name) == reference.TypeName);
            return found is null ? null : db.Definitions.Where(row => row.VersionId == found.VersionId).Select(row => row.Document).Single();
        };
    }

    /// <summary>The activity type that a definition's name makes: Pascal case without spaces and dashes.</summary>
    internal static string? TypeNameOf(string? name)
    {
        if (name is null)
            return null;
        var type = new StringBuilder(name.Length);
        foreach (var word in name.Split([' ', '-', '_'], StringSplitOptions.RemoveEmptyEntries))
            type.Append(char.ToUpperInvariant(word[0])).Append(word, 1, word.Length - 1);
        return type.ToString();
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
