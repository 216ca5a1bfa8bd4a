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
        return new(definition.DefinitionId, NameOf(definition), definition.DefinitionId, definition.Version, [.. stages],
            [.. exits.Where(exit => byId.ContainsKey(exit.FromActivityId) && byId.ContainsKey(exit.ToActivityId))])
        { Fields = [.. TaskActivity.FormsBelow(root).DistinctBy(field => field.Field)] };
    }

    /// <summary>The stage of that key, or null.</summary>
    public Stage? Find(string? key) => Stages.FirstOrDefault(stage => stage.Key == key);

    /// <summary>
    /// A stage comes before every stage that it leads to, and what Done leads to comes after what the other outcomes lead to only when it must: a detour stands between
    /// the stages that it joins. What nothing leads to comes last.
    /// </summary>
    private static List<string> Walk(Node root, ImmutableArray<StageExit> exits)
    {
        var (byId, targets) = (exits.ToLookup(exit => exit.FromActivityId), exits.Select(exit => exit.ToActivityId).ToHashSet());
        var (seen, ordered) = (new HashSet<string>(), new List<string>());
        foreach (var node in root.Children.OrderBy(node => node.Activity is DealStarted ? 0 : targets.Contains(node.Id) ? 2 : 1))
        {
            var left = new List<string>();
            Follow(node.Id, left);
            left.Reverse();
            ordered.AddRange(left);
        }
        return ordered;

        // Depth first; an activity is left after all that it leads to, so the reverse of the order of leaving is the order of the flow.
        void Follow(string id, List<string> left)
        {
            if (!seen.Add(id))
                return;
            foreach (var exit in byId[id].OrderBy(exit => exit.Outcome == Outcomes.Done ? 0 : 1).Reverse())
                Follow(exit.ToActivityId, left);
            left.Add(id);
        }
    }

    /// <summary>The names in both languages that a definition carries in its custom properties, else its one name.</summary>
    private static Text NameOf(WorkflowDefinition definition)
    {
        var name = Texts.Read(definition.Name ?? definition.DefinitionId);
        return definition.Workflow.Json.TryGetProperty("customProperties", out var custom) && custom.ValueKind == JsonValueKind.Object
            ? new(Word(custom, "nameEn") ?? name.En, Word(custom, "nameRu") ?? name.Ru) : name;

        static string? Word(JsonElement custom, string name) => custom.TryGetProperty(name, out var word) && word.ValueKind == JsonValueKind.String && word.GetString() is { Length: > 0 } text ? text : null;
    }

    /// <summary>The connections of a flowchart, whatever they join.</summary>
    internal static ImmutableArray<StageExit> Connections(JsonElement json)
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
