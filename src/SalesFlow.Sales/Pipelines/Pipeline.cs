using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text.Json;
using SalesFlow.Engine;
using SalesFlow.Engine.Definitions;
using SalesFlow.Sales.Activities;
using SalesFlow.Sales.Rules;
using SalesFlow.Sales.Tasks;

namespace SalesFlow.Sales.Pipelines;

/// <summary>A stage as its node says; <paramref name="Order"/> follows the flow, from 0.</summary>
public sealed record Stage(string Key, Text Name, string ActivityId, int Order, double Probability, double? LimitHours, ImmutableArray<StageRule> Rules);

/// <summary>A connection that leaves a stage by an outcome and leads to another stage.</summary>
public sealed record StageExit(string FromActivityId, string Outcome, string ToActivityId);

/// <summary>A workflow definition seen as a sales pipeline.</summary>
public sealed record Pipeline(string Key, Text Name, string DefinitionId, int Version, ImmutableArray<Stage> Stages, ImmutableArray<StageExit> Exits)
{
    private static readonly ConditionalWeakTable<WorkflowDefinition, Pipeline> Known = [];

    /// <summary>The fields that its tasks ask for, as written; of those with the same name the first.</summary>
    public ImmutableArray<FormField> Fields { get; init; } = [];

    /// <summary>The pipeline of a definition, read once.</summary>
    public static Pipeline Of(WorkflowDefinition definition) => Known.GetValue(definition, Read);

    /// <summary>True when deals can be started on the definition.</summary>
    public static bool IsPipeline(WorkflowDefinition definition) => definition.Root.Children.Any(node => node.Activity is DealStarted) && definition.Root.Children.Any(node => node.Plan is Stage);

    /// <summary>Reads the stages in the order of the flow; a definition without stages is a pipeline without stages.</summary>
    public static Pipeline Read(WorkflowDefinition definition)
    {
        var root = definition.Root;
        var exits = Connections(root.Json);
        var byId = root.Children.Where(node => node.Plan is Stage).ToDictionary(node => node.Id, node => (Stage)node.Plan!);
        var stages = Walk(root, exits).Where(byId.ContainsKey).Select((id, order) => byId[id] with { Order = order });
        var name = definition.Name ?? definition.DefinitionId;
        return new(definition.DefinitionId, Texts.Read(name), definition.DefinitionId, definition.Version, [.. stages],
            [.. exits.Where(exit => byId.ContainsKey(exit.FromActivityId) && byId.ContainsKey(exit.ToActivityId))])
        { Fields = [.. TaskActivity.FormsBelow(root).DistinctBy(field => field.Field)] };
    }

    /// <summary>The stage of that key, or null.</summary>
    public Stage? Find(string? key) => Stages.FirstOrDefault(stage => stage.Key == key);

    /// <summary>Along Done first, then along the other outcomes, then what nothing leads to.</summary>
    private static List<string> Walk(Node root, ImmutableArray<StageExit> exits)
    {
        var targets = exits.Select(exit => exit.ToActivityId).ToHashSet();
        var found = new List<string>();
        foreach (var node in root.Children.OrderBy(node => node.Activity is DealStarted ? 0 : targets.Contains(node.Id) ? 2 : 1))
            Follow(node.Id);
        return found;

        void Follow(string id)
        {
            if (found.Contains(id))
                return;
            found.Add(id);
            foreach (var exit in exits.Where(exit => exit.FromActivityId == id).OrderBy(exit => exit.Outcome == Outcomes.Done ? 0 : 1))
                Follow(exit.ToActivityId);
        }
    }

    private static ImmutableArray<StageExit> Connections(JsonElement json)
    {
        if (!json.TryGetProperty("connections", out var list) || list.ValueKind != JsonValueKind.Array)
            return [];
        return [.. list.EnumerateArray().Select(One).OfType<StageExit>()];
    }

    private static StageExit? One(JsonElement connection) =>
        connection.TryGetProperty("source", out var source) && source.ValueKind == JsonValueKind.Object && connection.TryGetProperty("target", out var target)
        && source.TryGetProperty("activity", out var from) && target.TryGetProperty("activity", out var to)
            ? new(from.ToString(), source.TryGetProperty("port", out var port) && port.GetString() is { Length: > 0 } name ? name : Outcomes.Done, to.ToString()) : null;
}
