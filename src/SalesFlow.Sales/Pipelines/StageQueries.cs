using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using SalesFlow.Engine;
using SalesFlow.Engine.Definitions;
using SalesFlow.Runtime;
using SalesFlow.Sales.Deals;
using SalesFlow.Sales.Tasks;

namespace SalesFlow.Sales.Pipelines;

/// <summary>What those who change the stages of a pipeline read: a stage as it is written, what its rules may name, and the versions until now.</summary>
public sealed class StageQueries(PipelineQueries pipelines, DefinitionStore definitions, IDbContextFactory<SalesFlowDb> databases)
{
    private const int MostVersions = 20;

    /// <summary>A stage of the published version, in the form in which it is changed.</summary>
    public async Task<StageForm> StageAsync(string key, string stage, string language, CancellationToken cancel)
    {
        var published = await pipelines.PublishedAsync(key, cancel);
        if (Pipeline.Of(published).Find(stage) is not { } found)
            throw PipelineCommands.NoStage(key, stage, published, language);
        var rules = StageEdit.RulesOf(DefinitionDocument.Parse(published.Document), stage);
        return new(stage, found.ActivityId, published.Version, found.Name, found.Probability, found.LimitHours, rules);
    }

    /// <summary>What rules of the published version may name.</summary>
    public async Task<RuleChoices> ChoicesAsync(string key, string language, CancellationToken cancel)
    {
        var published = await pipelines.PublishedAsync(key, cancel);
        var (pipeline, words) = (Pipeline.Of(published), PipelineWords.Of(published));
        return new(
            [.. words.Tasks.Select(task => new TaskChoice(task.Id, task.Title.In(language), pipeline.Find(task.StageKey)?.Name.In(language) ?? "",
                [.. task.Outcomes.Select(outcome => new OutcomeView(outcome, task.OutcomeNames.GetValueOrDefault(outcome)?.In(language) ?? outcome))]))],
            words.Documents,
            [.. DealPatch.Names.Select(name => new FieldChoice(name, FieldWords.Own(name).In(language))),
             .. pipeline.Fields.Where(field => !DealPatch.Names.Contains(field.Field)).Select(field => new FieldChoice(field.Field, field.Label.In(language)))]);
    }

    /// <summary>How many running deals stand in each stage, by its key.</summary>
    public async Task<ImmutableDictionary<string, int>> DealsAsync(string key, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var counts = await db.Deals.Where(deal => deal.PipelineKey == key && deal.WonAt == null && deal.LostAt == null && deal.StageKey != null)
            .GroupBy(deal => deal.StageKey!).Select(group => new { group.Key, Deals = group.Count() }).ToListAsync(cancel);
        return counts.ToImmutableDictionary(count => count.Key, count => count.Deals);
    }

    /// <summary>The latest versions, newest first.</summary>
    public async Task<ImmutableArray<PipelineVersionView>> VersionsAsync(string key, string language, CancellationToken cancel)
    {
        await pipelines.PublishedAsync(key, cancel);
        await using var db = await databases.CreateDbContextAsync(cancel);
        var rows = await db.Definitions.AsNoTracking().Where(row => row.DefinitionId == key).OrderByDescending(row => row.Version).Take(MostVersions + 1)
            .Select(row => new { row.VersionId, row.Version, row.IsPublished, row.IsLatest, row.ChangedByName, row.CreatedAt }).ToListAsync(cancel);
        var read = new List<Pipeline?>();
        foreach (var row in rows)
            read.Add(await ReadAsync(row.VersionId, cancel));
        return [.. rows.Take(MostVersions).Select((row, index) => new PipelineVersionView(row.Version, row.IsPublished, row.IsLatest && !row.IsPublished, row.ChangedByName, row.CreatedAt,
            Diff(read.ElementAtOrDefault(index + 1), read[index], language)))];
    }

    private static ImmutableArray<string> Diff(Pipeline? before, Pipeline? after, string language) =>
        before is null || after is null ? [] : [.. PipelineDiff.Between(before, after).Select(sentence => sentence.In(language))];

    /// <summary>Null for a draft that cannot run as it stands.</summary>
    private async Task<Pipeline?> ReadAsync(string versionId, CancellationToken cancel)
    {
        try
        {
            return Pipeline.Of(await definitions.VersionAsync(versionId, cancel));
        }
        catch (BrokenDefinitionException)
        {
            return null;
        }
    }
}
