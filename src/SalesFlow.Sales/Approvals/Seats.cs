using System.Collections.Immutable;
using SalesFlow.Sales.People;

namespace SalesFlow.Sales.Approvals;

/// <summary>A place at the table: one person, or whoever of a role takes it.</summary>
internal readonly record struct Seat(UserId? Person, string? Role);

/// <summary>Who is asked by a level.</summary>
internal static class Seats
{
    /// <summary>A seat for each of those named; in a quorum for each person of a role, and for the head of sales where these are too few.</summary>
    public static ImmutableArray<Seat> Of(AskedLevel level, PeopleBook people)
    {
        if (level.Level.Mode != ApprovalMode.Quorum)
            return [.. level.Level.Who.Select(who => One(who, people))];
        var seats = level.Level.Who.SelectMany(who => Each(who, people)).Distinct().ToList();
        while (seats.Count < level.Needed)
            seats.Add(new(null, Roles.HeadOfSales));
        return [.. seats];
    }

    /// <summary>The seat of "role:name" or "user:name"; that of the head of sales for somebody who is not here.</summary>
    public static Seat One(string who, PeopleBook people) => who.StartsWith("role:", StringComparison.Ordinal) ? new(null, who[5..])
        : who.StartsWith("user:", StringComparison.Ordinal) && people.ByName.TryGetValue(who[5..], out var id) && people.ById.GetValueOrDefault(id)?.Active != false ? new(id, null)
        : new(null, Roles.HeadOfSales);

    private static List<Seat> Each(string who, PeopleBook people)
    {
        var seat = One(who, people);
        List<Seat> persons = seat.Role is not { } role ? [] : [.. people.ById.Where(person => person.Value.Active && person.Value.Roles.Contains(role)).Select(person => person.Key).Order().Select(id => new Seat(id, null))];
        return persons.Count > 0 ? persons : [seat];
    }
}
