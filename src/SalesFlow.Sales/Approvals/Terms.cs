using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using SalesFlow.Engine;
using SalesFlow.Sales.Deals;
using SalesFlow.Sales.Documents;

namespace SalesFlow.Sales.Approvals;

/// <summary>The words for terms: in matrices, in what is stored and on the wire.</summary>
public static class TermNames
{
    /// <summary>Sum of the deal. More is better for us.</summary>
    public const string Amount = "amount";
    /// <summary>Currency of the sum.</summary>
    public const string Currency = "currency";
    /// <summary>Discount in per cent. Less is better for us.</summary>
    public const string Discount = "discount";
    /// <summary>Margin in per cent. More is better for us.</summary>
    public const string Margin = "margin";
    /// <summary>Days after delivery within which the client pays. Fewer are better for us.</summary>
    public const string PaymentDays = "paymentDays";
    /// <summary>How the client pays, in words.</summary>
    public const string PaymentTerms = "paymentTerms";
    /// <summary>What is sold.</summary>
    public const string Product = "product";
    /// <summary>Which kind of client buys.</summary>
    public const string Segment = "segment";
    /// <summary>What is sold, line by line.</summary>
    public const string Lines = "lines";

    /// <summary>All of them, in the order in which people read them.</summary>
    public static ImmutableArray<string> All { get; } = [Amount, Currency, Discount, Margin, PaymentDays, PaymentTerms, Product, Segment, Lines];

    /// <summary>Those that conditions of a matrix may name.</summary>
    public static ImmutableArray<string> Conditions { get; } = [Discount, Amount, Margin, PaymentDays, Product, Segment];

    /// <summary>What a term is called.</summary>
    public static Text Label(string term) => term switch
    {
        Amount => new("Amount", "Сумма"),
        Currency => new("Currency", "Валюта"),
        Discount => new("Discount, %", "Скидка, %"),
        Margin => new("Margin, %", "Маржа, %"),
        PaymentDays => new("Payment, days", "Отсрочка, дней"),
        PaymentTerms => new("Payment terms", "Порядок оплаты"),
        Product => new("Product", "Продукт"),
        Segment => new("Segment", "Сегмент"),
        Lines => new("Line items", "Позиции"),
        _ => new(term, term),
    };
}

/// <summary>How a term compares with what it was, seen by the seller.</summary>
public enum TermChange { Same, Better, Worse, Other }

/// <summary>
/// The material terms of a deal: what an approval is given for. Discount and payment days that the deal does not have are nought; a margin that it does not have is unknown, which counts as the worst there is.
/// A discount or payment days that cannot be read as a number count as the worst, too.
/// </summary>
public sealed record Terms
{
    internal const decimal WorstDiscount = 100, WorstDays = 36_500;

    /// <summary>Sum of the deal.</summary>
    public decimal Amount { get; init; }
    /// <summary>ISO code of its currency.</summary>
    public string Currency { get; init; } = "";
    /// <summary>In per cent.</summary>
    public decimal Discount { get; init; }
    /// <summary>In per cent; null when nobody knows it.</summary>
    public decimal? Margin { get; init; }
    /// <summary>Days within which the client pays.</summary>
    public decimal PaymentDays { get; init; }
    /// <summary>How the client pays, in words.</summary>
    public string? PaymentTerms { get; init; }
    /// <summary>What is sold.</summary>
    public string? Product { get; init; }
    /// <summary>Which kind of client buys.</summary>
    public string? Segment { get; init; }
    /// <summary>What is sold line by line, as canonical JSON; null for a deal without lines.</summary>
    public string? Lines { get; init; }

    /// <summary>The terms of a deal as it is.</summary>
    public static Terms Of(Deal deal) => Of(deal.Amount, deal.Currency, deal.Fields);

    /// <summary>The terms that an amount and fields make.</summary>
    public static Terms Of(decimal amount, string currency, IReadOnlyDictionary<string, object?> fields) => new()
    {
        Amount = amount, Currency = currency, PaymentTerms = Words(fields, TermNames.PaymentTerms), Product = Words(fields, TermNames.Product), Segment = Words(fields, TermNames.Segment),
        Discount = Number(fields, TermNames.Discount, WorstDiscount) ?? 0, PaymentDays = Number(fields, TermNames.PaymentDays, WorstDays) ?? 0, Margin = Number(fields, TermNames.Margin, null),
        Lines = LinesOf(fields.GetValueOrDefault(TermNames.Lines)),
    };

