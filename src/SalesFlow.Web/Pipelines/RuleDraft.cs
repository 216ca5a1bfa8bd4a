using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SalesFlow.Web.Pipelines;

/// <summary>A rule while it is being edited: every kind's values side by side, so that another kind can be tried and left again.</summary>
public sealed class RuleDraft
{
    /// <summary>The kinds in the order in which they are offered: conditions first, then what puts others together.</summary>
    public static ImmutableArray<string> Kinds { get; } = ["requiredFields", "field", "requiredOutcome", "requiredDocument", "meetingHeld", "approvalValid", "minimumWorkingTime", "role", "expression", "all", "any", "not"];
    /// <summary>The words by which a field is compared.</summary>
    public static ImmutableArray<string> Comparisons { get; } = ["=", "!=", "<", "<=", ">", ">=", "contains", "filled", "empty"];
    /// <summary>How strictly a rule may be kept.</summary>
    public static ImmutableArray<string> Severities { get; } = ["hard", "soft", "measured"];

    // What belongs to one kind alone; the rest of a written rule stays as the designer wrote it.
    private static readonly ImmutableArray<string> OfKinds = ["rules", "fields", "field", "is", "value", "task", "outcome", "document", "sent", "hours", "role", "language", "expression"];
    private readonly JsonObject _written;

    /// <summary>A new rule.</summary>
    public RuleDraft() => _written = [];

    /// <summary>Takes over a rule as the definition writes it.</summary>
    public RuleDraft(JsonObject rule)
    {
        _written = rule;
        Kind = Text(rule["kind"]);
        Severity = Text(rule["severity"]) is { Length: > 0 } severity ? severity.ToLowerInvariant() : "hard";
        (MessageRu, MessageEn) = rule["message"] is JsonObject both ? (Text(both["ru"]), Text(both["en"])) : (Text(rule["message"]), Text(rule["message"]));
        Rules = [.. (rule["rules"] as JsonArray ?? []).OfType<JsonObject>().Select(inner => new RuleDraft(inner))];
        Fields = [.. (rule["fields"] as JsonArray ?? []).Select(Text)];
        (Field, Task, Outcome, Document, Role) = (Text(rule["field"]), Text(rule["task"]), Text(rule["outcome"]), Text(rule["document"]), Text(rule["role"]));
        Sent = rule["sent"]?.GetValueKind() == JsonValueKind.True;
        (Value, Expression) = (Text(rule["value"]), Text(rule["expression"]));
        Is = Text(rule["is"]) is { Length: > 0 } comparison ? comparison : Is;
        Language = Text(rule["language"]) is { Length: > 0 } language ? language : Language;
        Hours = decimal.TryParse(Text(rule["hours"]), NumberStyles.Float, CultureInfo.InvariantCulture, out var hours) ? hours : null;
    }

    /// <summary>The word of the definition for what is asked.</summary>
    public string Kind { get; set; } = "requiredFields";
    /// <summary>hard, soft or measured.</summary>
    public string Severity { get; set; } = "hard";
    /// <summary>The designer's own words in Russian.</summary>
    public string MessageRu { get; set; } = "";
    /// <summary>The designer's own words in English.</summary>
    public string MessageEn { get; set; } = "";
    /// <summary>The rules inside.</summary>
    public List<RuleDraft> Rules { get; } = [];
    /// <summary>Fields that must be filled in.</summary>
    public List<string> Fields { get; } = [];
    /// <summary>Field that is compared.</summary>
    public string Field { get; set; } = "";
    /// <summary>How it is compared.</summary>
    public string Is { get; set; } = "=";
    /// <summary>What it is compared with.</summary>
    public string Value { get; set; } = "";
    /// <summary>Task that must have been completed.</summary>
    public string Task { get; set; } = "";
    /// <summary>Its outcome.</summary>
    public string Outcome { get; set; } = "";
    /// <summary>Kind of document that must have been issued.</summary>
    public string Document { get; set; } = "";
    /// <summary>True when that document must have been sent to the client too.</summary>
    public bool Sent { get; set; }
    /// <summary>Working hours that must have passed.</summary>
    public decimal? Hours { get; set; }
    /// <summary>Role of the one who moves.</summary>
    public string Role { get; set; } = "";
    /// <summary>Language of the expression.</summary>
    public string Language { get; set; } = "JavaScript";
    /// <summary>Expression that must be true.</summary>
    public string Expression { get; set; } = "";

    /// <summary>The rule as the definition writes it; what was not touched is written as it was.</summary>
    public JsonObject ToJson()
    {
        var rule = new JsonObject { ["kind"] = Kind };
        foreach (var (name, value) in Members())
            rule[name] = value;
        if (Severity != "hard" || _written.ContainsKey("severity"))
            rule["severity"] = Severity;
        if (Message() is { } message)
            rule["message"] = message;
        foreach (var (name, value) in _written.Where(member => !rule.ContainsKey(member.Key) && !OfKinds.Contains(member.Key) && member.Key != "message").ToList())
            rule[name] = value?.DeepClone();
        return rule;
    }

    private IEnumerable<(string Name, JsonNode? Value)> Members() => Kind switch
    {
        "all" or "any" or "not" => [("rules", new JsonArray([.. Rules.Select(inner => inner.ToJson())]))],
        "requiredFields" => [("fields", new JsonArray([.. Fields.Select(field => JsonValue.Create(field))]))],
        "field" when Is is "filled" or "empty" => [("field", Field), ("is", Is)],
        "field" => [("field", Field), ("is", Is), ("value", Compared())],
        "requiredOutcome" => [("task", Task), ("outcome", Outcome)],
        "requiredDocument" when Sent => [("document", Document), ("sent", true)],
        "requiredDocument" => [("document", Document)],
        "minimumWorkingTime" => [("hours", Hours)],
        "role" => [("role", Role)],
        "expression" => [("language", Language), ("expression", Expression)],
        _ => [],
    };

    /// <summary>A number where the text is one, unless it was written as text before.</summary>
    private JsonNode? Compared() => _written["value"] is { } before && Text(before) == Value ? before.DeepClone()
        : decimal.TryParse(Value, NumberStyles.Number, CultureInfo.CurrentCulture, out var number) || decimal.TryParse(Value, NumberStyles.Number, CultureInfo.InvariantCulture, out number) ? number : Value;

    private JsonNode? Message()
    {
        var (ru, en) = (MessageRu.Trim(), MessageEn.Trim());
        if (ru.Length == 0 && en.Length == 0)
            return null;
        if (_written["message"] is JsonValue one && Text(one) == ru && ru == en)
            return one.DeepClone();
        return new JsonObject { ["ru"] = ru.Length > 0 ? ru : en, ["en"] = en.Length > 0 ? en : ru };
    }

    private static string Text(JsonNode? node) => node is null ? "" : node.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : node.ToJsonString();
}
