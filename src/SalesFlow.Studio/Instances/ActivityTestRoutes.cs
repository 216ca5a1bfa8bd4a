using System.Collections.Immutable;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SalesFlow.Engine;
using SalesFlow.Engine.Definitions;
using SalesFlow.Runtime;
using SalesFlow.Studio.Wire;

namespace SalesFlow.Studio.Instances;

/// <summary>Studio's tab Test: runs one activity by itself. Nothing of it is stored, and nothing outside is touched.</summary>
internal static class ActivityTestRoutes
{
    public static void MapActivityTests(this IEndpointRouteBuilder api) => api.MapPost("/tests/activities", async (HttpRequest request, Starter versions, DefinitionStore definitions, TimeProvider clock, CancellationToken cancel) =>
    {
        var asked = await ElsaJson.ReadAsync<TestRequest>(request, cancel);
        if (await FindAsync(asked.WorkflowDefinitionHandle, versions, definitions, cancel) is not { } definition)
            return ElsaErrors.BadRequest("Workflow definition not found.");
        return asked.ActivityHandle?.In(definition) is { } node ? ElsaJson.Ok(Run(definition, node, clock.GetUtcNow())) : ElsaErrors.BadRequest("Activity not found.");
    });

    private static async Task<WorkflowDefinition?> FindAsync(DefinitionHandle? handle, Starter versions, DefinitionStore definitions, CancellationToken cancel)
    {
        if (handle?.DefinitionVersionId is not { Length: > 0 } version)
            return handle?.DefinitionId is { Length: > 0 } id ? await versions.DefinitionAsync(id, handle.VersionOptions, cancel) : null;
        try
        {
            return await definitions.VersionAsync(version, cancel);
        }
        catch (KeyNotFoundException)
        {
            return null;
        }
    }

    private static object Run(WorkflowDefinition definition, Node node, DateTimeOffset now)
    {
        var turn = new Interpreter().Run(Only(definition, node), null, 0, new Stimulus.Start(), Facts.None, now);
        var record = ExecutionRecord.Of(turn.Journal).First(record => record.NodeId == node.NodeId);
        return new
        {
            activityState = ExecutionJson.StateOf(record, node) ?? ImmutableDictionary<string, object?>.Empty, outputs = ExecutionJson.OutputsOf(record, node) ?? ImmutableDictionary<string, object?>.Empty,
            payload = record.Outcomes is { } outcomes ? new { Outcomes = outcomes } : (object)new { }, exception = ExceptionJson.Of(record.Failure), record.Status,
        };
    }

    /// <summary>The definition with nothing in it but the activity, and the variables as they begin.</summary>
    private static WorkflowDefinition Only(WorkflowDefinition definition, Node node)
    {
        var whole = definition.Workflow;
        var workflow = new Node { Id = whole.Id, NodeId = whole.NodeId, Type = whole.Type, Activity = whole.Activity, Json = whole.Json, Title = whole.Title, Variables = whole.Variables, Children = [node] };
        return new WorkflowDefinition
        {
            DefinitionId = definition.DefinitionId, VersionId = definition.VersionId, Version = definition.Version, Name = definition.Name, Document = definition.Document, Workflow = workflow, Root = node,
            Variables = definition.Variables, Inputs = definition.Inputs, Outputs = definition.Outputs, Nodes = definition.Nodes.SetItem(workflow.NodeId, workflow),
        };
    }

    private static ImmutableDictionary<string, Node> SetItem(this IReadOnlyDictionary<string, Node> nodes, string id, Node node) => nodes.ToImmutableDictionary().SetItem(id, node);

    private sealed record TestRequest(DefinitionHandle? WorkflowDefinitionHandle, ActivityHandle? ActivityHandle);

    private sealed record DefinitionHandle(string? DefinitionId, string? DefinitionVersionId, string? VersionOptions);

    private sealed record ActivityHandle(string? ActivityId, string? ActivityNodeId)
    {
        public Node? In(WorkflowDefinition definition) => ActivityNodeId is { Length: > 0 } path ? definition.Nodes.GetValueOrDefault(path)
            : ActivityId is { Length: > 0 } id ? definition.Nodes.Values.FirstOrDefault(node => node.Id == id) : null;
    }
}
