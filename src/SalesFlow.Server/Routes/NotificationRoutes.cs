using SalesFlow.Sales.Notifications;
using SalesFlow.Server.Http;
using SalesFlow.Server.Security;

namespace SalesFlow.Server.Routes;

/// <summary>What whoever asks was told, and how they want to be told.</summary>
internal static class NotificationRoutes
{
    public static void MapNotifications(this IEndpointRouteBuilder api)
    {
        var notifications = api.MapGroup("/notifications").WithTags("Notifications");
        notifications.MapGet("/", async (bool? onlyNew, int? limit, string? cursor, Caller caller, NotificationQueries queries, CancellationToken cancel) =>
            Results.Ok(await queries.ListAsync(onlyNew ?? false, Lists.Limit(limit), cursor, caller.Actor, cancel))).RequireAuthorization(Policies.SignedIn);
        notifications.MapGet("/new", async (Caller caller, NotificationQueries queries, CancellationToken cancel) =>
            Results.Ok(new { count = await queries.NewAsync(caller.Actor, cancel) })).RequireAuthorization(Policies.SignedIn);
        notifications.MapPost("/seen", async (Caller caller, NotificationCommands commands, CancellationToken cancel) =>
        {
            await commands.SeeAsync(null, caller.Actor, cancel);
            return Results.NoContent();
        }).RequireAuthorization(Policies.SignedIn);
        notifications.MapPost("/{id}/seen", async (string id, Caller caller, NotificationCommands commands, CancellationToken cancel) =>
        {
            await commands.SeeAsync(Ids.Notification(id), caller.Actor, cancel);
            return Results.NoContent();
        }).RequireAuthorization(Policies.SignedIn);
        notifications.MapGet("/settings", async (Caller caller, NotificationQueries queries, CancellationToken cancel) =>
            Results.Ok(await queries.SettingsAsync(caller.Actor, cancel))).RequireAuthorization(Policies.SignedIn);
        notifications.MapPut("/settings", async (NotificationSettings body, Caller caller, NotificationCommands commands, CancellationToken cancel) =>
            Results.Ok(await commands.SetAsync(body, caller.Actor, cancel))).RequireAuthorization(Policies.SignedIn);
    }
}
