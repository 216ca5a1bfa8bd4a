using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SalesFlow.Runtime;
using SalesFlow.Studio.Wire;

namespace SalesFlow.Studio.Definitions;

/// <summary>Definitions: as files, in and out.</summary>
internal static class FileRoutes
{
    public static void MapDefinitionFiles(this IEndpointRouteBuilder api)
    {
        var definitions = api.MapGroup("/workflow-definitions");
        definitions.MapMethods("/import", ["POST", "PUT"], ImportAsync);
        definitions.MapPut("/{definitionId}/import", ImportAsync);
        // The API takes no antiforgery tokens: cross-site requests are refused before they come here.
        definitions.MapPost("/import-files", ImportFilesAsync).DisableAntiforgery();
        definitions.MapMethods("/{definitionId}/export", ["GET", "POST"], ExportAsync);
        api.MapPost("/bulk-actions/export/workflow-definitions", ExportManyAsync);
    }

    private static async Task<IResult> ImportAsync(string? definitionId, HttpContext http, DefinitionStore store, DefinitionQueries queries, CancellationToken cancel)
    {
        var model = await ElsaJson.ReadAsync<JsonObject>(http.Request, cancel);
        var document = DefinitionView.Received(DefinitionDocument.Parse(DefinitionDocument.Write(model))).Document;
        if (definitionId is not null)
            document["definitionId"] = definitionId;
        return ElsaJson.Ok(await queries.ViewAsync((await store.ImportAsync([document], ChangeRoutes.EditorOf(http), cancel))[0], cancel));
    }

    private static async Task<IResult> ImportFilesAsync(HttpContext http, DefinitionStore store, CancellationToken cancel)
    {
        var files = await ElsaForm.FilesAsync(http.Request, cancel);
        var documents = DefinitionArchive.Read(files.Select(file => (file.FileName, file.OpenReadStream())));
        var rows = await store.ImportAsync([.. documents.Select(document => DefinitionView.Received(document).Document)], ChangeRoutes.EditorOf(http), cancel);
        return ElsaJson.Ok(new { count = rows.Count });
    }

    private static async Task<IResult> ExportAsync(string definitionId, HttpRequest request, DefinitionStore store, DefinitionQueries queries, CancellationToken cancel)
    {
        if (await queries.FindAsync(definitionId, request.Text("versionOptions"), cancel) is not { } row)
            return Results.NotFound();
        return await FileAsync(request.Flag("includeConsumingWorkflows") == true ? await WithConsumersAsync([row], store, queries, cancel) : [row], queries, cancel);
    }

    /// <summary>Version ids, and whether those who use them come along.</summary>
    private sealed record ExportRequest(ImmutableArray<string>? Ids, bool IncludeConsumingWorkflows);

    private static async Task<IResult> ExportManyAsync(HttpRequest http, DefinitionStore store, DefinitionQueries queries, CancellationToken cancel)
    {
        var request = await ElsaJson.ReadAsync<ExportRequest>(http, cancel);
        var rows = await queries.ByIdAsync(request.Ids ?? [], cancel);
        if (rows.Count == 0)
            return Results.NotFound();
        return await ZipAsync(request.IncludeConsumingWorkflows ? await WithConsumersAsync(rows, store, queries, cancel) : rows, queries, cancel);
    }

    private static async Task<IResult> FileAsync(IReadOnlyList<DefinitionRow> rows, DefinitionQueries queries, CancellationToken cancel) => rows.Count > 1
        ? await ZipAsync(rows, queries, cancel)
        : Results.File(DefinitionArchive.Write(await queries.FileAsync(rows[0], cancel)), "application/octet-stream", DefinitionArchive.NameOf(rows[0]));

    private static async Task<IResult> ZipAsync(IReadOnlyList<DefinitionRow> rows, DefinitionQueries queries, CancellationToken cancel)
    {
        var files = new List<(string, JsonObject)>();
        foreach (var row in rows)
            files.Add((DefinitionArchive.NameOf(row), await queries.FileAsync(row, cancel)));
        return Results.File(DefinitionArchive.Pack(files), "application/zip", "workflow-definitions.zip");
    }

    private static async Task<IReadOnlyList<DefinitionRow>> WithConsumersAsync(IReadOnlyList<DefinitionRow> rows, DefinitionStore store, DefinitionQueries queries, CancellationToken cancel)
    {
        var all = rows.ToList();
        for (var i = 0; i < all.Count; i++)
            foreach (var id in await store.ConsumersAsync(all[i].DefinitionId, cancel))
                if (!all.Exists(row => row.DefinitionId == id) && await queries.FindAsync(id, null, cancel) is { } consumer)
                    all.Add(consumer);
        return all;
    }
}
