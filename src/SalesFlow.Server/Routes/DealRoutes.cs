using Microsoft.AspNetCore.Mvc;
using SalesFlow.Sales.Deals;
using SalesFlow.Server.Http;
using SalesFlow.Server.Security;

namespace SalesFlow.Server.Routes;

/// <summary>Deals: create, read, change, move, close, and what is known about their way.</summary>
internal static class DealRoutes
{
    public static void MapDeals(this IEndpointRouteBuilder api)
    {
        var deals = api.MapGroup("/deals").WithTags("Deals");
        deals.MapGet("/", ListAsync).RequireAuthorization(Policies.SignedIn);
        deals.MapPost("/", CreateAsync).RequireAuthorization(Policies.SellDeals);
        deals.MapGet("/{id}", GetAsync).RequireAuthorization(Policies.SignedIn);
        deals.MapPatch("/{id}", ChangeAsync).RequireAuthorization(Policies.SellDeals);
        deals.MapGet("/{id}/fields", async (string id, Caller caller, DealQueries queries, CancellationToken cancel) =>
            Results.Ok(new { items = await queries.FieldsAsync(Ids.Deal(id), caller.Actor, cancel) })).RequireAuthorization(Policies.SignedIn);
        deals.MapGet("/{id}/moves", MovesAsync).RequireAuthorization(Policies.SignedIn);
        deals.MapPost("/{id}/move", MoveAsync).RequireAuthorization(Policies.SellDeals);
        deals.MapPost("/{id}/close", CloseAsync).RequireAuthorization(Policies.SellDeals);
        deals.MapPost("/{id}/comments", CommentAsync).RequireAuthorization(Policies.DoTasks);
        deals.MapGet("/{id}/visits", VisitsAsync).RequireAuthorization(Policies.SignedIn);
        deals.MapGet("/{id}/timeline", TimelineAsync).RequireAuthorization(Policies.SignedIn);
    }

    /// <summary>Filters of the list of deals.</summary>
    internal sealed record DealListQuery
    {
        public string? Pipeline { get; init; }
        public string? Stage { get; init; }
        public string? State { get; init; }
        public string? Owner { get; init; }
        public string? Q { get; init; }
        public int? Limit { get; init; }
        public string? Cursor { get; init; }
        public bool? WithoutNextAction { get; init; }
        public string? Attention { get; init; }

        internal DealFilter Filter => new(Pipeline, Stage, Lists.OneOf("state", State, "open", "won", "lost"), Owner, Q, Lists.Limit(Limit), Cursor) 
        {
            WithoutNextAction = WithoutNextAction == true,
            Attention = Lists.OneOf("attention", Attention, "quiet", "overdue", "broken", "unattended") is { } why ? Enum.Parse<Attention>(why, ignoreCase: true) : null,
        };
    }
    /// <summary>Body of a close: won or lost.</summary>
    internal sealed record CloseRequest(CloseResult Result, string? Reason = null);
    /// <summary>Body of a note on the timeline.</summary>
    internal sealed record CommentRequest(string Text);
    /// <summary>How a deal ends.</summary>
    internal enum CloseResult { Won, Lost }

    private static async Task<IResult> ListAsync([AsParameters] DealListQuery query, Caller caller, DealQueries deals, CancellationToken cancel) =>
        Results.Ok(await deals.ListAsync(query.Filter, caller.Actor, cancel));

    private static async Task<IResult> CreateAsync(NewDeal deal, Caller caller, DealCommands deals, HttpContext http, CancellationToken cancel)
    {
        var created = await deals.CreateAsync(deal, caller.Actor, cancel);
        http.Response.Headers.ETag = ETag.Of(created.Version);
        return Results.Created($"/api/deals/{created.Id}", created);
    }

    private static async Task<IResult> GetAsync(string id, Caller caller, DealQueries deals, HttpContext http, CancellationToken cancel)
    {
        var deal = await deals.GetAsync(Ids.Deal(id), caller.Actor, cancel);
        http.Response.Headers.ETag = ETag.Of(deal.Version);
        return Results.Ok(deal);
    }

    private static async Task<IResult> ChangeAsync(string id, [FromBody] DealPatch patch, IfMatch expected, Caller caller, DealCommands deals, HttpContext http, CancellationToken cancel)
    {
        var deal = await deals.ChangeAsync(Ids.Deal(id), patch, expected.Version, caller.Actor, cancel);
        http.Response.Headers.ETag = ETag.Of(deal.Version);
        return Results.Ok(deal);
    }

    private static async Task<IResult> MovesAsync(string id, Caller caller, DealQueries deals, CancellationToken cancel) =>
        Results.Ok(new { items = await deals.MovesAsync(Ids.Deal(id), caller.Actor, cancel) });

    private static async Task<IResult> MoveAsync(string id, DealMove move, Caller caller, DealCommands deals, CancellationToken cancel) =>
        Results.Ok(await deals.MoveAsync(Ids.Deal(id), move, caller.Actor, cancel));

    private static async Task<IResult> CloseAsync(string id, CloseRequest close, Caller caller, DealCommands deals, CancellationToken cancel) =>
        Results.Ok(await deals.CloseAsync(Ids.Deal(id), close.Result == CloseResult.Won, close.Reason, caller.Actor, cancel));

    private static async Task<IResult> CommentAsync(string id, CommentRequest comment, Caller caller, DealCommands deals, CancellationToken cancel)
    {
        await deals.CommentAsync(Ids.Deal(id), comment.Text, caller.Actor, cancel);
        return Results.NoContent();
    }

    private static async Task<IResult> VisitsAsync(string id, Caller caller, DealQueries deals, CancellationToken cancel) =>
        Results.Ok(await deals.VisitsAsync(Ids.Deal(id), caller.Actor, cancel));

    private static async Task<IResult> TimelineAsync(string id, int? limit, string? cursor, Caller caller, DealQueries deals, CancellationToken cancel) =>
        Results.Ok(await deals.TimelineAsync(Ids.Deal(id), Lists.Limit(limit), cursor, caller.Actor, cancel));
}
