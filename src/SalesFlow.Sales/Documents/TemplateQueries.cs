using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;

namespace SalesFlow.Sales.Documents;

/// <summary>A template with its version, and the versions of itself and of every part in it by name.</summary>
public sealed record TemplateInForce(DocumentTemplate Template, int Version, ImmutableSortedDictionary<string, int> Versions);

/// <summary>Finds templates in the database; the shipped files are no more than its first content.</summary>
public sealed class TemplateQueries(IDbContextFactory<SalesFlowDb> databases)
{
    private readonly ConcurrentDictionary<string, DocumentTemplate> _parsed = new();

    /// <summary>The template of that key in that language with its parts, parsed; throws a sentence when there is none.</summary>
    public async Task<TemplateInForce> GetAsync(string key, string language, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        if (await LatestAsync(db, $"{key}.{language}", cancel) is not { } found)
            throw new NotFoundException($"There is no template '{key}' in the language '{language}'. There are: {string.Join(", ", (await NamesAsync(db, cancel)).Order(StringComparer.Ordinal))}.");
        var parts = await PartsAsync(db, language, cancel);
        var template = Parsed(found.Text, parts);
        return new(template, found.Version, template.Parts.Select(part => parts[part]).Append(found).ToImmutableSortedDictionary(used => used.Name, used => used.Version, StringComparer.Ordinal));
    }

    /// <summary>A template as it was, by the versions of itself and of its parts.</summary>
    internal async Task<DocumentTemplate> GetAsync(string name, ImmutableSortedDictionary<string, int> versions, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var texts = new Dictionary<string, TemplateVersion>();
        foreach (var (used, version) in versions)
            texts[used.Split('.')[0]] = await db.Templates.AsNoTracking().SingleAsync(t => t.Name == used && t.Version == version, cancel);
        var main = texts[name.Split('.')[0]];
        return Parsed(main.Text, texts.Where(text => text.Value != main).ToDictionary());
    }

    /// <summary>Keys of the templates that make documents, in any language.</summary>
    public async Task<ImmutableSortedSet<string>> KeysAsync(CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return [.. (await NamesAsync(db, cancel)).Where(name => name[0] != PartUses.Mark).Select(name => name.Split('.')[0])];
    }

    /// <summary>Every template, by name; parts come last.</summary>
    public async Task<ImmutableArray<TemplateView>> ListAsync(CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var latest = await Latest(db).Select(t => new { t.Name, t.Version, t.At, t.By }).ToListAsync(cancel);
        return [.. latest.Select(t => (Name: TemplateName.Read(t.Name, ""), Row: t)).Select(t => new TemplateView(t.Name.Key, t.Name.Language, t.Row.Name, t.Name.IsPart, t.Row.Version, t.Row.At, t.Row.By))
            .OrderBy(t => t.IsPart).ThenBy(t => t.Name, StringComparer.Ordinal)];
    }

    /// <summary>A version of a template; the one in force when none is named.</summary>
    public async Task<TemplateText> TextAsync(TemplateName name, int? version, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var (key, latest) = (name.ToString(), await LatestAsync(db, name.ToString(), cancel));
        var found = latest is null || version is null || version == latest.Version ? latest : await db.Templates.AsNoTracking().SingleOrDefaultAsync(t => t.Name == key && t.Version == version, cancel);
        if (latest is null || found is null)
            throw NoSuch(name, version);
        var before = await db.Templates.AsNoTracking().Where(t => t.Name == key && t.Version == found.Version - 1).Select(t => t.Text).SingleOrDefaultAsync(cancel);
        return new(name.Key, name.Language, key, name.IsPart, found.Version, found.Version == latest.Version, found.At, found.By, found.Text, found.Hash, LineDiff.Between(before ?? "", found.Text));
    }

    /// <summary>The versions of a template, newest first.</summary>
    public async Task<ImmutableArray<TemplateVersionView>> VersionsAsync(TemplateName name, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var key = name.ToString();
        var rows = await db.Templates.Where(t => t.Name == key).OrderByDescending(t => t.Version).Select(t => new { t.Version, t.At, t.By, t.Hash }).ToListAsync(cancel);
        return rows.Count == 0 ? throw NoSuch(name, null) : [.. rows.Select((row, index) => new TemplateVersionView(row.Version, index == 0, row.At, row.By, row.Hash))];
    }

    /// <summary>Every template that there is, named as <c>offer.ru</c>.</summary>
    internal static async Task<List<string>> NamesAsync(SalesFlowDb db, CancellationToken cancel) => await db.Templates.Where(t => t.Version == 1).Select(t => t.Name).ToListAsync(cancel);

    /// <summary>The version in force of the template named as <c>offer.ru</c>; null when there is none.</summary>
    internal static Task<TemplateVersion?> LatestAsync(SalesFlowDb db, string name, CancellationToken cancel) =>
        db.Templates.AsNoTracking().Where(t => t.Name == name).OrderByDescending(t => t.Version).FirstOrDefaultAsync(cancel);

    /// <summary>The texts of all templates of a language, by their keys.</summary>
    internal static async Task<Dictionary<string, string>> TextsAsync(SalesFlowDb db, string language, CancellationToken cancel) =>
        (await Latest(db).Where(t => t.Name.EndsWith("." + language)).ToListAsync(cancel)).ToDictionary(t => t.Name.Split('.')[0], t => t.Text);

    private static async Task<Dictionary<string, TemplateVersion>> PartsAsync(SalesFlowDb db, string language, CancellationToken cancel) =>
        (await Latest(db).Where(t => t.Name.EndsWith("." + language)).ToListAsync(cancel)).Where(t => t.Name[0] == PartUses.Mark).ToDictionary(t => t.Name.Split('.')[0]);

    private static IQueryable<TemplateVersion> Latest(SalesFlowDb db) => db.Templates.AsNoTracking().Where(t => !db.Templates.Any(newer => newer.Name == t.Name && newer.Version > t.Version));

    private DocumentTemplate Parsed(string text, Dictionary<string, TemplateVersion> parts)
    {
        if (_parsed.Count > 1_000)
            _parsed.Clear();
        var all = string.Concat(parts.OrderBy(part => part.Key, StringComparer.Ordinal).Select(part => part.Key + part.Value.Hash));
        return _parsed.GetOrAdd(all + text, _ => DocumentTemplate.Parse(text, name => parts.GetValueOrDefault(name)?.Text));
    }

    private static NotFoundException NoSuch(TemplateName name, int? version) => new(version is null ? $"There is no template '{name}'." : $"The template '{name}' has no version {version}.");
}
