using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using SalesFlow.Engine;
using SalesFlow.Engine.Definitions;
using SalesFlow.Engine.Expressions;
using SalesFlow.Runtime;
using SalesFlow.Studio.Wire;

namespace SalesFlow.Studio.Instances;

/// <summary>Starts instances by hand: Studio's Run button, and scripts.</summary>
internal static class StartRoutes
{
    private const string InstanceHeader = "x-elsa-workflow-instance-id", CannotStartHeader = "x-elsa-workflow-cannot-start", ResponseHeader = "x-elsa-response";
    private const int MostAtOnce = 1_000;

    public static void MapStarts(this IEndpointRouteBuilder api)
    {
        api.MapPost("/workflow-definitions/{definitionId}/execute", async (string definitionId, HttpRequest request, Starter starter, InstanceQueries instances, CancellationToken cancel) =>
            await ExecuteAsync(request.HttpContext.Response, definitionId, await ElsaJson.ReadWholeAsync(request, new StartRequest(), cancel), starter, instances, cancel));
        api.MapGet("/workflow-definitions/{definitionId}/execute", (string definitionId, HttpRequest request, Starter starter, InstanceQueries instances, CancellationToken cancel) =>
            ExecuteAsync(request.HttpContext.Response, definitionId, StartRequest.Of(request), starter, instances, cancel));
        api.MapPost("/workflow-definitions/{definitionId}/dispatch", async (string definitionId, HttpRequest request, Starter starter, CancellationToken cancel) =>
        {
            var asked = await ElsaJson.ReadWholeAsync(request, new StartRequest(), cancel);
            if (await starter.DefinitionAsync(definitionId, asked.VersionOptions, cancel) is not { } definition)
                return Results.NotFound();
            return await starter.StartAsync(definition, asked, cancel) is { } started ? ElsaJson.Ok(new { workflowInstanceId = started.Instance.ToString() }) : Refused(definition);
        });
        api.MapPost("/workflow-definitions/{definitionId}/bulk-dispatch", BulkAsync);
    }

    private static async Task<IResult> ExecuteAsync(HttpResponse response, string definitionId, StartRequest asked, Starter starter, InstanceQueries instances, CancellationToken cancel)
    {
        if (await starter.DefinitionAsync(definitionId, asked.VersionOptions, cancel) is not { } definition)
            return Results.NotFound();
        var started = await starter.StartAsync(definition, asked, cancel);
        response.Headers[CannotStartHeader] = started is null ? "True" : "False";
        if (started is null)
            return ElsaJson.Ok(new { });
        response.Headers[InstanceHeader] = started.Instance.ToString();
        var instance = await instances.FindAsync(started.Instance, cancel);
        var body = new { workflowState = instance is null ? null : StateJson.Of(instance) };
        // Elsa answers 500 for a fault; Studio does not look, and scripts written for Elsa do.
        if (started.Turn.State.SubStatus == WorkflowSubStatus.Faulted)
            return Results.Json(body, ElsaJson.Options, statusCode: StatusCodes.Status500InternalServerError);
        response.Headers[ResponseHeader] = "true";
        return ElsaJson.Ok(body);
    }

    private static async Task<IResult> BulkAsync(string definitionId, HttpRequest request, Starter starter, CancellationToken cancel)
    {
        var asked = await ElsaJson.ReadWholeAsync(request, new StartRequest(), cancel);
        if (asked.Count is < 1 or > MostAtOnce)
            return ElsaErrors.BadRequest($"'{asked.Count}' instances were asked for; a number from 1 to {MostAtOnce} was expected.");
        if (await starter.DefinitionAsync(definitionId, asked.VersionOptions, cancel) is not { } definition)
            return Results.NotFound();
        var ids = new List<string>();
        for (var i = 0; i < asked.Count; i++)
            if (await starter.StartAsync(definition, asked, cancel) is { } started)
                ids.Add(started.Instance.ToString());
        return ElsaJson.Ok(new { workflowInstanceIds = ids });
    }

    private static IResult Refused(WorkflowDefinition definition) =>
        ElsaErrors.BadRequest($"'{definition.Name}' cannot be started: its activation strategy is {definition.Activation}, and another instance is running.");
}

/// <summary>What an instance is started with.</summary>
internal sealed record StartRequest
{
    public string? CorrelationId { get; init; }
    public string? Name { get; init; }
    public string? TriggerActivityId { get; init; }
    public string? VersionOptions { get; init; }
    public IReadOnlyDictionary<string, JsonElement>? Input { get; init; }
    public int Count { get; init; } = 1;

    /// <summary>The same from a query string.</summary>
    public static StartRequest Of(HttpRequest request) => new()
    {
        CorrelationId = request.Text("correlationId"), Name = request.Text("name"), TriggerActivityId = request.Text("triggerActivityId"), VersionOptions = request.Text("versionOptions"),
    };

    public Stimulus.Start Stimulus() => new(Input?.ToDictionary(pair => pair.Key, pair => Json.Plain(pair.Value)), Empty(TriggerActivityId), Empty(CorrelationId), Empty(Name));

    private static string? Empty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}

/// <summary>Finds versions and starts instances of them.</summary>
internal sealed class Starter(IDbContextFactory<WorkflowDb> databases, DefinitionStore definitions, WorkflowRuntime runtime)
{
    /// <summary>The version asked for (Published when nothing is said), or null.</summary>
    public async Task<WorkflowDefinition?> DefinitionAsync(string definitionId, string? versionOptions, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var versions = db.Definitions.AsNoTracking().Where(row => row.DefinitionId == definitionId);
        versions = versionOptions switch
        {
            null or "" or "Published" => versions.Where(row => row.IsPublished),
            "Latest" => versions.Where(row => row.IsLatest),
            "LatestOrPublished" or "LatestAndPublished" => versions.Where(row => row.IsLatest || row.IsPublished),
            "Draft" => versions.Where(row => row.IsLatest && !row.IsPublished),
            _ when int.TryParse(versionOptions, out var number) => versions.Where(row => row.Version == number),
            _ => throw new ElsaProblemException("versionOptions", $"'{versionOptions}' is unknown; expected Latest, Published, LatestOrPublished, Draft or a number."),
        };
        return await versions.OrderByDescending(row => row.Version).Select(row => row.VersionId).FirstOrDefaultAsync(cancel) is { } id ? await definitions.VersionAsync(id, cancel) : null;
    }

    /// <summary>Starts an instance; null when its activation strategy allows no other now.</summary>
    public async Task<TurnOutcome?> StartAsync(WorkflowDefinition definition, StartRequest asked, CancellationToken cancel) =>
        await runtime.TryStartAsync(definition, asked.Stimulus(), Facts.None, [], new InstanceId(await runtime.NextIdAsync(cancel)), cancel);
}
