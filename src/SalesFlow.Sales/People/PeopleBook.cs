using System.Collections.Immutable;

namespace SalesFlow.Sales.People;

/// <summary>Who works here, as of some moment. Never changes; a new one is made when people do.</summary>
public sealed class PeopleBook
{
    // Longer chains of people who stand in for each other mean that nobody is there.
    private const int LongestChain = 5;

    /// <summary>The people by id.</summary>
    public PeopleBook(ImmutableDictionary<UserId, UserView> people)
    {
        ById = people;
        ByName = people.ToImmutableDictionary(person => person.Value.Name, person => person.Key, StringComparer.OrdinalIgnoreCase);
    }

    private PeopleBook(ImmutableDictionary<string, UserId> names) => (ById, ByName) = (ImmutableDictionary<UserId, UserView>.Empty, names);

    /// <summary>Nobody.</summary>
    public static PeopleBook Empty { get; } = new(ImmutableDictionary<UserId, UserView>.Empty);

    /// <summary>People of whom only the names are known.</summary>
    public static PeopleBook Of(ImmutableDictionary<string, UserId> names) => new(names);

    /// <summary>Everyone by id.</summary>
    public ImmutableDictionary<UserId, UserView> ById { get; }

    /// <summary>Everyone's id by sign-in name.</summary>
    public ImmutableDictionary<string, UserId> ByName { get; }

    /// <summary>A head of sales who is none of <paramref name="but"/> and who is there at an instant, always the same one of several; null when there is none.</summary>
    public UserId? HeadThere(DateTimeOffset at, IReadOnlySet<UserId>? but = null) => There(Roles.HeadOfSales, at, but).Select(person => (UserId?)person).Min();

    /// <summary>True when somebody of the role, who is none of <paramref name="but"/>, is there at an instant.</summary>
    public bool IsAnyoneThere(string role, DateTimeOffset at, IReadOnlySet<UserId>? but = null) => There(role, at, but).Any();

    /// <summary>Those of a role who are none of <paramref name="but"/> and who are there at an instant, in no order.</summary>
    public IEnumerable<UserId> There(string role, DateTimeOffset at, IReadOnlySet<UserId>? but = null) =>
        ById.Where(person => but?.Contains(person.Key) != true && person.Value.Active && person.Value.Roles.Contains(role) && person.Value.AwayAt(at) is null).Select(person => person.Key);

    /// <summary>Those who are away at an instant or have left.</summary>
    public IEnumerable<UserId> NotThere(DateTimeOffset at) => ById.Where(person => !person.Value.Active || person.Value.AwayAt(at) is not null).Select(person => person.Key);

    /// <summary>
    /// Who does a person's work at an instant: the person, or whoever stands in while the person is away. Null when the person has left, or is away
    /// and nobody stands in.
    /// </summary>
    public UserId? StandIn(UserId id, DateTimeOffset at)
    {
        for (var link = 0; link < LongestChain; link++)
        {
            if (!ById.TryGetValue(id, out var person))
                return link == 0 ? id : null;
            if (person.AwayAt(at) is not { } absence)
                return person.Active ? id : null;
            if (absence.Substitute is not { } name || !UserId.TryParse(name, out var substitute))
                return null;
            id = substitute;
        }
        return null;
    }
}
