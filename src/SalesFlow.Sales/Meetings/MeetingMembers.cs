using System.Collections.Immutable;
using SalesFlow.Engine;
using SalesFlow.Sales.Activities;
using SalesFlow.Sales.People;

namespace SalesFlow.Sales.Meetings;

/// <summary>Somebody who may come to a meeting in the place of <paramref name="Of"/> (oneself, mostly), and when not.</summary>
internal sealed record MemberSeat(UserId Of, UserId Member, ImmutableArray<Span> Away);

/// <summary>
/// Who may hold a meeting, as the designer wrote it: a <see cref="WordList"/> of owner (of the deal), user:NAME, role:ROLE or team:TEAM. They are looked up
/// when slots are, so that whoever comes, leaves or takes over the deal counts at once.
/// </summary>
public static class MeetingMembers
{
    /// <summary>The people meant who work here, each once, in the order written; those of a role or team by id.</summary>
    public static ImmutableArray<UserId> Of(string written, UserId? owner, PeopleBook people) => [.. WordList.Read(written).SelectMany(word => Meant(word, owner, people)).Distinct()];

    /// <summary>
    /// The members who work here with the times at which they are away, and beside each of them whoever stands in, for the time of that absence only.
    /// </summary>
    internal static IReadOnlyList<MemberSeat> Seats(IEnumerable<UserId> members, IReadOnlyDictionary<UserId, UserView> people)
    {
        var seats = new List<MemberSeat>();
        foreach (var member in members)
            if (people.TryGetValue(member, out var person) && person.Active)
            {
                seats.Add(new(member, member, Away(person)));
                foreach (var absence in person.Absences)
                    if (UserId.TryParse(absence.Substitute ?? "", out var substitute) && people.TryGetValue(substitute, out var other) && other.Active)
                        seats.Add(new(member, substitute, [new(DateTimeOffset.MinValue, absence.From), .. Away(other), new(absence.To, DateTimeOffset.MaxValue)]));
            }
        return seats;
    }

    private static ImmutableArray<Span> Away(UserView person) => [.. person.Absences.Select(absence => new Span(absence.From, absence.To))];

    /// <summary>The first word that means nobody that could ever be found; null when all are well written.</summary>
    public static string? Unknown(string written) => WordList.Read(written) is { IsEmpty: true } ? "" : WordList.Read(written).FirstOrDefault(word => word != "owner" && Kinds.All(kind => !word.StartsWith(kind, StringComparison.Ordinal) || word.Length == kind.Length));

    private static readonly string[] Kinds = ["user:", "role:", "team:"];

    private static IEnumerable<UserId> Meant(string word, UserId? owner, PeopleBook people)
    {
        if (word == "owner")
            return owner is { } one ? [one] : [];
        if (word.StartsWith("user:", StringComparison.Ordinal))
            return people.ByName.TryGetValue(word[5..], out var id) ? [id] : [];
        var wanted = word.Length > 5 ? word[5..] : "";
        var isRole = word.StartsWith("role:", StringComparison.Ordinal);
        return people.ById.Where(person => person.Value.Active && (isRole ? person.Value.Roles.Contains(wanted) : person.Value.Team == wanted)).Select(person => person.Key).Order();
    }
}
