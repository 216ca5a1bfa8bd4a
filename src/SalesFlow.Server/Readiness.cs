using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace SalesFlow.Server;

/// <summary>Ready once the database is migrated, the shipped processes are in it and turns can run.</summary>
internal sealed class Readiness : IHealthCheck
{
    private volatile bool prepared;

    /// <summary>Said once by the start of the server, when everything before the first request is done.</summary>
    public void Prepared() => prepared = true;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(prepared ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("The server is still preparing its database."));
}
