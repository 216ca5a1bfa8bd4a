using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SalesFlow.Engine;
using SalesFlow.Studio.Wire;

namespace SalesFlow.Studio.Instances;

/// <summary>Executions of activities: lists, one of them, counts for the badges on the canvas, what led to one.</summary>
internal static class ExecutionRoutes
{
    public static void MapExecutions(this IEndpointRouteBuilder api)
    {
        api.MapGet("/activity-executions/list", async (HttpRequest request, InstanceQueries instances, CancellationToken cancel) =>
            List(await SelectAsync(request, instances, cancel), (instance, record) => instance.Details(record)));
        api.MapGet("/activity-execution-summaries/list", async (HttpRequest request, InstanceQueries instances, CancellationToken cancel) =>
            List(await SelectAsync(request, instances, cancel), (instance, record) => instance.Summary(record)));
        api.MapGet("/activity-executions/count", async (HttpRequest request, InstanceQueries instances, CancellationToken cancel) =>
            ElsaJson.Ok(new { count = (await SelectAsync(request, instances, cancel)).Records.Count }));
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
    public static IReadOnlyList<ExecutionStats> Stats(SeenInstance instance, IReadOnlyCollection<string>? nodes) =>
    [
        .. instance.Executions.Where(record => nodes is null or { Count: 0 } || nodes.Contains(record.NodeId)).GroupBy(record => record.NodeId).Select(group => new ExecutionStats(
            group.First().ActivityId, group.Key, group.Count(), group.Count(record => record.Status == ActivityStatus.Completed),
            group.Count(record => record.Status is ActivityStatus.Pending or ActivityStatus.Running or ActivityStatus.Faulted),
            group.Any(record => record.HasBookmarks), group.Any(record => record.Status == ActivityStatus.Faulted), group.Max(record => record.FaultCount))),
    ];

    /// <summary>Each is made when it is written, so that of very many there is only one at a time.</summary>
    private static IResult List(Selected selected, Func<SeenInstance, ExecutionRecord, object> json) =>
        ElsaJson.Ok(new { items = selected.Records.Select(record => json(selected.Instance!, record)), count = selected.Records.Count });

    private static async Task<Selected> SelectAsync(HttpRequest request, InstanceQueries instances, CancellationToken cancel)
    {
        var (node, completed) = (request.Text("activityNodeId"), request.Flag("completed"));
        if (await instances.FindAsync(ElsaIds.Instance(request.Text("workflowInstanceId")), cancel) is not { } instance)
            return new(null, []);
        return new(instance, [.. instance.Executions.Where(record => (node is null || record.NodeId == node) && (completed is null || completed == record.CompletedAt is not null))]);
    }

    private static async Task<IResult> OneAsync(string? id, InstanceQueries instances, CancellationToken cancel) =>
        await FindAsync(id, instances, cancel) is { } found ? ElsaJson.Ok(found.Instance.Details(found.Record)) : Results.NotFound();

    private static async Task<IResult> CallStackAsync(string id, HttpRequest request, InstanceQueries instances, CancellationToken cancel)
    {
        if (await FindAsync(id, instances, cancel) is not { } found)
            return Results.NotFound();
        var chain = new Stack<ExecutionRecord>();
        for (var record = found.Record; record is not null; record = record.ScheduledBy == record.Id ? null : found.Instance.Execution(record.ScheduledBy))
            chain.Push(record);
        var (skip, take) = (request.Whole("skip"), request.Whole("take"));
        return ElsaJson.Ok(new { activityExecutionId = id, items = chain.Skip(skip ?? 0).Take(take ?? 100).Select(record => found.Instance.Details(record)), totalCount = chain.Count, skip, take });
    }

    private static async Task<(SeenInstance Instance, ExecutionRecord Record)?> FindAsync(string? id, InstanceQueries instances, CancellationToken cancel) =>
        ElsaIds.Part(id) is { } part && await instances.FindAsync(part.Instance, cancel) is { } instance && instance.Execution(part.Number) is { } record ? (instance, record) : null;

    private sealed record Selected(SeenInstance? Instance, IReadOnlyList<ExecutionRecord> Records);

    private sealed record ReportRequest(string? WorkflowInstanceId, IReadOnlyList<string>? ActivityNodeIds);
}

/// <summary>How often an activity began and how that went.</summary>
internal sealed record ExecutionStats(string ActivityId, string ActivityNodeId, int StartedCount, int CompletedCount, int UncompletedCount, bool IsBlocked, bool IsFaulted, int AggregateFaultCount)
{
    public IReadOnlyDictionary<string, object?> Metadata { get; } = ExecutionJson.Map();
}
