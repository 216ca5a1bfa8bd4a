using SalesFlow.Sales;
using SalesFlow.Sales.Mentions;
using SalesFlow.Server.Http;
using SalesFlow.Server.Security;

namespace SalesFlow.Server.Routes;

/// <summary>Notes that name whoever asks.</summary>
internal static class MentionRoutes
{
    public static void MapMentions(this IEndpointRouteBuilder api)
    {
        var mentions = api.MapGroup("/mentions").WithTags("Mentions");
        mentions.MapGet("/", async (Caller caller, MentionQueries queries, CancellationToken cancel) =>
            Results.Ok(new { items = await queries.NewAsync(caller.Actor, cancel), nextCursor = (string?)null })).RequireAuthorization(Policies.SignedIn);
        mentions.MapPost("/{id}/put-away", async (string id, Caller caller, MentionCommands commands, CancellationToken cancel) =>
        {
            await commands.PutAwayAsync(Ids.Mention(id), caller.Actor, cancel);
            return Results.NoContent();
        }).RequireAuthorization(Policies.SignedIn);
    }
}
