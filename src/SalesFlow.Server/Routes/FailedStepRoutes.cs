using SalesFlow.Sales.FailedSteps;
using SalesFlow.Server.Http;
using SalesFlow.Server.Security;

namespace SalesFlow.Server.Routes;

/// <summary>Steps of processes that were given up: what they are, and trying them again.</summary>
internal static class FailedStepRoutes
{
    public static void MapFailedSteps(this IEndpointRouteBuilder api)
    {
        var effects = api.MapGroup("/effects").WithTags("Failed steps");
        effects.MapGet("/failed", async (int? limit, string? cursor, Caller caller, FailedStepQueries steps, CancellationToken cancel) =>
            Results.Ok(await steps.ListAsync(Lists.Limit(limit), cursor, caller.Actor, cancel))).RequireAuthorization(Policies.MendSteps);
        effects.MapPost("/{id}/retry", async (string id, Caller caller, FailedStepCommands steps, CancellationToken cancel) =>
        {
            await steps.RetryAsync(id, caller.Actor, cancel);
            return Results.Accepted();
        }).RequireAuthorization(Policies.MendSteps);
    }
}
