using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SalesFlow.Engine;
using SalesFlow.Runtime;
using SalesFlow.Studio.Wire;

namespace SalesFlow.Studio.Instances;

/// <summary>Cancelling and deleting instances. What the product answers for is refused, all of the request or nothing.</summary>
internal static class InterventionRoutes
{
    public static void MapInterventions(this IEndpointRouteBuilder api)
    {
        api.MapPost("/cancel/workflow-instances/{id}", async (string id, InstanceCommands instances, CancellationToken cancel) =>
            await instances.CancelAsync(new InstanceFilter { Ids = [id] }, cancel) is null ? Results.NotFound() : Results.Ok());
        api.MapPost("/bulk-actions/cancel/workflow-instances", async (HttpRequest request, InstanceCommands instances, CancellationToken cancel) =>
        {
            var asked = await ElsaJson.ReadAsync<CancelRequest>(request, cancel);
            return ElsaJson.Ok(new { cancelled = await instances.CancelAsync(asked.Filter(), cancel) ?? 0 });
        });
        api.MapDelete("/workflow-instances/{id}", async (string id, InstanceCommands instances, CancellationToken cancel) =>
            await instances.DeleteAsync(new InstanceFilter { Ids = [id] }, cancel) == 0 ? Results.NotFound() : Results.NoContent());
        foreach (var path in new[] { "/bulk-actions/delete/workflow-instances", "/bulk-actions/delete/workflow-instances/by-id" })
            api.MapPost(path, async (HttpRequest request, InstanceCommands instances, CancellationToken cancel) =>
            {
                var asked = await ElsaJson.ReadAsync<DeleteRequest>(request, cancel);
                return ElsaJson.Ok(new { deleted = await instances.DeleteAsync(asked.Filter(), cancel) });
            });
    }

    private sealed record CancelRequest(IReadOnlyList<string>? Ids, string? DefinitionVersionId, string? DefinitionId, string? VersionOptions)
    {
        /// <summary>A number means that version of the definition; any other option means all of them.</summary>
        public InstanceFilter Filter() => Ids is not { Count: > 0 } && string.IsNullOrEmpty(DefinitionId) && string.IsNullOrEmpty(DefinitionVersionId)
            ? throw new ElsaProblemException("Say which instances: by ids, definitionId or definitionVersionId.")
            : new()
            {
                Ids = Ids, DefinitionId = DefinitionId, DefinitionVersionIds = string.IsNullOrEmpty(DefinitionVersionId) ? null : [DefinitionVersionId],
                Version = int.TryParse(VersionOptions, out var version) ? version : null, Status = Ids is { Count: > 0 } ? null : WorkflowStatus.Running,
            };
    }

    private sealed record DeleteRequest(IReadOnlyList<string>? Ids, string? WorkflowDefinitionId, IReadOnlyList<string>? WorkflowDefinitionIds)
    {
        public InstanceFilter Filter() => Ids is not { Count: > 0 } && string.IsNullOrEmpty(WorkflowDefinitionId) && WorkflowDefinitionIds is not { Count: > 0 }
            ? throw new ElsaProblemException("Say which instances: by ids, workflowDefinitionId or workflowDefinitionIds.")
            : new() { Ids = Ids, DefinitionId = WorkflowDefinitionId, DefinitionIds = WorkflowDefinitionIds };
    }
}
