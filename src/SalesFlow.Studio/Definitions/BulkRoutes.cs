using System.Collections.Immutable;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SalesFlow.Runtime;
using SalesFlow.Studio.Wire;

namespace SalesFlow.Studio.Definitions;

/// <summary>Definitions: what is done to many at once. Each is done by itself; one that fails does not stop the others.</summary>
internal static class BulkRoutes
{
    public static void MapBulkActions(this IEndpointRouteBuilder api)
    {
        var bulk = api.MapGroup("/bulk-actions");
        bulk.MapPost("/delete/workflow-definitions/by-definition-id", async (HttpRequest request, DefinitionStore store, CancellationToken cancel) =>
            ElsaJson.Ok(new { deleted = await store.DeleteAsync((await ReadAsync(request, cancel)).DefinitionIds, cancel) }));
        bulk.MapPost("/delete/workflow-definitions/by-id", async (HttpRequest request, DefinitionStore store, CancellationToken cancel) =>
            ElsaJson.Ok(new { deleted = await store.DeleteVersionsAsync((await ReadAsync(request, cancel)).Ids, cancel) }));
        bulk.MapPost("/publish/workflow-definitions/by-definition-ids", PublishAsync);
        bulk.MapPost("/retract/workflow-definitions/by-definition-ids", RetractAsync);
        var actions = api.MapGroup("/actions/workflow-definitions");
        actions.MapPost("/refresh", RefreshAsync);
        // Nothing is kept that could be out of date: what a file or another server changes is seen by itself.
        actions.MapPost("/reload", () => Results.Ok());
    }

    /// <summary>Ids of definitions or of versions.</summary>
    private sealed record ManyRequest(ImmutableArray<string>? Ids, ImmutableArray<string>? DefinitionIds);

    private static async Task<(ImmutableArray<string> Ids, ImmutableArray<string> DefinitionIds)> ReadAsync(HttpRequest request, CancellationToken cancel)
    {
        var body = await ElsaJson.ReadAsync<ManyRequest>(request, cancel);
        return (body.Ids ?? [], body.DefinitionIds ?? []);
    }

    private static async Task<IResult> PublishAsync(HttpContext http, DefinitionStore store, CancellationToken cancel)
    {
        var (published, already, notFound, failed, consumers) = (new List<string>(), new List<string>(), new List<string>(), new List<string>(), new List<string>());
        var warnings = new Dictionary<string, IEnumerable<string>>();
        foreach (var id in (await ReadAsync(http.Request, cancel)).DefinitionIds)
            try
            {
                var publication = await store.PublishLatestAsync(id, ChangeRoutes.EditorOf(http), cancel);
                (publication switch { null => notFound, { WasPublished: true } => already, _ => published }).Add(id);
                consumers.AddRange(publication?.Consumers ?? []);
                if (publication?.Warnings is { IsEmpty: false } found)
                    warnings[id] = found;
            }
            catch (Exception refused) when (refused is BrokenDefinitionException or RefusedException)
            {
                failed.Add(id);
                warnings[id] = refused is BrokenDefinitionException broken ? broken.Words : [refused.Message];
            }
        return ElsaJson.Ok(new { published, alreadyPublished = already, notFound, skipped = Array.Empty<string>(), updatedConsumers = consumers, failed, warnings });
    }

    private static async Task<IResult> RetractAsync(HttpContext http, DefinitionStore store, DefinitionQueries queries, CancellationToken cancel)
    {
        var (retracted, already, skipped, notFound) = (new List<string>(), new List<string>(), new List<string>(), new List<string>());
        foreach (var id in (await ReadAsync(http.Request, cancel)).DefinitionIds)
            if (await queries.FindAsync(id, null, cancel) is not { } latest)
                notFound.Add(id);
            else if (latest.IsReadonly)
                skipped.Add(id);
            else
                (await store.RetractAnyAsync(id, ChangeRoutes.EditorOf(http), cancel) ? retracted : already).Add(id);
        return ElsaJson.Ok(new { retracted, alreadyRetracted = already, skipped, notPublished = Array.Empty<string>(), notFound });
    }

    private static async Task<IResult> RefreshAsync(HttpRequest request, DefinitionStore store, DefinitionQueries queries, CancellationToken cancel)
    {
        var asked = (await ElsaJson.ReadAsync(request, new ManyRequest(null, null), cancel)).DefinitionIds;
        var known = (await store.AllPublishedAsync(cancel)).Select(definition => definition.DefinitionId).ToList();
        return ElsaJson.Ok(new { refreshed = asked is null ? known : known.Intersect(asked), notFound = asked?.Except(known) ?? [] });
    }
}
