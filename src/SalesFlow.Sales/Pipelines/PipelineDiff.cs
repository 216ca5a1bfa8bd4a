using System.Collections.Immutable;
using System.Globalization;
using SalesFlow.Engine;
using SalesFlow.Sales.Rules;

namespace SalesFlow.Sales.Pipelines;

/// <summary>What one version of a pipeline says otherwise than another, in sentences.</summary>
public static class PipelineDiff
{
    private static readonly CultureInfo Russian = CultureInfo.GetCultureInfo("ru-RU");

    /// <summary>Stages gone, new ones, then each changed stage, in the order of the pipeline.</summary>
    public static ImmutableArray<Text> Between(Pipeline before, Pipeline after) =>
    [
        .. before.Stages.Where(stage => after.Find(stage.Key) is null).Select(stage => new Text($"The stage '{stage.Name.En}' is taken out.", $"Этап «{stage.Name.Ru}» убран.")),
        .. after.Stages.Where(stage => before.Find(stage.Key) is null).Select(stage => Added(stage, after)),
        .. Reordered(before, after),
        .. after.Stages.SelectMany(stage => before.Find(stage.Key) is { } old ? Stage(old, stage) : []),
    ];

    private static Text Added(Stage stage, Pipeline pipeline) => stage.Order == 0
        ? new($"The stage '{stage.Name.En}' is put in at the beginning.", $"Этап «{stage.Name.Ru}» добавлен в начало.")
        : new($"The stage '{stage.Name.En}' is put in after '{pipeline.Stages[stage.Order - 1].Name.En}'.", $"Этап «{stage.Name.Ru}» добавлен после этапа «{pipeline.Stages[stage.Order - 1].Name.Ru}».");

    private static IEnumerable<Text> Reordered(Pipeline before, Pipeline after)
    {
        var (old, now) = (before.Stages.Where(stage => after.Find(stage.Key) is not null).Select(stage => stage.Key), after.Stages.Where(stage => before.Find(stage.Key) is not null).ToList());
        if (!old.SequenceEqual(now.Select(stage => stage.Key)))
            yield return new($"The stages come in another order: {string.Join(", ", now.Select(stage => stage.Name.En))}.", $"Этапы идут в другом порядке: {string.Join(", ", now.Select(stage => stage.Name.Ru))}.");
    }

    private static IEnumerable<Text> Stage(Stage before, Stage after)
    {
        var (en, ru) = (before.Name.En, before.Name.Ru);
        if (before.Name != after.Name)
            yield return new($"'{en}' is called '{after.Name.En}' (Russian: '{after.Name.Ru}').", $"«{ru}» теперь называется «{after.Name.Ru}» (по-английски «{after.Name.En}»).");
        if (before.Probability != after.Probability)
            yield return new($"'{en}': probability {Percent(before.Probability, "en")} → {Percent(after.Probability, "en")}.", $"«{ru}»: вероятность {Percent(before.Probability, "ru")} → {Percent(after.Probability, "ru")}.");
        if (before.LimitHours != after.LimitHours)
            yield return new($"'{en}': limit {Hours(before.LimitHours, "en")} → {Hours(after.LimitHours, "en")}.", $"«{ru}»: срок {Hours(before.LimitHours, "ru")} → {Hours(after.LimitHours, "ru")}.");
        foreach (var kind in before.Rules.Concat(after.Rules).Select(rule => rule.Kind).Distinct())
            foreach (var sentence in Rules([.. before.Rules.Where(rule => rule.Kind == kind)], [.. after.Rules.Where(rule => rule.Kind == kind)]))
                yield return new($"'{en}': {sentence.En}", $"«{ru}»: {sentence.Ru}");
    }

    /// <summary>Rules have no names: those that say the same belong together, then those at the same place.</summary>
    private static IEnumerable<Text> Rules(List<StageRule> before, List<StageRule> after)
    {
        foreach (var rule in after.ToArray())
            if (before.Find(old => Says(old) == Says(rule)) is { } same)
            {
                before.Remove(same);
                after.Remove(rule);
            }
        for (var i = 0; i < Math.Max(before.Count, after.Count); i++)
            if (i >= before.Count)
                yield return new($"new rule: {Says(after[i]).En}.", $"новое правило: {Says(after[i]).Ru}.");
            else if (i >= after.Count)
                yield return new($"rule taken out: {Says(before[i]).En}.", $"правило убрано: {Says(before[i]).Ru}.");
            else
                yield return new($"rule changed: {Says(before[i]).En} → {Says(after[i]).En}.", $"правило изменено: {Says(before[i]).Ru} → {Says(after[i]).Ru}.");
    }

    private static Text Says(StageRule rule)
    {
        var says = rule.Message is { } words && words != rule.DefaultWords ? new($"{words.En} ({rule.DefaultWords.En})", $"{words.Ru} ({rule.DefaultWords.Ru})") : rule.DefaultWords;
        return rule.Severity switch
        {
            Severity.Soft => new($"{says.En} [may be passed with a reason]", $"{says.Ru} [можно пройти с объяснением]"),
            Severity.Measured => new($"{says.En} [only counted]", $"{says.Ru} [только учитывается]"),
            _ => says,
        };
    }

    private static string Percent(double share, string language) => language == "ru" ? $"{(share * 100).ToString("0.##", Russian)} %" : $"{(share * 100).ToString("0.##", CultureInfo.InvariantCulture)} %";

    private static string Hours(double? hours, string language) => (hours, language) switch
    {
        (null, "ru") => "без срока",
        (null, _) => "none",
        ({ } limit, "ru") => $"{limit.ToString("0.##", Russian)} ч",
        ({ } limit, _) => $"{limit.ToString("0.##", CultureInfo.InvariantCulture)} h",
    };
}
