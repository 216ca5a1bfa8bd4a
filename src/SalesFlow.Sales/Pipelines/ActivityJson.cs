using System.Text.Json;
using System.Text.Json.Nodes;
using SalesFlow.Runtime;

namespace SalesFlow.Sales.Pipelines;

/// <summary>Reads and writes the literal inputs of an activity in a document, leaving everything else as it was written.</summary>
internal static class ActivityJson
{
    /// <summary>The text of a literal input; null when there is none or when it is computed.</summary>
    public static string? Literal(this JsonObject activity, string input) => activity[input] switch
    {
        JsonObject wrapped => Expression(wrapped) is { } expression && expression.Text("type") is "Literal" or "Object" ? AsText(expression["value"]) : null,
        var naked => AsText(naked),
    };

    /// <summary>Makes the input say <paramref name="value"/>, in the shape in which it was written.</summary>
    public static void SetLiteral(this JsonObject activity, string input, string typeName, string value)
    {
        if (activity.Literal(input) == value)
            return;
        switch (activity[input])
        {
            case null:
                activity[input] = Input(typeName, value);
                break;
            case JsonObject wrapped when Expression(wrapped) is { } expression:
                expression["type"] = "Literal";
                expression["value"] = Like(expression["value"], value);
                break;
            case JsonObject:
                activity[input] = Input(typeName, value);
                break;
            case var naked:
                activity[input] = Like(naked, value);
                break;
        }
    }

    /// <summary>A wrapped literal as designers write it.</summary>
    public static JsonObject Input(string typeName, string value, string type = "Literal") =>
        new() { ["typeName"] = typeName, ["expression"] = new JsonObject { ["type"] = type, ["value"] = value }, ["memoryReference"] = null };

    private static JsonObject? Expression(JsonObject wrapped) => wrapped["expression"] as JsonObject ?? (wrapped.Text("type") is not null ? wrapped : null);

    private static string? AsText(JsonNode? node) => node is JsonValue value ? value.TryGetValue(out string? text) ? text : value.ToJsonString() : node?.ToJsonString();

    /// <summary>A number stays a number.</summary>
    private static JsonNode Like(JsonNode? before, string value) =>
        before?.GetValueKind() == JsonValueKind.Number && double.TryParse(value, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out _) ? JsonNode.Parse(value)! : JsonValue.Create(value);
}
