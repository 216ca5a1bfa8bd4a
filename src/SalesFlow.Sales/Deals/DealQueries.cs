using System.Collections.Immutable;
using SalesFlow.Sales.People;

namespace SalesFlow.Sales.Deals;

/// <summary>What pages and the API read of deals; every answer holds only what the actor may see.</summary>
public sealed class DealQueries
{
    /// <summary>Deals that match, newest first.</summary>
    public Task<Page<DealView>> ListAsync(DealFilter filter, Actor actor, CancellationToken cancel) => throw new NotSupportedException();

    /// <summary>One deal.</summary>
    public Task<DealView> GetAsync(DealId id, Actor actor, CancellationToken cancel) => throw new NotSupportedException();

    /// <summary>Every stage of its pipeline: may it move there, and if not, why and what helps.</summary>
    public Task<ImmutableArray<MoveView>> MovesAsync(DealId id, Actor actor, CancellationToken cancel) => throw new NotSupportedException();

    /// <summary>Its stays in stages, oldest first.</summary>
    public Task<ImmutableArray<VisitView>> VisitsAsync(DealId id, Actor actor, CancellationToken cancel) => throw new NotSupportedException();

    /// <summary>Everything that happened to it, newest first.</summary>
    public Task<Page<TimelineView>> TimelineAsync(DealId id, int limit, string? cursor, Actor actor, CancellationToken cancel) => throw new NotSupportedException();
}