    /// <summary>The one text that says these terms.</summary>
    public string Canonical => CanonicalJson.Write(TermNames.All.Select(term => KeyValuePair.Create(term, Value(term))).Where(term => term.Value is not null).ToDictionary());

    /// <summary>SHA-256 of <see cref="Canonical"/>, in hexadecimal digits: equal for equal terms.</summary>
    public string Hash => CanonicalJson.HashOf(Canonical);

    /// <summary>The terms that a canonical text says.</summary>
    public static Terms Read(string canonical)
    {
        using var document = JsonDocument.Parse(canonical);
        var members = document.RootElement.EnumerateObject().ToDictionary(member => member.Name, member => member.Value.ValueKind == JsonValueKind.Number ? member.Value.GetDecimal() : (object?)member.Value.GetString());
        var amount = Number(members, TermNames.Amount, 0) ?? 0;
        return Of(amount, Words(members, TermNames.Currency) ?? "", members) with { Lines = members.GetValueOrDefault(TermNames.Lines) as string };
    }

    /// <summary>A term's value: a number, text or null.</summary>
    public object? Value(string term) => term switch
    {
        TermNames.Amount => Amount,
        TermNames.Currency => Currency,
        TermNames.Discount => Discount,
        TermNames.Margin => Margin,
        TermNames.PaymentDays => PaymentDays,
        TermNames.PaymentTerms => PaymentTerms,
        TermNames.Product => Product,
        TermNames.Segment => Segment,
        TermNames.Lines => Lines,
        _ => throw new ArgumentOutOfRangeException(nameof(term), term, $"Expected one of {string.Join(", ", TermNames.All)}."),
    };

    /// <summary>How a term stands to what it was before.</summary>
    public TermChange Since(Terms before, string term)
    {
        var (was, now) = (before.Value(term), Value(term));
        if (Equals(was, now))
            return TermChange.Same;
        // Sums in different currencies are not compared.
        return term switch
        {
            TermNames.Amount when before.Currency == Currency => Amount > before.Amount ? TermChange.Better : TermChange.Worse,
            TermNames.Discount => Discount < before.Discount ? TermChange.Better : TermChange.Worse,
            TermNames.Margin => (Margin ?? decimal.MinValue) > (before.Margin ?? decimal.MinValue) ? TermChange.Better : TermChange.Worse,
            TermNames.PaymentDays => PaymentDays < before.PaymentDays ? TermChange.Better : TermChange.Worse,
            _ => TermChange.Other,
        };
    }

    /// <summary>The terms that differ from what they were.</summary>
    public ImmutableArray<string> ChangedSince(Terms before) => [.. TermNames.All.Where(term => Since(before, term) != TermChange.Same)];

    /// <summary>True when every term is as it was or better for us.</summary>
    public bool IsNoWorseThan(Terms before) => TermNames.All.All(term => Since(before, term) is TermChange.Same or TermChange.Better);

    private static string? Words(IReadOnlyDictionary<string, object?> fields, string name) =>
        fields.GetValueOrDefault(name) is { } value && Convert.ToString(value, CultureInfo.InvariantCulture)?.Trim() is { Length: > 0 } words ? words : null;

    /// <summary>A number however it is written, "12,5 %" too; null when the field is empty, <paramref name="unreadable"/> when it is no number.</summary>
    private static decimal? Number(IReadOnlyDictionary<string, object?> fields, string name, decimal? unreadable)
    {
        var value = fields.GetValueOrDefault(name);
        if (value is decimal or int or long)
            return Convert.ToDecimal(value, CultureInfo.InvariantCulture);
        if (value is double number)
            return double.IsFinite(number) && Math.Abs(number) < 1e15 ? (decimal)number : unreadable;
        if (Words(fields, name) is not { } words)
            return null;
        var bare = words.TrimEnd('%', ' ').Replace(" ", "", StringComparison.Ordinal).Replace("\u00A0", "", StringComparison.Ordinal).Replace(',', '.');
        return decimal.TryParse(bare, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var read) ? read : unreadable;
    }

    private static string? LinesOf(object? lines)
    {
        if (lines is null or string { Length: 0 })
            return null;
        if (lines is not string text)
            return CanonicalJson.Write(lines);
        try
        {
            return CanonicalJson.Write(LineItems.Read(text, null).Select(line => new Dictionary<string, object?> { ["name"] = line.Name, ["quantity"] = line.Quantity, ["price"] = line.Price, ["vat"] = line.VatRate }));
        }
        catch (ArgumentException)
        {
            // What no invoice can be made of is compared as it is written.
            return CanonicalJson.Write(text.ReplaceLineEndings("\n").Trim());
        }
    }
}
