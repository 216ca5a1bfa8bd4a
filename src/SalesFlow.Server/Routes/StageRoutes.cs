using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Mvc;
using SalesFlow.Sales;
using SalesFlow.Sales.Pipelines;
using SalesFlow.Server.Http;
using SalesFlow.Server.Security;

namespace SalesFlow.Server.Routes;

/// <summary>Changes stages on the running system; each call publishes the next version, or says what it would do.</summary>
internal static class StageRoutes
{
    private const int LongestRules = 100_000;

    public static void MapStages(this IEndpointRouteBuilder api)
    {
        var pipelines = api.MapGroup("/pipelines").WithTags("Pipelines");
        pipelines.MapGet("/{key}/stages/{stage}", GetAsync).RequireAuthorization(Policies.ConfigureProcess);
        pipelines.MapGet("/{key}/versions", VersionsAsync).RequireAuthorization(Policies.ConfigureProcess);
        pipelines.MapPut("/{key}/stages/{stage}", ChangeAsync).RequireAuthorization(Policies.ConfigureProcess);
        pipelines.MapPost("/{key}/stages", AddAsync).RequireAuthorization(Policies.ConfigureProcess);
        pipelines.MapDelete("/{key}/stages/{stage}", RemoveAsync).RequireAuthorization(Policies.ConfigureProcess);
        pipelines.MapPost("/{key}/follow", FollowAsync).RequireAuthorization(Policies.ConfigureProcess);
        pipelines.MapPost("/{key}/versions/{version:int}/publish", RestoreAsync).RequireAuthorization(Policies.ConfigureProcess);
    }

    /// <summary>What is to be changed of a stage: what is absent stays; the name is one text or {"ru", "en"}, a limit of null is none.</summary>
    internal sealed record StageRequest(double? Probability = null, bool Follow = false)
    {
        // Not parameters of the record: the description of the API cannot write the default of a JsonElement.
        public JsonElement Name { get; init; }
        public JsonElement LimitHours { get; init; }
        public JsonElement Rules { get; init; }
        internal StageChange Change() => Read(Name, Probability, LimitHours, Rules);
    }

    /// <summary>A new stage: <paramref name="After"/> is the key of the one before it, empty for the beginning, absent for the end.</summary>
    internal sealed record NewStageRequest(string Key, JsonElement Name, string? After = null, double? Probability = null, bool Follow = false)
    {
        public JsonElement LimitHours { get; init; }
        public JsonElement Rules { get; init; }
        internal NewStage Stage() => new(Key, After, Read(Name, Probability, LimitHours, Rules));
    }

    /// <summary>The stage in the form that PUT takes; the tag is the version that If-Match compares.</summary>
    private static async Task<IResult> GetAsync(string key, string stage, Caller caller, StageQueries stages, HttpContext http, CancellationToken cancel)
    {
        var form = await stages.StageAsync(key, stage, caller.Actor.Language, cancel);
        http.Response.Headers.ETag = ETag.Of(form.Version);
        return Results.Ok(new { Name = new { form.Name.Ru, form.Name.En }, form.Probability, form.LimitHours, form.Rules });
    }

    private static async Task<IResult> VersionsAsync(string key, Caller caller, StageQueries stages, CancellationToken cancel) =>
        Results.Ok(new { items = await stages.VersionsAsync(key, caller.Actor.Language, cancel), nextCursor = (string?)null });

    private static async Task<IResult> ChangeAsync(string key, string stage, [FromBody] StageRequest body, bool? dryRun, IfMatch expected, Caller caller, PipelineCommands pipelines, HttpContext http, CancellationToken cancel) =>
        Answer(http, await pipelines.ChangeStageAsync(key, stage, body.Change(), new ChangeMode(expected.Version, dryRun == true, body.Follow), caller.Actor, cancel), dryRun == true);

    private static async Task<IResult> AddAsync(string key, NewStageRequest body, bool? dryRun, IfMatch expected, Caller caller, PipelineCommands pipelines, HttpContext http, CancellationToken cancel) =>
        Answer(http, await pipelines.AddStageAsync(key, body.Stage(), new ChangeMode(expected.Version, dryRun == true, body.Follow), caller.Actor, cancel), dryRun == true);

    private static async Task<IResult> RemoveAsync(string key, string stage, bool? dryRun, bool? follow, bool? dealsStay, IfMatch expected, Caller caller, PipelineCommands pipelines, HttpContext http, CancellationToken cancel) =>
        Answer(http, await pipelines.RemoveStageAsync(key, stage, new ChangeMode(expected.Version, dryRun == true, follow == true, dealsStay == true), caller.Actor, cancel), dryRun == true);

    private static async Task<IResult> FollowAsync(string key, Caller caller, PipelineCommands pipelines, HttpContext http, CancellationToken cancel) =>
        Answer(http, await pipelines.FollowAsync(key, caller.Actor, cancel), dryRun: false);

    private static async Task<IResult> RestoreAsync(string key, int version, bool? dryRun, bool? follow, IfMatch expected, Caller caller, PipelineCommands pipelines, HttpContext http, CancellationToken cancel) =>
        Answer(http, await pipelines.RestoreAsync(key, version, new ChangeMode(expected.Version, dryRun == true, follow == true), caller.Actor, cancel), dryRun == true);

    private static IResult Answer(HttpContext http, PipelineChange change, bool dryRun)
    {
        var pipeline = change.Pipeline;
        http.Response.Headers.ETag = ETag.Of(pipeline.Version);
        return dryRun
            ? Results.Ok(new { pipeline.Version, change.Diff, change.Affected, change.Warnings })
            : Results.Ok(new { pipeline.Key, pipeline.Name, pipeline.DefinitionId, pipeline.Version, pipeline.Stages, change.Diff, change.Affected, change.Followed, change.Warnings });
    }

    private static StageChange Read(JsonElement name, double? probability, JsonElement limit, JsonElement rules) => new()
    {
        NameRu = NameOf(name, "ru"), NameEn = NameOf(name, "en"), Probability = probability,
        Limit = limit.ValueKind switch
        {
            JsonValueKind.Undefined => null,
            JsonValueKind.Null => new StageLimit(null),
            JsonValueKind.Number => new StageLimit(limit.GetDouble()),
            _ => throw new ValidationException("limitHours", "Give working hours as a number, or null for no limit."),
        },
        Rules = rules.ValueKind switch
        {
            JsonValueKind.Undefined => null,
            JsonValueKind.Array when rules.GetRawText().Length > LongestRules => throw new ValidationException("rules", $"The rules have {rules.GetRawText().Length} characters; at most {LongestRules} are kept."),
            JsonValueKind.Array when rules.EnumerateArray().All(rule => rule.ValueKind == JsonValueKind.Object) => [.. rules.EnumerateArray().Select(rule => JsonObject.Create(rule)!)],
            _ => throw new ValidationException("rules", "Give a list of rules such as [{\"kind\": \"requiredFields\", \"fields\": [\"budget\"]}]."),
        },
    };

    private static string? NameOf(JsonElement name, string language) => name.ValueKind switch
    {
        JsonValueKind.Undefined => null,
        JsonValueKind.String => name.GetString(),
        JsonValueKind.Object => name.TryGetProperty(language, out var text) ? text.ToString() : null,
        _ => throw new ValidationException("name", "Give a text, or {\"ru\": \"…\", \"en\": \"…\"}."),
    };
}
