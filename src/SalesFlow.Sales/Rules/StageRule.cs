using System.Collections.Immutable;
using System.Text.Json;
using SalesFlow.Engine;
using SalesFlow.Engine.Definitions;
using SalesFlow.Sales.Deals;

namespace SalesFlow.Sales.Rules;

/// <summary>A condition under which a deal may leave its stage forward; <paramref name="Message"/> is the designer's own words for it.</summary>
public abstract record StageRule(Text? Message)
{
    /// <summary>The word of the definition.</summary>
    public abstract string Kind { get; }

    /// <summary>What is demanded, in words.</summary>
    public Text Words => Message ?? DefaultWords;

    /// <summary>What is demanded when the designer said nothing.</summary>
    protected abstract Text DefaultWords { get; }

    /// <summary>What would help.</summary>
    public abstract Text Fix { get; }

    /// <summary>True when the deal meets it in the stage of that key.</summary>
    public abstract bool IsMet(DealFacts facts, string stageKey, DateTimeOffset now);

    /// <summary>Reads the JSON array of a Stage's or Gate's Rules; throws <see cref="FormatException"/> with a sentence.</summary>
    public static ImmutableArray<StageRule> Read(string? json)
    {
        if (string.IsNullOrWhiteSpace(json))
            return [];
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind == JsonValueKind.Array
                ? [.. document.RootElement.EnumerateArray().Select(One)]
                : throw new FormatException("expected a JSON array of rules such as [{\"kind\": \"requiredFields\", \"fields\": [\"budget\"]}]");
        }
        catch (JsonException broken)
        {
            throw new FormatException($"is not JSON: {broken.Message}", broken);
        }
    }

    private static StageRule One(JsonElement rule)
    {
        var message = rule.TryGetProperty("message", out var words) ? Texts.Read(words) : null;
        return Word(rule, "kind") switch
        {
            "requiredFields" => new RequiredFields([.. Member(rule, "fields").EnumerateArray().Select(field => field.ToString())], message),
            "requiredOutcome" => new RequiredOutcome(Word(rule, "task"), Word(rule, "outcome"), message),
            "requiredDocument" => new RequiredDocument(Word(rule, "document"), message),
            "minimumWorkingTime" => new MinimumWorkingTime(Member(rule, "hours").GetDouble(), message),
            "expression" => new ExpressionRule(new Expression(Word(rule, "language"), Member(rule, "expression").Clone()), message),
            var other => throw new FormatException($"has a rule of unknown kind '{other}'; known are requiredFields, requiredOutcome, requiredDocument, minimumWorkingTime, expression"),
        };
    }

    private static JsonElement Member(JsonElement rule, string name) =>
        rule.ValueKind == JsonValueKind.Object && rule.TryGetProperty(name, out var value) ? value : throw new FormatException($"has a rule without \"{name}\"");

    private static string Word(JsonElement rule, string name) => Member(rule, name).ToString();
}

/// <summary>Fields of the deal must be filled in.</summary>
public sealed record RequiredFields(ImmutableArray<string> Fields, Text? Message) : StageRule(Message)
{
    /// <inheritdoc />
    public override string Kind => "requiredFields";
    /// <inheritdoc />
    protected override Text DefaultWords => new($"Fields must be filled in: {string.Join(", ", Fields)}", $"Должны быть заполнены поля: {string.Join(", ", Fields)}");
    /// <inheritdoc />
    public override Text Fix => new($"Fill in {string.Join(", ", Fields)} in the deal or in its task.", $"Заполните {string.Join(", ", Fields)} в сделке или в её задаче.");

    /// <inheritdoc />
    public override bool IsMet(DealFacts facts, string stageKey, DateTimeOffset now) => Fields.All(name => Filled(name, facts.Deal));

    private static bool Filled(string name, Deal deal) => name switch
    {
        "amount" => deal.Amount > 0,
        "channel" => !string.IsNullOrWhiteSpace(deal.Channel),
        "owner" => deal.Owner is not null,
        _ => deal.Fields.GetValueOrDefault(name) is { } value && !string.IsNullOrWhiteSpace(value.ToString()),
    };
}

