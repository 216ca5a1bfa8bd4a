using CsCheck;
using SalesFlow.Sales.Assignments;

namespace SalesFlow.Sales.Tests.Assignments;

public sealed class AssignmentTests
{
    private static readonly Gen<Candidate[]> People = Gen.Select(Gen.Bool, Gen.Bool, Gen.Int[0, 30], Gen.Int[0, 40])
        .Select((present, skilled, open, capacity) => new Candidate(default, "", present, skilled, open, capacity == 0 ? null : capacity))
        .Array[0, 8].Select(people => people.Select((person, i) => person with { Id = new(i + 1), Name = $"p{i + 1}" }).ToArray());

    [Fact]
    public void Nobody_who_is_away_or_unfit_or_full_gets_a_deal_and_whoever_could_is_not_passed_over() =>
        Gen.Select(People, Gen.Enum<Strategy>(), Gen.Int[0, 8]).Sample((people, strategy, last) =>
        {
            var decision = AssignmentDecision.Of(strategy, people, last == 0 ? null : new UserId(last));

            var eligible = people.Where(person => person is { Present: true, HasSkills: true } && !(person.OpenDeals >= person.Capacity)).Select(person => person.Id).ToHashSet();
            Assert.Equal(eligible.Count > 0, decision.Chosen is not null);
            Assert.True(decision.Chosen is not { } chosen || eligible.Contains(chosen));
            Assert.Equal(eligible.Order().Select(id => id.ToString()), decision.Candidates.Where(candidate => candidate.Eligible).Select(candidate => candidate.Id));
        });

    [Fact]
    public void In_turn_everybody_gets_the_same_number_of_deals()
    {
        var people = Enumerable.Range(1, 4).Select(i => new Candidate(new(i), $"p{i}", Present: i != 3, HasSkills: true, OpenDeals: i * 10, Capacity: null)).ToList();
        UserId? last = null;

        var chosen = Enumerable.Range(0, 9).Select(_ => (last = AssignmentDecision.Of(Strategy.RoundRobin, people, last).Chosen)!.Value.Value).ToList();

        Assert.Equal([1, 2, 4, 1, 2, 4, 1, 2, 4], chosen);
    }

    [Fact]
    public void The_least_loaded_is_the_one_with_the_smallest_share_of_what_they_can_carry()
    {
        var people = new[] { new Candidate(new(1), "busy", true, true, 5, 10), new Candidate(new(2), "free", true, true, 8, 40), new Candidate(new(3), "full", true, true, 40, 40) };

        var decision = AssignmentDecision.Of(Strategy.LeastLoaded, people, null);

        Assert.Equal(new UserId(2), decision.Chosen);
        Assert.Equal("is full: 40 of 40 deals", decision.Candidates[2].Why.En);
    }
}
