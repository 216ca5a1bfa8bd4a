using System.Collections.Immutable;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using SalesFlow.Engine;
using SalesFlow.Sales.Rules;

namespace SalesFlow.Sales.Pipelines;

/// <summary>A stage's limit as it is to be: so many working hours, or none.</summary>
public sealed record StageLimit(double? Hours);

/// <summary>What is to be changed of a stage; what is null stays as it is.</summary>
public sealed partial record StageChange
{
    private const int LongestName = 100, LongestKey = 40;
    private const double LongestLimit = 10_000;

    /// <summary>Its name in Russian.</summary>
    public string? NameRu { get; init; }
    /// <summary>Its name in English.</summary>
    public string? NameEn { get; init; }
    /// <summary>Probability of winning, 0 to 1.</summary>
    public double? Probability { get; init; }
    /// <summary>Its limit.</summary>
    public StageLimit? Limit { get; init; }
    /// <summary>Every exit rule as the definition writes it.</summary>
    public ImmutableArray<JsonObject>? Rules { get; init; }

    /// <summary>Throws <see cref="ValidationException"/> with a message for each wrong value.</summary>
    public void Check(RuleVocabulary known, string language)
    {
        var errors = Errors(known, language);
        if (errors.Count > 0)
            throw new ValidationException(errors);
    }

    internal Dictionary<string, string[]> Errors(RuleVocabulary known, string language)
    {
        var errors = new Dictionary<string, string[]>();
        CheckName("name.ru", NameRu, errors, language);
        CheckName("name.en", NameEn, errors, language);
        if (Probability is { } probability && probability is not (>= 0 and <= 1))
            errors["probability"] = [new Text($"{probability} is not a probability; give 0 to 1, for example 0.4 for 40 %.", $"{probability} — не вероятность: укажите от 0 до 1, например 0.4 для 40 %.").In(language)];
        if (Limit is { Hours: { } hours } && hours is not (> 0 and <= LongestLimit))
            errors["limitHours"] = [new Text($"{hours} is not a limit; give working hours from above 0 to {LongestLimit:0}, or nothing.", $"{hours} — не срок: укажите рабочие часы больше 0 и не больше {LongestLimit:0} или оставьте пустым.").In(language)];
        foreach (var (rule, index) in (Rules ?? []).Select((rule, index) => (rule, index)))
            foreach (var same in RuleCheck.Problems(rule, known).GroupBy(problem => problem.Member))
                errors[$"rules[{index}].{same.Key}"] = [.. same.Select(problem => problem.Message.In(language))];
        return errors;
    }

    private static void CheckName(string field, string? name, Dictionary<string, string[]> errors, string language)
    {
        if (name is not null && string.IsNullOrWhiteSpace(name))
            errors[field] = [new Text("Give the stage a name.", "Назовите этап.").In(language)];
        else if (name?.Length > LongestName)
            errors[field] = [new Text($"The name has {name.Length} characters; it may have {LongestName}.", $"В названии {name.Length} знаков; допустимо {LongestName}.").In(language)];
    }

    /// <summary>What is wrong with the key of a new stage; null when it may be used.</summary>
    internal static Text? KeyProblem(string key, Pipeline pipeline) =>
        key.Length > LongestKey || !Key().IsMatch(key)
            ? new($"'{key}' cannot be a key; give up to {LongestKey} small Latin letters, digits and dashes, a letter first, such as 'pilot-project'.", $"«{key}» не подходит как ключ: до {LongestKey} строчных латинских букв, цифр и дефисов, сначала буква, например «pilot-project».")
            : pipeline.Find(key) is { } taken ? new($"The stage '{taken.Name.En}' has the key '{key}' already.", $"Ключ «{key}» уже у этапа «{taken.Name.Ru}».") : null;

    [GeneratedRegex("^[a-z][a-z0-9-]*$")]
    private static partial Regex Key();
}

/// <summary>A stage that is to be put in; <paramref name="After"/> is the key of the stage before it, empty for the beginning, null for the end.</summary>
public sealed record NewStage(string Key, string? After, StageChange Stage);
