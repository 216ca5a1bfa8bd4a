using System.Globalization;

namespace SalesFlow.Sales;

/// <summary>Sums of money as people read them on pages and in letters; documents have a form of their own.</summary>
public static class MoneyWords
{
    /// <summary>A sum with its currency, as the culture groups digits: "221 600 ₽", "$1,500.50"; the smaller unit only when there is some.</summary>
    public static string Of(decimal amount, string currency, CultureInfo culture)
    {
        var number = amount.ToString(amount == decimal.Truncate(amount) ? "N0" : "N2", culture);
        return currency is "USD" or "EUR" ? $"{Sign(currency)}{number}" : $"{number}\u00a0{Sign(currency)}";
    }

    /// <summary>A currency's sign; its code when it has none here.</summary>
    public static string Sign(string currency) => currency switch { "RUB" => "₽", "USD" => "$", "EUR" => "€", _ => currency };
}
