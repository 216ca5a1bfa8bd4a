using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using SalesFlow.Engine.Definitions;
using SalesFlow.Runtime;
using SalesFlow.Sales.Tasks;

namespace SalesFlow.Sales.Pipelines;

/// <summary>The published pipelines, as read from their definitions.</summary>
public sealed class PipelineQueries(DefinitionStore definitions, IDbContextFactory<SalesFlowDb> databases)
{
    /// <summary>All of them, by key.</summary>
    public async Task<ImmutableArray<PipelineView>> ListAsync(string language, CancellationToken cancel) =>
        [.. (await AllAsync(cancel)).OrderBy(definition => definition.DefinitionId, StringComparer.Ordinal).Select(definition => View(Pipeline.Of(definition), language))];

    /// <summary>One of them.</summary>
    public async Task<PipelineView> GetAsync(string key, string language, CancellationToken cancel) => View(Pipeline.Of(await PublishedAsync(key, cancel)), language);

    /// <summary>The published definition of one of them.</summary>
    internal async Task<WorkflowDefinition> PublishedAsync(string key, CancellationToken cancel) => await FindAsync(key, cancel)
        ?? throw new NotFoundException($"There is no published pipeline '{key}'. There are: {await KeysAsync(cancel)}.");

    /// <summary>What an older version says.</summary>
    internal async Task<string> DocumentAsync(string key, int version, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await db.Definitions.Where(row => row.DefinitionId == key && row.Version == version).Select(row => row.Document).SingleOrDefaultAsync(cancel)
            ?? throw new NotFoundException($"The pipeline '{key}' has no version {version}.");
    }

    /// <summary>How many running deals stand in a stage.</summary>
    internal async Task<int> DealsInAsync(string key, string stage, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await db.Deals.CountAsync(deal => deal.PipelineKey == key && deal.StageKey == stage && deal.WonAt == null && deal.LostAt == null, cancel);
    }

    /// <summary>The published definition on which a new deal of the pipeline starts.</summary>
    internal async Task<WorkflowDefinition> DefinitionAsync(string key, CancellationToken cancel) => await FindAsync(key, cancel)
        ?? throw new ValidationException("pipeline", $"There is no published pipeline '{key}'. There are: {await KeysAsync(cancel)}.");

    private async Task<WorkflowDefinition?> FindAsync(string key, CancellationToken cancel)
    {
        try
        {
            return await definitions.PublishedAsync(key, cancel) is { } published && Pipeline.IsPipeline(published) ? published : null;
        }
        catch (KeyNotFoundException)
        {
            return null;
        }
    }

    private async Task<string> KeysAsync(CancellationToken cancel) => string.Join(", ", (await AllAsync(cancel)).Select(definition => definition.DefinitionId).Order(StringComparer.Ordinal));

    private async Task<IEnumerable<WorkflowDefinition>> AllAsync(CancellationToken cancel) => (await definitions.AllPublishedAsync(cancel)).Where(Pipeline.IsPipeline);

    /// <summary>A pipeline in a language.</summary>
    internal static PipelineView View(Pipeline pipeline, string language) => new(pipeline.Key, pipeline.Name.In(language), pipeline.DefinitionId, pipeline.Version,
        [.. pipeline.Stages.Select(stage => new PipelineStageView(stage.Key, stage.Name.In(language), stage.Probability, stage.LimitHours,
            [.. stage.Rules.Select(rule => new RuleView(rule.Kind, rule.Words.In(language)))], stage.Order))],
        [.. pipeline.Fields.Select(field => FormFieldView.Of(field, language))]);
}
