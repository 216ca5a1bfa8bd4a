using System.Collections.Immutable;
using SalesFlow.Engine;
using SalesFlow.Runtime;
using SalesFlow.Sales.Deals;
using SalesFlow.Sales.Mentions;
using SalesFlow.Sales.People;
using SalesFlow.Sales.Pipelines;
using SalesFlow.Sales.Tasks;
using static SalesFlow.Sales.Tests.Given;

namespace SalesFlow.Sales.Tests.Tasks;

public sealed class TaskPlanningTests
{
    private static readonly Actor Rep = new(new UserId(3), "anna", [Roles.Rep], "en"), Other = new(new UserId(4), "boris", [Roles.Rep], "en"), Approver = new(new UserId(5), "inna", [Roles.Approver], "en");
    private static readonly ImmutableDictionary<UserId, UserView> People = new[] { Rep, Other, Approver }.ToImmutableDictionary(actor => actor.Id, actor => new UserView(actor.Id.ToString(), actor.Name, actor.Name, [.. actor.Roles], null, "en"));
    private readonly Deal _deal = Deal.Blank();

    [Fact]
    public void Waiting_for_the_client_stops_the_clock_and_is_measured_apart()
    {
        var task = Open(dueAt: Calendar.Add(Monday, TimeSpan.FromHours(6)));
        Do(TaskDecisions.Wait(At(Monday.AddHours(2)), task, "their lawyer", Rep, People));

        Do(TaskDecisions.GoOn(At(Monday.AddDays(2).AddHours(2)), task, Rep, People));

        Assert.Null(task.WaitingSince);
        Assert.Equal(Calendar.WorkingSeconds(Monday.AddHours(2), Monday.AddDays(2).AddHours(2)), task.WaitedSeconds);
        Assert.Equal(4 * 3600, Calendar.WorkingSeconds(Monday.AddDays(2).AddHours(2), task.DueAt!.Value));
    }

    [Fact]
    public void A_task_that_was_late_before_it_waited_stays_late()
    {
        var due = Monday.AddHours(1);
        var task = Open(due);
        Do(TaskDecisions.Wait(At(Monday.AddHours(2)), task, null, Rep, People));

        Do(TaskDecisions.GoOn(At(Monday.AddHours(5)), task, Rep, People));

        Assert.Equal(due, task.DueAt);
    }

    [Fact]
    public void A_task_goes_back_to_its_queue_with_a_reason_and_one_without_a_queue_does_not()
    {
        var task = Open(role: Roles.Approver, assignee: Approver.Id);
        Assert.Contains("reason", Assert.Throws<ValidationException>(() => TaskDecisions.Return(At(Monday), task, " ", Approver, People)).Errors.Keys);

        Do(TaskDecisions.Return(At(Monday), task, "on leave", Approver, People));

        Assert.Null(task.Assignee);
        Assert.Equal("noQueue", Assert.Throws<RefusedException>(() => TaskDecisions.Return(At(Monday), Open(), "no", Rep, People)).Obstacles[0].Code);
    }

    [Fact]
    public void Whoever_has_a_task_may_hand_it_to_one_who_may_do_it_and_nobody_else_may()
    {
        var task = Open();

        Assert.Throws<NotFoundException>(() => TaskDecisions.Reassign(At(Monday), task, Other.Id, Other, People));
        Assert.Throws<ValidationException>(() => TaskDecisions.Reassign(At(Monday), task, Approver.Id, Rep, People));
        Do(TaskDecisions.Reassign(At(Monday), task, Other.Id, Rep, People));

        Assert.Equal(Other.Id, task.Assignee);
        Assert.True(DealAccess.MaySee(_deal, Other));
    }

    [Fact]
    public void A_task_is_put_off_within_a_year_and_comes_back()
    {
        var task = Open();

        Assert.Throws<ValidationException>(() => TaskDecisions.Snooze(At(Monday), task, Monday, Rep, People));
        Do(TaskDecisions.Snooze(At(Monday), task, Monday.AddDays(1), Rep, People));
        Assert.Equal(Monday.AddDays(1), task.SnoozedUntil);
        Do(TaskDecisions.Snooze(At(Monday), task, null, Rep, People));

        Assert.Null(task.SnoozedUntil);
    }

    [Fact]
    public void The_usual_times_to_put_off_until_are_working_times()
    {
        var friday = new DateTimeOffset(2026, 11, 27, 14, 30, 0, TimeSpan.Zero);

        var choices = SnoozeChoice.Of(Calendar, friday).ToDictionary(choice => choice.Key, choice => choice.Until);

        Assert.Equal(new DateTimeOffset(2026, 11, 30, 6, 0, 0, TimeSpan.Zero), choices["morning"]);
        Assert.Equal(2 * 3600, Calendar.WorkingSeconds(friday, choices["soon"]));
        Assert.Equal(new DateTimeOffset(2026, 12, 4, 6, 0, 0, TimeSpan.Zero), choices["week"]);
    }

    [Theory]
    [InlineData("@anna please look, and @boris.", "3,4")]
    [InlineData("mail me at anna@boris or @nobody", "")]
    [InlineData("(@anna) @anna", "3")]
    public void A_note_names_people_by_their_sign_in_names(string text, string expected) =>
        Assert.Equal(expected, string.Join(',', MentionedPeople.Of(text, People)));

    private SalesTask Open(DateTimeOffset? dueAt = null, string? role = null, UserId? assignee = null) =>
        Given.Task(_deal, assignee ?? Rep.Id, role, dueAt);

    private DealMoment At(DateTimeOffset now) => new(new InstanceState(), new DealFacts(_deal, Calendar, ImmutableDictionary<string, UserId>.Empty), new("p", new("P", "П"), "p", 1, [], []), now);

    private void Do(TurnRequest request)
    {
        foreach (var change in request.Changes)
            _deal.Apply((DealChange)change);
    }
}
