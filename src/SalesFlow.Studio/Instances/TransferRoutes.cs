using System.IO.Compression;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SalesFlow.Engine;
using SalesFlow.Runtime;
using SalesFlow.Studio.Wire;

namespace SalesFlow.Studio.Instances;

/// <summary>Instances as files: out of this server, and back into it.</summary>
internal static class TransferRoutes
{
    private const string Octets = "application/octet-stream";
    private const int MostAtOnce = 1_000;

    public static void MapTransfers(this IEndpointRouteBuilder api)
    {
        api.MapGet("/workflow-instances/{id}/export", (string id, HttpRequest request, InstanceQueries instances, CancellationToken cancel) =>
            ExportAsync([id], new ExportRequest([id], request.Flag("includeBookmarks"), request.Flag("includeActivityExecutionLog"), request.Flag("includeWorkflowExecutionLog")), instances, cancel));
        api.MapPost("/bulk-actions/export/workflow-instances", async (HttpRequest request, InstanceQueries instances, CancellationToken cancel) =>
        {
            var asked = await ElsaJson.ReadAsync<ExportRequest>(request, cancel);
            return await ExportAsync(asked.Ids ?? [], asked, instances, cancel);
        });
        api.MapPost("/bulk-actions/import/workflow-instances", ImportAsync).DisableAntiforgery();
    }

    private static async Task<IResult> ExportAsync(IReadOnlyList<string> ids, ExportRequest asked, InstanceQueries instances, CancellationToken cancel)
    {
        if (ids.Count > MostAtOnce)
            return ElsaErrors.BadRequest($"{ids.Count} instances were asked for; at most {MostAtOnce} are exported at once.");
        var files = new List<(string Name, byte[] Content)>();
        foreach (var id in ids.Distinct())
            if (await instances.FindAsync(ElsaIds.Instance(id), cancel) is { } instance)
                files.Add((ExportedInstance.FileName(instance), ExportedInstance.Write(instance, await instances.AllLinesAsync(instance, cancel), asked.IncludeBookmarks == true, asked.IncludeActivityExecutionLog == true, asked.IncludeWorkflowExecutionLog == true)));
        if (files.Count <= 1 && ids.Count == 1)
            return files.Count == 0 ? Results.NotFound() : Results.File(files[0].Content, Octets, files[0].Name);
        if (files.Count == 0)
            return Results.NoContent();
        var packed = new MemoryStream();
        using (var archive = new ZipArchive(packed, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var (name, content) in files)
            {
                await using var entry = archive.CreateEntry(name).Open();
                await entry.WriteAsync(content, cancel);
            }
        return Results.File(packed.ToArray(), Octets, "workflow-instances.zip");
    }

    /// <summary>Everything in the files, or nothing.</summary>
    private static async Task<IResult> ImportAsync(HttpRequest request, WorkflowRuntime runtime, CancellationToken cancel)
    {
        var files = new List<InstanceFile>();
        foreach (var file in await ElsaForm.FilesAsync(request, cancel))
        {
            await using var content = file.OpenReadStream();
            files.AddRange(ExportedInstance.Read(content, file.FileName));
        }
        if (files.Count == 0)
            return ElsaErrors.BadRequest("No file was sent.");
        try
        {
            var count = await runtime.ImportAsync([.. files.Select(file => new Import(file.State, file.Journal, file.DefinitionVersionId, file.CreatedAt))], cancel);
            return ElsaJson.Ok(new { imported = count, count });
        }
        catch (KeyNotFoundException unknown)
        {
            return ElsaErrors.BadRequest($"{unknown.Message} Import the definition first.");
        }
        catch (AlterationException misfit)
        {
            return ElsaErrors.BadRequest(misfit.Message);
        }
    }

    private sealed record ExportRequest(IReadOnlyList<string>? Ids, bool? IncludeBookmarks, bool? IncludeActivityExecutionLog, bool? IncludeWorkflowExecutionLog);
}
