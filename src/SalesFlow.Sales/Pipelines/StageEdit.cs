using System.Collections.Immutable;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using SalesFlow.Runtime;

namespace SalesFlow.Sales.Pipelines;

/// <summary>
/// Edits the stages of a pipeline in the document of its definition. Only what is meant is written over; all else stays as the designer wrote it.
/// </summary>
public static partial class StageEdit
{
    private const string StageType = "SalesFlow.Stage";
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Changes the stage of that key; false when the document has no such stage.</summary>
    public static bool Change(JsonObject document, string key, StageChange change)
    {
        if (StageOf(document, key) is not { } stage)
            return false;
        var (ru, en) = (stage.Literal("nameRu"), stage.Literal("nameEn"));
        Rename(stage, "nameRu", change.NameRu);
        Rename(stage, "nameEn", change.NameEn);
        // The canvas shows a title of its own; it follows the name unless the designer chose another.
        if (stage["metadata"] is JsonObject metadata && metadata.Text("displayText") is { } shown && (shown == ru ? change.NameRu : shown == en ? change.NameEn : null) is { } name)
            metadata["displayText"] = name.Trim();
        if (change.Probability is { } probability && Number(stage.Literal("probability")) != probability)
            stage.SetLiteral("probability", "Double", Text(probability));
        if (change.Limit is { Hours: null })
            stage.Remove("limitHours");
        else if (change.Limit is { Hours: { } hours } && Number(stage.Literal("limitHours")) != hours)
            stage.SetLiteral("limitHours", "Double", Text(hours));
        if (change.Rules is { } rules && !SaysTheSame(stage.Literal("rules"), rules))
            stage.SetLiteral("rules", "String", Written(rules));
        return true;
    }

    /// <summary>True when the document has a stage of that key.</summary>
    public static bool Has(JsonObject document, string key) => StageOf(document, key) is not null;

    /// <summary>Id of the activity of the stage of that key, or null.</summary>
    public static string? IdOf(JsonObject document, string key) => StageOf(document, key)?.Text("id");

    /// <summary>The exit rules of the stage of that key as they are written; none when they cannot be read.</summary>
    public static ImmutableArray<JsonObject> RulesOf(JsonObject document, string key)
    {
        try
        {
            return StageOf(document, key)?.Literal("rules") is { } written && !string.IsNullOrWhiteSpace(written) && JsonNode.Parse(written) is JsonArray rules ? [.. rules.OfType<JsonObject>()] : [];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    private static void Rename(JsonObject stage, string input, string? name)
    {
        if (name is not null)
            stage.SetLiteral(input, "String", name.Trim());
    }

    private static string Written(ImmutableArray<JsonObject> rules) => new JsonArray([.. rules.Select(rule => rule.DeepClone())]).ToJsonString(Readable);

    private static bool SaysTheSame(string? written, ImmutableArray<JsonObject> rules)
    {
        try
        {
            var before = string.IsNullOrWhiteSpace(written) ? [] : JsonNode.Parse(written) as JsonArray;
            return JsonNode.DeepEquals(before, JsonNode.Parse(Written(rules)));
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static IEnumerable<JsonObject> Activities(JsonObject document) => ((document["root"] as JsonObject)?["activities"] as JsonArray ?? []).OfType<JsonObject>();

    private static IEnumerable<JsonObject> Stages(JsonObject document) => Activities(document).Where(activity => string.Equals(activity.Text("type"), StageType, StringComparison.OrdinalIgnoreCase));

    private static JsonObject? StageOf(JsonObject document, string key) => Stages(document).FirstOrDefault(stage => stage.Literal("stage") == key);

    private static double? Number(string? text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);
}
