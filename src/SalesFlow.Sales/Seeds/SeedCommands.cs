using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using SalesFlow.Engine;
using SalesFlow.Runtime;
using SalesFlow.Sales.Approvals;
using SalesFlow.Sales.Calendars;
using SalesFlow.Sales.Documents;
using SalesFlow.Sales.People;
using SalesFlow.Sales.Sets;

namespace SalesFlow.Sales.Seeds;

/// <summary>Takes shipped files in: at the first start by itself, later only what somebody asks for.</summary>
public sealed class SeedCommands(SeedQueries seeds, SetCommands sets, DefinitionStore definitions, IDbContextFactory<SalesFlowDb> databases, TimeProvider clock)
{
    private const string LastFiles = "seeds";

    /// <summary>Takes in what has never been here, and remembers what each file said. What was edited or deleted is left alone, and so is what is newer.</summary>
    public async Task ImportNewAsync(CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
            try
            {
                await ImportNewOnceAsync(cancel);
                return;
            }
            catch (DbUpdateException) when (attempt < 5)
            {
                // Another server that started at the same moment was first; what it took in is here now.
            }
    }

    private async Task ImportNewOnceAsync(CancellationToken cancel)
    {
        // Reading and comparing every file is a third of a start; files that were here at the last one hold nothing new.
        var stamp = await seeds.StampAsync(cancel);
        await using var db = await databases.CreateDbContextAsync(cancel);
        var last = await db.Settings.SingleOrDefaultAsync(setting => setting.Key == LastFiles, cancel);
        if (last?.Value == stamp)
            return;
        var shipped = await seeds.ShippedAsync(cancel);
        var added = (await seeds.CompareAsync(shipped, cancel)).Where(seed => seed.IsNew).Select(seed => seed.File).ToHashSet();
        if (added.Count > 0)
            await ImportAsync(SeedFiles.Only(shipped, added), cancel);
        foreach (var seed in await SeedQueries.CompareAsync(db, shipped, cancel))
            if (seed.State == SeedState.UpToDate && seed.Taken != seed.Shipped)
                await RememberAsync(db, seed, cancel);
        (last ?? db.Settings.Add(new Setting { Key = LastFiles }).Entity).Value = stamp;
        await db.SaveChangesAsync(cancel);
    }

    /// <summary>Every shipped file, and for those that are newer or absent what taking them would change.</summary>
    public async Task<ImmutableArray<SeedView>> ListAsync(Actor actor, CancellationToken cancel)
    {
        var shipped = await seeds.ShippedAsync(cancel);
        var compared = await seeds.CompareAsync(shipped, cancel);
        var (changes, problems) = await TryAsync(shipped, [.. compared.Where(seed => seed.HasUpdate).Select(seed => seed.File)], actor, cancel);
        return [.. compared.Select(seed => new SeedView(seed.File, NameOf(shipped, seed.File), seed.State, changes.GetValueOrDefault(seed.File, []), problems.GetValueOrDefault(seed.File, [])))];
    }

    /// <summary>
    /// Takes those files in, all or none, or tells what that would do. What was edited here is refused unless <paramref name="overEdits"/>; what it said stays as an older version.
    /// Running deals stay on theirs.
    /// </summary>
    public async Task<SetOutcome> TakeAsync(IReadOnlyCollection<string> files, bool overEdits, bool dryRun, Actor actor, CancellationToken cancel)
    {
        var shipped = await seeds.ShippedAsync(cancel);
        var known = SeedFiles.Hashes(shipped);
        if (files.FirstOrDefault(file => !known.ContainsKey(file)) is { } unknown)
            throw new ValidationException("files", new Text($"No file '{unknown}' is shipped. There are: {string.Join(", ", known.Keys)}.", $"Файла «{unknown}» в поставке нет. Есть: {string.Join(", ", known.Keys)}.").In(actor.Language));
        if (files.Count == 0)
            throw new ValidationException("files", new Text("Name at least one file.", "Назовите хотя бы один файл.").In(actor.Language));
        ImmutableHashSet<string> chosen = [.. files];
        return await sets.TakeAsync(Checked(SeedFiles.Only(shipped, chosen), actor), dryRun, actor, async db =>
        {
            foreach (var seed in (await SeedQueries.CompareAsync(db, shipped, cancel)).Where(seed => chosen.Contains(seed.File)))
            {
                if (!overEdits && !dryRun && seed.IsEdited)
                    throw WasEdited(NameOf(shipped, seed.File), actor);
                await RememberAsync(db, seed, cancel);
            }
        }, cancel);
    }

