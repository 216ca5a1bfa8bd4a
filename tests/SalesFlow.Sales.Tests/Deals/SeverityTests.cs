using System.Collections.Immutable;
using SalesFlow.Engine;
using SalesFlow.Engine.Definitions;
using SalesFlow.Runtime;
using SalesFlow.Sales.Deals;
using SalesFlow.Sales.People;
using SalesFlow.Sales.Pipelines;
using SalesFlow.Sales.Rules;
using static SalesFlow.Sales.Tests.Given;

namespace SalesFlow.Sales.Tests.Deals;

public sealed class SeverityTests
{
    private const string Document = """
        {"definitionId":"p","id":"p-1","version":1,"name":"P","root":{"id":"fc","type":"Elsa.Flowchart","activities":[
          {"id":"go","type":"SalesFlow.DealStarted"},
          {"id":"s1","type":"SalesFlow.Stage","stage":"first","nameEn":"First","rules":"[{\"kind\":\"requiredFields\",\"fields\":[\"budget\"],\"severity\":\"SEVERITY\"}]",
           "body":{"id":"b1","type":"Elsa.Flowchart","activities":[{"id":"t1","type":"SalesFlow.Task","subject":"Ask"}],"connections":[]}},
          {"id":"s2","type":"SalesFlow.Stage","stage":"second","nameEn":"Second",
           "body":{"id":"b2","type":"Elsa.Flowchart","activities":[{"id":"t2","type":"SalesFlow.Task","subject":"Go on"}],"connections":[]}}],
         "connections":[{"source":{"activity":"go","port":"Done"},"target":{"activity":"s1"}},{"source":{"activity":"s1","port":"Done"},"target":{"activity":"s2"}}]}}
        """;

    private static readonly Actor Rep = new(new(1), "Anna", [Roles.Rep], "en");
    private static readonly Actor Head = new(new(2), "Helen", [Roles.HeadOfSales], "en");
    private readonly Deal _deal = Deal.Blank();

    [Fact]
    public void A_soft_rule_is_passed_with_a_reason_and_counted()
    {
        var run = Start("soft");

        var refused = Assert.Throws<RefusedException>(() => run.Move(Rep, reason: null));
        run.Go(run.Move(Rep, reason: "The client is in a hurry."));

        Assert.True(Assert.Single(refused.Obstacles).NeedsReason);
        Assert.Equal("second", _deal.StageKey);
        Assert.Equal((Severity.Soft, "The client is in a hurry.", "first"), Assert.Single(run.Passed.Select(passed => (passed.Severity, passed.Reason, passed.StageKey))));
    }

    [Fact]
    public void A_hard_rule_is_passed_by_breaking_the_glass_only()
    {
        var run = Start("hard");

        Assert.Throws<RefusedException>(() => run.Move(Rep, reason: "Please."));
        Assert.Throws<ForbiddenException>(() => run.Move(Rep, reason: "Please.", breakGlass: true));
        run.Go(run.Move(Head, reason: "An old client.", breakGlass: true));

        Assert.Equal((Severity.Hard, new UserId(2)), Assert.Single(run.Passed.Select(passed => (passed.Severity, passed.By!.Value))));
    }

    [Fact]
    public void A_measured_rule_holds_nobody_and_is_counted_once_whether_a_person_moves_or_the_process_goes_on()
    {
        var byHand = Start("measured");
        byHand.Go(byHand.Move(Rep, reason: null));
        var deal = Deal.Blank();
        var byItself = new Run("measured", deal);

        byItself.Complete();

        Assert.Equal(Severity.Measured, Assert.Single(byHand.Passed).Severity);
        Assert.Equal(("second", Severity.Measured), (deal.StageKey, Assert.Single(byItself.Passed).Severity));
    }

    [Fact]
    public void A_soft_rule_keeps_the_deal_in_its_stage_until_it_is_met_or_a_person_says_why()
    {
        var run = Start("soft");

        run.Complete();

        Assert.Equal("first", _deal.StageKey);
        Assert.Equal("requiredFields", Assert.Single(run.Fixes()).Steps[0].Code);
    }

    private Run Start(string severity) => new(severity, _deal);

    private sealed class Run
    {
        private readonly WorkflowDefinition _definition;
        private readonly DealFacts _facts;
        private readonly LivedDeal _life;

        public Run(string severity, Deal deal)
        {
            _definition = Process(Document.Replace("SEVERITY", severity, StringComparison.Ordinal));
            _facts = new(deal, Calendar, ImmutableDictionary<string, UserId>.Empty);
            _life = new(_definition, _facts);
            Note(_life.Run(new Stimulus.Start(), Monday, Created(new UserId(1))));
        }

        public List<RulePassed> Passed { get; } = [];

        private MoveMoment Moment(Actor actor) => new(_facts, Pipeline.Of(_definition), Monday, actor, ImmutableDictionary<UserId, UserView>.Empty);

        public MoveDecision Move(Actor actor, string? reason, bool breakGlass = false) => Moves.Decide(_life.State, Moment(actor), "second", reason, breakGlass);

        public ImmutableArray<MoveFix> Fixes() => Moves.Fixes(Moment(Rep), Pipeline.Of(_definition).Find("second")!);

        public void Go(MoveDecision move) => Note(_life.Run(move.Stimulus, Monday, [.. move.Changes]));

        public void Complete() => Note(_life.Press(_facts.Deal.Tasks.Single(open => open.Status == Sales.Tasks.SalesTaskStatus.Open), "Done", Monday));

        private void Note(Turn turn) => Passed.AddRange(turn.Changes.OfType<RulePassed>());
    }
}
