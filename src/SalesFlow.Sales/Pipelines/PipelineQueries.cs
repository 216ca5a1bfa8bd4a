using System.Collections.Immutable;

namespace SalesFlow.Sales.Pipelines;

/// <summary>The published pipelines, as read from their definitions.</summary>
public sealed class PipelineQueries
{
    /// <summary>All of them, by key.</summary>
    public Task<ImmutableArray<PipelineView>> ListAsync(string language, CancellationToken cancel) => throw new NotSupportedException();

    /// <summary>One of them.</summary>
    public Task<PipelineView> GetAsync(string key, string language, CancellationToken cancel) => throw new NotSupportedException();
}
