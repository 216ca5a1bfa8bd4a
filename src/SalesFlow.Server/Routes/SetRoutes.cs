using Microsoft.AspNetCore.Mvc;
using SalesFlow.Sales.Sets;
using SalesFlow.Server.Http;
using SalesFlow.Server.Security;

namespace SalesFlow.Server.Routes;

/// <summary>Whole processes as one ZIP, out and in.</summary>
internal static class SetRoutes
{
    public static void MapSets(this IEndpointRouteBuilder api)
    {
        var sets = api.MapGroup("/sets").WithTags("Sets");
        sets.MapGet("/", ExportAsync).RequireAuthorization(Policies.MoveSets).Produces(StatusCodes.Status200OK, contentType: "application/zip");
        sets.MapPost("/", ImportAsync).RequireAuthorization(Policies.MoveSets);
    }

    private static async Task<IResult> ExportAsync([FromQuery] string[]? pipeline, Caller caller, SetQueries sets, CancellationToken cancel)
    {
        var set = await sets.GatherAsync(pipeline ?? [], caller.Actor, cancel);
        return Results.File(SetArchive.Pack(set), "application/zip", set.Pipelines.Count == 1 ? $"{set.Pipelines[0]}.zip" : "pipelines.zip");
    }

    private static async Task<IResult> ImportAsync(HttpRequest request, bool? dryRun, Caller caller, SetCommands sets, CancellationToken cancel)
    {
        // A ZIP's list of contents is at its end: the whole of it must be here; the server limits how large a body may be.
        using var zip = new MemoryStream();
        await request.Body.CopyToAsync(zip, cancel);
        zip.Position = 0;
        return Results.Ok(await sets.ImportAsync(zip, dryRun == true, caller.Actor, cancel));
    }
}
