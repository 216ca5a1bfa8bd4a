using System.Collections.Immutable;
using SalesFlow.Sales.People;

namespace SalesFlow.Sales.Tests.People;

public sealed class PeopleBookTests
{
    private static readonly DateTimeOffset Monday = new(2026, 11, 23, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Whoever_is_there_works_for_themselves() => Assert.Equal(new UserId(1), Book((1, null)).StandIn(new(1), Monday));

    [Fact]
    public void While_somebody_is_away_the_substitute_works_and_not_a_moment_longer()
    {
        var book = Book((1, 2L), (2, null));

        Assert.Equal(new UserId(2), book.StandIn(new(1), Monday));
        Assert.Equal(new UserId(1), book.StandIn(new(1), Monday.AddDays(1)));
        Assert.Equal(new UserId(1), book.StandIn(new(1), Monday.AddTicks(-1)));
    }

    [Fact]
    public void A_substitute_who_is_away_too_has_a_substitute() => Assert.Equal(new UserId(3), Book((1, 2L), (2, 3L), (3, null)).StandIn(new(1), Monday));

    [Fact]
    public void People_who_stand_in_for_each_other_are_nobody() => Assert.Null(Book((1, 2L), (2, 1L)).StandIn(new(1), Monday));

    [Fact]
    public void An_absence_without_a_substitute_leaves_nobody() => Assert.Null(Book((1, 0L)).StandIn(new(1), Monday));

    // The number beside a person: who stands in from Monday for a day; 0 nobody, null when not away.
    private static PeopleBook Book(params (long Id, long? Substitute)[] people) => new(people.ToImmutableDictionary(person => new UserId(person.Id), person =>
        new UserView($"{person.Id}", $"p{person.Id}", $"P{person.Id}", [Roles.Rep], null, "en")
        {
            Absences = person.Substitute is { } other ? [new("1", Monday, Monday.AddDays(1), other == 0 ? null : $"{other}", null)] : [],
        }));
}
