using System.Text.RegularExpressions;
using SalesFlow.Engine.Checks;
using SalesFlow.Engine.Definitions;
using SalesFlow.Engine.Expressions;
using SalesFlow.Sales.Activities;

namespace SalesFlow.Sales.Pipelines;

/// <summary>Comparisons of <c>stage.key</c>, or of the stage of a task or a meeting, with a key that no stage of the definition has: they are never true.</summary>
internal sealed partial class StageNameChecks(WorkflowDefinition definition)
{
    // Also those of definitions that are used here.
    private readonly List<string> _keys = [.. definition.Nodes.Values.Select(node => node.Plan).OfType<Stage>().Select(stage => stage.Key).Distinct()];

    public IEnumerable<Finding> Find() =>
        // Without stages of its own a definition may be used by any pipeline.
        from node in _keys.Count == 0 ? [] : DefinitionChecks.Own(definition)
        from written in node.Inputs.Select(input => (At: char.ToLowerInvariant(input.Key[0]) + input.Key[1..], Expression: input.Value)).Concat(RuleChecks.Expressions(node).Select(rule => (At: "rules", Expression: rule)))
        where written.Expression.Type is "JavaScript" or "Liquid" or "Scriban"
        from key in Compared(Conversion.ToText(Json.Plain(written.Expression.Value) ?? ""))
        where !_keys.Contains(key)
        select Finding.Warning("unknownStage", node, written.At, new(
            $"The expression compares with the stage '{key}', which is not there. There are: {string.Join(", ", _keys)}.", $"Выражение сравнивает с этапом «{key}», а его нет. Есть: {string.Join(", ", _keys)}."));

    private static IEnumerable<string> Compared(string source) => KeyAfter().Matches(source).Concat(KeyBefore().Matches(source)).Select(match => match.Groups["key"].Value).Distinct();

    // A field of the deal may be called stage too: deal.fields.stage is not meant.
    [GeneratedRegex("""(?<!fields\s*\.\s*)\bstage(?:\s*\.\s*key)?\s*(?:===?|!==?)\s*(?<quote>["'])(?<key>[^"'\\]+)\k<quote>""")]
    private static partial Regex KeyAfter();

    [GeneratedRegex("""(?<quote>["'])(?<key>[^"'\\]+)\k<quote>\s*(?:===?|!==?)\s*(?:(?!fields\b)[\p{L}_$][\p{L}\p{Nd}_$]*\s*\.\s*)?stage\b(?!\s*\.\s*(?!key\b))""")]
    private static partial Regex KeyBefore();
}
