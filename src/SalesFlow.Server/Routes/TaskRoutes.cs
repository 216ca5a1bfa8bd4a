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
    internal sealed record TaskListQuery(string? Status, string? Assignee, string? Deal, int? Limit, string? Cursor);
    /// <summary>Body of a completion: the button pressed and what the form says.</summary>
    internal sealed record CompleteRequest(string Outcome, Dictionary<string, object?>? Fields = null, string? Comment = null);
    /// <summary>Body of a reassignment: a user's id or sign-in name.</summary>
    internal sealed record ReassignRequest(string User);

    private static async Task<IResult> ListAsync([AsParameters] TaskListQuery query, Caller caller, TaskQueries tasks, CancellationToken cancel) =>
        Results.Ok(await tasks.ListAsync(Read(query), caller.Actor, cancel));

    private static async Task<IResult> GetAsync(string id, Caller caller, TaskQueries tasks, CancellationToken cancel) =>
        Results.Ok(await tasks.GetAsync(Ids.Task(id), caller.Actor, cancel));

    private static async Task<IResult> CompleteAsync(string id, CompleteRequest done, Caller caller, TaskCommands tasks, CancellationToken cancel) =>
        Results.Ok(await tasks.CompleteAsync(Ids.Task(id), done.Outcome, done.Fields, done.Comment, caller.Actor, cancel));

    private static async Task<IResult> ClaimAsync(string id, Caller caller, TaskCommands tasks, CancellationToken cancel) =>
        Results.Ok(await tasks.ClaimAsync(Ids.Task(id), caller.Actor, cancel));

    private static async Task<IResult> ReassignAsync(string id, ReassignRequest request, Caller caller, TaskCommands tasks, People people, CancellationToken cancel) =>
        Results.Ok(await tasks.ReassignAsync(Ids.Task(id), await people.FindAsync(request.User, "user", cancel), caller.Actor, cancel));
}
