using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using SalesFlow.Engine;
using SalesFlow.Runtime;
using SalesFlow.Sales.Approvals;
using SalesFlow.Sales.Calendars;
using SalesFlow.Sales.Documents;
using SalesFlow.Sales.People;
using SalesFlow.Sales.Pipelines;

namespace SalesFlow.Sales.Sets;

/// <summary>Takes whole sets in: all of a set or nothing, and nothing twice.</summary>
public sealed class SetCommands(DefinitionStore definitions, CalendarQueries calendars, ReplanCommands replan, ApprovalMatrixQueries matrices, TimeProvider clock)
{
    /// <summary>Takes a set in, or tells what that would do. Throws <see cref="ValidationException"/> with every problem by the name of its file.</summary>
    public Task<SetOutcome> ImportAsync(Stream zip, bool dryRun, Actor actor, CancellationToken cancel) =>
        TakeAsync(SetReader.Read(zip, actor.Language), dryRun, actor, _ => Task.CompletedTask, cancel);

    /// <summary>Takes a set in; <paramref name="beside"/> runs in the same transaction, before anything of the set is written.</summary>
    internal async Task<SetOutcome> TakeAsync(SalesSet set, bool dryRun, Actor actor, Func<SalesFlowDb, Task> beside, CancellationToken cancel)
    {
        var files = new List<SetItem>();
        try
        {
            var taken = await definitions.TakeOverAsync([.. set.Definitions.Values], new Editor(actor.Id.ToString(), actor.Name), dryRun, async db =>
            {
                files.Clear();
                await beside((SalesFlowDb)db);
                files.AddRange(await WriteAsync((SalesFlowDb)db, set, actor, cancel));
            }, cancel);
            if (!dryRun)
                foreach (var (key, text) in set.Calendars)
                    if (calendars.Use(key, text))
                        await replan.AllAsync(cancel);
            if (!dryRun)
                matrices.Forget();
            foreach (var definition in taken.Definitions.OrderBy(one => one.After.DefinitionId, StringComparer.Ordinal))
                files.Add(await ItemAsync(definition, actor.Language, cancel));
            return new(dryRun, [.. files], taken.Consumers, [.. taken.Definitions.SelectMany(one => one.Warnings.Select(warning => $"{one.After.Name}: {warning}"))]);
        }
        catch (BrokenSetException broken)
        {
            throw new ValidationException(broken.Problems.ToDictionary(one => SalesSet.DefinitionFile(one.Key), one => one.Value.ToArray()));
        }
    }

    private async Task<List<SetItem>> WriteAsync(SalesFlowDb db, SalesSet set, Actor actor, CancellationToken cancel)
    {
        var items = new List<SetItem>();
        foreach (var (key, text) in set.Calendars)
        {
            var here = await CalendarQueries.TextAsync(db, key, cancel);
            items.Add(Item(SalesSet.CalendarFile(key), key, here, text, actor.Language));
            if (here != text)
                await CalendarQueries.SaveAsync(db, key, text, cancel);
        }
        foreach (var (key, text) in set.Matrices)
        {
            var here = await ApprovalMatrixQueries.LatestAsync(db, key, cancel);
            items.Add(Item(SalesSet.MatrixFile(key), key, here?.Text, text, actor.Language));
            if (here?.Text != text)
                db.ApprovalMatrices.Add(MatrixVersion.Next(key, here, text, clock.GetUtcNow(), actor.Name));
        }
        foreach (var (name, text) in set.Templates)
        {
            var here = await TemplateQueries.LatestAsync(db, name, cancel);
            items.Add(Item(SalesSet.TemplateFile(name), name, here?.Text, text, actor.Language));
            if (here?.Text != text)
                db.Templates.Add(TemplateVersion.Next(name, here, text, clock.GetUtcNow(), actor.Name));
        }
        await db.SaveChangesAsync(cancel);
        await DemandPartsAsync(db, set, actor, cancel);
        return items;
    }

    /// <summary>Throws unless every template has the parts that it includes, here or in the set.</summary>
    private static async Task DemandPartsAsync(SalesFlowDb db, SalesSet set, Actor actor, CancellationToken cancel)
    {
        var problems = new Dictionary<string, string[]>();
        foreach (var ofLanguage in set.Templates.Keys.Select(name => TemplateName.Read(name, actor.Language)).GroupBy(name => name.Language))
        {
            var texts = await TemplateQueries.TextsAsync(db, ofLanguage.Key, cancel);
            foreach (var name in ofLanguage)
                try
                {
                    DocumentTemplate.Parse(texts[name.Key], key => texts.GetValueOrDefault(key), name.IsPart ? name.Key : null);
                }
                catch (TemplateException broken)
                {
                    problems[SalesSet.TemplateFile(name.ToString())] = [.. broken.Problems.Select(problem => problem.In(actor.Language))];
                }
        }
        if (problems.Count > 0)
            throw new ValidationException(problems);
    }

    private static SetItem Item(string file, string name, string? here, string text, string language) =>
        here == text ? new(file, name, SetAction.Left, []) : here is null ? new(file, name, SetAction.Added, []) : new(file, name, SetAction.Changed, [Lines(here, text).In(language)]);

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
