using System.Globalization;
using SalesFlow.Runtime;
using SalesFlow.Studio.Wire;

namespace SalesFlow.Studio.Definitions;

/// <summary>Which versions are meant, in Elsa's words: Latest, Published, LatestOrPublished, LatestAndPublished, Draft, AllVersions, or a number.</summary>
internal static class VersionOptions
{
    public static IQueryable<DefinitionRow> Choose(this IQueryable<DefinitionRow> rows, string? options) => options?.ToLowerInvariant() switch
    {
        null or "" or "allversions" => rows,
        "latest" => rows.Where(row => row.IsLatest),
        "published" => rows.Where(row => row.IsPublished),
        "latestorpublished" => rows.Where(row => row.IsLatest || row.IsPublished),
        "latestandpublished" => rows.Where(row => row.IsLatest && row.IsPublished),
        "draft" => rows.Where(row => row.IsLatest && !row.IsPublished),
        { } text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var version) => rows.Where(row => row.Version == version),
        _ => throw new ElsaProblemException("versionOptions", $"'{options}' is unknown; expected Latest, Published, LatestOrPublished, LatestAndPublished, Draft, AllVersions or a version's number."),
    };
}
