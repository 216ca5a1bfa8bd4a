using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using SalesFlow.Runtime;
using SalesFlow.Sales.Approvals;
using SalesFlow.Sales.Calendars;
using SalesFlow.Sales.Documents;
using SalesFlow.Sales.Sets;

namespace SalesFlow.Sales.Seeds;

/// <summary>Reads the shipped files and compares them with what the database holds.</summary>
public sealed class SeedQueries(IDbContextFactory<SalesFlowDb> databases, SalesOptions options)
{
    /// <summary>Everything that is shipped: definitions, templates, calendars and approval matrices of the workflows folder.</summary>
    public async Task<SalesSet> ShippedAsync(CancellationToken cancel)
    {
        var definitions = ImmutableSortedDictionary.CreateBuilder<string, JsonObject>(StringComparer.Ordinal);
        foreach (var (_, text) in await FilesAsync("", "*.json", cancel))
            if (DefinitionDocument.Parse(text) is var document && (document.Text("definitionId") ?? document.Text("id")) is { } id)
                definitions[id] = document;
        return new([], definitions.ToImmutable(), await FilesAsync("templates", "*.scriban", cancel), await FilesAsync("calendars", "*.json", cancel))
        {
            Matrices = await FilesAsync("approvals", "*.json", cancel),
        };
    }

    /// <summary>Changes when a shipped file is added, removed, renamed or says something else.</summary>
    public async Task<string> StampAsync(CancellationToken cancel)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        string[] files = Directory.Exists(options.Workflows) ? Directory.GetFiles(options.Workflows, "*", SearchOption.AllDirectories) : [];
        foreach (var file in files.Order(StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(Path.GetRelativePath(options.Workflows, file)));
            // A length in front, so that no two sets of files read the same.
            var bytes = await File.ReadAllBytesAsync(file, cancel);
            hash.AppendData(BitConverter.GetBytes(bytes.LongLength));
            hash.AppendData(bytes);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>How the database stands to each shipped file.</summary>
    public async Task<ImmutableArray<Seed>> CompareAsync(SalesSet shipped, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await CompareAsync(db, shipped, cancel);
    }

    /// <inheritdoc cref="CompareAsync(SalesSet, CancellationToken)" />
    internal static async Task<ImmutableArray<Seed>> CompareAsync(SalesFlowDb db, SalesSet shipped, CancellationToken cancel)
    {
        var taken = await db.Seeds.AsNoTracking().ToDictionaryAsync(seed => seed.File, seed => seed.Hash, cancel);
        var here = await HereAsync(db, shipped, cancel);
        return [.. SeedFiles.Hashes(shipped).Select(file => new Seed(file.Key, file.Value, taken.GetValueOrDefault(file.Key), here.GetValueOrDefault(file.Key)))];
    }

    private static async Task<Dictionary<string, string>> HereAsync(SalesFlowDb db, SalesSet shipped, CancellationToken cancel)
    {
        var here = new Dictionary<string, string>();
        foreach (var key in shipped.Calendars.Keys)
            if (await CalendarQueries.TextAsync(db, key, cancel) is { } text)
                here[SalesSet.CalendarFile(key)] = TemplateVersion.HashOf(text);
        foreach (var key in shipped.Matrices.Keys)
            if (await ApprovalMatrixQueries.LatestAsync(db, key, cancel) is { } matrix)
                here[SalesSet.MatrixFile(key)] = matrix.Hash;
        foreach (var name in shipped.Templates.Keys)
            if (await TemplateQueries.LatestAsync(db, name, cancel) is { } template)
                here[SalesSet.TemplateFile(name)] = template.Hash;
        var ids = shipped.Definitions.Keys.ToList();
        foreach (var row in await db.Definitions.AsNoTracking().Where(row => ids.Contains(row.DefinitionId) && (row.IsPublished || row.IsLatest)).ToListAsync(cancel))
            // What is there and in force nowhere says nothing that a file could say: somebody took it out of force.
            if (row.IsPublished || !here.ContainsKey(SalesSet.DefinitionFile(row.DefinitionId)))
                here[SalesSet.DefinitionFile(row.DefinitionId)] = row.IsPublished ? SeedFiles.HashOf(DefinitionDocument.Parse(row.Document)) : "";
        return here;
    }

    private async Task<ImmutableSortedDictionary<string, string>> FilesAsync(string below, string pattern, CancellationToken cancel)
    {
        var folder = Path.Combine(options.Workflows, below);
        var texts = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var file in Directory.Exists(folder) ? Directory.EnumerateFiles(folder, pattern) : [])
            texts[Path.GetFileNameWithoutExtension(file)] = await File.ReadAllTextAsync(file, cancel);
        return texts.ToImmutable();
    }
}
