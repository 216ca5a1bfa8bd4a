using SalesFlow.Sales;
using SalesFlow.Sales.Board;
using SalesFlow.Server.Http;
using SalesFlow.Server.Security;

namespace SalesFlow.Server.Routes;

/// <summary>Open deals by stage.</summary>
internal static class BoardRoutes
{
    public static void MapBoard(this IEndpointRouteBuilder api)
    {
        var board = api.MapGroup("/board").WithTags("Board");
        board.MapGet("/", async ([AsParameters] BoardQuery query, Caller caller, BoardQueries boards, CancellationToken cancel) =>
            Results.Ok(await boards.GetAsync(query.Filter, caller.Actor, cancel))).RequireAuthorization(Policies.SignedIn);
        board.MapGet("/{stage}", async (string stage, int? skip, int? take, [AsParameters] BoardQuery query, Caller caller, BoardQueries boards, CancellationToken cancel) =>
            Results.Ok(new { items = await boards.CardsAsync(query.Filter, stage, skip ?? 0, take ?? BoardQueries.FirstCards, caller.Actor, cancel) })).RequireAuthorization(Policies.SignedIn);
    }

    /// <summary>Filters of a board; the pipeline is needed.</summary>
    internal sealed record BoardQuery
    {
        public string? Pipeline { get; init; }
        public string? Owner { get; init; }
        public string? Channel { get; init; }
        public string? Team { get; init; }
        public string? Segment { get; init; }
        public bool? Overdue { get; init; }
        public bool? Idle { get; init; }

        internal BoardFilter Filter => new(Pipeline ?? throw new ValidationException("pipeline", "Say which pipeline: its key from /api/pipelines."), Owner, Channel, Team, Segment, Overdue == true, Idle == true);
    }
}
