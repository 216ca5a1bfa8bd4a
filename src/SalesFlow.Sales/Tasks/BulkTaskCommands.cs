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
        if (request.Action is not ("claim" or "return" or "reassign" or "snooze" or "wait" or "goOn" or "complete"))
            throw new ValidationException("action", $"'{request.Action}' is unknown; expected claim, return, reassign, snooze, wait, goOn or complete.");
        if (request.Action == "complete" && string.IsNullOrWhiteSpace(request.Outcome))
            throw new ValidationException("outcome", "Name the button by which the tasks are completed.");
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
            if (request.Action == "complete" && before.Status == "open")
                Demand(before, request.Outcome!, actor);
            await DoAsync(request, id, to, actor, cancel);
            return new(task, before.Title, true, null, Undo(request, before, actor));
        }
        catch (Exception failure) when (failure is RefusedException or ForbiddenException or NotFoundException or ValidationException { Errors.Count: > 0 })
        {
            return new(task, before?.Title, false, failure is ValidationException invalid ? string.Join(" ", invalid.Errors.SelectMany(error => error.Value)) : failure.Message, null);
        }
    }

    private static void Demand(TaskView task, string outcome, Actor actor)
    {
        if (!BulkOutcomes.CanComplete(task, outcome))
            throw new RefusedException((task.Outcomes.Any(known => known.Key == outcome)
                ? new Text("The task has to be looked at or filled in: open it.", "Задачу нужно посмотреть или заполнить: откройте её.")
                : new Text($"The task has no button '{outcome}'.", $"У задачи нет кнопки «{outcome}».")).In(actor.Language), []);
    }

    private Task DoAsync(BulkRequest request, TaskId id, UserId? to, Actor actor, CancellationToken cancel) => request.Action switch
    {
        "complete" => tasks.CompleteAsync(id, request.Outcome!, null, null, actor, cancel),
        "claim" => tasks.ClaimAsync(id, actor, cancel),
        "return" => tasks.ReturnAsync(id, request.Reason, actor, cancel),
        "reassign" => tasks.ReassignAsync(id, to!.Value, actor, cancel),
        "snooze" => tasks.SnoozeAsync(id, request.Until, actor, cancel),
        "wait" => tasks.WaitAsync(id, request.Reason, actor, cancel),
        _ => tasks.GoOnAsync(id, actor, cancel),
    };

    /// <summary>What brings the task back to where it was. The end of a wait has moved the due time, and a completed task the deal; nothing undoes that.</summary>
    private static BulkRequest? Undo(BulkRequest request, TaskView before, Actor actor) => request.Action switch
    {
        "claim" when before.Assignee is null && before.Candidates.Length > 0 => new("return", [before.Id], new Text("It was taken by mistake, together with others.", "Взята по ошибке вместе с другими.").In(actor.Language)),
        "return" when before.Assignee is { } assignee => new("reassign", [before.Id], User: assignee),
        "reassign" when before.Assignee is { } assignee => new("reassign", [before.Id], User: assignee),
        "snooze" => new("snooze", [before.Id], Until: before.SnoozedUntil),
        "wait" when before.WaitingSince is null => new("goOn", [before.Id]),
        _ => null,
    };
}
