using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using SalesFlow.Engine;
using SalesFlow.Engine.Expressions;
using SalesFlow.Runtime;
using SalesFlow.Studio.Wire;

namespace SalesFlow.Studio.Instances;

/// <summary>What wakes waiting instances from outside: a task that the host did, an event, a bookmark by its id.</summary>
internal static class StimulusRoutes
{
    private const string TaskBookmark = "Elsa.RunTask";

    public static void MapStimuli(this IEndpointRouteBuilder api)
    {
        api.MapPost("/tasks/{taskId}/complete", CompleteTaskAsync);
        api.MapPost("/events/{eventName}/trigger", TriggerAsync);
        api.MapPost("/bookmarks/resume", ResumeAsync);
    }

    private static async Task<IResult> CompleteTaskAsync(string taskId, HttpRequest request, IDbContextFactory<WorkflowDb> databases, WorkflowRuntime runtime, CancellationToken cancel)
    {
        var asked = await ElsaJson.ReadAsync(request, new CompleteRequest(default), cancel);
        await using var db = await databases.CreateDbContextAsync(cancel);
        var waiting = await db.Bookmarks.AsNoTracking().Where(row => row.Name == TaskBookmark && row.Stimulus == taskId).FirstOrDefaultAsync(cancel);
        return waiting is not null && await WakeAsync(runtime, new InstanceId(waiting.InstanceId), bookmark => bookmark.Number == waiting.Number, asked.Result, cancel) ? Results.Ok() : Results.NotFound();
    }

    /// <summary>Done before it is answered, whatever the mode: a crash then loses nothing that was acknowledged.</summary>
    private static async Task<IResult> TriggerAsync(string eventName, HttpRequest request, WorkflowRuntime runtime, CancellationToken cancel)
    {
        var asked = await ElsaJson.ReadAsync(request, new TriggerRequest(null, null, null, default), cancel);
        InstanceId? only = string.IsNullOrEmpty(asked.WorkflowInstanceId) ? null
            : ElsaIds.Instance(asked.WorkflowInstanceId) ?? throw new ElsaProblemException("workflowInstanceId", $"There is no instance '{asked.WorkflowInstanceId}'.");
        if (string.IsNullOrEmpty(asked.ActivityInstanceId))
            await runtime.PublishEventAsync(eventName, string.IsNullOrEmpty(asked.CorrelationId) ? null : asked.CorrelationId, only, Json.Plain(asked.Input), cancel);
        else if (ElsaIds.Part(asked.ActivityInstanceId) is not { } execution
            || !await WakeAsync(runtime, execution.Instance, bookmark => bookmark.Activation == execution.Number && bookmark.Name == "Elsa.Event" && bookmark.Stimulus == eventName, asked.Input, cancel))
            return ElsaErrors.BadRequest($"Execution '{asked.ActivityInstanceId}' does not wait for the event '{eventName}'.");
        return Results.Ok();
    }

    /// <summary>Only what Elsa's own activities wait for: a step of a deal is taken through the product, which checks it.</summary>
    private static async Task<IResult> ResumeAsync(HttpRequest request, WorkflowRuntime runtime, CancellationToken cancel)
    {
        var asked = await ElsaJson.ReadAsync<ResumeRequest>(request, cancel);
        return ElsaIds.Part(asked.BookmarkId) is { } id
            && await WakeAsync(runtime, id.Instance, bookmark => bookmark.Number == id.Number && bookmark.Name.StartsWith("Elsa.", StringComparison.Ordinal), asked.Input, cancel) ? Results.Ok() : Results.NotFound();
    }

    private static async Task<bool> WakeAsync(WorkflowRuntime runtime, InstanceId id, Predicate<Bookmark> meant, JsonElement input, CancellationToken cancel)
    {
        try
        {
            return (await runtime.RunAsync(id, (state, _) => new TurnRequest(state.Bookmarks.Find(meant) is { } bookmark ? new Stimulus.Resume(bookmark.Number, Json.Plain(input)) : new Stimulus.None(), []), cancel)).Turn.Woke;
        }
        catch (KeyNotFoundException)
        {
            return false;
        }
    }

    private sealed record CompleteRequest(JsonElement Result);

    private sealed record TriggerRequest(string? CorrelationId, string? WorkflowInstanceId, string? ActivityInstanceId, JsonElement Input);

    private sealed record ResumeRequest(string BookmarkId, JsonElement Input);
}
