using System.Collections.Immutable;
using System.Text.Json;

namespace SalesFlow.Sales.Documents;

/// <summary>An issued document without its text. A voided one keeps its number.</summary>
public sealed record DocumentView(string Id, string DealId, string Kind, string Number, string Template, int TemplateVersion, string TemplateHash,
    string Hash, string Language, DateTimeOffset At, DateTimeOffset? VoidedAt = null, string? VoidReason = null, DateTimeOffset? SentAt = null);

/// <summary>A document as a letter; <paramref name="Format"/> is pdf or html.</summary>
public sealed record DocumentLetter(string To, string Subject, string Text, string Format = "pdf");

/// <summary>A document made again of what was kept: <paramref name="Same"/> when it is the one that was issued, byte for byte.</summary>
public sealed record DocumentProof(bool Same, string Hash, string RenderedHash, ImmutableSortedDictionary<string, int> Templates, string Zone, JsonElement Data);
