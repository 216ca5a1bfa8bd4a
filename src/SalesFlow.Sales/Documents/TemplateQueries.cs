using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;

namespace SalesFlow.Sales.Documents;

/// <summary>Finds templates: what an administrator has saved, else the shipped file.</summary>
public sealed class TemplateQueries(IDbContextFactory<SalesFlowDb> databases, SalesOptions options)
{
    internal const string Setting = "template:";
    private readonly ConcurrentDictionary<string, DocumentTemplate> _parsed = new();

    /// <summary>The template of that key in that language, parsed; throws a sentence when there is none.</summary>
    public async Task<DocumentTemplate> GetAsync(string key, string language, CancellationToken cancel)
    {
        var text = await TextAsync(key, language, cancel)
            ?? throw new NotFoundException($"There is no template '{key}' in the language '{language}'. Shipped are: {string.Join(", ", Shipped())}.");
        if (_parsed.Count > 1_000)
            _parsed.Clear();
        return _parsed.GetOrAdd(text, DocumentTemplate.Parse);
    }

    /// <summary>Keys of the templates that there are, in any language.</summary>
    public async Task<ImmutableSortedSet<string>> KeysAsync(CancellationToken cancel) => [.. (await NamesAsync(cancel)).Select(name => name.Split('.')[0])];

    /// <summary>Every template that there is, named as <c>offer.ru</c>.</summary>
    public async Task<ImmutableHashSet<string>> NamesAsync(CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await NamesAsync(db, cancel);
    }

    /// <inheritdoc cref="NamesAsync(CancellationToken)" />
    internal async Task<ImmutableHashSet<string>> NamesAsync(SalesFlowDb db, CancellationToken cancel)
    {
        var edited = await db.Settings.Where(s => s.Key.StartsWith(Setting)).Select(s => s.Key).ToListAsync(cancel);
        return [.. Shipped().Select(file => Path.GetFileNameWithoutExtension(file)), .. edited.Select(key => key[Setting.Length..])];
    }

    private async Task<string?> TextAsync(string key, string language, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await TextAsync(db, $"{key}.{language}", cancel);
    }

    /// <summary>The text of the template named as <c>offer.ru</c>; null when there is none.</summary>
    internal async Task<string?> TextAsync(SalesFlowDb db, string name, CancellationToken cancel)
    {
        var setting = $"{Setting}{name}";
        if (await db.Settings.Where(s => s.Key == setting).Select(s => s.Value).SingleOrDefaultAsync(cancel) is { } edited)
            return edited;
        // Only names of shipped files: a key never becomes a path.
        var file = $"{name}.scriban";
        return Shipped().Contains(file) ? await File.ReadAllTextAsync(Path.Combine(Folder, file), cancel) : null;
    }

    private string Folder => Path.Combine(options.Workflows, "templates");

    private IEnumerable<string> Shipped() => Directory.Exists(Folder) ? Directory.EnumerateFiles(Folder, "*.scriban").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal) : [];
}
