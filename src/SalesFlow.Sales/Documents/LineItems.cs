using System.Collections.Immutable;

namespace SalesFlow.Sales.Documents;

/// <summary>What is sold, in one line. <paramref name="VatRate"/> is in per cent; null is "without VAT".</summary>
public sealed record LineItem(string Name, decimal Quantity, decimal Price, decimal? VatRate = null, string? Unit = null);

/// <summary>A line with its sums in hundredths of the currency: <paramref name="Gross"/> = <paramref name="Net"/> + <paramref name="Vat"/>.</summary>
public sealed record PricedLine(int Number, LineItem Item, decimal Net, decimal Vat, decimal Gross);

/// <summary>The sums of all lines of one rate.</summary>
public sealed record VatTotal(decimal? Rate, decimal Net, decimal Vat, decimal Gross);

/// <summary>
/// Lines with VAT. The rounding rule: each line's sum and each line's tax are rounded to hundredths, halves away from zero; every total is the sum of rounded lines, so that what is printed
/// adds up. The tax of a price that includes it is sum × rate ÷ (100 + rate); of one that does not, sum × rate ÷ 100.
/// </summary>
public sealed record LineItems(ImmutableArray<PricedLine> Lines)
{
    /// <summary>Everything without tax.</summary>
    public decimal Net => Lines.Sum(line => line.Net);
    /// <summary>The tax.</summary>
    public decimal Vat => Lines.Sum(line => line.Vat);
    /// <summary>Everything with tax.</summary>
    public decimal Gross => Lines.Sum(line => line.Gross);
    /// <summary>Totals by rate, the highest first, "without VAT" last.</summary>
    public ImmutableArray<VatTotal> ByRate => [.. Lines.GroupBy(line => line.Item.VatRate).OrderByDescending(rate => rate.Key ?? -1)
        .Select(rate => new VatTotal(rate.Key, rate.Sum(line => line.Net), rate.Sum(line => line.Vat), rate.Sum(line => line.Gross)))];

    /// <summary>Works lines out; <paramref name="included"/> says that prices include the tax. Throws <see cref="ArgumentException"/> for what cannot be sold.</summary>
    public static LineItems Of(IEnumerable<LineItem> items, bool included) => new([.. items.Select((item, i) => Line(i + 1, item, included))]);

    /// <summary>Lines written as text: one on each line, columns parted by semicolons: name; quantity; price; rate of VAT or nothing.</summary>
    public static ImmutableArray<LineItem> Read(string text, decimal? rate) =>
        [.. text.ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select((line, i) => Read(line.Split(';', StringSplitOptions.TrimEntries), i + 1, rate))];

    private static PricedLine Line(int number, LineItem item, bool included)
    {
        if (item.Quantity < 0 || item.Price < 0 || item.VatRate is < 0 or > 100)
            throw new ArgumentException($"Line {number} '{item.Name}': quantity {item.Quantity} and price {item.Price} must not be negative, and VAT {item.VatRate} must be 0 to 100 per cent.");
        var (sum, rate) = (Round(item.Quantity * item.Price), item.VatRate ?? 0);
        var vat = Round(included ? sum * rate / (100 + rate) : sum * rate / 100);
        return included ? new(number, item, sum - vat, vat, sum) : new(number, item, sum, vat, sum + vat);
    }

    private static LineItem Read(string[] columns, int number, decimal? rate) =>
        columns is [{ Length: > 0 } name, var quantity, var price, ..] && TryNumber(quantity, out var count) && TryNumber(price, out var each)
            ? new(name, count, each, columns.Length > 3 && columns[3].Length > 0 ? TryNumber(columns[3].TrimEnd('%', ' '), out var own) ? own : throw Unread(number, columns) : rate)
            : throw Unread(number, columns);

    private static ArgumentException Unread(int number, string[] columns) => new($"Line {number} '{string.Join("; ", columns)}' is no line of an invoice: expected name; quantity; price; VAT, as in 'Rack; 2; 1500.50; 20'.");

    private static bool TryNumber(string text, out decimal number) => decimal.TryParse(text.Replace(" ", "", StringComparison.Ordinal).Replace("\u00A0", "", StringComparison.Ordinal).Replace(',', '.'),
        System.Globalization.NumberStyles.Number, System.Globalization.CultureInfo.InvariantCulture, out number);

    private static decimal Round(decimal sum) => Math.Round(sum, 2, MidpointRounding.AwayFromZero);
}
