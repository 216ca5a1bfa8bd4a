using SalesFlow.Sales.Metrics;
using SalesFlow.Server.Security;

namespace SalesFlow.Server.Routes;

/// <summary>What the stages of a pipeline pass on, lose and cost.</summary>
internal static class MetricsRoutes
{
    public static void MapMetrics(this IEndpointRouteBuilder api)
    {
        var metrics = api.MapGroup("/metrics").WithTags("Metrics").RequireAuthorization(Policies.ReadMetrics);
        metrics.MapGet("/funnel", FunnelAsync);
        metrics.MapGet("/stages", StagesAsync);
    }

    private static async Task<IResult> FunnelAsync(string pipeline, DateTimeOffset? from, DateTimeOffset? to, string? by, MetricsQueries metrics, CancellationToken cancel) =>
        Results.Ok(await metrics.FunnelAsync(pipeline, from, to, by, cancel));

    private static async Task<IResult> StagesAsync(string pipeline, DateTimeOffset? from, DateTimeOffset? to, MetricsQueries metrics, CancellationToken cancel) =>
        Results.Ok(await metrics.StagesAsync(pipeline, from, to, cancel));
}
