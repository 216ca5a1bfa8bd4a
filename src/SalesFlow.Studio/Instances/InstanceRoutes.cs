using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SalesFlow.Engine;
using SalesFlow.Engine.Definitions;
using SalesFlow.Engine.Expressions;
using SalesFlow.Runtime;
using SalesFlow.Studio.Wire;

namespace SalesFlow.Studio.Instances;

/// <summary>Instances: lists, one of them, its variables.</summary>
internal static class InstanceRoutes
{
    public static void MapInstances(this IEndpointRouteBuilder api)
    {
        api.MapPost("/workflow-instances", async (HttpRequest request, InstanceQueries instances, CancellationToken cancel) =>
        {
            var asked = await ElsaJson.ReadAsync(request, new ListRequest(), cancel);
            return await ListAsync(asked, new InstanceOrder(asked.OrderBy, asked.OrderDirection), new PageAsked(asked.Page ?? 0, asked.PageSize), instances, cancel);
        });
        api.MapGet("/workflow-instances", (HttpRequest request, InstanceQueries instances, CancellationToken cancel) =>
            ListAsync(InstanceFilter.Of(request), new InstanceOrder(request.Word<InstanceColumn>("orderBy"), request.Word<OrderDirection>("orderDirection")), request.PageAsked(), instances, cancel));
        api.MapGet("/workflow-instances/{id}", async (string id, InstanceQueries instances, CancellationToken cancel) =>
            await instances.FindAsync(ElsaIds.Instance(id), cancel) is { } instance ? ElsaJson.Ok(Whole(instance)) : Results.NotFound());
        api.MapGet("/workflow-instances/{id}/execution-state", async (string id, InstanceQueries instances, CancellationToken cancel) =>
            await instances.HeadAsync(ElsaIds.Instance(id), cancel) is { } row ? ElsaJson.Ok(new { status = (WorkflowStatus)row.Status, subStatus = (SubStatus)row.SubStatus, row.UpdatedAt }) : Results.NotFound());
        api.MapGet("/workflow-instances/{id}/variables", async (string id, InstanceQueries instances, CancellationToken cancel) =>
            await instances.FindAsync(ElsaIds.Instance(id), cancel) is { } instance ? ElsaJson.List(Variables(instance.State, instance.Definition)) : Results.NotFound());
        api.MapPost("/workflow-instances/{id}/variables", SetVariablesAsync);
    }

    /// <summary>An instance as lists show it.</summary>
    public static InstanceSummary Summary(InstanceRow row) => new(new InstanceId(row.Id).ToString(), row.DefinitionId, row.DefinitionVersionId, row.DefinitionVersion, (WorkflowStatus)row.Status, (SubStatus)row.SubStatus,
        row.CorrelationId, row.Name, row.Incidents, row.CreatedAt, row.UpdatedAt, row.FinishedAt);

    private static async Task<IResult> ListAsync(InstanceFilter filter, InstanceOrder order, PageAsked page, InstanceQueries instances, CancellationToken cancel)
    {
        var (rows, total) = await instances.ListAsync(filter, order, page, cancel);
        return ElsaJson.Page([.. rows.Select(Summary)], total);
    }

    private static object Whole(SeenInstance instance)
    {
        var row = instance.Row;
        return new
        {
            instance.Id, row.DefinitionId, row.DefinitionVersionId, version = row.DefinitionVersion, workflowState = StateJson.Of(instance), status = (WorkflowStatus)row.Status, subStatus = (SubStatus)row.SubStatus,
            isExecuting = false, row.CorrelationId, row.Name, incidentCount = row.Incidents, isSystem = false, row.CreatedAt, row.UpdatedAt, row.FinishedAt,
        };
    }

    /// <summary>Variables of the workflow first, then those of the containers that are running now.</summary>
    private static IReadOnlyCollection<VariableJson> Variables(InstanceState state, WorkflowDefinition? definition) => definition is null ? [] :
        [.. state.Contexts(definition).SelectMany(context => context.Variables).DistinctBy(variable => variable.Id).Select(variable => new VariableJson(variable.Id, variable.Name, variable.Value))];

    private static async Task<IResult> SetVariablesAsync(string id, HttpRequest request, InstanceQueries instances, WorkflowRuntime runtime, DefinitionStore definitions, CancellationToken cancel)
    {
        var asked = await ElsaJson.ReadAsync<SetVariables>(request, cancel);
        if (await instances.HeadAsync(ElsaIds.Instance(id), cancel) is not { } row)
            return Results.NotFound();
        if (asked.Variables is not { } variables || variables.Any(variable => variable?.Id is null))
            return ElsaErrors.BadRequest("'variables' was expected: a list of objects with an id and a value.");
        try
        {
            var turn = await runtime.AlterAsync(new InstanceId(row.Id), [.. variables.Select(variable => new Alteration.SetVariable(variable!.Id, Json.Plain(variable.Value)))], cancel);
            return ElsaJson.List(Variables(turn.Turn.State, await definitions.VersionAsync(turn.Turn.State.DefinitionVersionId, cancel)));
        }
        catch (AlterationException mistake)
        {
            return ElsaErrors.BadRequest(mistake.Message);
        }
    }

    private sealed record VariableJson(string Id, string Name, object? Value);

    private sealed record SetVariables(IReadOnlyList<NewValue?>? Variables);

    private sealed record NewValue(string Id, JsonElement Value);

    /// <summary>The body of a list request: a filter with a page and an order.</summary>
    private sealed record ListRequest : InstanceFilter
    {
        public int? Page { get; init; }
        public int? PageSize { get; init; }
        public InstanceColumn? OrderBy { get; init; }
        public OrderDirection? OrderDirection { get; init; }
    }
}

/// <summary>A row of an instance list.</summary>
internal sealed record InstanceSummary(string Id, string DefinitionId, string DefinitionVersionId, int Version, WorkflowStatus Status, SubStatus SubStatus, string? CorrelationId, string? Name, int IncidentCount,
    DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, DateTimeOffset? FinishedAt);
