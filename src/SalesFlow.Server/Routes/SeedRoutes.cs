using SalesFlow.Sales.Seeds;
using SalesFlow.Server.Http;
using SalesFlow.Server.Security;

namespace SalesFlow.Server.Routes;

/// <summary>Shipped files that are newer than what the database holds: which, what they would change, and take them.</summary>
internal static class SeedRoutes
{
    public static void MapSeeds(this IEndpointRouteBuilder api)
    {
        var seeds = api.MapGroup("/seeds").WithTags("Seeds");
        seeds.MapGet("/", ListAsync).RequireAuthorization(Policies.ConfigureProcess);
        seeds.MapPost("/take", TakeAsync).RequireAuthorization(Policies.ConfigureProcess);
    }

    /// <summary>Files to take, all or none; <paramref name="OverEdits"/> lets them take the place of what was edited here.</summary>
    internal sealed record TakeRequest(string[] Files, bool OverEdits = false);

    private static async Task<IResult> ListAsync(Caller caller, SeedCommands seeds, CancellationToken cancel) =>
        Results.Ok(new { items = await seeds.ListAsync(caller.Actor, cancel), nextCursor = (string?)null });

    private static async Task<IResult> TakeAsync(TakeRequest body, bool? dryRun, Caller caller, SeedCommands seeds, CancellationToken cancel) =>
        Results.Ok(await seeds.TakeAsync(body.Files, body.OverEdits, dryRun == true, caller.Actor, cancel));
}
