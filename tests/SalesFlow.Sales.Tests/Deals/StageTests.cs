using System.Collections.Immutable;
using SalesFlow.Engine;
using SalesFlow.Engine.Definitions;
using SalesFlow.Sales.Deals;
using SalesFlow.Sales.Pipelines;
using SalesFlow.Sales.Rules;
using SalesFlow.Sales.Tasks;
using static SalesFlow.Sales.Tests.Given;

namespace SalesFlow.Sales.Tests.Deals;

public sealed class StageTests
{
    private const string Document = """
        {"definitionId":"p","id":"p-1","version":3,"name":"P","root":{"id":"fc","type":"Elsa.Flowchart","activities":[
          {"id":"go","type":"SalesFlow.DealStarted"},
          {"id":"s2","type":"SalesFlow.Stage","stage":"second","nameEn":"Second"},
          {"id":"s1","type":"SalesFlow.Stage","stage":"first","nameEn":"First","probability":0.2,
           "rules":"[{\"kind\":\"requiredFields\",\"fields\":[\"budget\"]},{\"kind\":\"requiredOutcome\",\"task\":\"t1\",\"outcome\":\"Yes\"}]",
           "body":{"id":"b1","type":"Elsa.Flowchart","activities":[{"id":"t1","type":"SalesFlow.Task","subject":"Ask","dueHours":4,
             "outcomes":{"typeName":"String[]","expression":{"type":"Object","value":"[\"Yes\",\"No\"]"}}}],"connections":[]}},
          {"id":"won","type":"SalesFlow.CloseDeal","result":"won"}],
         "connections":[{"source":{"activity":"go","port":"Done"},"target":{"activity":"s1"}},{"source":{"activity":"s1","port":"Done"},"target":{"activity":"s2"}},
          {"source":{"activity":"s2","port":"Done"},"target":{"activity":"won"}}]}}
        """;

    private readonly WorkflowDefinition _definition = Process(Document);
    private readonly Deal _deal = Deal.Blank();
    private readonly DealFacts _facts;
    private readonly LivedDeal _life;

    public StageTests()
    {
        _facts = new(_deal, Calendar, ImmutableDictionary<string, UserId>.Empty);
        _life = new(_definition, _facts);
    }

    [Fact]
    public void A_required_outcome_is_that_of_the_last_time_the_task_was_asked_for()
    {
        var rule = StageRule.Read("""[{"kind": "requiredOutcome", "task": "t1", "outcome": "Yes"}]""")[0];
        var met = new List<bool>();

        foreach (var (number, outcome) in new[] { (1, "Yes"), (2, null), (2, "No"), (3, "Yes"), (4, "cancelled") })
        {
            if (_deal.Task(new(number)) is null)
                _deal.Apply(new TaskOpened(Id, Monday, new(number), new("Ask", "Спросить"), new("", ""), "first", null, null, null, [], [], "t1", number));
            if (outcome is not null)
                _deal.Apply(outcome == "cancelled" ? new TaskCancelled(Id, Monday, new(number)) : new TaskCompleted(Id, Monday, null, new(number), outcome, null));
            met.Add(rule.IsMet(new(_facts, "first", Monday)));
        }

        Assert.Equal([true, false, false, true, true], met);
    }

    [Fact]
    public void A_required_outcome_counts_anew_once_the_deal_has_gone_back()
    {
        var rule = StageRule.Read("""[{"kind": "requiredOutcome", "task": "t2", "outcome": "Yes"}]""")[0];
        var (met, visit) = (new List<bool>(), 0);

        foreach (var stage in new[] { "first", "second", "third", "first", "third", "second" })
        {
            var at = Monday.AddHours(++visit);
            _deal.Apply(new StageEntered(Id, at, visit, stage, new(stage, stage), stage, visit, null, "p-1", 1));
            if (visit == 2)
            {
                _deal.Apply(new TaskOpened(Id, at, new(1), new("Ask", "Спросить"), new("", ""), stage, null, null, null, [], [], "t2", 1));
                _deal.Apply(new TaskCompleted(Id, at, null, new(1), "Yes", null));
            }
            met.Add(rule.IsMet(new(_facts, "second", at)));
        }

        Assert.Equal([false, true, true, false, false, false], met);
    }

    [Fact]
    public void A_new_deal_stands_in_the_first_stage_with_its_task()
    {
        Start();

        var task = Assert.Single(_deal.Tasks);
        Assert.Equal(("first", 3, "Yes No"), (_deal.StageKey, _deal.DefinitionVersion, string.Join(' ', task.Outcomes.Select(outcome => outcome.Key))));
        Assert.Equal(Monday.AddHours(4), task.DueAt);
    }

    [Fact]
    public void A_body_that_ended_leaves_the_deal_in_the_stage_until_its_rules_are_met()
    {
        Start();
        Press("Yes");
        Assert.Equal("first", _deal.StageKey);

        Run(new Stimulus.None(), Monday.AddHours(2), new FieldsChanged(Id, Monday, null, ImmutableDictionary<string, object?>.Empty.Add("budget", 5L)));

        Assert.IsType<DealState.Won>(_deal.State);
        Assert.Equal(("Done", 7200L, 7200L), (_deal.Visits[0].Outcome, _deal.Visits[0].CalendarSeconds, _deal.Visits[0].WorkingSeconds));
    }

    [Fact]
    public void A_jump_ends_the_stay_and_withdraws_its_task()
    {
        Start();

        Run(new Stimulus.Jump("s1"), Monday.AddHours(1));

        Assert.Equal([SalesTaskStatus.Cancelled, SalesTaskStatus.Open], _deal.Tasks.Select(task => task.Status));
        Assert.Equal(["Cancelled", null], _deal.Visits.Select(visit => visit.Outcome));
    }

    [Fact]
    public void Stages_follow_the_flow_not_the_file() =>
        Assert.Equal(["first 0", "second 1"], Pipeline.Read(_definition).Stages.Select(stage => $"{stage.Key} {stage.Order}"));

    private void Start() => Run(new Stimulus.Start(), Monday, Created());

    private void Press(string outcome) => _life.Press(_deal.Tasks[0], outcome, Monday.AddHours(1));

    private void Run(Stimulus stimulus, DateTimeOffset now, params Change[] changes) => _life.Run(stimulus, now, changes);
}
