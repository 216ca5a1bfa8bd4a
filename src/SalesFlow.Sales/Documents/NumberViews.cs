namespace SalesFlow.Sales.Documents;

/// <summary>Numbers that run without gap: those of a legal entity, a kind of document and a year. <paramref name="Last"/> is the last that was given out.</summary>
public sealed record NumberSeriesView(string Id, string LegalEntity, string Kind, string KindName, int Year, long Last);

/// <summary>
/// A number of a series and what became of it: its document with its deal, voided or not. While <paramref name="Document"/> is null the number has been given out and its
/// document is still being made, or could not be.
/// </summary>
public sealed record RegisteredNumber(long Sequence, string Number, string? Document, string DealId, string DealNumber, string DealTitle, string Client, DateTimeOffset? At, DateTimeOffset? SentAt, DateTimeOffset? VoidedAt, string? VoidedBy, string? VoidReason);
