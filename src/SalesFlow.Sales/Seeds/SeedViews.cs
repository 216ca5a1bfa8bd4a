using System.Collections.Immutable;

namespace SalesFlow.Sales.Seeds;

/// <summary>A shipped file as pages and the API show it.</summary>
/// <param name="File">Its name in a set, by which it is taken.</param>
/// <param name="Name">How people call what it holds.</param>
/// <param name="State">How the database stands to it.</param>
/// <param name="Changes">What taking it would change, in sentences.</param>
/// <param name="Problems">Why it cannot be taken as things stand.</param>
public sealed record SeedView(string File, string Name, SeedState State, ImmutableArray<string> Changes, ImmutableArray<string> Problems)
{
    /// <summary>True when it can be taken in with one click: it is as it was shipped, or it is not here.</summary>
    public bool CanTake => State is SeedState.Update or SeedState.Absent && Problems.IsEmpty;
}
