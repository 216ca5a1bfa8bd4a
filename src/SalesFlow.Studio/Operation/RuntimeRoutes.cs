using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SalesFlow.Runtime;
using SalesFlow.Studio.Instances;
using SalesFlow.Studio.Wire;

namespace SalesFlow.Studio.Operation;

/// <summary>How the runtime is doing, and what it has given up.</summary>
internal static class RuntimeRoutes
{
    private const int UsualPage = 50, LargestPage = 1_000;

    public static void MapRuntime(this IEndpointRouteBuilder api)
    {
        // A server that answers takes work.
        api.MapGet("/admin/workflow-runtime/status", (RuntimeStatus status) => ElsaJson.Ok(new
        {
            state = new { reason = "None", isAcceptingNewWork = true, generationId = status.Generation }, status.Sources, activeExecutionCycleCount = status.Busy,
        }));
        var dead = api.MapGroup("/bookmark-queue/dead-letters");
        dead.MapGet("", (HttpRequest request, WorkflowRuntime runtime, CancellationToken cancel) => ListAsync(new(request.Text("workflowInstanceId"), request.Whole("page"), request.Whole("pageSize")), runtime, cancel));
        dead.MapPost("", async (HttpRequest request, WorkflowRuntime runtime, CancellationToken cancel) => await ListAsync(await ElsaJson.ReadAsync(request, new ListRequest(null, null, null), cancel), runtime, cancel));
        dead.MapGet("/{id}", async (string id, WorkflowRuntime runtime, CancellationToken cancel) =>
            ElsaIds.Part(id) is { } part && await runtime.DeadLetterAsync(part.Instance, part.Number, cancel) is { } letter ? ElsaJson.Ok(Json(letter)) : Results.NotFound());
        dead.MapPost("/{id}/replay", async (string id, WorkflowRuntime runtime, CancellationToken cancel) =>
            ElsaIds.Part(id) is { } part && await runtime.ReplayAsync(part.Instance, part.Number, cancel) ? ElsaJson.Ok(new { succeeded = true, queueItemId = id }) : Results.NotFound());
    }

    private static async Task<IResult> ListAsync(ListRequest asked, WorkflowRuntime runtime, CancellationToken cancel)
    {
        var only = ElsaIds.Instance(asked.WorkflowInstanceId);
        if (only is null && !string.IsNullOrEmpty(asked.WorkflowInstanceId))
            return ElsaJson.Page(Array.Empty<object>(), 0);
        var size = Math.Clamp(asked.PageSize ?? UsualPage, 0, LargestPage);
        var skip = (int)Math.Min(int.MaxValue, Math.Max(0, asked.Page ?? 0) * (long)size);
        var (letters, total) = await runtime.DeadLettersAsync(only, skip, size, cancel);
        return ElsaJson.Page([.. letters.Select(Json)], total);
    }

    /// <summary>Elsa's queue holds resumes of bookmarks, ours effects; the bookmark is the one that waits for the effect's answer.</summary>
    private static object Json(DeadLetter letter) => new
    {
        id = ElsaIds.Part(letter.Instance.Value, letter.Number), workflowInstanceId = $"{letter.Instance}", bookmarkId = letter.AnswerBookmark is { } bookmark ? ElsaIds.Part(letter.Instance.Value, bookmark) : null,
        activityTypeName = letter.Kind, letter.Attempts, reason = "MaxAttemptsExceeded", letter.LastError, deadLetteredAt = letter.GivenUpAt,
    };

    private sealed record ListRequest(string? WorkflowInstanceId, int? Page, int? PageSize);
}
