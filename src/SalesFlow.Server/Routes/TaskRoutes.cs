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
        tasks.MapPost("/{id}/reassign", ReassignAsync).RequireAuthorization(Policies.DoTasks);
        tasks.MapPost("/{id}/return", ReturnAsync).RequireAuthorization(Policies.DoTasks);
        tasks.MapPost("/{id}/snooze", SnoozeAsync).RequireAuthorization(Policies.DoTasks);
        tasks.MapPost("/{id}/wait", WaitAsync).RequireAuthorization(Policies.DoTasks);
        tasks.MapPost("/{id}/go-on", GoOnAsync).RequireAuthorization(Policies.DoTasks);
        tasks.MapPost("/bulk", BulkAsync).RequireAuthorization(Policies.DoTasks);
    }

    /// <summary>Filters of the list of tasks.</summary>
    internal sealed record TaskListQuery
    {
        public string? Status { get; init; }
        public string? Assignee { get; init; }
        public string? Deal { get; init; }
        public int? Limit { get; init; }
        public string? Cursor { get; init; }

        internal TaskFilter Filter => new(Lists.OneOf("status", Status, "open", "done", "all") ?? "open", Assignee ?? "any", Deal is null ? null : Ids.Deal(Deal), Lists.Limit(Limit), Cursor);
    }
    /// <summary>Body of a completion: the button pressed and what the form says.</summary>
    internal sealed record CompleteRequest(string Outcome, Dictionary<string, object?>? Fields = null, string? Comment = null);
    /// <summary>Body of a reassignment: a user's id or sign-in name.</summary>
    internal sealed record ReassignRequest(string User);

    /// <summary>Body of a return: why.</summary>
    internal sealed record ReturnRequest(string Reason);
    /// <summary>Body of a snooze: until when; null brings the task back.</summary>
    internal sealed record SnoozeRequest(DateTimeOffset? Until);
    /// <summary>Body of a wait: what the client is to do.</summary>
    internal sealed record WaitRequest(string? For = null);

    private static async Task<IResult> ReturnAsync(string id, ReturnRequest request, Caller caller, TaskCommands tasks, CancellationToken cancel) =>
        Results.Ok(await tasks.ReturnAsync(Ids.Task(id), request.Reason, caller.Actor, cancel));

    private static async Task<IResult> SnoozeAsync(string id, SnoozeRequest request, Caller caller, TaskCommands tasks, CancellationToken cancel) =>
        Results.Ok(await tasks.SnoozeAsync(Ids.Task(id), request.Until, caller.Actor, cancel));

    private static async Task<IResult> WaitAsync(string id, WaitRequest request, Caller caller, TaskCommands tasks, CancellationToken cancel) =>
        Results.Ok(await tasks.WaitAsync(Ids.Task(id), request.For, caller.Actor, cancel));

    private static async Task<IResult> GoOnAsync(string id, Caller caller, TaskCommands tasks, CancellationToken cancel) =>
        Results.Ok(await tasks.GoOnAsync(Ids.Task(id), caller.Actor, cancel));

    private static async Task<IResult> BulkAsync(BulkRequest request, Caller caller, BulkTaskCommands tasks, CancellationToken cancel) =>
        Results.Ok(new { items = await tasks.RunAsync(request, caller.Actor, cancel) });

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
