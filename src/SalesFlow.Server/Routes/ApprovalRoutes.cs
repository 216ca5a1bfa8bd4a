using SalesFlow.Sales.Approvals;
using SalesFlow.Server.Http;
using SalesFlow.Server.Security;

namespace SalesFlow.Server.Routes;

/// <summary>What approvers are asked, and the approval matrix.</summary>
internal static class ApprovalRoutes
{
    public static void MapApprovals(this IEndpointRouteBuilder api)
    {
        var matrix = api.MapGroup("/approval-matrix").WithTags("Approvals");
        matrix.MapGet("/", MatrixAsync).RequireAuthorization(Policies.ReadMatrix);
        api.MapGet("/deals/{id}/approvals", OfDealAsync).WithTags("Approvals").RequireAuthorization(Policies.SignedIn);
        var approvals = api.MapGroup("/approvals").WithTags("Approvals");
        approvals.MapGet("/", async (Caller caller, ApprovalDeskQueries desks, CancellationToken cancel) => Results.Ok(await desks.InboxAsync(caller.Actor, cancel))).RequireAuthorization(Policies.DoTasks);
        approvals.MapGet("/{id}", async (string id, Caller caller, ApprovalDeskQueries desks, CancellationToken cancel) => Results.Ok(await desks.GetAsync(Ids.Task(id), caller.Actor, cancel))).RequireAuthorization(Policies.DoTasks);
        matrix.MapPut("/", SaveMatrixAsync).RequireAuthorization(Policies.ConfigureProcess);
    }

    private static async Task<IResult> OfDealAsync(string id, Caller caller, ApprovalQueries approvals, CancellationToken cancel) =>
        Results.Ok(new { items = await approvals.OfDealAsync(Ids.Deal(id), caller.Actor, cancel), nextCursor = (string?)null });

    private static async Task<IResult> MatrixAsync(int? version, Caller caller, ApprovalMatrixQueries matrices, HttpContext http, CancellationToken cancel) =>
        Answer(http, await matrices.GetAsync(ApprovalMatrixQueries.Terms, version, caller.Actor.Language, cancel));

    private static async Task<IResult> SaveMatrixAsync(ApprovalMatrix body, IfMatch expected, Caller caller, ApprovalMatrixCommands matrices, HttpContext http, CancellationToken cancel) =>
        Answer(http, await matrices.SaveAsync(ApprovalMatrixQueries.Terms, body, expected.Version, caller.Actor, cancel));

    private static IResult Answer(HttpContext http, MatrixView view)
    {
        http.Response.Headers.ETag = ETag.Of(view.Version);
        return Results.Ok(view);
    }
}
