using System.Collections.Immutable;
using SalesFlow.Engine;
using SalesFlow.Sales.Deals;
using SalesFlow.Sales.People;
using SalesFlow.Sales.Tasks;
using static SalesFlow.Sales.Tests.Given;

namespace SalesFlow.Sales.Tests.Deals;

/// <summary>Whose pages load again after a turn: everybody's who may see something new, and hardly anybody else's.</summary>
public sealed class DealNewsTests
{
    private static readonly TaskId Call = new(1);
    private static readonly Actor Owner = Person(1, Roles.Rep), Colleague = Person(2, Roles.Rep), Finance = Person(3, Roles.Approver), Head = Person(4, Roles.HeadOfSales), Draws = Person(5, Roles.ProcessOwner);

    private readonly Deal _deal = Deal.Blank();

    public DealNewsTests() => Apply(Created(Owner.Id));

    [Fact]
    public void A_turn_concerns_the_owner_the_lead_and_whoever_sees_every_deal_and_no_other_rep_or_approver()
    {
        Change done = new StageEntered(Id, Monday, 1, "offer", new("Offer", "Предложение"), "s2", 1, Owner.Id, "p-1", 1);
        Assert.Equal([true, true, true, false, false], new[] { Owner, Head, Draws, Colleague, Finance }.Select(person => DealNews.MayConcern(_deal, [done], person)));
    }

    [Fact]
    public void Whoever_had_a_task_hears_that_it_is_done_even_when_another_did_it()
    {
        Open(Colleague.Id, null);
        Change done = new TaskCompleted(Id, Monday, Head.Id, Call, "Done", null);
        Apply((DealChange)done);
        Assert.True(DealNews.MayConcern(_deal, [done], Colleague));
        Assert.False(DealNews.MayConcern(_deal, [done], Finance));
    }

    [Fact]
    public void Whoever_has_the_role_of_a_queue_hears_what_becomes_of_its_tasks()
    {
        Open(null, Roles.Approver);
        Change done = new TaskCompleted(Id, Monday, Head.Id, Call, "Done", null);
        Apply((DealChange)done);
        Assert.True(DealNews.MayConcern(_deal, [done], Finance));
        Assert.False(DealNews.MayConcern(_deal, [done], Colleague));
    }

    [Fact]
    public void What_may_have_been_taken_from_somebody_concerns_everybody() =>
        Assert.All([Owner, Colleague, Finance], person => Assert.True(DealNews.MayConcern(_deal, [new OwnerChanged(Id, Monday, Head.Id, Colleague.Id)], person)));

    [Fact]
    public void Whoever_is_mentioned_hears_of_it_without_seeing_the_deal()
    {
        Change note = new Commented(Id, Monday, Owner.Id, "Look") { Mentions = [Finance.Id] };
        Assert.True(DealNews.MayConcern(_deal, [note], Finance));
        Assert.False(DealNews.MayConcern(_deal, [note], Colleague));
    }

    private static Actor Person(long id, string role) => new(new(id), $"P{id}", [role], "en");

    private void Open(UserId? assignee, string? role) => Apply(new TaskOpened(Id, Monday, Call, new("Call", "Позвонить"), new("", ""), "first", assignee, role, null, [], [], "t", 1));

    private void Apply(DealChange change) => _deal.Apply(change);
}
