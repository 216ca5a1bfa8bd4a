using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SalesFlow.Runtime;
using SalesFlow.Studio.Wire;

namespace SalesFlow.Studio.Definitions;

/// <summary>Definitions: lists, single ones, versions.</summary>
internal static class DefinitionRoutes
{
    public static void MapDefinitions(this IEndpointRouteBuilder api)
    {
        var definitions = api.MapGroup("/workflow-definitions");
        definitions.MapGet("", ListAsync);
        definitions.MapGet("/query/count", async (DefinitionQueries queries, CancellationToken cancel) => ElsaJson.Ok(new { count = await queries.CountAsync(cancel) }));
        definitions.MapGet("/validation/is-name-unique", IsNameUniqueAsync);
        definitions.MapGet("/many-by-id", ManyAsync);
        definitions.MapGet("/by-id/{id}", ByIdAsync);
        definitions.MapGet("/by-definition-id/{definitionId}", FindAsync);
        definitions.MapGet("/{definitionId}", FindAsync);
        definitions.MapGet("/{definitionId}/versions", VersionsAsync);
        definitions.MapGet("/{definitionId}/consumers", async (string definitionId, DefinitionStore store, CancellationToken cancel) =>
            ElsaJson.Ok(new { consumingWorkflowDefinitionIds = await store.ConsumersAsync(definitionId, cancel) }));
    }

    private static async Task<IResult> ListAsync(HttpRequest request, DefinitionQueries queries, CancellationToken cancel)
    {
        var (items, totalCount) = await queries.ListAsync(request, cancel);
        return ElsaJson.Ok(new { items, totalCount, links = Links.OfList });
    }

    private static async Task<IResult> IsNameUniqueAsync(HttpRequest request, DefinitionQueries queries, CancellationToken cancel) => request.Text("name") is { } name
        ? ElsaJson.Ok(new { isUnique = await queries.IsNameUniqueAsync(name, request.Text("definitionId"), cancel) })
        : throw new ElsaProblemException("name", "The name query parameter is required.");

    private static async Task<IResult> ManyAsync(HttpRequest request, DefinitionQueries queries, CancellationToken cancel)
    {
        var items = new List<JsonObject>();
        foreach (var row in await queries.ByIdAsync(request.Texts("ids"), cancel))
            items.Add(await queries.ViewAsync(row, cancel));
        return ElsaJson.List(items);
    }

    private static async Task<IResult> ByIdAsync(string id, DefinitionQueries queries, CancellationToken cancel) =>
        await queries.ByIdAsync([id], cancel) is [var row] ? ElsaJson.Ok(await queries.ViewAsync(row, cancel)) : Results.NotFound();

    private static async Task<IResult> FindAsync(string definitionId, HttpRequest request, DefinitionQueries queries, CancellationToken cancel) =>
        await queries.FindAsync(definitionId, request.Text("versionOptions"), cancel) is { } row ? ElsaJson.Ok(await queries.ViewAsync(row, cancel)) : Results.NotFound();

    /// <summary>Elsa answers its storage rows here: the root is text.</summary>
    private static async Task<IResult> VersionsAsync(string definitionId, DefinitionQueries queries, CancellationToken cancel)
    {
        var rows = await queries.VersionsAsync(definitionId, cancel);
        var views = new List<JsonObject>();
        foreach (var row in rows)
        {
            var view = await queries.ViewAsync(row, cancel);
            (view["materializerName"], view["stringData"]) = ("Json", view["root"]!.ToJsonString(ElsaJson.Options));
            view.Remove("root");
            view.Remove("links");
            views.Add(view);
        }
        return rows.Count == 0 ? Results.NotFound() : ElsaJson.Ok(views);
    }
}
