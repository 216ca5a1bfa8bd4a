using System.Globalization;
using System.Text.Json;
using SalesFlow.Engine;

namespace SalesFlow.Sales.Approvals;

/// <summary>Terms as people read them.</summary>
public static class TermWords
{
    /// <summary>The terms as they are read one under another: the currency stands beside the sum, and a sum in another currency is no better and no worse.</summary>
    public static IReadOnlyList<TermView> Rows(IReadOnlyList<TermView> terms) => terms.FirstOrDefault(term => term.Term == TermNames.Currency) is not { } currency || !terms.Any(term => term.Term == TermNames.Amount) ? terms
        : [.. terms.Where(term => term != currency).Select(term => term.Term == TermNames.Amount && currency.Change is not (null or "same") ? term with { Change = currency.Change } : term)];

    /// <summary>What a term is now, or <paramref name="before"/>, of all terms of a request: a sum is told with its currency.</summary>
    public static string Value(TermView term, IReadOnlyList<TermView> all, CultureInfo culture, bool before = false)
    {
        var (value, currency) = (before ? term.Before : term.Value, all.FirstOrDefault(other => other.Term == TermNames.Currency));
        return term.Term == TermNames.Amount && value is decimal amount && (before ? currency?.Before : currency?.Value) is string { Length: > 0 } code ? MoneyWords.Of(amount, code, culture) : Value(term.Term, value, culture);
    }

    /// <summary>A term's value: numbers as the culture writes them, lines as what is sold; a dash for none.</summary>
    public static string Value(string term, object? value, CultureInfo culture) => value switch
    {
        null => "—",
        decimal number => number.ToString(term == TermNames.Amount && number != decimal.Truncate(number) ? "N2" : "#,0.##", culture),
        string text when term == TermNames.Lines => Lines(text, culture),
        _ => value.ToString() ?? "",
    };

    /// <summary>How a term stands to what it is compared with, by the word of <see cref="TermView"/>.</summary>
    public static Text Change(string word) => word switch
    {
        "better" => new("better", "лучше"),
        "worse" => new("worse", "хуже"),
        "same" => new("the same", "без изменений"),
        _ => new("other", "иначе"),
    };

    // Canonical JSON of lines, or of a text that no lines could be read from.
    private static string Lines(string canonical, CultureInfo culture)
    {
        try
        {
            using var read = JsonDocument.Parse(canonical);
            return read.RootElement.ValueKind == JsonValueKind.Array ? string.Join("; ", read.RootElement.EnumerateArray().Select(line => Line(line, culture))) : read.RootElement.ToString();
        }
        catch (JsonException)
        {
            return canonical;
        }
    }

    private static string Line(JsonElement line, CultureInfo culture)
    {
        if (line.ValueKind != JsonValueKind.Object || !line.TryGetProperty("name", out var name))
            return line.ToString();
        string Number(string member) => line.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDecimal().ToString("#,0.##", culture) : "";
        return $"{name}, {Number("quantity")} × {Number("price")}";
    }
}
