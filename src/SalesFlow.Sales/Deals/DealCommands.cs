using SalesFlow.Sales.People;

namespace SalesFlow.Sales.Deals;

/// <summary>Everything people and machines may do to a deal. Each call is one turn of the deal's instance.</summary>
public sealed class DealCommands
{
    /// <summary>Creates the deal and starts its process; the first tasks exist when it answers.</summary>
    public Task<DealView> CreateAsync(NewDeal deal, Actor actor, CancellationToken cancel) => throw new NotSupportedException();

    /// <summary>Changes what the patch names; <paramref name="expectedVersion"/> is what If-Match said.</summary>
    public Task<DealView> ChangeAsync(DealId id, DealPatch patch, long? expectedVersion, Actor actor, CancellationToken cancel) => throw new NotSupportedException();

    /// <summary>Moves the deal to a stage, or refuses with every obstacle. Breaking the glass needs the right to and a reason.</summary>
    public Task<DealView> MoveAsync(DealId id, string stage, string? reason, bool breakGlass, Actor actor, CancellationToken cancel) => throw new NotSupportedException();

    /// <summary>Closes the deal as won or, with a reason, as lost.</summary>
    public Task<DealView> CloseAsync(DealId id, bool won, string? reason, Actor actor, CancellationToken cancel) => throw new NotSupportedException();

    /// <summary>Adds a note to the timeline.</summary>
    public Task<DealView> CommentAsync(DealId id, string text, Actor actor, CancellationToken cancel) => throw new NotSupportedException();
}