    private async Task ImportAsync(SalesSet added, CancellationToken cancel)
    {
        await using (var db = await databases.CreateDbContextAsync(cancel))
        {
            foreach (var (key, text) in added.Calendars)
                await CalendarQueries.SaveAsync(db, key, text, cancel);
            foreach (var (key, text) in added.Matrices)
                db.ApprovalMatrices.Add(MatrixVersion.Next(key, null, MatrixText.TryRead(text, out var problem) is null
                    ? throw new FormatException($"The shipped approval matrix '{key}' cannot be read: {problem}") : text, clock.GetUtcNow(), Editor.Server.Name));
            foreach (var (name, text) in added.Templates)
                db.Templates.Add(TemplateVersion.Next(name, null, text, clock.GetUtcNow(), Editor.Server.Name));
            await db.SaveChangesAsync(cancel);
        }
        await definitions.SeedAsync([.. added.Definitions.Values.Select(DefinitionDocument.Write)], cancel);
    }

    private async Task RememberAsync(SalesFlowDb db, Seed seed, CancellationToken cancel)
    {
        if (await db.Seeds.SingleOrDefaultAsync(row => row.File == seed.File, cancel) is { } known)
            (known.Hash, known.At) = (seed.Shipped, clock.GetUtcNow());
        else
            db.Seeds.Add(new TakenSeed { File = seed.File, Hash = seed.Shipped, At = clock.GetUtcNow() });
    }

    /// <summary>What taking them all at once would change, or why that is refused, by the names of the files.</summary>
    private async Task<(Dictionary<string, ImmutableArray<string>> Changes, Dictionary<string, ImmutableArray<string>> Problems)> TryAsync(SalesSet shipped, ImmutableHashSet<string> files, Actor actor, CancellationToken cancel)
    {
        if (files.Count == 0)
            return ([], []);
        try
        {
            var outcome = await sets.TakeAsync(Checked(SeedFiles.Only(shipped, files), actor), dryRun: true, actor, _ => Task.CompletedTask, cancel);
            return (outcome.Items.ToDictionary(item => item.File, item => item.Changes), []);
        }
        catch (ValidationException refused)
        {
            return ([], refused.Errors.ToDictionary(error => error.Key, error => error.Value.ToImmutableArray()));
        }
    }

    /// <summary>The same set, looked over as closely as one that somebody sends.</summary>
    private static SalesSet Checked(SalesSet set, Actor actor) => SetReader.Read(new MemoryStream(SetArchive.Pack(set)), actor.Language);

    private static string NameOf(SalesSet shipped, string file) =>
        shipped.Definitions.FirstOrDefault(one => SalesSet.DefinitionFile(one.Key) == file) is { Value: { } definition } ? definition.Text("name") ?? file : Path.GetFileNameWithoutExtension(file);

    private static RefusedException WasEdited(string name, Actor actor)
    {
        var message = new Text($"'{name}' was edited here; the shipped file would take the place of these edits.", $"«{name}» изменено здесь; файл из поставки заменит эти изменения.").In(actor.Language);
        return new(message, [new Obstacle("edited", message, new Text("Look at what would change, then say that your edits may be replaced (overEdits).", "Посмотрите, что изменится, и подтвердите замену своих изменений (overEdits).").In(actor.Language))]);
    }
}
