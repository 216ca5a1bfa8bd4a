using SalesFlow.Engine;
using SalesFlow.Runtime;
using SalesFlow.Sales.People;

namespace SalesFlow.Sales.Tasks;

/// <summary>One action on many tasks: each succeeds or fails by itself, and each answers for itself.</summary>
public sealed class BulkTaskCommands(TaskCommands tasks, TaskQueries queries, UserQueries users)
{
    private const int Most = 200;

    /// <summary>Does it, task by task in the order given.</summary>
    public async Task<IReadOnlyList<BulkRow>> RunAsync(BulkRequest request, Actor actor, CancellationToken cancel)
    {
        if (request.Tasks.IsDefaultOrEmpty || request.Tasks.Length > Most)
            throw new ValidationException("tasks", $"Name 1 to {Most} tasks.");
        if (request.Action is not ("claim" or "return" or "reassign" or "snooze" or "wait" or "goOn"))
            throw new ValidationException("action", $"'{request.Action}' is unknown; expected claim, return, reassign, snooze, wait or goOn.");
        UserId? to = request.Action != "reassign" ? null : await users.FindAsync(request.User ?? "", cancel)
            ?? throw new ValidationException("user", $"There is no user '{request.User}'. Give a sign-in name or an id from /api/users.");
        var rows = new List<BulkRow>();
        foreach (var task in request.Tasks.Distinct())
            rows.Add(await OneAsync(request, task, to, actor, cancel));
        return rows;
    }

    private async Task<BulkRow> OneAsync(BulkRequest request, string task, UserId? to, Actor actor, CancellationToken cancel)
    {
        TaskView? before = null;
        try
        {
            var id = TaskId.TryParse(task, out var known) ? known : throw TaskDecisions.NotFound(default);
            before = await queries.GetAsync(id, actor, cancel);
            await DoAsync(request, id, to, actor, cancel);
            return new(task, before.Title, true, null, Undo(request, before));
        }
        catch (Exception failure) when (failure is RefusedException or ForbiddenException or NotFoundException or ValidationException { Errors.Count: > 0 })
        {
            return new(task, before?.Title, false, failure is ValidationException invalid ? string.Join(" ", invalid.Errors.SelectMany(error => error.Value)) : failure.Message, null);
        }
    }

    private Task<TaskView> DoAsync(BulkRequest request, TaskId id, UserId? to, Actor actor, CancellationToken cancel) => request.Action switch
    {
        "claim" => tasks.ClaimAsync(id, actor, cancel),
        "return" => tasks.ReturnAsync(id, request.Reason, actor, cancel),
        "reassign" => tasks.ReassignAsync(id, to!.Value, actor, cancel),
        "snooze" => tasks.SnoozeAsync(id, request.Until, actor, cancel),
        "wait" => tasks.WaitAsync(id, request.Reason, actor, cancel),
        _ => tasks.GoOnAsync(id, actor, cancel),
    };

    /// <summary>What brings the task back to where it was. The end of a wait has moved the due time; nothing undoes that.</summary>
    private static BulkRequest? Undo(BulkRequest request, TaskView before) => request.Action switch
    {
        "claim" when before.Assignee is null && before.Candidates.Length > 0 => new("return", [before.Id], "—"),
        "return" when before.Assignee is { } assignee => new("reassign", [before.Id], User: assignee),
        "reassign" when before.Assignee is { } assignee => new("reassign", [before.Id], User: assignee),
        "snooze" => new("snooze", [before.Id], Until: before.SnoozedUntil),
        "wait" when before.WaitingSince is null => new("goOn", [before.Id]),
        _ => null,
    };
}
