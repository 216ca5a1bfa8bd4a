using System.Collections.Immutable;
using System.Text.Json.Nodes;
using SalesFlow.Runtime;
using SalesFlow.Sales.Documents;
using SalesFlow.Sales.Sets;

namespace SalesFlow.Sales.Seeds;

/// <summary>How what the database holds stands to a shipped file.</summary>
public enum SeedState
{
    /// <summary>The database says what the file says.</summary>
    UpToDate,
    /// <summary>It was edited here, and the file is the one that was taken in.</summary>
    Edited,
    /// <summary>It is as it was taken in, and the file is newer.</summary>
    Update,
    /// <summary>It was edited here, and the file is newer: taking the file takes the edits out of force.</summary>
    UpdateOverEdits,
    /// <summary>It is not in the database: deleted here, or its file came while the server was running.</summary>
    Absent,
}

/// <summary>One shipped file beside what the database holds in its place. Everything is compared by hashes of what it says.</summary>
/// <param name="File">Its name in a set, e.g. <c>templates/offer.ru.scriban</c>.</param>
/// <param name="Shipped">Hash of the file.</param>
/// <param name="Taken">Hash of the file as it was when it was last taken in; null when it never was.</param>
/// <param name="Here">Hash of what is in force in the database; null when there is nothing.</param>
public sealed record Seed(string File, string Shipped, string? Taken, string? Here)
{
    /// <summary>What that comes to.</summary>
    public SeedState State => Here is null ? SeedState.Absent
        : Here == Shipped ? SeedState.UpToDate
        : Taken == Here ? SeedState.Update
        : Taken == Shipped ? SeedState.Edited
        : SeedState.UpdateOverEdits;

    /// <summary>True for what has never been here: the first start takes it in without asking. What somebody deleted stays away.</summary>
    public bool IsNew => Here is null && Taken is null;

    /// <summary>True when taking the file would take the place of what somebody wrote here.</summary>
    public bool IsEdited => State is SeedState.Edited or SeedState.UpdateOverEdits;

    /// <summary>True when there is something to take that is not in force.</summary>
    public bool HasUpdate => State is SeedState.Update or SeedState.UpdateOverEdits or SeedState.Absent;
}

/// <summary>The files that are shipped, as a set, and how each of them is compared.</summary>
public static class SeedFiles
{
    /// <summary>Hashes by the names of the files.</summary>
    public static ImmutableSortedDictionary<string, string> Hashes(SalesSet set) =>
        set.Calendars.Select(calendar => KeyValuePair.Create(SalesSet.CalendarFile(calendar.Key), TemplateVersion.HashOf(calendar.Value)))
            .Concat(set.Templates.Select(template => KeyValuePair.Create(SalesSet.TemplateFile(template.Key), TemplateVersion.HashOf(template.Value))))
            .Concat(set.Matrices.Select(matrix => KeyValuePair.Create(SalesSet.MatrixFile(matrix.Key), TemplateVersion.HashOf(matrix.Value))))
            .Concat(set.Definitions.Select(definition => KeyValuePair.Create(SalesSet.DefinitionFile(definition.Key), HashOf(definition.Value))))
            .ToImmutableSortedDictionary(StringComparer.Ordinal);

    /// <summary>The hash of what a definition says, whatever its versions are called.</summary>
    public static string HashOf(JsonObject definition) => TemplateVersion.HashOf(DefinitionPortable.Write(definition));

    /// <summary>Those files of a set alone.</summary>
    public static SalesSet Only(SalesSet set, IReadOnlySet<string> files) => new([],
        set.Definitions.Where(one => files.Contains(SalesSet.DefinitionFile(one.Key))).ToImmutableSortedDictionary(StringComparer.Ordinal),
        set.Templates.Where(one => files.Contains(SalesSet.TemplateFile(one.Key))).ToImmutableSortedDictionary(StringComparer.Ordinal),
        set.Calendars.Where(one => files.Contains(SalesSet.CalendarFile(one.Key))).ToImmutableSortedDictionary(StringComparer.Ordinal))
    {
        Matrices = set.Matrices.Where(one => files.Contains(SalesSet.MatrixFile(one.Key))).ToImmutableSortedDictionary(StringComparer.Ordinal),
    };
}
