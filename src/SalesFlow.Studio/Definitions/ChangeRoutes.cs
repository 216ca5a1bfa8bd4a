using System.Collections.Immutable;
using System.Security.Claims;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SalesFlow.Runtime;
using SalesFlow.Studio.Wire;

namespace SalesFlow.Studio.Definitions;

/// <summary>Definitions: save, publish, retract, revert, delete.</summary>
internal static class ChangeRoutes
{
    public static void MapDefinitionChanges(this IEndpointRouteBuilder api)
    {
        var definitions = api.MapGroup("/workflow-definitions");
        definitions.MapPost("", SaveAsync);
        definitions.MapPost("/{definitionId}/publish", PublishAsync);
        definitions.MapPost("/{definitionId}/retract", RetractAsync);
        definitions.MapPost("/{definitionId}/revert/{version:int}", RevertAsync);
        definitions.MapPost("/{definitionId}/update-references", UpdateReferencesAsync);
        definitions.MapDelete("/{definitionId}", DeleteAsync);
        definitions.MapDelete("/{definitionId}/version/{version:int}", DeleteVersionAsync);
        api.MapDelete("/workflow-definition-versions/{id}", async (string id, DefinitionStore store, CancellationToken cancel) =>
            await store.DeleteVersionsAsync([id], cancel) > 0 ? Results.NoContent() : Results.NotFound());
    }

    /// <summary>The person behind a request, as versions remember who saved them.</summary>
    public static Editor EditorOf(HttpContext http) => new(http.User.FindFirstValue(ClaimTypes.NameIdentifier) ?? "", http.User.FindFirstValue(ClaimTypes.GivenName) ?? http.User.Identity?.Name ?? "");

    /// <summary>Body of a save.</summary>
    private sealed record SaveRequest(JsonObject? Model, bool? Publish);

    private static async Task<IResult> SaveAsync(HttpContext http, DefinitionStore store, DefinitionQueries queries, CancellationToken cancel)
    {
        var request = await ElsaJson.ReadAsync<SaveRequest>(http.Request, cancel);
        var model = request.Model ?? throw new ElsaProblemException("model", "The model is missing; a workflow definition was expected.");
        var (document, seen) = DefinitionView.Received(DefinitionDocument.Parse(DefinitionDocument.Write(model)));
        var row = await store.SaveDraftAsync(document, EditorOf(http), seen, cancel);
        // The draft is kept even when it cannot be published.
        return request.Publish == true && await store.PublishLatestAsync(row.DefinitionId, EditorOf(http), cancel) is { } publication
            ? await SavedAsync(publication, queries, cancel)
            : await SavedAsync(new Publication(row, false, [], []), queries, cancel);
    }

    private static async Task<IResult> SavedAsync(Publication publication, DefinitionQueries queries, CancellationToken cancel) => ElsaJson.Ok(new
    {
        workflowDefinition = await queries.ViewAsync(publication.Definition, cancel), alreadyPublished = publication.WasPublished, consumingWorkflowCount = publication.Consumers.Length,
        validationErrors = publication.Warnings.Select(warning => new { message = warning }),
    });

    private static async Task<IResult> PublishAsync(string definitionId, HttpContext http, DefinitionStore store, DefinitionQueries queries, CancellationToken cancel) =>
        await store.PublishLatestAsync(definitionId, EditorOf(http), cancel) is { } publication ? await SavedAsync(publication, queries, cancel) : Results.NotFound();

    private static async Task<IResult> RetractAsync(string definitionId, HttpContext http, DefinitionStore store, DefinitionQueries queries, CancellationToken cancel) =>
        await store.RetractAsync(definitionId, EditorOf(http), cancel) is { } row ? ElsaJson.Ok(await queries.ViewAsync(row, cancel)) : Results.NotFound();

    private static async Task<IResult> RevertAsync(string definitionId, int version, HttpContext http, DefinitionStore store, CancellationToken cancel)
    {
        if (await store.RevertAsync(definitionId, version, EditorOf(http), cancel) is not { } row)
            return Results.NotFound();
        http.Response.Headers.Location = $"{StudioApi.Path}/workflow-definitions/by-id/{row.VersionId}";
        var summary = DefinitionSummary.Read.Compile()(row);
        return Results.Json(summary, ElsaJson.Options, statusCode: StatusCodes.Status201Created);
    }

    /// <summary>Which consumers shall follow; all of them when none is named.</summary>
    private sealed record ReferencesRequest(ImmutableArray<string>? ConsumingWorkflowIds);

    private static async Task<IResult> UpdateReferencesAsync(string definitionId, HttpContext http, DefinitionStore store, CancellationToken cancel)
    {
        var request = await ElsaJson.ReadAsync(http.Request, new ReferencesRequest(null), cancel);
        return ElsaJson.Ok(new { affectedWorkflows = await store.UpdateReferencesAsync(definitionId, request.ConsumingWorkflowIds, EditorOf(http), cancel) });
    }

    private static async Task<IResult> DeleteAsync(string definitionId, DefinitionStore store, CancellationToken cancel) =>
        await store.DeleteAsync([definitionId], cancel) > 0 ? Results.NoContent() : Results.NotFound();

    private static async Task<IResult> DeleteVersionAsync(string definitionId, int version, DefinitionStore store, DefinitionQueries queries, CancellationToken cancel) =>
        (await queries.VersionsAsync(definitionId, cancel)).FirstOrDefault(row => row.Version == version) is { } row && await store.DeleteVersionsAsync([row.VersionId], cancel) > 0 ? Results.Ok() : Results.NotFound();
}
