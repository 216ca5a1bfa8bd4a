using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using SalesFlow.Engine;
using SalesFlow.Engine.Definitions;
using SalesFlow.Engine.Expressions;
using SalesFlow.Sales.People;

namespace SalesFlow.Sales.Rules;

/// <summary>A task that rules may name: its activity, its title and its buttons, none when they are computed.</summary>
public sealed record RuleTask(string Id, Text Title, string StageKey, ImmutableArray<string> Outcomes)
{
    /// <summary>What the buttons are called, as far as that is written out.</summary>
    public ImmutableDictionary<string, Text> OutcomeNames { get; init; } = ImmutableDictionary<string, Text>.Empty;
}

/// <summary>What rules of a pipeline may name; no documents when their kinds are computed.</summary>
public sealed record RuleVocabulary(ImmutableArray<RuleTask> Tasks, ImmutableArray<string> Documents)
{
    /// <summary>Ids of the activities that ask for meetings.</summary>
    public ImmutableArray<string> Meetings { get; init; } = [];

    /// <summary>The task that a rule means, by id or title as <see cref="RequiredOutcome"/> does.</summary>
    public RuleTask? Task(string? name) => Tasks.FirstOrDefault(task => task.Id == name) ?? Tasks.FirstOrDefault(task => task.Title.En == name || task.Title.Ru == name);
}

/// <summary>Looks a rule over before it is kept: everything that would make it fail later, or never be met.</summary>
public static class RuleCheck
{
    private static readonly Evaluator Evaluator = new(new EngineLimits());

    /// <summary>What is wrong, each with the path of the member that it is about, such as "fields" or "rules[1].task".</summary>
    public static IEnumerable<(string Member, Text Message)> Problems(JsonObject rule, RuleVocabulary known) => Meant(rule, known).Concat(Unreadable(rule)).DistinctBy(problem => problem.Item1);

    private static IEnumerable<(string, Text)> Meant(JsonObject rule, RuleVocabulary known) => Text(rule, "kind") switch
    {
        "all" or "any" or "not" => Inner(rule, known),
        "requiredFields" => Fields(rule),
        "field" => Field(rule),
        "requiredOutcome" => Outcome(rule, known),
        "requiredDocument" => Document(rule, known),
        "meetingHeld" => Meeting(rule, known),
        "minimumWorkingTime" => Hours(rule),
        "role" => Role(rule),
        "expression" => Expression(rule),
        _ => [],
    };

    private static IEnumerable<(string, Text)> Inner(JsonObject rule, RuleVocabulary known)
    {
        if (rule["rules"] is not JsonArray { Count: > 0 } rules || !rules.All(inner => inner is JsonObject))
            return [("rules", new("Name at least one rule inside.", "Добавьте внутрь хотя бы одно правило."))];
        return rules.SelectMany((inner, index) => Meant((JsonObject)inner!, known).Select(problem => ($"rules[{index}].{problem.Item1}", problem.Item2)));
    }

    private static IEnumerable<(string, Text)> Field(JsonObject rule)
    {
        if (string.IsNullOrWhiteSpace(Text(rule, "field")))
            yield return ("field", new("Name a field, such as discount.", "Назовите поле, например discount."));
        if (Text(rule, "is") is not ("filled" or "empty") && (rule["value"] is not JsonValue value || value.TryGetValue(out string? text) && text.Length == 0))
            yield return ("value", new("Say what to compare with.", "Укажите, с чем сравнить."));
    }

    private static IEnumerable<(string, Text)> Role(JsonObject rule)
    {
        if (!Roles.All.Contains(Text(rule, "role") ?? ""))
            yield return ("role", new($"'{Text(rule, "role")}' is not a role. There are: {string.Join(", ", Roles.All)}.", $"«{Text(rule, "role")}» — не роль. Есть: {string.Join(", ", Roles.All)}."));
    }

    private static IEnumerable<(string, Text)> Fields(JsonObject rule)
    {
        if (rule["fields"] is not JsonArray { Count: > 0 } fields || !fields.All(field => field is JsonValue value && value.TryGetValue(out string? name) && !string.IsNullOrWhiteSpace(name)))
            yield return ("fields", new("Name at least one field, such as [\"budget\"].", "Назовите хотя бы одно поле, например [\"budget\"]."));
    }

