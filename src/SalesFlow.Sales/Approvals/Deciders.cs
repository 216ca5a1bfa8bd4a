using System.Collections.Immutable;
using System.Globalization;
using SalesFlow.Sales.People;

namespace SalesFlow.Sales.Approvals;

/// <summary>A role or a person that a level of a matrix may name. <paramref name="Who"/> is what the matrix keeps, "role:approver" or "user:name"; <paramref name="Name"/> what people say; with <paramref name="Offered"/> it may be chosen anew.</summary>
public sealed record Decider(string Who, string Name, bool Offered);

/// <summary>Who may decide, as people choose them.</summary>
public static class Deciders
{
    /// <summary>The roles, then the people by name. Whoever has left has a name still, but is not offered; people of one name are told apart by how they sign in.</summary>
    public static ImmutableArray<Decider> Of(IReadOnlyCollection<UserView> people, string language)
    {
        var twice = people.GroupBy(person => person.DisplayName, StringComparer.OrdinalIgnoreCase).Where(same => same.Count() > 1).Select(same => same.Key).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return [.. Roles.All.Select(role => new Decider($"role:{role}", ApprovalWords.Role(role).In(language), true)),
            .. people.OrderBy(person => person.DisplayName, StringComparer.Create(CultureInfo.GetCultureInfo(language), ignoreCase: true)).ThenBy(person => person.Name, StringComparer.Ordinal)
                .Select(person => new Decider($"user:{person.Name}", NameOf(person, twice.Contains(person.DisplayName), language), person.Active))];
    }

    /// <summary>What people call a decider that a matrix names; one that nobody knows stays as it is written.</summary>
    public static string NameOf(ImmutableArray<Decider> known, string who) => known.FirstOrDefault(one => string.Equals(one.Who, who, StringComparison.OrdinalIgnoreCase))?.Name ?? who;

    private static string NameOf(UserView person, bool isAmbiguous, string language) => (isAmbiguous ? $"{person.DisplayName} ({person.Name})" : person.DisplayName)
        + (person.Active ? "" : new Engine.Text(", works here no longer", ", больше не работает").In(language));
}
