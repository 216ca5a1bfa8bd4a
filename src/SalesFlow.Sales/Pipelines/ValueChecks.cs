using System.Globalization;
using System.Text.Json;
using SalesFlow.Engine;
using SalesFlow.Engine.Checks;
using SalesFlow.Engine.Definitions;
using SalesFlow.Sales.Activities;

namespace SalesFlow.Sales.Pipelines;

/// <summary>Literals of the sales activities' inputs that are no value of their kind: a number, one of the choices, a probability.</summary>
internal static class ValueChecks
{
    public static IEnumerable<Finding> Find(Node node)
    {
        if (!node.Type.StartsWith("SalesFlow.", StringComparison.Ordinal))
            yield break;
        foreach (var input in node.Activity.Descriptor.Inputs)
            if (Of(node, input) is { } wrong)
                yield return wrong;
        if (node.Activity is WorkingDelay && !node.Inputs.ContainsKey("Hours"))
            yield return Finding.Warning("noHours", node, "hours", new("No hours are given: it does not wait at all.", "Часы не заданы: ожидания не будет."));
    }

    /// <summary>The number that a literal gives; null when it gives none.</summary>
    public static double? Number(Node node, string input) => Literal(node, input) is { } text ? Read(text) : null;

    private static Finding? Of(Node node, InputDescriptor input)
    {
        if (Literal(node, input.Name) is not { } text)
            return null;
        var at = char.ToLowerInvariant(input.Name[0]) + input.Name[1..];
        if (!input.Options.IsEmpty && !input.Options.Any(option => option.Value.Equals(text, node.Activity is Assignments.AssignActivity ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal)))
        {
            var choices = string.Join(", ", input.Options.Select(option => option.Value));
            return Finding.Error("unknownChoice", node, at, new($"'{text}' is no choice here; expected one of {choices}.", $"«{text}» здесь нельзя выбрать; ожидается одно из: {choices}."));
        }
        return input.TypeName switch
        {
            "Double" => OfNumber(node, at, text),
            "Boolean" when !bool.TryParse(text, out _) => Finding.Error("noFlag", node, at, new($"'{text}' is neither true nor false.", $"«{text}» — не true и не false.")),
            _ => null,
        };
    }

    private static Finding? OfNumber(Node node, string at, string text)
    {
        if (Read(text) is not { } number)
            return Finding.Error("noNumber", node, at, new($"'{text}' is no number; expected one such as 8 or 0.5.", $"«{text}» — не число; ожидается, например, 8 или 0.5."));
        return at == "probability" && number is < 0 or > 1 ? Finding.Error("outOfRange", node, at, new($"A probability of {text} cannot be; expected 0 to 1.", $"Вероятность {text} невозможна; ожидается от 0 до 1.")) : null;
    }

    private static string? Literal(Node node, string input) => node.Inputs.TryGetValue(input, out var written) && written.Type is "Literal" or "Object"
        && written.Value.ValueKind is JsonValueKind.String or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False && written.Value.ToString() is { Length: > 0 } text ? text : null;

    // A text that is none would silently count as 0.
    private static double? Read(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;
}
