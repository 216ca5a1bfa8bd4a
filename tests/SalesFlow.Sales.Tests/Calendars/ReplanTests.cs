using System.Collections.Immutable;
using SalesFlow.Engine;
using SalesFlow.Engine.Definitions;
using SalesFlow.Sales.Calendars;
using SalesFlow.Sales.Deals;
using SalesFlow.Sales.People;
using SalesFlow.Sales.Tests.Deals;
using static SalesFlow.Sales.Tests.Given;

namespace SalesFlow.Sales.Tests.Calendars;

/// <summary>When working hours change, what waits for a time waits by the new ones.</summary>
public sealed class ReplanTests
{
    private const string Document = """
        {"definitionId":"p","id":"p-1","version":1,"name":"P","root":{"id":"fc","type":"Elsa.Flowchart","activities":[
          {"id":"go","type":"SalesFlow.DealStarted"},
          {"id":"s1","type":"SalesFlow.Stage","stage":"first","limitHours":16,
           "body":{"id":"b1","type":"Elsa.Flowchart","activities":[{"id":"w","type":"Elsa.WriteLine","text":"both"},{"id":"t1","type":"SalesFlow.Task","subject":"Ask","dueHours":12},
             {"id":"d1","type":"SalesFlow.WorkingDelay","hours":10}],"connections":[{"source":{"activity":"w","port":"Done"},"target":{"activity":"t1"}},{"source":{"activity":"w","port":"Done"},"target":{"activity":"d1"}}]}}],
         "connections":[{"source":{"activity":"go","port":"Done"},"target":{"activity":"s1"}}]}}
        """;

    private static readonly UserId Anna = new(3);
    private static readonly WorkingCalendar Company = Given.Calendar;
    private static readonly WorkflowDefinition Definition = Process(Document), Computed = Process(Document.Replace("\"limitHours\":16", $"\"limitHours\":{Script(1)}").Replace("\"dueHours\":12", $"\"dueHours\":{Script(0)}").Replace("\"hours\":10", $"\"hours\":{Script(2)}"));
    private Deal _deal = Deal.Blank();
    private LivedDeal _life;
    private WorkingCalendar? _own;

    public ReplanTests()
    {
        _life = Life(Definition);
        Run(new Stimulus.Start(), Monday, Created(Anna));
    }

    private LivedDeal Life(WorkflowDefinition process) =>
        new(process, new(_deal, Company, () => new PeopleBook(ImmutableDictionary<UserId, UserView>.Empty.Add(Anna, new UserView("3", "anna", "Anna", [Roles.Rep], null, "en") { Calendar = _own }))));

    private static string Script(int more) => $$$"""{"typeName":"Double","expression":{"type":"JavaScript","value":"deal.fields.hours + {{{more}}}"}}""";

    [Fact]
    public void Due_dates_limits_and_delays_follow_the_hours_of_whoever_carries_the_deal()
    {
        Assert.Equal((Hours(Company, 12), Hours(Company, 16), Hours(Company, 10)), Times());
        _own = Company.With(new(Hours: "09:00-13:00"));

        Run(new Stimulus.Replan(), Monday.AddHours(1));

        Assert.Equal((Hours(_own, 12), Hours(_own, 16), Hours(_own, 10)), Times());
        Assert.True(Hours(_own, 12) > Hours(Company, 12));
        _own = null;
        Run(new Stimulus.Replan(), Monday.AddHours(2));
        Assert.Equal((Hours(Company, 12), Hours(Company, 16), Hours(Company, 10)), Times());
    }

    [Fact]
    public void A_change_that_concerns_nobody_here_changes_nothing()
    {
        var (before, version) = (Times(), _deal.Tasks[0].Version);

        Run(new Stimulus.Replan(), Monday.AddHours(1));

        Assert.Equal((before, version), (Times(), _deal.Tasks[0].Version));
    }

    [Fact]
    public void What_was_due_already_stays_due()
    {
        _own = Company.With(new(Hours: "09:00-10:00"));
        var due = _deal.Tasks[0].DueAt;

        Run(new Stimulus.Replan(), due!.Value.AddHours(1));

        Assert.Equal(due, _deal.Tasks[0].DueAt);
    }

    [Fact]
    public void Times_that_are_computed_from_a_field_follow_it()
    {
        Start("hours", 12);
        Assert.Equal((Hours(Company, 12), Hours(Company, 13), Hours(Company, 14)), Times());

        Run(new Stimulus.None(), Monday.AddHours(1), Set("hours", 20));
        Assert.Equal((Hours(Company, 20), Hours(Company, 21), Hours(Company, 22)), Times());
        Run(new Stimulus.None(), Monday.AddHours(2), Set("other", 1));
        Assert.Equal((Hours(Company, 20), Hours(Company, 21), Hours(Company, 22)), Times());

        Run(new Stimulus.None(), Monday.AddHours(2), Set("hours", 0));
        Assert.Equal(((DateTimeOffset?)null, Hours(Company, 1), Hours(Company, 2)), Times());
        Run(new Stimulus.None(), Monday.AddHours(2), Set("hours", 5));
        Assert.Equal((Hours(Company, 5), Hours(Company, 6), Hours(Company, 7)), Times());
    }

    [Fact]
    public void A_task_that_was_due_already_stays_due_when_its_field_changes()
    {
        Start("hours", 1);
        var due = _deal.Tasks[0].DueAt;

        Run(new Stimulus.None(), Monday.AddHours(1.5), Set("hours", 30));

        Assert.Equal(due, _deal.Tasks[0].DueAt);
    }

    private static FieldsChanged Set(string field, object value) => new(Id, Monday, null, ImmutableDictionary<string, object?>.Empty.Add(field, value));

    // A life of its own, from the beginning, in which the times are computed.
    private void Start(string field, object value)
    {
        _deal = Deal.Blank();
        _life = Life(Computed);
        Run(new Stimulus.Start(), Monday, Created(Anna, (field, value)));
    }

    private static DateTimeOffset Hours(WorkingCalendar calendar, int hours) => calendar.Add(Monday, TimeSpan.FromHours(hours));

    private (DateTimeOffset? Due, DateTimeOffset? Limit, DateTimeOffset? Delay) Times() => (_deal.Tasks[0].DueAt, Limit(), Timer("SalesFlow.WorkingDelay"));

    // What pages and lists read of the stay is what its timer waits for.
    private DateTimeOffset? Limit()
    {
        Assert.Equal(Timer("SalesFlow.StageLimit"), _deal.Visits[0].LimitAt);
        Assert.Equal(_deal.Visits[0].LimitSeconds, (_own ?? Company).WorkingSeconds(Monday, _deal.Visits[0].LimitAt!.Value));
        return _deal.Visits[0].LimitAt;
    }

    private DateTimeOffset? Timer(string name) => _life.State.Bookmarks.Single(waiting => waiting.Name == name).DueAt;

    private void Run(Stimulus stimulus, DateTimeOffset now, params Change[] changes) => _life.Run(stimulus, now, changes);
}
