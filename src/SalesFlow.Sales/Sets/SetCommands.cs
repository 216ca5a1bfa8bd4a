using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using SalesFlow.Engine;
using SalesFlow.Runtime;
using SalesFlow.Sales.Calendars;
using SalesFlow.Sales.Documents;
using SalesFlow.Sales.People;
using SalesFlow.Sales.Pipelines;

namespace SalesFlow.Sales.Sets;

/// <summary>Takes whole sets in: all of a set or nothing, and nothing twice.</summary>
public sealed class SetCommands(DefinitionStore definitions, TemplateQueries templates, CalendarQueries calendars)
{
    /// <summary>Takes a set in, or tells what that would do. Throws <see cref="ValidationException"/> with every problem by the name of its file.</summary>
    public async Task<SetOutcome> ImportAsync(Stream zip, bool dryRun, Actor actor, CancellationToken cancel)
    {
        var set = SetReader.Read(zip, actor.Language);
        var files = new List<SetItem>();
        try
        {
            var taken = await definitions.TakeOverAsync([.. set.Definitions.Values], new Editor(actor.Id.ToString(), actor.Name), dryRun, async db =>
            {
                files.Clear();
                files.AddRange(await WriteAsync((SalesFlowDb)db, set, actor.Language, cancel));
            }, cancel);
            if (!dryRun)
                foreach (var (key, text) in set.Calendars)
                    calendars.Use(key, text);
            foreach (var definition in taken.Definitions.OrderBy(one => one.After.DefinitionId, StringComparer.Ordinal))
                files.Add(await ItemAsync(definition, actor.Language, cancel));
            return new(dryRun, [.. files], taken.Consumers, [.. taken.Definitions.SelectMany(one => one.Warnings.Select(warning => $"{one.After.Name}: {warning}"))]);
        }
        catch (BrokenSetException broken)
        {
            throw new ValidationException(broken.Problems.ToDictionary(one => SalesSet.DefinitionFile(one.Key), one => one.Value.ToArray()));
        }
    }

    private async Task<List<SetItem>> WriteAsync(SalesFlowDb db, SalesSet set, string language, CancellationToken cancel)
    {
        var items = new List<SetItem>();
        foreach (var (key, text) in set.Calendars)
            items.Add(await WriteAsync(db, SalesSet.CalendarFile(key), key, CalendarQueries.Setting + key, await calendars.TextAsync(db, key, cancel), text, language, cancel));
        foreach (var (name, text) in set.Templates)
            items.Add(await WriteAsync(db, SalesSet.TemplateFile(name), name, TemplateQueries.Setting + name, await templates.TextAsync(db, name, cancel), text, language, cancel));
        await db.SaveChangesAsync(cancel);
        return items;
    }

    private static async Task<SetItem> WriteAsync(SalesFlowDb db, string file, string name, string setting, string? here, string text, string language, CancellationToken cancel)
    {
        if (here == text)
            return new(file, name, SetAction.Left, []);
        if (await db.Settings.SingleOrDefaultAsync(s => s.Key == setting, cancel) is { } known)
            known.Value = text;
        else
            db.Settings.Add(new Setting { Key = setting, Value = text });
        return here is null ? new(file, name, SetAction.Added, []) : new(file, name, SetAction.Changed, [Lines(here, text).In(language)]);
    }

    private async Task<SetItem> ItemAsync(TakenDefinition taken, string language, CancellationToken cancel)
    {
        var (file, name) = (SalesSet.DefinitionFile(taken.After.DefinitionId), taken.After.Name ?? taken.After.DefinitionId);
        if (taken.IsLeft)
            return new(file, name, SetAction.Left, []);
        if (taken.Before is not { } before)
            return new(file, name, SetAction.Added, []);
        var sentences = DefinitionDiff.Between(DefinitionDocument.Parse(before.Document), DefinitionDocument.Parse(taken.After.Document));
        if (taken.Compiled is { } now && Pipeline.IsPipeline(now) && await definitions.VersionAsync(before.VersionId, cancel) is var old && Pipeline.IsPipeline(old))
            sentences = [.. PipelineDiff.Between(Pipeline.Of(old), Pipeline.Of(now)), .. sentences];
        if (sentences.IsEmpty)
            sentences = [new("Uses the versions of other definitions that come with it.", "Использует версии других процессов из набора.")];
        return new(file, name, SetAction.Changed, [.. sentences.Select(sentence => sentence.In(language))]);
    }

    private static Text Lines(string before, string after)
    {
        var (old, now) = (before.Split('\n'), after.Split('\n'));
        var (gone, added) = (old.Except(now).Count(), now.Except(old).Count());
        return new($"Lines: {added} new or changed, {gone} gone or replaced.", $"Строк новых или изменённых: {added}, убранных или заменённых: {gone}.");
    }
}
