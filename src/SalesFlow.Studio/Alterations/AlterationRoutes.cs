using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SalesFlow.Runtime;
using SalesFlow.Studio.Instances;
using SalesFlow.Studio.Wire;

namespace SalesFlow.Studio.Alterations;

/// <summary>Elsa's alterations: mending named instances, mending those that a filter meets, and running faulted activities again.</summary>
internal static class AlterationRoutes
{
    public static void MapAlterations(this IEndpointRouteBuilder api)
    {
        api.MapPost("/alterations/run", async (HttpRequest request, AlterationCommands alterations, CancellationToken cancel) =>
        {
            var asked = await ElsaJson.ReadAsync<RunRequest>(request, cancel);
            var steps = AlterationStep.Read(asked.Alterations);
            return await EachAsync(asked.WorkflowInstanceIds, alterations, id => alterations.RunAsync(id, steps, cancel));
        });
        api.MapPost("/alterations/dry-run", async (HttpRequest request, PlanCommands plans, CancellationToken cancel) =>
            ElsaJson.Ok(new { workflowInstanceIds = (await plans.FindAsync(await ElsaJson.ReadAsync<PlanFilter>(request, cancel), cancel)).Select(id => id.ToString()) }));
        api.MapPost("/alterations/submit", async (HttpRequest request, PlanCommands plans, CancellationToken cancel) =>
        {
            var asked = await ElsaJson.ReadAsync<SubmitRequest>(request, cancel);
            return ElsaJson.Ok(new { planId = (await plans.SubmitAsync(asked.Alterations, asked.Filter ?? new(), cancel)).ToString(CultureInfo.InvariantCulture) });
        });
        api.MapGet("/alterations/{id}", async (string id, PlanCommands plans, CancellationToken cancel) =>
            long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && await plans.FindAsync(number, cancel) is var (plan, jobs) ? ElsaJson.Ok(Plan(plan, jobs)) : Results.NotFound());
        api.MapPost("/alterations/workflows/retry", async (HttpRequest request, AlterationCommands alterations, CancellationToken cancel) =>
            await RetryAsync(await ElsaJson.ReadAsync<RetryRequest>(request, cancel), alterations, cancel));
        api.MapGet("/alterations/workflows/retry", (HttpRequest request, AlterationCommands alterations, CancellationToken cancel) =>
            RetryAsync(new RetryRequest(request.Texts("workflowInstanceIds"), request.Texts("activityIds"), request.Texts("activityInstanceIds")), alterations, cancel));
    }

    private static Task<IResult> RetryAsync(RetryRequest asked, AlterationCommands alterations, CancellationToken cancel)
    {
        var executions = (asked.ActivityInstanceIds ?? []).Select(text => ElsaIds.Part(text) ?? throw new ElsaProblemException("activityInstanceIds", $"'{text}' is no execution of an activity.")).ToList();
        return EachAsync(asked.WorkflowInstanceIds, alterations, id =>
            alterations.RetryAsync(id, asked.ActivityIds, [.. executions.Where(execution => execution.Instance == id).Select(execution => execution.Number)], cancel));
    }

    private static async Task<IResult> EachAsync(IReadOnlyList<string>? ids, AlterationCommands alterations, Func<InstanceId, Task<AlterationResult>> alter)
    {
        if (ids is not { Count: > 0 })
            return ElsaErrors.BadRequest("Say which instances in 'workflowInstanceIds'.");
        var results = new List<AlterationResult>();
        foreach (var text in ids.Distinct())
            results.Add(ElsaIds.Instance(text) is { } id ? await alter(id) : alterations.Refuse(text, $"There is no instance '{text}'."));
        return ElsaJson.Ok(new { results });
    }

    private static object Plan(AlterationPlanRow plan, IReadOnlyList<AlterationJobRow> jobs)
    {
        var status = plan.CompletedAt is null ? plan.StartedAt is null ? PlanStatus.Pending : PlanStatus.Running : jobs.Any(job => job.Status == (int)PlanStatus.Failed) ? PlanStatus.Failed : PlanStatus.Completed;
        var id = plan.Id.ToString(CultureInfo.InvariantCulture);
        return new
        {
            plan = new { id, alterations = JsonSerializer.Deserialize<JsonElement>(plan.Alterations), workflowInstanceFilter = JsonSerializer.Deserialize<JsonElement>(plan.Filter), status, plan.CreatedAt, plan.StartedAt, plan.CompletedAt },
            jobs = jobs.Select(job => new
            {
                id = $"{id}-{job.InstanceId}", planId = id, workflowInstanceId = new InstanceId(job.InstanceId).ToString(), status = (PlanStatus)job.Status,
                log = job.Log is null ? (object)Array.Empty<object>() : JsonSerializer.Deserialize<JsonElement>(job.Log), job.CreatedAt, job.StartedAt, job.CompletedAt,
            }),
        };
    }

    private sealed record RunRequest(JsonElement Alterations, IReadOnlyList<string>? WorkflowInstanceIds);

    private sealed record SubmitRequest(JsonElement Alterations, PlanFilter? Filter);

    private sealed record RetryRequest(IReadOnlyList<string>? WorkflowInstanceIds, IReadOnlyList<string>? ActivityIds, IReadOnlyList<string>? ActivityInstanceIds);
}
