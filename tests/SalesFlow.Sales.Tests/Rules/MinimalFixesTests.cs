using System.Collections.Immutable;
using CsCheck;
using SalesFlow.Engine;
using SalesFlow.Sales.Calendars;
using SalesFlow.Sales.Deals;
using SalesFlow.Sales.Rules;

namespace SalesFlow.Sales.Tests.Rules;

public sealed class MinimalFixesTests
{
    private const int Fields = 8, Documents = 4;
    private static readonly DateTimeOffset Monday = new(2026, 11, 23, 6, 0, 0, TimeSpan.Zero);
    private static readonly WorkingCalendar Calendar = WorkingCalendar.Read(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "workflows", "calendars", "ru.json")));

    // Fields can be filled and emptied again; a document that was issued stays issued.
    private static readonly ImmutableArray<RuleAtom> Atoms =
        [.. Enumerable.Range(0, Fields).Select(i => new FieldCondition($"f{i}", Comparison.Filled, null, null)), .. Enumerable.Range(0, Documents).Select(i => new RequiredDocument($"d{i}", null))];

    private static readonly Gen<StageRule> Rule = Gen.Recursive<StageRule>((depth, rule) => depth >= 4 ? Leaf : Gen.Frequency(
        (2, Leaf),
        (2, rule.Array[1, 3].Select(rules => (StageRule)new AllOf([.. rules], null))),
        (2, rule.Array[1, 3].Select(rules => (StageRule)new AnyOf([.. rules], null))),
        (1, rule.Array[1, 2].Select(rules => (StageRule)new NoneOf([.. rules], null)))));

    private static Gen<StageRule> Leaf => Gen.Int[0, Atoms.Length - 1].Select(i => (StageRule)Atoms[i]);

    [Fact]
    public void The_ways_out_are_those_that_trying_every_set_of_turns_finds() =>
        Gen.Select(Rule.Array[1, 3], Gen.Int[0, (1 << (Fields + Documents)) - 1]).Sample((rules, world) =>
        {
            var found = MinimalFixes.Of(rules, At(world)).Select(fix => Mask(fix.Turns)).Order();

            Assert.Equal(Tried(rules, world).Order(), found);
        }, iter: 300);

    [Fact]
    public void The_quickest_way_comes_first()
    {
        var rule = new AnyOf([new MinimumWorkingTime(5, null), Atoms[0], new RequiredDocument("d0", null)], null);

        var ways = MinimalFixes.Of([rule], At(0));

        Assert.Equal(["field", "requiredDocument", "minimumWorkingTime"], ways.Select(way => Assert.Single(way.Turns).Kind));
        Assert.Equal([0.1, 1, 5], ways.Select(way => way.Hours));
    }

    [Fact]
    public void What_is_met_needs_nothing_and_what_cannot_be_met_has_no_way()
    {
        Assert.Empty(Assert.Single(MinimalFixes.Of([Atoms[0]], At(1))).Turns);
        Assert.Empty(MinimalFixes.Of([new NoneOf([new RequiredDocument("d0", null)], null)], At(1 << Fields)));
    }

    [Fact]
    public void A_rule_may_ask_that_a_document_was_sent_and_not_only_issued()
    {
        var rule = Assert.Single(StageRule.Read("""[{"kind":"requiredDocument","document":"d0","sent":true}]"""));
        var moment = At(1 << Fields);
        var document = moment.Facts.Deal.Documents.Single();

        Assert.False(rule.IsMet(moment));
        Assert.Equal("A document must be sent to the client: d0", rule.DefaultWords.En);
        moment.Facts.Deal.Apply(new DocumentSent(moment.Facts.Deal.Id, Monday, null, document.Id, "client@example.com"));
        Assert.True(rule.IsMet(moment));
        moment.Facts.Deal.Apply(new DocumentVoided(moment.Facts.Deal.Id, Monday, null, document.Id, "Wrong"));
        Assert.False(rule.IsMet(moment));
    }

    [Fact]
    public void One_condition_in_two_places_is_turned_once()
    {
        var ways = MinimalFixes.Of([new RequiredFields(["a", "b"], new("x", "x")), new RequiredFields(["b", "a"], null)], At(0));

        Assert.Single(Assert.Single(ways).Turns);
    }

    private static List<int> Tried(StageRule[] rules, int world)
    {
        var issued = world >> Fields << Fields;
        var ways = Enumerable.Range(0, 1 << (Fields + Documents)).Where(turns => (turns & issued) == 0 && rules.All(rule => rule.IsMet(At(world ^ turns)))).ToList();
        return [.. ways.Where(way => !ways.Exists(other => other != way && (other & way) == other))];
    }

    private static int Mask(ImmutableArray<RuleAtom> atoms) => atoms.Sum(atom => 1 << Atoms.ToList().FindIndex(known => known.Identity == atom.Identity));

    private static RuleMoment At(int world)
    {
        var deal = Deal.Blank();
        var fields = Enumerable.Range(0, Fields).Where(i => (world >> i & 1) == 1).ToImmutableDictionary(i => $"f{i}", _ => (object?)"x");
        deal.Apply(new DealCreated(new(7), Monday, null, "1", "T", "p", "p", new(new(1), "C"), 10, "RUB", null, null, fields));
        for (var i = 0; i < Documents; i++)
            if ((world >> (Fields + i) & 1) == 1)
                deal.Apply(new DocumentIssued(new(7), Monday, new(i), $"d{i}", $"{i}", "t", "h", "ru", "", ""));
        return new(new DealFacts(deal, Calendar, ImmutableDictionary<string, UserId>.Empty), "s", Monday);
    }
}
