using System.Text.Json.Nodes;
using SalesFlow.Engine;
using SalesFlow.Runtime;

namespace SalesFlow.Sales.Pipelines;

public static partial class StageEdit
{
    /// <summary>
    /// Takes a stage out: what led to it leads to where passing it led. Steps that nothing leads to any more go with it. False when there is no such stage.
    /// </summary>
    public static bool Remove(JsonObject document, string key)
    {
        if (StageOf(document, key) is not { } stage || stage.Text("id") is not { } id)
            return false;
        var wires = Wires(document);
        var starts = Activities(document).Select(activity => activity.Text("id") ?? "").Where(activity => !wires.Exists(wire => wire.To == activity)).ToList();
        var reached = ReachedFrom(starts, wires);
        var next = wires.Where(wire => wire.From == id && wire.Port == Outcomes.Done && wire.To != id).Select(wire => wire.To).ToList();
        foreach (var wire in wires.Where(wire => wire.From == id))
            Disconnect(document, wire);
        foreach (var wire in wires.Where(wire => wire.To == id && wire.From != id))
            LeadPast(document, wire, [.. next.Where(target => target != wire.From)]);
        var left = ReachedFrom(starts.Where(start => start != id), Wires(document));
        Take(document, activity => activity == stage || !IsStage(activity) && activity.Text("id") is { } other && reached.Contains(other) && !left.Contains(other));
        return true;
    }

    /// <summary>Titles of the stages whose rules demand a task of the stage of that key, which would never be done again.</summary>
    public static IReadOnlyList<Text> NeededBy(Pipeline pipeline, Rules.RuleVocabulary words, string key) =>
    [
        .. from stage in pipeline.Stages
           where stage.Key != key && Rules.StageRule.Atoms(stage.Rules).OfType<Rules.RequiredOutcome>().Any(rule => words.Task(rule.Task)?.StageKey == key)
           select stage.Name,
    ];

    private static void LeadPast(JsonObject document, FlowWire wire, IReadOnlyList<string> targets)
    {
        var others = Wires(document).Where(other => other.Json != wire.Json && other.From == wire.From && other.Port == wire.Port).Select(other => other.To).ToList();
        if (targets.FirstOrDefault(target => !others.Contains(target)) is { } first)
            Redirect(wire, first);
        else
            Disconnect(document, wire);
        foreach (var target in targets)
            Connect(document, wire.From, wire.Port, target);
    }

    private static bool IsStage(JsonObject activity) => string.Equals(activity.Text("type"), StageType, StringComparison.OrdinalIgnoreCase);

    private static void Take(JsonObject document, Func<JsonObject, bool> goes)
    {
        var list = (JsonArray)document["root"]!["activities"]!;
        var gone = list.OfType<JsonObject>().Where(goes).ToList();
        foreach (var activity in gone)
            list.Remove(activity);
        foreach (var wire in Wires(document).Where(wire => gone.Exists(activity => activity.Text("id") == wire.From || activity.Text("id") == wire.To)))
            Disconnect(document, wire);
    }
}
