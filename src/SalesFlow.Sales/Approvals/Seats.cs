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
        HashSet<UserId> barred = [.. taken, .. owner is { } own ? [own] : Array.Empty<UserId>()];
        UserId? Free(string role) => people.There(role, now, barred).Select(person => (UserId?)person).Min();
        var role = RoleOf(seat, people);
        var (free, queue) = (Free(role), QueueOf(role, people, barred));
        if (seat.Person is not { } meant)
            return (free is not null ? null : InPlaceOf(role, people, barred, now) ?? Free(Roles.HeadOfSales), queue);
        var standIn = people.StandIn(meant, now) is { } instead && !barred.Contains(instead) ? instead : free ?? Free(Roles.HeadOfSales);
        // A question to one person may be handed to those who decide too.
        return (standIn, standIn is null ? queue : Roles.Approver);
    }

    private static string RoleOf(Seat seat, PeopleBook people) => seat.Role
        ?? (people.ById.GetValueOrDefault(seat.Person ?? default)?.Roles is { } roles && !roles.Contains(Roles.Approver) && roles.Contains(Roles.HeadOfSales) ? Roles.HeadOfSales : Roles.Approver);

    /// <summary>Where a question waits: with the role, or with the heads of sales when nobody of the role may ever take it.</summary>
    private static string QueueOf(string role, PeopleBook people, HashSet<UserId> barred)
    {
        bool HasAnyone(string one) => people.ById.Any(person => person.Value.Active && person.Value.Roles.Contains(one) && !barred.Contains(person.Key));
        return HasAnyone(role) || !HasAnyone(Roles.HeadOfSales) ? role : Roles.HeadOfSales;
    }

    private static UserId? InPlaceOf(string role, PeopleBook people, HashSet<UserId> barred, DateTimeOffset now) => people.ById.Where(person => person.Value.Active && person.Value.Roles.Contains(role)).OrderBy(person => person.Key)
        .Select(person => people.StandIn(person.Key, now)).FirstOrDefault(standIn => standIn is { } one && !barred.Contains(one));

    private static List<Seat> Each(string who, PeopleBook people)
    {
        var seat = One(who, people);
        List<Seat> persons = seat.Role is not { } role ? [] : [.. people.ById.Where(person => person.Value.Active && person.Value.Roles.Contains(role)).Select(person => person.Key).Order().Select(id => new Seat(id, null))];
        return persons.Count > 0 ? persons : [seat];
    }
}
