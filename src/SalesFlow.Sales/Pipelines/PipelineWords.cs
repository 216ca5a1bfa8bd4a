using System.Collections.Immutable;
using System.Text.Json;
using SalesFlow.Engine;
using SalesFlow.Engine.Definitions;
using SalesFlow.Sales.Activities;
using SalesFlow.Sales.Meetings;
using SalesFlow.Sales.Approvals;
using SalesFlow.Sales.Rules;

namespace SalesFlow.Sales.Pipelines;

/// <summary>Reads from a definition what the rules of its stages may name.</summary>
public static class PipelineWords
{
    /// <summary>Its tasks in the order of the file, and the kinds of documents that its steps issue.</summary>
    public static RuleVocabulary Of(WorkflowDefinition definition)
    {
        var nodes = definition.Nodes.Values;
        var kinds = nodes.Where(node => node.Activity is DocumentActivity).Select(node => Literal(node, "Kind")?.ToString()).ToList();
        return new(
            [.. nodes.Where(node => node.Activity is TaskActivity or MeetingActivity or ApprovalActivity).Select(node => Task(node, definition))],
            kinds.Contains(null) ? [] : [.. kinds.OfType<string>().Distinct().Order(StringComparer.Ordinal)])
        { Meetings = [.. nodes.Where(node => node.Activity is MeetingActivity).Select(node => node.Id)] };
    }

    private static RuleTask Task(Node node, WorkflowDefinition definition)
    {
        var title = Texts.Read(Literal(node, "Subject")?.ToString() is { Length: > 0 } subject ? subject : node.Title);
        var stage = definition.Root.Children.FirstOrDefault(stage => node.NodeId.StartsWith($"{stage.NodeId}:", StringComparison.Ordinal))?.Plan as Stage;
        if (node.Activity is MeetingActivity)
            return new(node.Id, title, stage?.Key ?? "", [.. node.Activity.Descriptor.Outcomes.Select(outcome => outcome.Name)]) { OutcomeNames = MeetingActivity.ButtonNames };
        return new(node.Id, title, stage?.Key ?? "", node.Activity is ApprovalActivity ? ApprovalOutcomes.All : node.Inputs.ContainsKey("Outcomes") ? Outcomes(Literal(node, "Outcomes")) : [Engine.Outcomes.Done]) { OutcomeNames = Names(Literal(node, "OutcomeNames")) };
    }

    private static ImmutableDictionary<string, Text> Names(JsonElement? written) =>
        (written is { ValueKind: JsonValueKind.String } text ? Parsed(text.GetString()!) : written) is { ValueKind: JsonValueKind.Object } names
            ? names.EnumerateObject().ToImmutableDictionary(name => name.Name, name => Texts.Read(name.Value)) : ImmutableDictionary<string, Text>.Empty;

    private static ImmutableArray<string> Outcomes(JsonElement? written)
    {
        var list = written is { ValueKind: JsonValueKind.String } text ? Parsed(text.GetString()!) : written;
        return list is { ValueKind: JsonValueKind.Array } outcomes ? [.. outcomes.EnumerateArray().Select(outcome => outcome.ToString())] : [];
    }

    private static JsonElement? Parsed(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static JsonElement? Literal(Node node, string input) =>
        node.Inputs.TryGetValue(input, out var written) && written.Type is "Literal" or "Object" && written.Value.ValueKind != JsonValueKind.Undefined ? written.Value : null;
}
