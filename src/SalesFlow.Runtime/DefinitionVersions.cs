using System.Collections.Immutable;

namespace SalesFlow.Runtime;

/// <summary>Who changes a definition.</summary>
public sealed record Editor(string Id, string Name)
{
    /// <summary>The server itself: seeds, and references that follow a published version.</summary>
    public static readonly Editor Server = new("", "SalesFlow");
}

/// <summary>What a save has to write.</summary>
internal abstract record SavePlan
{
    private SavePlan() { }

    /// <summary>The latest version is a draft that nothing has run yet: it is written over.</summary>
    public sealed record Overwrite(DefinitionRow Draft) : SavePlan;

    /// <summary>A new version begins; <paramref name="Before"/> is the latest one until now.</summary>
    public sealed record Begin(int Version, DefinitionRow? Before) : SavePlan;
}

/// <summary>The versions of one definition, as Elsa lets them follow each other: exactly one is the latest, at most one is published.</summary>
internal sealed class DefinitionVersions(IReadOnlyCollection<DefinitionRow> rows)
{
    public DefinitionRow? Latest { get; } = rows.FirstOrDefault(row => row.IsLatest) ?? rows.MaxBy(row => row.Version);
    public DefinitionRow? Published { get; } = rows.FirstOrDefault(row => row.IsPublished);
    public int Next { get; } = rows.Count == 0 ? 1 : rows.Max(row => row.Version) + 1;

    /// <summary>The number's version, or null.</summary>
    public DefinitionRow? Find(int version) => rows.FirstOrDefault(row => row.Version == version);

    /// <summary>
    /// Where a save goes. <paramref name="basedOn"/> is the version that the editor had before them, <paramref name="seen"/> its revision; somebody else's
    /// later work is never written over.
    /// </summary>
    public SavePlan Save(Editor editor, string? basedOn, int? seen, bool latestHasRun)
    {
        if (Latest is not { } latest)
            return new SavePlan.Begin(Next, null);
        RefuseWhenReadonly(latest);
        if (basedOn is not null && latest.ChangedById != editor.Id && (basedOn != latest.VersionId || seen is { } revision && revision < latest.Revision))
            throw new RefusedException($"Version {latest.Version} of '{latest.Name}' was saved by {latest.ChangedByName} in the meantime. Reload the page to see it; your own changes were not saved.", []);
        return latest.IsPublished || latestHasRun ? new SavePlan.Begin(Next, latest) : new SavePlan.Overwrite(latest);
    }

    /// <summary>After a version is gone, the highest of the others is the latest.</summary>
    public DefinitionRow? LatestWithout(IReadOnlyCollection<string> versionIds) => rows.Where(row => !versionIds.Contains(row.VersionId)).MaxBy(row => row.Version);

    public static void RefuseWhenReadonly(DefinitionRow row)
    {
        if (row.IsReadonly)
            throw new RefusedException($"'{row.Name}' is read-only and cannot be changed here.", []);
    }
}

/// <summary>What publishing came to.</summary>
/// <param name="Definition">The published version.</param>
/// <param name="WasPublished">True when it had been published before; then nothing was done.</param>
/// <param name="Consumers">Definitions whose references followed.</param>
/// <param name="Warnings">What deserves a look and does not stop it from running.</param>
public sealed record Publication(DefinitionRow Definition, bool WasPublished, ImmutableArray<string> Consumers, ImmutableArray<string> Warnings);
