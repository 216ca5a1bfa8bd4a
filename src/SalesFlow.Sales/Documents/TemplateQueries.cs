using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;

namespace SalesFlow.Sales.Documents;

/// <summary>Finds templates in the database; the shipped files are no more than its first content.</summary>
public sealed class TemplateQueries(IDbContextFactory<SalesFlowDb> databases)
{
    private readonly ConcurrentDictionary<string, DocumentTemplate> _parsed = new();

    /// <summary>The template of that key in that language, parsed; throws a sentence when there is none.</summary>
    public async Task<DocumentTemplate> GetAsync(string key, string language, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        if (await LatestAsync(db, $"{key}.{language}", cancel) is not { } found)
            throw new NotFoundException($"There is no template '{key}' in the language '{language}'. There are: {string.Join(", ", (await NamesAsync(db, cancel)).Order(StringComparer.Ordinal))}.");
        if (_parsed.Count > 1_000)
            _parsed.Clear();
        return _parsed.GetOrAdd(found.Text, DocumentTemplate.Parse);
    }

    /// <summary>Keys of the templates that there are, in any language.</summary>
    public async Task<ImmutableSortedSet<string>> KeysAsync(CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return [.. (await NamesAsync(db, cancel)).Select(name => name.Split('.')[0])];
    }

    /// <summary>Every template that there is, named as <c>offer.ru</c>.</summary>
    internal static async Task<List<string>> NamesAsync(SalesFlowDb db, CancellationToken cancel) => await db.Templates.Where(t => t.Version == 1).Select(t => t.Name).ToListAsync(cancel);

    /// <summary>The version in force of the template named as <c>offer.ru</c>; null when there is none.</summary>
    internal static Task<TemplateVersion?> LatestAsync(SalesFlowDb db, string name, CancellationToken cancel) =>
        db.Templates.AsNoTracking().Where(t => t.Name == name).OrderByDescending(t => t.Version).FirstOrDefaultAsync(cancel);
}
