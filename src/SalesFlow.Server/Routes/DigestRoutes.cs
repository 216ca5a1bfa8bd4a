using SalesFlow.Sales.Digests;
using SalesFlow.Server.Http;
using SalesFlow.Server.Security;

namespace SalesFlow.Server.Routes;

/// <summary>What a head of sales should look at this morning.</summary>
internal static class DigestRoutes
{
    public static void MapDigest(this IEndpointRouteBuilder api) =>
        api.MapGet("/digest", async (Caller caller, DigestQueries digests, CancellationToken cancel) => Results.Ok(await digests.NowAsync(caller.Actor, cancel))).RequireAuthorization(Policies.LeadTeam).WithTags("Digest");
}
