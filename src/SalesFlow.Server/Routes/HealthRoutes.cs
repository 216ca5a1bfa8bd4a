using Microsoft.AspNetCore.Diagnostics.HealthChecks;

namespace SalesFlow.Server.Routes;

/// <summary>Answers to the machine that watches the server: alive at all, and able to run turns.</summary>
internal static class HealthRoutes
{
    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false }).AllowAnonymous();
        app.MapHealthChecks("/health/ready").AllowAnonymous();
    }
}
