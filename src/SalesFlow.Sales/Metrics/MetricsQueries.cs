namespace SalesFlow.Sales.Metrics;

/// <summary>What the process costs: funnels and stage times, from the measured visits.</summary>
public sealed class MetricsQueries
{
    /// <summary>The funnel of visits that began in the period, grouped by channel, owner or version when asked.</summary>
    public Task<FunnelView> FunnelAsync(string pipeline, DateTimeOffset from, DateTimeOffset to, string? by, string language, CancellationToken cancel) => throw new NotSupportedException();

    /// <summary>Median and 90th percentile of the stays that began in the period.</summary>
    public Task<StageTimesView> StagesAsync(string pipeline, DateTimeOffset from, DateTimeOffset to, string language, CancellationToken cancel) => throw new NotSupportedException();
}
