using System.Collections.Immutable;
using SalesFlow.Engine;

namespace SalesFlow.Sales.Rules;

/// <summary>Every one of the rules must be met.</summary>
public sealed record AllOf(ImmutableArray<StageRule> Rules, Text? Message) : StageRule(Message)
{
    /// <inheritdoc />
    public override string Kind => "all";
    /// <inheritdoc />
    public override Text DefaultWords => RuleWords.Join(Rules.Select(rule => rule.Words), new("; ", "; "));
    /// <inheritdoc />
    public override Text Fix => RuleWords.Join(Rules.Select(rule => rule.Fix), new(" ", " "));
    /// <inheritdoc />
    public override bool IsMet(RuleMoment moment) => Rules.All(rule => rule.IsMet(moment));
}

/// <summary>At least one of the rules must be met.</summary>
public sealed record AnyOf(ImmutableArray<StageRule> Rules, Text? Message) : StageRule(Message)
{
    /// <inheritdoc />
    public override string Kind => "any";
    /// <inheritdoc />
    public override Text DefaultWords => RuleWords.Join(Rules.Select(rule => rule.Words), new(" — or: ", " — или: "));
    /// <inheritdoc />
    public override Text Fix => RuleWords.Join(Rules.Select(rule => rule.Fix), new(" Or: ", " Или: "));
    /// <inheritdoc />
    public override bool IsMet(RuleMoment moment) => Rules.Any(rule => rule.IsMet(moment));
}

/// <summary>None of the rules may be met.</summary>
public sealed record NoneOf(ImmutableArray<StageRule> Rules, Text? Message) : StageRule(Message)
{
    /// <inheritdoc />
    public override string Kind => "not";
    /// <inheritdoc />
    public override Text DefaultWords => RuleWords.Prefix(RuleWords.Join(Rules.Select(rule => rule.Words), new("; ", "; ")), new("Must not hold: ", "Не должно выполняться: "));
    /// <inheritdoc />
    public override Text Fix => new("Change what must not hold.", "Измените то, что не должно выполняться.");
    /// <inheritdoc />
    public override bool IsMet(RuleMoment moment) => !Rules.Any(rule => rule.IsMet(moment));
}

/// <summary>Puts texts together in both languages.</summary>
internal static class RuleWords
{
    public static Text Join(IEnumerable<Text> texts, Text between)
    {
        var all = texts.ToList();
        return new(string.Join(between.En, all.Select(text => text.En)), string.Join(between.Ru, all.Select(text => text.Ru)));
    }

    public static Text Prefix(Text text, Text prefix) => new(prefix.En + text.En, prefix.Ru + text.Ru);
}
