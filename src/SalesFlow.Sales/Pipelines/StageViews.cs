using System.Collections.Immutable;

namespace SalesFlow.Sales.Pipelines;

/// <summary>How a change of a pipeline is made: against which version, whether it is only looked at, whether running deals follow, whether deals may stay in a stage that is taken out.</summary>
public sealed record ChangeMode(long? ExpectedVersion = null, bool DryRun = false, bool Follow = false, bool DealsStay = false);

/// <summary>A running deal that a version has no place for, and why.</summary>
public sealed record StayingDeal(string Id, string Number, string Title, string? Stage, string Why);

/// <summary>Running deals of a pipeline seen from a version: how many there are, how many have their place in it, and those that have not (the first hundred).</summary>
public sealed record AffectedDeals(int Deals, int Fit, ImmutableArray<StayingDeal> Stay);

/// <summary>What a change came to: the pipeline as it is now (before it, when it was only looked at), what is said otherwise, whom it concerns, how many deals followed.</summary>
public sealed record PipelineChange(PipelineView Pipeline, ImmutableArray<string> Diff, AffectedDeals Affected, int Followed, ImmutableArray<string> Warnings);