    private static IEnumerable<(string, Text)> Outcome(JsonObject rule, RuleVocabulary known)
    {
        var tasks = string.Join(", ", known.Tasks.Select(task => task.Id));
        if (known.Task(Text(rule, "task")) is not { } task)
            yield return ("task", new($"The pipeline has no task '{Text(rule, "task")}'. It has: {tasks}.", $"В воронке нет задачи «{Text(rule, "task")}». Есть: {tasks}."));
        else if (string.IsNullOrWhiteSpace(Text(rule, "outcome")) || task.Outcomes.Length > 0 && !task.Outcomes.Contains(Text(rule, "outcome")!))
            yield return ("outcome", new($"The task '{task.Title.En}' has no outcome '{Text(rule, "outcome")}'. It has: {string.Join(", ", task.Outcomes)}.",
                $"У задачи «{task.Title.Ru}» нет исхода «{Text(rule, "outcome")}». Есть: {string.Join(", ", task.Outcomes)}."));
    }

    private static IEnumerable<(string, Text)> Document(JsonObject rule, RuleVocabulary known)
    {
        if (string.IsNullOrWhiteSpace(Text(rule, "document")))
            yield return ("document", new($"Name a kind of document: {string.Join(", ", known.Documents)}.", $"Назовите вид документа: {string.Join(", ", known.Documents)}."));
        else if (known.Documents.Length > 0 && !known.Documents.Contains(Text(rule, "document")!))
            yield return ("document", new($"No step of the pipeline issues a document '{Text(rule, "document")}'. There are: {string.Join(", ", known.Documents)}.",
                $"Ни один шаг воронки не выпускает документ «{Text(rule, "document")}». Есть: {string.Join(", ", known.Documents)}."));
    }

    private static IEnumerable<(string, Text)> Meeting(JsonObject rule, RuleVocabulary known)
    {
        var meetings = string.Join(", ", known.Meetings);
        if (known.Meetings.Length == 0)
            yield return ("meeting", new("No step of the pipeline asks for a meeting.", "Ни один шаг воронки не назначает встречу."));
        else if (Text(rule, "meeting") is { Length: > 0 } wanted && !known.Meetings.Contains(wanted))
            yield return ("meeting", new($"The pipeline has no meeting '{wanted}'. It has: {meetings}.", $"В воронке нет встречи «{wanted}». Есть: {meetings}."));
    }

    private static IEnumerable<(string, Text)> Hours(JsonObject rule)
    {
        if (rule["hours"] is not JsonValue value || value.GetValueKind() != JsonValueKind.Number || value.GetValue<double>() is not (> 0 and <= 10_000))
            yield return ("hours", new("Give working hours, more than 0 and at most 10000.", "Укажите рабочие часы: больше 0 и не больше 10000."));
    }

    private static IEnumerable<(string, Text)> Expression(JsonObject rule)
    {
        var (language, text) = (Text(rule, "language"), Text(rule, "expression"));
        if (language is not ("JavaScript" or "Liquid" or "Scriban"))
            yield return ("language", new($"'{language}' is no language of conditions; give JavaScript, Liquid or Scriban.", $"«{language}» — не язык условий: укажите JavaScript, Liquid или Scriban."));
        else if (string.IsNullOrWhiteSpace(text))
            yield return ("expression", new("Write the condition, such as deal.amount > 1000.", "Напишите условие, например deal.amount > 1000."));
        else
            foreach (var problem in Evaluator.Check(new Expression(language, JsonSerializer.SerializeToElement(text)), "expression"))
                yield return ("expression", new(problem.Message, problem.Message));
    }

    /// <summary>Whatever else the reader of rules would refuse.</summary>
    private static IEnumerable<(string, Text)> Unreadable(JsonObject rule)
    {
        try
        {
            StageRule.Read($"[{rule.ToJsonString()}]");
            return [];
        }
        catch (Exception mistake) when (mistake is FormatException or InvalidOperationException)
        {
            return [("kind", new($"The rule {mistake.Message}.", $"Правило не читается: {mistake.Message}."))];
        }
    }

    private static string? Text(JsonObject rule, string member) => rule[member] is JsonValue value && value.TryGetValue(out string? text) ? text : null;
}
