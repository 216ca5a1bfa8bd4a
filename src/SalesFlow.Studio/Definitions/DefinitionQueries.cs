using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using SalesFlow.Runtime;
using SalesFlow.Studio.Descriptors;
using SalesFlow.Studio.Wire;

namespace SalesFlow.Studio.Definitions;

/// <summary>Reads definitions for Studio's lists and canvases.</summary>
internal sealed class DefinitionQueries(IDbContextFactory<WorkflowDb> databases, DefinitionStore store, ActivityTypes types)
{
    /// <summary>One page of the list that a request asks for.</summary>
    public async Task<(IReadOnlyList<DefinitionSummary> Items, long Total)> ListAsync(HttpRequest request, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var rows = Filter(db.Definitions.AsNoTracking(), request);
        var descending = request.Word<OrderDirection>("orderDirection") == OrderDirection.Descending;
        // The search column begins with the name, in small letters: as people sort.
        var ordered = request.Word<OrderBy>("orderBy") switch
        {
            OrderBy.Version => descending ? rows.OrderByDescending(row => row.Version) : rows.OrderBy(row => row.Version),
            OrderBy.Created => descending ? rows.OrderByDescending(row => row.CreatedAt) : rows.OrderBy(row => row.CreatedAt),
            _ => descending ? rows.OrderByDescending(row => row.Search) : rows.OrderBy(row => row.Search),
        };
        var items = await request.PageAsked().Of(ordered.ThenBy(row => row.VersionId)).Select(DefinitionSummary.Read).ToListAsync(cancel);
        return (items, request.PageAsked().Size is null ? items.Count : await rows.LongCountAsync(cancel));
    }

    /// <summary>How many definitions there are.</summary>
    public async Task<int> CountAsync(CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await db.Definitions.CountAsync(row => row.IsLatest, cancel);
    }

    /// <summary>True when no other definition has that name.</summary>
    public async Task<bool> IsNameUniqueAsync(string name, string? exceptDefinitionId, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return !await db.Definitions.AnyAsync(row => row.IsLatest && row.Name == name && row.DefinitionId != exceptDefinitionId, cancel);
    }

    /// <summary>The newest of the versions that the options admit, or null.</summary>
    public async Task<DefinitionRow?> FindAsync(string definitionId, string? versionOptions, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await db.Definitions.AsNoTracking().Where(row => row.DefinitionId == definitionId).Choose(versionOptions ?? "Latest").OrderByDescending(row => row.Version).FirstOrDefaultAsync(cancel);
    }

    /// <summary>Versions by their ids.</summary>
    public async Task<IReadOnlyList<DefinitionRow>> ByIdAsync(IReadOnlyCollection<string> versionIds, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await db.Definitions.AsNoTracking().Where(row => versionIds.Contains(row.VersionId)).OrderBy(row => row.Search).ToListAsync(cancel);
    }

    /// <summary>Every version of a definition, the newest first.</summary>
    public async Task<IReadOnlyList<DefinitionRow>> VersionsAsync(string definitionId, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await db.Definitions.AsNoTracking().Where(row => row.DefinitionId == definitionId).OrderByDescending(row => row.Version).ToListAsync(cancel);
    }

    /// <summary>A version as Studio draws it.</summary>
    public async Task<JsonObject> ViewAsync(DefinitionRow row, CancellationToken cancel) => DefinitionView.Full(row, await store.OutlineAsync(row, cancel), await KnownAsync(cancel));

    /// <summary>A version as a file.</summary>
    public async Task<JsonObject> FileAsync(DefinitionRow row, CancellationToken cancel) => DefinitionView.File(row, await store.OutlineAsync(row, cancel));

    /// <summary>What nodes are looked up in; the language does not matter there.</summary>
    public async Task<KnownTypes> KnownAsync(CancellationToken cancel) => new(await types.ListAsync("en", cancel));

    private static IQueryable<DefinitionRow> Filter(IQueryable<DefinitionRow> rows, HttpRequest request)
    {
        rows = rows.Choose(request.Text("versionOptions"));
        if (request.Texts("definitionIds") is { Count: > 0 } definitions)
            rows = rows.Where(row => definitions.Contains(row.DefinitionId));
        if (request.Texts("ids") is { Count: > 0 } ids)
            rows = rows.Where(row => ids.Contains(row.VersionId));
        if (request.Flag("isSystem") is { } isSystem)
            rows = rows.Where(row => row.IsSystem == isSystem);
        if (request.Flag("isReadonly") is { } isReadonly)
            rows = rows.Where(row => row.IsReadonly == isReadonly);
        if (request.Flag("usableAsActivity") is { } usable)
            rows = rows.Where(row => row.UsableAsActivity == usable);
        var term = request.Text("searchTerm")?.ToLowerInvariant();
        return term is null ? rows : rows.Where(row => row.Search.Contains(term));
    }

    private enum OrderBy
    {
        Name,
        Version,
        Created,
    }
}

/// <summary>A line of the list of definitions.</summary>
internal sealed record DefinitionSummary(string Id, string DefinitionId, string? Name, string? Description, int Version, string? ToolVersion, bool IsLatest, bool IsPublished, DateTimeOffset CreatedAt, bool IsReadonly)
{
    public static System.Linq.Expressions.Expression<Func<DefinitionRow, DefinitionSummary>> Read { get; } = row =>
        new DefinitionSummary(row.VersionId, row.DefinitionId, row.Name, row.Description, row.Version, row.ToolVersion, row.IsLatest, row.IsPublished, row.CreatedAt, row.IsReadonly);

    public IReadOnlyList<Link> Links => Definitions.Links.Of(DefinitionId, IsReadonly);
    public bool IsMaterializerAvailable { get; } = true;
    public string MaterializerName { get; } = "Json";
}
