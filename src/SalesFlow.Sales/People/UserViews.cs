using System.Collections.Immutable;

namespace SalesFlow.Sales.People;

/// <summary>A person as lists and pickers show them; <paramref name="Name"/> is the sign-in name.</summary>
public sealed record UserView(string Id, string Name, string DisplayName, ImmutableArray<string> Roles, string? Team, string Language);
