namespace SalesFlow.Sales;

/// <summary>One page of a list and where the next one begins; no cursor means that it was the last.</summary>
public sealed record Page<T>(IReadOnlyList<T> Items, string? NextCursor);
