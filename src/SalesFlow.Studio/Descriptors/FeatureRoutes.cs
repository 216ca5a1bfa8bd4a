using System.Collections.Immutable;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SalesFlow.Studio.Wire;

namespace SalesFlow.Studio.Descriptors;

/// <summary>What Studio may switch on. Only full names count; naming one that is not served breaks the page.</summary>
internal static class FeatureRoutes
{
    private static readonly ImmutableArray<Feature> Installed =
    [
        Feature.Of("Elsa.Workflows", "Workflow definitions and instances."), Feature.Of("Elsa.WorkflowRuntime", "Runs workflow definitions."),
        Feature.Of("Elsa.JavaScript", "JavaScript expressions."), Feature.Of("Elsa.Liquid", "Liquid expressions."),
        Feature.Of("Elsa.RealTimeWorkflowUpdates", "Tells viewers of an instance what happens in it."),
    ];

    public static void MapFeatures(this IEndpointRouteBuilder api)
    {
        api.MapGet("/features/installed", () => ElsaJson.List(Installed));
        api.MapGet("/features/installed/{fullName}", (string fullName) =>
            Installed.FirstOrDefault(feature => feature.FullName == fullName) is { } found ? ElsaJson.Ok(found) : Results.NotFound());
    }

    private sealed record Feature(string Name, string Namespace, string FullName, string DisplayName, string Description)
    {
        public static Feature Of(string fullName, string description)
        {
            var name = fullName[(fullName.LastIndexOf('.') + 1)..];
            return new(name, fullName[..fullName.LastIndexOf('.')], fullName, name, description);
        }
    }
}
