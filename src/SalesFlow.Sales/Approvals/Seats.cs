using System.Collections.Immutable;
using SalesFlow.Sales.Deals;
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

    /// <summary>
    /// Those who cannot be asked for a seat of a level, because one person has one voice: whoever was asked by the level already, the vote <paramref name="but"/> not counted, and the persons of its other seats.
    /// </summary>
    public static HashSet<UserId> Taken(Deal deal, Approval approval, AskedLevel level, Seat seat, PeopleBook people, ApprovalVote? but = null)
    {
        var asked = approval.Votes.Where(vote => vote.Level == level.Level.Key && vote != but).Select(vote => vote.By is { } by ? new UserId(by) : deal.Task(new(vote.Task))?.Assignee);
        return [.. asked.Concat(Of(level, people).Select(other => other.Person).Where(person => person != seat.Person)).OfType<UserId>()];
    }

    /// <summary>
    /// Who is asked for a seat: its person or who stands in; with nobody standing in another of the same role, else a head of sales. Without a person the question is left to the queue of the role, so also when nobody is there:
    /// then whoever comes back first takes it. Nobody is asked about the terms of their own deal, nobody who is <paramref name="taken"/>, and nobody who is away.
    /// </summary>
    public static (UserId? Person, string Role) Asked(Seat seat, UserId? owner, PeopleBook people, IReadOnlySet<UserId> taken, DateTimeOffset now)
    {
        bool MayBe(UserId person) => person != owner && !taken.Contains(person);
        var may = people.ById.Where(person => person.Value.Active && MayBe(person.Key)).OrderBy(person => person.Key).ToList();
        UserId? Free(string role) => may.Where(person => person.Value.Roles.Contains(role) && person.Value.AwayAt(now) is null).Select(person => (UserId?)person.Key).FirstOrDefault();
        var role = seat.Role ?? (people.ById.GetValueOrDefault(seat.Person ?? default)?.Roles is { } roles && !roles.Contains(Roles.Approver) && roles.Contains(Roles.HeadOfSales) ? Roles.HeadOfSales : Roles.Approver);
        var free = Free(role);
        var queue = may.Exists(person => person.Value.Roles.Contains(role)) || !may.Exists(person => person.Value.Roles.Contains(Roles.HeadOfSales)) ? role : Roles.HeadOfSales;
        if (seat.Person is not { } meant)
            return (free is not null ? null : InPlaceOf(role, people, MayBe, now) ?? Free(Roles.HeadOfSales), queue);
        // A question to one person may be handed to those who decide too.
        return people.StandIn(meant, now) is { } standIn && MayBe(standIn) ? (standIn, Roles.Approver) : (free ?? Free(Roles.HeadOfSales)) is { } other ? (other, Roles.Approver) : (null, queue);
    }

    private static UserId? InPlaceOf(string role, PeopleBook people, Func<UserId, bool> mayBe, DateTimeOffset now) => people.ById.Where(person => person.Value.Active && person.Value.Roles.Contains(role)).OrderBy(person => person.Key)
        .Select(person => people.StandIn(person.Key, now)).FirstOrDefault(standIn => standIn is { } one && mayBe(one));

    private static List<Seat> Each(string who, PeopleBook people)
    {
        var seat = One(who, people);
        List<Seat> persons = seat.Role is not { } role ? [] : [.. people.ById.Where(person => person.Value.Active && person.Value.Roles.Contains(role)).Select(person => person.Key).Order().Select(id => new Seat(id, null))];
        return persons.Count > 0 ? persons : [seat];
    }
}
