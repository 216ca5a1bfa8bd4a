using System.Collections.Immutable;
using SalesFlow.Engine;
using SalesFlow.Sales.Deals;
using SalesFlow.Sales.Notifications;
using SalesFlow.Sales.People;
using SalesFlow.Sales.Tasks;
using static SalesFlow.Sales.Tests.Given;

namespace SalesFlow.Sales.Tests.Tasks;

/// <summary>What becomes of the open tasks of Anna, who has fallen ill.</summary>
public sealed class TaskHandoverTests
{
    private static readonly UserId Anna = new(1), Boris = new(2), Vera = new(3), Head = new(4), Approver = new(5);
    private readonly Deal _deal = Deal.Blank();
    private ImmutableDictionary<UserId, UserView> _people = new (UserId Id, string Role, string? Team)[] { (Anna, Roles.Rep, "north"), (Boris, Roles.Rep, "north"), (Vera, Roles.Rep, "north"), (Head, Roles.HeadOfSales, null), (Approver, Roles.Approver, null) }
        .ToImmutableDictionary(one => one.Id, one => new UserView(one.Id.ToString(), $"p{one.Id}", $"P{one.Id}", [one.Role], one.Team, "en"));

    [Fact]
    public void They_go_to_whoever_stands_in_who_is_told_in_whose_place()
    {
        Away(Anna, substitute: Vera);
        var task = Open(Anna);

        var changes = HandOver();

        Assert.Equal((Vera, Anna), (task.Assignee, task.InsteadOf));
        var notice = Assert.Single(Notices.Of(changes, _deal, Book));
        Assert.Equal(Vera, notice.Person);
        Assert.Equal("Task for you: Ask (in the place of P1, who is away)", NotificationSentences.Of(notice.Kind, notice.Data, "en"));
    }

    [Fact]
    public void With_nobody_standing_in_a_task_of_a_queue_goes_back_to_it_and_others_to_the_colleague_with_the_fewest_deals()
    {
        Away(Anna);
        var (own, queued) = (Open(Anna), Open(Anna, Roles.Approver));

        HandOver(new Dictionary<UserId, int> { [Boris] = 5, [Vera] = 2 });

        Assert.Equal((Vera, null), (own.Assignee, queued.Assignee));
        Assert.Equal((Anna, Anna), (own.InsteadOf, queued.InsteadOf));
    }

    [Fact]
    public void With_nobody_there_they_go_to_a_head_of_sales_and_with_no_head_they_wait_of_which_heads_are_told()
    {
        foreach (var one in new[] { Anna, Boris, Vera, Approver })
            Away(one);
        var (own, queued) = (Open(Anna), Open(Anna, Roles.Approver));

        HandOver();
        Assert.Equal((Head, Head), (own.Assignee, queued.Assignee));

        Away(Head);
        var last = Open(Anna);
        var changes = HandOver();
        Assert.Equal(Anna, last.Assignee);
        var notice = Assert.Single(Notices.Of(changes, _deal, Book));
        Assert.Equal((Head, "Nobody is there for the task: Ask (in the place of P1, who is away)"), (notice.Person, NotificationSentences.Of(notice.Kind, notice.Data, "en")));
    }

    [Fact]
    public void What_waits_goes_to_the_head_who_comes_back_in_the_place_of_whoever_is_still_away_and_is_told_of_once()
    {
        foreach (var one in new[] { Anna, Boris, Vera, Head })
            Away(one);
        var task = Open(Anna);
        HandOver();
        var claimed = Open(Anna);
        Assert.Empty(Do(TaskDecisions.HandOver(At(), Anna, new Dictionary<UserId, int>(), again: true)));

        _people = _people.SetItem(Head, _people[Head] with { Absences = [] });
        var changes = Do(TaskDecisions.HandOver(At(), Anna, new Dictionary<UserId, int>(), again: true));

        Assert.Equal((Head, Anna, Anna), (task.Assignee, task.InsteadOf, claimed.Assignee));
        Assert.Equal("Task for you: Ask (in the place of P1, who is away)", Assert.Single(Notices.Of(changes, _deal, Book)) is var told ? NotificationSentences.Of(told.Kind, told.Data, "en") : null);
    }

    [Fact]
    public void A_task_that_passes_through_several_hands_keeps_the_first_name()
    {
        Away(Anna, substitute: Vera);
        var task = Open(Anna);
        HandOver();
        Away(Vera, substitute: Boris);

        Do(TaskDecisions.HandOver(At(), Vera, new Dictionary<UserId, int>()));

        Assert.Equal((Boris, Anna), (task.Assignee, task.InsteadOf));
    }

    private ImmutableArray<Change> HandOver(Dictionary<UserId, int>? load = null) => Do(TaskDecisions.HandOver(At(), Anna, load ?? []));

    private ImmutableArray<Change> Do(Runtime.TurnRequest request)
    {
        foreach (var change in request.Changes)
            _deal.Apply((DealChange)change);
        return request.Changes;
    }

    private DealMoment At() => new(new InstanceState(), new DealFacts(_deal, Calendar, Book), new("p", new("P", "П"), "p", 1, [], []), Monday);

    private PeopleBook Book() => new(_people);

    private void Away(UserId id, UserId? substitute = null) => _people = _people.SetItem(id, _people[id] with { Absences = [new("1", Monday.AddHours(-1), Monday.AddDays(1), substitute?.ToString(), null)] });

    private SalesTask Open(UserId assignee, string? role = null) => Given.Task(_deal, assignee, role);
}
