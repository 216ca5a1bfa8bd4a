using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using SalesFlow.Engine;
using SalesFlow.Sales.Calendars;
using SalesFlow.Sales.Deals;
using SalesFlow.Sales.People;
using SalesFlow.Sales.Pipelines;

namespace SalesFlow.Sales.Documents;

/// <summary>Writes templates on the running system, and shows on a real deal what they would make.</summary>
public sealed class TemplateCommands(PipelineQueries pipelines, SalesFactsQueries facts, WorkingCalendar calendar, IDbContextFactory<SalesFlowDb> databases, TimeProvider clock)
{
    /// <summary>
    /// Saves the next version of a template, or a new one, or tells what that would do. A text that does not parse, names what nothing stands behind, or includes itself is refused
    /// with line and column; so is one that breaks a template which includes it. A text that is in force already makes no new version.
    /// </summary>
    public async Task<TemplateChange> SaveAsync(TemplateName name, string text, long? expected, bool dryRun, Actor actor, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        text = text.ReplaceLineEndings("\n");
        var latest = await TemplateQueries.LatestAsync(db, name.ToString(), cancel);
        if (expected is { } version && version != (latest?.Version ?? 0))
            throw Changed(name, actor);
        var findings = await FindAsync(db, name, text, cancel);
        if (findings.Errors.Length > 0)
            throw new ValidationException(new Dictionary<string, string[]> { ["text"] = [.. findings.Errors.Select(error => error.In(actor.Language))] });
        var next = latest?.Text == text ? latest : TemplateVersion.Next(name.ToString(), latest, text, clock.GetUtcNow(), actor.Name);
        if (!dryRun && next != latest)
            await AddAsync(db, name, next, actor, cancel);
        return new(next.Name, dryRun ? latest?.Version ?? 0 : next.Version, dryRun, [.. findings.Warnings.Select(warning => warning.In(actor.Language))], LineDiff.Between(latest?.Text ?? "", text));
    }

    /// <summary>Puts what an older version said into force again, as the next version.</summary>
    public async Task<TemplateChange> RestoreAsync(TemplateName name, int version, long? expected, bool dryRun, Actor actor, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var key = name.ToString();
        var text = await db.Templates.Where(t => t.Name == key && t.Version == version).Select(t => t.Text).SingleOrDefaultAsync(cancel)
            ?? throw new NotFoundException($"The template '{name}' has no version {version}.");
        return await SaveAsync(name, text, expected, dryRun, actor, cancel);
    }

    /// <summary>
    /// The document that a text would make of a deal which the actor may see; the text in force when none is given. A part is shown in the first template that includes it.
    /// </summary>
    public async Task<TemplatePreview> PreviewAsync(TemplateName name, string? text, DealId deal, Actor actor, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await DealQueries.DemandAsync(db, deal, actor, cancel);
        text ??= (await TemplateQueries.LatestAsync(db, name.ToString(), cancel))?.Text ?? throw new NotFoundException($"There is no template '{name}'.");
        var findings = await FindAsync(db, name, text, cancel);
        if (findings.Errors.Length > 0)
            return new(null, null, findings.Errors, findings.Warnings);
        var texts = await TemplateQueries.TextsAsync(db, name.Language, cancel);
        texts[name.Key] = text;
        var (template, through) = name.IsPart ? Including(name, texts) : (DocumentTemplate.Parse(text, name => texts.GetValueOrDefault(name)), null);
        var known = await facts.FindAsync(deal, cancel) ?? throw DealAccess.NotFound(deal);
        var values = DocumentValues.Of(known, new Text("PREVIEW", "ПРОБА").In(name.Language), clock.GetUtcNow());
        try
        {
            return template is null ? new(null, null, [], findings.Warnings) : new(template.Render(values, name.Language, calendar.Zone).Html, through, [], findings.Warnings);
        }
        catch (TemplateException broken)
        {
            return new(null, through, broken.Problems, findings.Warnings);
        }
    }

    private async Task<TemplateFindings> FindAsync(SalesFlowDb db, TemplateName name, string text, CancellationToken cancel)
    {
        var texts = await TemplateQueries.TextsAsync(db, name.Language, cancel);
        texts[name.Key] = text;
        try
        {
            var template = DocumentTemplate.Parse(text, key => texts.GetValueOrDefault(key), name.IsPart ? name.Key : null);
            return TemplateChecks.Find(template, name.IsPart, [.. (await pipelines.ListAsync("en", cancel)).SelectMany(pipeline => pipeline.Fields).Select(field => field.Field)]);
        }
        catch (TemplateException broken)
        {
            return new(broken.Problems, []);
        }
    }

    /// <summary>The first template that includes the part; nothing when none does, or when it is broken elsewhere.</summary>
    private static (DocumentTemplate? Template, string? Key) Including(TemplateName part, Dictionary<string, string> texts)
    {
        foreach (var key in texts.Keys.Where(key => key[0] != PartUses.Mark).Order(StringComparer.Ordinal))
            try
            {
                if (DocumentTemplate.Parse(texts[key], name => texts.GetValueOrDefault(name)) is var template && template.Parts.Contains(part.Key))
                    return (template, key);
            }
            catch (TemplateException)
            {
                // Another template is broken; that is no reason not to show this part in the next one.
            }
        return (null, null);
    }

    private static async Task AddAsync(SalesFlowDb db, TemplateName name, TemplateVersion next, Actor actor, CancellationToken cancel)
    {
        db.Templates.Add(next);
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException)
        {
            // The key holds the version: somebody else has saved this one at the same moment.
            throw Changed(name, actor);
        }
    }

    private static ChangedMeanwhileException Changed(TemplateName name, Actor actor) => new(new Text(
        $"The template '{name}' has been saved by somebody else since you read it. Read it again.", $"Шаблон «{name}» сохранил кто-то другой после того, как вы его открыли. Откройте его ещё раз.").In(actor.Language));
}
