using System.Collections.Immutable;
using System.Text.Json;
using SalesFlow.Engine;
using SalesFlow.Engine.Definitions;
using SalesFlow.Sales.Deals;
using SalesFlow.Sales.People;

namespace SalesFlow.Sales.Rules;

/// <summary>How strictly a rule is kept.</summary>
public enum Severity
{
    /// <summary>Nobody passes, unless the glass is broken.</summary>
    Hard,
    /// <summary>A person passes with a reason, and it is counted.</summary>
    Soft,
    /// <summary>Everybody passes, and it is counted.</summary>
    Measured,
}

/// <summary>What a rule is asked about: the deal, the stage whose exit it guards, the time, and who wants to move; nobody when the process itself goes on.</summary>
public sealed record RuleMoment(DealFacts Facts, string StageKey, DateTimeOffset Now, Actor? Mover = null);

/// <summary>
/// A condition under which a deal may leave its stage forward: an atom, or all, any or none of others. <paramref name="Message"/> is the designer's own
/// words for it.
/// </summary>
public abstract record StageRule(Text? Message)
{
    /// <summary>The word of the definition.</summary>
    public abstract string Kind { get; }

    /// <summary>How strictly it is kept; of the rules inside another one only the outermost's counts.</summary>
    public Severity Severity { get; init; }

    /// <summary>What is demanded, in words.</summary>
    public Text Words => Message ?? DefaultWords;

    /// <summary>What is demanded when the designer said nothing: the demand itself.</summary>
    public abstract Text DefaultWords { get; }

    /// <summary>What would help.</summary>
    public abstract Text Fix { get; }

    /// <summary>True when the deal meets it.</summary>
    public abstract bool IsMet(RuleMoment moment);

    /// <summary>Reads the JSON array of a Stage's or Gate's Rules; throws <see cref="FormatException"/> with a sentence.</summary>
    public static ImmutableArray<StageRule> Read(string? json)
    {
        if (string.IsNullOrWhiteSpace(json))
            return [];
        try
        {
            using var document = JsonDocument.Parse(json);
            return List(document.RootElement);
        }
        catch (JsonException broken)
        {
            throw new FormatException($"is not JSON: {broken.Message}", broken);
        }
        catch (InvalidOperationException broken)
        {
            throw new FormatException($"has a value of the wrong type: {broken.Message}", broken);
        }
    }

    /// <summary>The conditions that rules are made of.</summary>
    internal static IEnumerable<StageRule> Atoms(IEnumerable<StageRule> rules) => rules.SelectMany(rule => rule switch
    {
        AllOf all => Atoms(all.Rules),
        AnyOf any => Atoms(any.Rules),
        NoneOf none => Atoms(none.Rules),
        _ => [rule],
    });

    private static ImmutableArray<StageRule> List(JsonElement rules) => rules.ValueKind == JsonValueKind.Array
        ? [.. rules.EnumerateArray().Select(One)]
        : throw new FormatException("expected a JSON array of rules such as [{\"kind\": \"requiredFields\", \"fields\": [\"budget\"]}]");

    private static StageRule One(JsonElement rule) => Bare(rule) with { Severity = SeverityOf(rule) };

    private static StageRule Bare(JsonElement rule)
    {
        var message = rule.ValueKind == JsonValueKind.Object && rule.TryGetProperty("message", out var words) ? Texts.Read(words) : null;
        return Word(rule, "kind") switch
        {
            "all" => new AllOf(List(Member(rule, "rules")), message),
            "any" => new AnyOf(List(Member(rule, "rules")), message),
            "not" => new NoneOf(List(Member(rule, "rules")), message),
            "requiredFields" => new RequiredFields([.. Member(rule, "fields").EnumerateArray().Select(field => field.ToString())], message),
            "field" => new FieldCondition(Word(rule, "field"), Comparisons.Read(Word(rule, "is")), rule.TryGetProperty("value", out var value) ? Engine.Expressions.Json.Plain(value) : null, message),
            "requiredOutcome" => new RequiredOutcome(Word(rule, "task"), Word(rule, "outcome"), message),
            "requiredDocument" => new RequiredDocument(Word(rule, "document"), message) { Sent = rule.TryGetProperty("sent", out var sent) && sent.GetBoolean() },
            "meetingHeld" => new MeetingHeld(rule.TryGetProperty("meeting", out var meeting) && meeting.ToString() is { Length: > 0 } activity ? activity : null, message),
            "approvalValid" => new ApprovalValid(rule.TryGetProperty("matrix", out var matrix) ? matrix.ToString() : Approvals.ApprovalMatrixQueries.Terms, message),
            "minimumWorkingTime" => new MinimumWorkingTime(Member(rule, "hours").GetDouble(), message),
            "role" => new RequiredRole(Word(rule, "role"), message),
            "expression" => new ExpressionRule(new Expression(Word(rule, "language"), Member(rule, "expression").Clone()), message),
            var other => throw new FormatException($"has a rule of unknown kind '{other}'; known are {string.Join(", ", Kinds)}"),
        };
    }

    /// <summary>The words of the definition for every kind there is.</summary>
    public static ImmutableArray<string> Kinds { get; } =
        ["all", "any", "not", "requiredFields", "field", "requiredOutcome", "requiredDocument", "meetingHeld", "approvalValid", "minimumWorkingTime", "role", "expression"];

    private static Severity SeverityOf(JsonElement rule) => !rule.TryGetProperty("severity", out var word) ? Severity.Hard
        : Enum.TryParse<Severity>(word.ToString(), ignoreCase: true, out var severity) && Enum.IsDefined(severity) ? severity
        : throw new FormatException($"has a rule of unknown severity '{word}'; known are hard, soft, measured");

    private static JsonElement Member(JsonElement rule, string name) =>
        rule.ValueKind == JsonValueKind.Object && rule.TryGetProperty(name, out var value) ? value : throw new FormatException($"has a rule without \"{name}\"");

    private static string Word(JsonElement rule, string name) => Member(rule, name).ToString();
}

/// <summary>A condition that is not made of others: what it would take to turn it is known.</summary>
public abstract record RuleAtom(Text? Message) : StageRule(Message)
{
    /// <summary>What it asks, whatever its words: two atoms of one identity are the same condition, and turning one turns the other.</summary>
    public abstract string Identity { get; }

    /// <summary>Working hours that it is expected to take until it is met, to compare ways out; not a promise.</summary>
    public abstract double HoursToMeet(RuleMoment moment);

    /// <summary>True when what once held can be made not to hold again; a document that was issued stays issued.</summary>
    public virtual bool IsReversible => false;

    /// <summary>Role whose people can do it; null for whoever carries the deal.</summary>
    public virtual string? DoneBy => null;
}
