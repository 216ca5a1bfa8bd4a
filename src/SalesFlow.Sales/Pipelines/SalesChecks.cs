using System.Collections.Immutable;
using SalesFlow.Engine.Checks;
using SalesFlow.Engine.Definitions;
using SalesFlow.Sales.Activities;
using SalesFlow.Sales.Deals;

namespace SalesFlow.Sales.Pipelines;

/// <summary>Names that a definition may refer to; null where they are not known, and then nothing is said of them. Templates are named <c>offer.ru</c>.</summary>
public sealed record KnownNames(ImmutableHashSet<string>? Roles = null, ImmutableHashSet<string>? Users = null, ImmutableHashSet<string>? Templates = null)
{
    /// <summary>Teams that somebody is in.</summary>
    public ImmutableHashSet<string>? Teams { get; init; }
    /// <summary>Keys of approval matrices.</summary>
    public ImmutableHashSet<string>? Matrices { get; init; }
}

/// <summary>Looks a definition over before it is published, with the eyes of the engine and of the sales domain.</summary>
public static class SalesChecks
{
    /// <summary>Everything found: first what concerns the flow, then what concerns the pipeline, then its activities.</summary>
    public static ImmutableArray<Finding> Find(WorkflowDefinition definition, KnownNames known)
    {
        var sells = definition.Nodes.Values.Any(node => node.Type.StartsWith("SalesFlow.", StringComparison.Ordinal));
        return [.. DefinitionChecks.Find(definition, sells ? DealFacts.FactNames : []), .. new PipelineChecks(definition).Find(),
            .. DefinitionChecks.Own(definition).SelectMany(node => ActivityChecks.Find(node, known).Concat(ValueChecks.Find(node))), .. new RuleChecks(definition, known).Find(), .. new StageNameChecks(definition).Find()];
    }

    /// <summary>The stages of a definition, wherever they stand.</summary>
    internal static IEnumerable<Node> Stages(WorkflowDefinition definition) => DefinitionChecks.Own(definition).Where(node => node.Activity is StageActivity);
}
