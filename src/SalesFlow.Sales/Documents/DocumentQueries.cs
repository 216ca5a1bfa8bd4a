using System.Collections.Immutable;
using SalesFlow.Sales.People;

namespace SalesFlow.Sales.Documents;

/// <summary>What pages and the API read of documents; every answer holds only what the actor may see.</summary>
public sealed class DocumentQueries
{
    /// <summary>Documents of a deal, newest first.</summary>
    public Task<ImmutableArray<DocumentView>> ListAsync(DealId deal, Actor actor, CancellationToken cancel) => throw new NotSupportedException();

    /// <summary>One document without its text.</summary>
    public Task<DocumentView> GetAsync(DocumentId id, Actor actor, CancellationToken cancel) => throw new NotSupportedException();

    /// <summary>Its text as it was issued.</summary>
    public Task<string> HtmlAsync(DocumentId id, Actor actor, CancellationToken cancel) => throw new NotSupportedException();
}
