using System.Collections.Immutable;

namespace SalesFlow.Sales.Rules;

/// <summary>One way out: the atoms that have to turn, and how many working hours that is expected to take in all.</summary>
public sealed record RuleFix(ImmutableArray<RuleAtom> Turns, double Hours);

/// <summary>
/// The smallest ways to meet a rule: sets of atoms whose turning meets it, none of which contains another. These are the prime implicants of the rule
/// relative to how things stand (Quine, "The problem of simplifying truth functions", 1952), found by multiplying the tree out.
/// </summary>
public static class MinimalFixes
{
    // A rule that needs more than this is drawn too large to be explained; the smallest ways found so far are shown.
    private const int Most = 256;

    /// <summary>The ways to meet all of the rules, quickest first; one way without turns when they are met, none when nothing helps.</summary>
    public static ImmutableArray<RuleFix> Of(IReadOnlyCollection<StageRule> rules, RuleMoment moment)
    {
        var ways = rules.Aggregate(new List<Way> { Way.Nothing }, (ways, rule) => Times(ways, Ways(rule, wanted: true, moment)));
        return [.. Smallest(ways).Select(way => Fix(way, moment)).OrderBy(fix => fix.Hours).ThenBy(fix => fix.Turns.Length)];
    }

    private static RuleFix Fix(Way way, RuleMoment moment) => new([.. way.Turns], way.Turns.Sum(atom => atom.IsMet(moment) ? 0.1 : atom.HoursToMeet(moment)));

    private static List<Way> Ways(StageRule rule, bool wanted, RuleMoment moment) => rule switch
    {
        AllOf all => wanted ? Product(all.Rules, true, moment) : Sum(all.Rules, false, moment),
        AnyOf any => wanted ? Sum(any.Rules, true, moment) : Product(any.Rules, false, moment),
        NoneOf none => wanted ? Product(none.Rules, false, moment) : Sum(none.Rules, true, moment),
        RuleAtom atom => Atom(atom, wanted, moment),
        _ => throw new System.Diagnostics.UnreachableException($"A rule of kind '{rule.Kind}' is neither an atom nor made of others."),
    };

    private static List<Way> Atom(RuleAtom atom, bool wanted, RuleMoment moment)
    {
        var holds = atom.IsMet(moment);
        if (holds == wanted)
            return [new Way(Way.None, Way.None.Add(atom))];
        return wanted || atom.IsReversible ? [new Way(Way.None.Add(atom), Way.None)] : [];
    }

    private static List<Way> Product(ImmutableArray<StageRule> rules, bool wanted, RuleMoment moment) =>
        rules.Aggregate(new List<Way> { Way.Nothing }, (ways, rule) => Times(ways, Ways(rule, wanted, moment)));

    private static List<Way> Sum(ImmutableArray<StageRule> rules, bool wanted, RuleMoment moment) => Absorb(rules.SelectMany(rule => Ways(rule, wanted, moment)));

    // An atom that one side turns and the other needs as it is cannot serve both.
    private static List<Way> Times(List<Way> left, List<Way> right) => Absorb(from one in left
                                                                              from other in right
                                                                              let turns = one.Turns.Union(other.Turns)
                                                                              let kept = one.Kept.Union(other.Kept)
                                                                              where turns.Intersect(kept).IsEmpty
                                                                              select new Way(turns, kept));

    /// <summary>Leaves out what asks for more than another way does.</summary>
    private static List<Way> Absorb(IEnumerable<Way> ways)
    {
        var least = new List<Way>();
        foreach (var way in ways.OrderBy(way => way.Turns.Count + way.Kept.Count))
            if (!least.Exists(other => other.Turns.IsSubsetOf(way.Turns) && other.Kept.IsSubsetOf(way.Kept)))
                least.Add(way);
        return least.Count <= Most ? least : [.. least.OrderBy(way => way.Turns.Count).Take(Most)];
    }

    private static List<Way> Smallest(List<Way> ways)
    {
        var least = new List<Way>();
        foreach (var way in ways.OrderBy(way => way.Turns.Count))
            if (!least.Exists(other => other.Turns.IsSubsetOf(way.Turns)))
                least.Add(way);
        return least;
    }

    /// <summary>Atoms that turn, and atoms that must stay as they are for it to help.</summary>
    private sealed record Way(ImmutableHashSet<RuleAtom> Turns, ImmutableHashSet<RuleAtom> Kept)
    {
        public static readonly ImmutableHashSet<RuleAtom> None = ImmutableHashSet.Create<RuleAtom>(new SameCondition());
        public static readonly Way Nothing = new(None, None);
    }

    private sealed class SameCondition : IEqualityComparer<RuleAtom>
    {
        public bool Equals(RuleAtom? x, RuleAtom? y) => x?.Identity == y?.Identity;

        public int GetHashCode(RuleAtom obj) => obj.Identity.GetHashCode(StringComparison.Ordinal);
    }
}
