using System.Collections.Immutable;
using SalesFlow.Engine;
using SalesFlow.Runtime;
using SalesFlow.Sales.Calendars;
using SalesFlow.Sales.Deals;
using SalesFlow.Sales.People;
using SalesFlow.Sales.Tasks;
using static SalesFlow.Sales.Tests.Given;

namespace SalesFlow.Sales.Tests.Tasks;

/// <summary>Whoever comes second is told who was first, and when.</summary>
public sealed class TaskRaceTests
{
    [Theory]
    [InlineData("en", null, "Boris completed this task at 11/23/2026 9:30:00 AM (Moscow, UTC+3): Done.")]
    [InlineData("ru", "Asia/Vladivostok", "Задачу уже выполнил(а) Boris, 23.11.2026 16:30:00 (Владивосток, UTC+10): Готово.")]
    public void In_their_language_and_by_the_clock_where_they_work(string language, string? zone, string told)
    {
        var (anna, boris) = (new UserId(1), new UserId(2));
        var people = new[] { (anna, "Anna"), (boris, "Boris") }.ToImmutableDictionary(one => one.Item1,
            one => new UserView(one.Item1.ToString(), one.Item2, one.Item2, [Roles.Rep], null, language) { Calendar = zone is null ? null : Calendar.With(new(Zone: zone)) });
        var deal = Deal.Blank();
        deal.Apply(Created(anna));
        var id = new TaskId(Id.Value << 20 | 1);
        deal.Apply(new TaskOpened(Id, Monday, id, new("Ask", "Спросить"), new("", ""), "first", anna, null, null, [new("Done", new("Done", "Готово"))], [], "t", 1));
        deal.Apply(new TaskCompleted(Id, Monday.AddMinutes(30), boris, id, "Done", null));
        var moment = new DealMoment(new InstanceState(), new DealFacts(deal, Calendar, () => new(people)), new("p", new("P", "П"), "p", 1, [], []), Monday.AddHours(1));

        var refused = Assert.Throws<RefusedException>(() => TaskDecisions.Complete(moment, deal.Task(id)!, "Done", null, null, new Actor(anna, "Anna", [Roles.Rep], language), people));

        Assert.Equal(told, refused.Message.Replace('\u202f', ' '));
    }
}