/// <summary>A task must have been completed with an outcome.</summary>
public sealed record RequiredOutcome(string Task, string Outcome, Text? Message) : StageRule(Message)
{
    /// <inheritdoc />
    public override string Kind => "requiredOutcome";
    /// <inheritdoc />
    protected override Text DefaultWords => new($"The task '{Task}' must end with '{Outcome}'", $"Задача «{Task}» должна завершиться с исходом «{Outcome}»");
    /// <inheritdoc />
    public override Text Fix => new("Complete that task of the deal.", "Выполните эту задачу сделки.");

    /// <inheritdoc />
    public override bool IsMet(DealFacts facts, string stageKey, DateTimeOffset now) => facts.Deal.Tasks.Exists(task =>
        task.Status == Tasks.SalesTaskStatus.Done && task.Outcome == Outcome && (task.ActivityId == Task || task.Title.En == Task || task.Title.Ru == Task));
}

/// <summary>A document of a kind must have been issued.</summary>
public sealed record RequiredDocument(string Document, Text? Message) : StageRule(Message)
{
    /// <inheritdoc />
    public override string Kind => "requiredDocument";
    /// <inheritdoc />
    protected override Text DefaultWords => new($"A document must be issued: {Document}", $"Должен быть выпущен документ: {Document}");
    /// <inheritdoc />
    public override Text Fix => new("Complete the task that issues the document.", "Выполните задачу, по которой выпускается документ.");

    /// <inheritdoc />
    public override bool IsMet(DealFacts facts, string stageKey, DateTimeOffset now) => facts.Deal.Documents.Exists(document => document.Kind == Document);
}

/// <summary>The deal must have stayed in the stage for some working time.</summary>
public sealed record MinimumWorkingTime(double Hours, Text? Message) : StageRule(Message)
{
    /// <inheritdoc />
    public override string Kind => "minimumWorkingTime";
    /// <inheritdoc />
    protected override Text DefaultWords => new($"The stage takes at least {Hours} working hours", $"Этап длится не меньше {Hours} рабочих часов");
    /// <inheritdoc />
    public override Text Fix => new("Wait until that time has passed.", "Дождитесь, пока пройдёт это время.");

    /// <inheritdoc />
    public override bool IsMet(DealFacts facts, string stageKey, DateTimeOffset now) => Hours * 3600 <= Worked(facts, stageKey, now);

    /// <summary>The earliest instant at which it is met, if the deal stays where it is.</summary>
    public DateTimeOffset MetAt(DealFacts facts, string stageKey, DateTimeOffset now) =>
        facts.Calendar.Add(now, TimeSpan.FromHours(Hours) - TimeSpan.FromSeconds(Worked(facts, stageKey, now)));

    private static long Worked(DealFacts facts, string stageKey, DateTimeOffset now) => facts.Deal.Visits.Where(visit => visit.StageKey == stageKey)
        .Sum(visit => visit.WorkingSeconds ?? facts.Calendar.WorkingSeconds(visit.EnteredAt, visit.LeftAt ?? now));
}

/// <summary>An expression over deal, client, tasks, documents and stage must be true.</summary>
public sealed record ExpressionRule(Expression Expression, Text? Message) : StageRule(Message)
{
    private static readonly Engine.Expressions.Evaluator Evaluator = new(new EngineLimits());

    /// <inheritdoc />
    public override string Kind => "expression";
    /// <inheritdoc />
    protected override Text DefaultWords => new($"Must be true: {Expression.Value}", $"Должно выполняться: {Expression.Value}");
    /// <inheritdoc />
    public override Text Fix => new("Change the deal so that the condition holds.", "Измените сделку так, чтобы условие выполнялось.");

    /// <inheritdoc />
    public override bool IsMet(DealFacts facts, string stageKey, DateTimeOffset now) => Evaluator.Evaluate(Expression, new FactsScope(facts, now), "Boolean") is true;
}
