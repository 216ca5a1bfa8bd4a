using System.Globalization;
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
        metrics.MapGet("/losses", LossesAsync);
    }

    private static string Language => CultureInfo.CurrentUICulture.TwoLetterISOLanguageName;

    private static async Task<IResult> FunnelAsync(string pipeline, DateTimeOffset? from, DateTimeOffset? to, string? by, MetricsQueries metrics, TimeProvider clock, CancellationToken cancel) =>
        Results.Ok(await metrics.FunnelAsync(pipeline, from ?? DateTimeOffset.UnixEpoch, to ?? clock.GetUtcNow(), by, Language, cancel));

    private static async Task<IResult> LossesAsync(string pipeline, DateTimeOffset? from, DateTimeOffset? to, MetricsQueries metrics, TimeProvider clock, CancellationToken cancel) =>
        Results.Ok(await metrics.LossesAsync(pipeline, from ?? DateTimeOffset.UnixEpoch, to ?? clock.GetUtcNow(), Language, cancel));

    private static async Task<IResult> StagesAsync(string pipeline, DateTimeOffset? from, DateTimeOffset? to, MetricsQueries metrics, TimeProvider clock, CancellationToken cancel) =>
        Results.Ok(await metrics.StagesAsync(pipeline, from ?? DateTimeOffset.UnixEpoch, to ?? clock.GetUtcNow(), Language, cancel));
}
