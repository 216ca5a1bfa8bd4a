using System.Collections.Immutable;
using System.Text.Json;

namespace SalesFlow.Sales.Documents;

/// <summary>What a document was made of: versions of its template and parts by name, the zone its days are written in, and the data. The same making gives the same bytes.</summary>
public sealed record DocumentMaking(ImmutableSortedDictionary<string, int> Templates, string Zone, DocumentData Data)
{
    /// <summary>As it is kept.</summary>
    public string Write() => JsonSerializer.Serialize(new Kept(Templates, Zone, JsonElement.Parse(Data.Json)), JsonSerializerOptions.Web);

    /// <summary>Reads what was kept; null for a document from before anything was.</summary>
    public static DocumentMaking? Read(string text) =>
        JsonSerializer.Deserialize<Kept>(text, JsonSerializerOptions.Web) is { Templates: { } templates, Zone: { } zone, Data: { ValueKind: JsonValueKind.Object } data } ? new(templates, zone, DocumentData.Read(data.GetRawText())) : null;

    private sealed record Kept(ImmutableSortedDictionary<string, int>? Templates, string? Zone, JsonElement Data);
}
