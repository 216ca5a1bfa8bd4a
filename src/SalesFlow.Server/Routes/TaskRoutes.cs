using SalesFlow.Sales;
using SalesFlow.Sales.People;
using SalesFlow.Sales.Tasks;
using SalesFlow.Server.Http;
using SalesFlow.Server.Security;

namespace SalesFlow.Server.Routes;

/// <summary>Tasks: the inbox, one task, and what a person does with it.</summary>
internal static class TaskRoutes
{
    public static void MapTasks(this IEndpointRouteBuilder api)
    {
        var tasks = api.MapGroup("/tasks").WithTags("Tasks");
        tasks.MapGet("/", ListAsync).RequireAuthorization(Policies.SignedIn);
        tasks.MapGet("/{id}", GetAsync).RequireAuthorization(Policies.SignedIn);
        tasks.MapPost("/{id}/complete", CompleteAsync).RequireAuthorization(Policies.DoTasks);
        tasks.MapPost("/{id}/claim", ClaimAsync).RequireAuthorization(Policies.DoTasks);
        tasks.MapPost("/{id}/reassign", ReassignAsync).RequireAuthorization(Policies.LeadTeam);
    }

    /// <summary>Filters of the list of tasks.</summary>
    internal sealed record TaskListQuery(string? Status, string? Assignee, string? Deal, int? Limit, string? Cursor)
    {
        internal TaskFilter Filter => new(Lists.OneOf("status", Status, "open", "done", "all") ?? "open", Assignee ?? "any", Deal is null ? null : Ids.Deal(Deal), Lists.Limit(Limit), Cursor);
    }
    /// <summary>Body of a completion: the button pressed and what the form says.</summary>
    internal sealed record CompleteRequest(string Outcome, Dictionary<string, object?>? Fields = null, string? Comment = null);
    /// <summary>Body of a reassignment: a user's id or sign-in name.</summary>
    internal sealed record ReassignRequest(string User);

    private static async Task<IResult> ListAsync([AsParameters] TaskListQuery query, Caller caller, TaskQueries tasks, CancellationToken cancel) =>
        Results.Ok(await tasks.ListAsync(query.Filter, caller.Actor, cancel));

    private static async Task<IResult> GetAsync(string id, Caller caller, TaskQueries tasks, CancellationToken cancel) =>
        Results.Ok(await tasks.GetAsync(Ids.Task(id), caller.Actor, cancel));

    private static async Task<IResult> CompleteAsync(string id, CompleteRequest done, Caller caller, TaskCommands tasks, CancellationToken cancel) =>
        Results.Ok(await tasks.CompleteAsync(Ids.Task(id), done.Outcome, done.Fields, done.Comment, caller.Actor, cancel));

    private static async Task<IResult> ClaimAsync(string id, Caller caller, TaskCommands tasks, CancellationToken cancel) =>
        Results.Ok(await tasks.ClaimAsync(Ids.Task(id), caller.Actor, cancel));

    private static async Task<IResult> ReassignAsync(string id, ReassignRequest request, Caller caller, TaskCommands tasks, UserQueries users, CancellationToken cancel)
    {
        var to = await users.FindAsync(request.User, cancel) ?? throw new ValidationException("user", $"There is no user '{request.User}'. Give a sign-in name or an id from /api/users.");
        return Results.Ok(await tasks.ReassignAsync(Ids.Task(id), to, caller.Actor, cancel));
    }
}
