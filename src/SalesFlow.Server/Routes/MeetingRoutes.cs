using SalesFlow.Sales.Meetings;
using SalesFlow.Server.Http;
using SalesFlow.Server.Security;

namespace SalesFlow.Server.Routes;

/// <summary>Meetings: those of a deal, their free times, and what is done with them.</summary>
internal static class MeetingRoutes
{
    public static void MapMeetings(this IEndpointRouteBuilder api)
    {
        api.MapGet("/deals/{id}/meetings", OfDealAsync).WithTags("Meetings").RequireAuthorization(Policies.SignedIn);
        var meetings = api.MapGroup("/meetings").WithTags("Meetings");
        meetings.MapGet("/{id}", GetAsync).RequireAuthorization(Policies.SignedIn);
        meetings.MapGet("/{id}/slots", SlotsAsync).RequireAuthorization(Policies.SignedIn);
        meetings.MapPost("/{id}/book", BookAsync).RequireAuthorization(Policies.SellDeals);
        meetings.MapPost("/{id}/cancel", CancelAsync).RequireAuthorization(Policies.SellDeals);
        meetings.MapPost("/{id}/invite", InviteAsync).RequireAuthorization(Policies.SellDeals);
        meetings.MapPost("/{id}/result", ResultAsync).RequireAuthorization(Policies.SellDeals);
        var feed = api.MapGroup("/me/calendar-feed").WithTags("Meetings").RequireAuthorization(Policies.SignedIn);
        feed.MapGet("/", async (Caller caller, CalendarFeedCommands feeds, CancellationToken cancel) => Results.Ok(new { madeAt = await feeds.MadeAtAsync(caller.Actor, cancel) }));
        feed.MapPost("/", async (Caller caller, CalendarFeedCommands feeds, CancellationToken cancel) => Results.Ok(new { path = await feeds.MakeAsync(caller.Actor, cancel) }));
        feed.MapDelete("/", async (Caller caller, CalendarFeedCommands feeds, CancellationToken cancel) =>
        {
            await feeds.RevokeAsync(caller.Actor, cancel);
            return Results.NoContent();
        });
    }

    /// <summary>Body of a booking, the first or another one: when it begins, and where.</summary>
    internal sealed record BookRequest(DateTimeOffset Start, string? Place = null);
    /// <summary>Body of a cancellation: why.</summary>
    internal sealed record CancelRequest(string? Reason = null);
    /// <summary>Body of an invitation: the client's language, ru or en.</summary>
    internal sealed record InviteRequest(string? Language = null);
    /// <summary>Body of a result: Held, NoShow, Declined or NoAnswer, what was said, and what the form asks.</summary>
    internal sealed record ResultRequest(string Result, string? Notes = null, Dictionary<string, object?>? Fields = null);

    private static async Task<IResult> OfDealAsync(string id, Caller caller, MeetingQueries meetings, CancellationToken cancel) =>
        Results.Ok(new { items = await meetings.OfDealAsync(Ids.Deal(id), caller.Actor, cancel) });

    private static async Task<IResult> GetAsync(string id, Caller caller, MeetingQueries meetings, CancellationToken cancel) =>
        Results.Ok(await meetings.GetAsync(Ids.Meeting(id), caller.Actor, cancel));

    private static async Task<IResult> SlotsAsync(string id, Caller caller, MeetingQueries meetings, CancellationToken cancel) =>
        Results.Ok(new { items = await meetings.SlotsAsync(Ids.Meeting(id), caller.Actor, cancel) });

    private static async Task<IResult> BookAsync(string id, BookRequest request, Caller caller, MeetingCommands meetings, CancellationToken cancel) =>
        Results.Ok(await meetings.BookAsync(Ids.Meeting(id), new Booking(request.Start, request.Place), caller.Actor, cancel));

    private static async Task<IResult> CancelAsync(string id, CancelRequest request, Caller caller, MeetingCommands meetings, CancellationToken cancel) =>
        Results.Ok(await meetings.CancelAsync(Ids.Meeting(id), request.Reason, caller.Actor, cancel));

    private static async Task<IResult> InviteAsync(string id, InviteRequest request, Caller caller, MeetingCommands meetings, CancellationToken cancel) =>
        Results.Ok(await meetings.InviteAsync(Ids.Meeting(id), request.Language, caller.Actor, cancel));

    private static async Task<IResult> ResultAsync(string id, ResultRequest request, Caller caller, MeetingCommands meetings, CancellationToken cancel) =>
        Results.Ok(await meetings.ResultAsync(Ids.Meeting(id), request.Result, request.Notes, request.Fields, caller.Actor, cancel));
}
