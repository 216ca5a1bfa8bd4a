using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SalesFlow.Engine;
using SalesFlow.Studio.Wire;

namespace SalesFlow.Studio.Instances;

/// <summary>Executions of activities: lists, one of them, counts for the badges on the canvas, what led to one.</summary>
internal static class ExecutionRoutes
{
    private const int LargestStack = 1_000;

    public static void MapExecutions(this IEndpointRouteBuilder api)
    {
        api.MapGet("/activity-executions/list", (HttpRequest request, InstanceQueries instances, CancellationToken cancel) => ListAsync(request, instances, (instance, record) => instance.Details(record), cancel));
        api.MapGet("/activity-execution-summaries/list", (HttpRequest request, InstanceQueries instances, CancellationToken cancel) => ListAsync(request, instances, (instance, record) => instance.Summary(record), cancel));
        api.MapGet("/activity-executions/count", async (HttpRequest request, InstanceQueries instances, CancellationToken cancel) =>
            ElsaJson.Ok(new { count = await SeenAsync(request, instances, cancel) is { } instance ? Executions.Count(instance, Node(request), Completed(request)) : 0 }));
        api.MapGet("/activity-executions/by-id", (HttpRequest request, InstanceQueries instances, CancellationToken cancel) => OneAsync(request.Text("id"), instances, cancel));
        api.MapGet("/activity-executions/{id}", (string id, InstanceQueries instances, CancellationToken cancel) => OneAsync(id, instances, cancel));
        api.MapGet("/activity-executions/{id}/call-stack", CallStackAsync);
        api.MapPost("/activity-executions/report", async (HttpRequest request, InstanceQueries instances, CancellationToken cancel) =>
        {
            var asked = await ElsaJson.ReadAsync<ReportRequest>(request, cancel);
            var instance = await instances.FindAsync(ElsaIds.Instance(asked.WorkflowInstanceId), cancel);
            return ElsaJson.Ok(new { stats = instance is null ? [] : Stats(instance, asked.ActivityNodeIds) });
        });
    }

    /// <summary>Counts for each activity that has begun; of all nodes when none are named.</summary>
    public static IReadOnlyList<ExecutionStats> Stats(SeenInstance instance, IReadOnlyCollection<string>? nodes)
    {
        var unfinished = instance.Ledger.AllKept().Values.Where(record => record.Status is not (ActivityStatus.Completed or ActivityStatus.Canceled)).Select(instance.Settled).ToLookup(record => record.NodeId);
        return
        [
            .. instance.Ledger.Counts().Where(count => nodes is null or { Count: 0 } || nodes.Contains(count.NodeId)).Select(count => new ExecutionStats(count.ActivityId, count.NodeId, count.Started, count.Completed,
                unfinished[count.NodeId].Count(record => record.Status != ActivityStatus.Canceled), unfinished[count.NodeId].Any(record => record.HasBookmarks),
                unfinished[count.NodeId].Any(record => record.Status == ActivityStatus.Faulted), count.FaultCount)),
        ];
    }

    /// <summary>Each is read when it is written, so that of very many there are only a few at a time.</summary>
    private static async Task<IResult> ListAsync(HttpRequest request, InstanceQueries instances, Func<SeenInstance, ExecutionRecord, object> json, CancellationToken cancel)
    {
        if (await SeenAsync(request, instances, cancel) is not { } instance)
            return ElsaJson.List(Array.Empty<object>());
        var (node, completed) = (Node(request), Completed(request));
        return ElsaJson.Ok(new { items = Executions.ListAsync(instances, instance, node, completed, cancel).Select(record => json(instance, record)), count = Executions.Count(instance, node, completed) });
    }

    private static Task<SeenInstance?> SeenAsync(HttpRequest request, InstanceQueries instances, CancellationToken cancel) => instances.FindAsync(ElsaIds.Instance(request.Text("workflowInstanceId")), cancel);

    private static string? Node(HttpRequest request) => request.Text("activityNodeId");

    private static bool? Completed(HttpRequest request) => request.Flag("completed");

    private static async Task<IResult> OneAsync(string? id, InstanceQueries instances, CancellationToken cancel) =>
        await FindAsync(id, instances, cancel) is { } found ? ElsaJson.Ok(found.Instance.Details(found.Record)) : Results.NotFound();

    private static async Task<IResult> CallStackAsync(string id, HttpRequest request, InstanceQueries instances, CancellationToken cancel)
    {
        if (await FindAsync(id, instances, cancel) is not { } found)
            return Results.NotFound();
        var chain = new Stack<int>();
        for (var at = found.Record.Id; at != 0 && found.Instance.Ledger.Find(at) is { } begun; at = begun.ScheduledBy == at ? 0 : begun.ScheduledBy)
            chain.Push(at);
        var (skip, take) = (request.Whole("skip"), request.Whole("take"));
        var page = chain.Skip(skip ?? 0).Take(Math.Min(take ?? 100, LargestStack)).ToList();
        var records = await Executions.FindAsync(instances, found.Instance, page, cancel);
        return ElsaJson.Ok(new { activityExecutionId = id, items = page.Where(records.ContainsKey).Select(one => found.Instance.Details(records[one])), totalCount = chain.Count, skip, take });
    }

    private static async Task<(SeenInstance Instance, ExecutionRecord Record)?> FindAsync(string? id, InstanceQueries instances, CancellationToken cancel) =>
        ElsaIds.Part(id) is { } part && await instances.FindAsync(part.Instance, cancel) is { } instance && (await Executions.FindAsync(instances, instance, [part.Number], cancel)).TryGetValue(part.Number, out var record) ? (instance, record) : null;

    private sealed record ReportRequest(string? WorkflowInstanceId, IReadOnlyList<string>? ActivityNodeIds);
}

/// <summary>How often an activity began and how that went.</summary>
internal sealed record ExecutionStats(string ActivityId, string ActivityNodeId, int StartedCount, int CompletedCount, int UncompletedCount, bool IsBlocked, bool IsFaulted, int AggregateFaultCount)
{
    public IReadOnlyDictionary<string, object?> Metadata { get; } = ExecutionJson.Map();
}
