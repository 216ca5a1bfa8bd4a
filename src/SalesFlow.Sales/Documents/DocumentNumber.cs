using SalesFlow.Engine;

namespace SalesFlow.Sales.Documents;

/// <summary>What kinds of documents are called.</summary>
public static class DocumentKinds
{
    private static readonly Dictionary<string, Text> Names = new() { ["offer"] = new("offer", "коммерческое предложение"), ["contract"] = new("contract", "договор") };

    /// <summary>The name of a kind; one that is not known is called as it is written.</summary>
    public static Text Name(string kind) => Names.GetValueOrDefault(kind) ?? new(kind, kind);
}

/// <summary>How the numbers of documents look: КП-2026-000017 in Russian, OFFER-2026-000017 in English.</summary>
public static class DocumentNumber
{
    private static readonly Dictionary<string, Text> Prefixes = new()
    {
        ["offer"] = new("OFFER", "КП"),
        ["contract"] = new("CONTRACT", "ДОГ"),
    };

    /// <summary>The number of the <paramref name="sequence"/>th document of its kind in a year; a kind without a prefix lends its own name.</summary>
    public static string Of(string kind, int year, long sequence, string language) => sequence > 0
        ? $"{Prefixes.GetValueOrDefault(kind)?.In(language) ?? kind.ToUpperInvariant()}-{year:0000}-{sequence:000000}"
        : throw new ArgumentOutOfRangeException(nameof(sequence), sequence, "Numbers of documents begin with 1.");
}
