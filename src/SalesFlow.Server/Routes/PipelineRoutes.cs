using System.Globalization;
using SalesFlow.Sales.Pipelines;
using SalesFlow.Server.Security;

namespace SalesFlow.Server.Routes;

/// <summary>Pipelines as their published definitions say.</summary>
internal static class PipelineRoutes
{
    public static void MapPipelines(this IEndpointRouteBuilder api)
    {
        var pipelines = api.MapGroup("/pipelines").WithTags("Pipelines");
        pipelines.MapGet("/", ListAsync).RequireAuthorization(Policies.SignedIn);
        pipelines.MapGet("/{key}", GetAsync).RequireAuthorization(Policies.SignedIn);
    }

    private static string Language => CultureInfo.CurrentUICulture.TwoLetterISOLanguageName;

    private static async Task<IResult> ListAsync(PipelineQueries pipelines, CancellationToken cancel) =>
        Results.Ok(new { items = await pipelines.ListAsync(Language, cancel), nextCursor = (string?)null });

    private static async Task<IResult> GetAsync(string key, PipelineQueries pipelines, HttpContext http, CancellationToken cancel)
    {
        var pipeline = await pipelines.GetAsync(key, Language, cancel);
        http.Response.Headers.ETag = Http.ETag.Of(pipeline.Version);
        return Results.Ok(pipeline);
    }
}
