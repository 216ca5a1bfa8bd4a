using System.Globalization;
using Humanizer;
using SalesFlow.Engine;

namespace SalesFlow.Sales.Documents;

/// <summary>Sums as contracts spell them: "Сто двадцать один рубль 50 копеек", "One hundred and twenty-one roubles 50 kopecks".</summary>
public static class SumInWords
{
    private static readonly CultureInfo Russian = CultureInfo.GetCultureInfo("ru");
    private static readonly CultureInfo English = CultureInfo.GetCultureInfo("en");

    private static readonly Dictionary<string, (string[] Whole, string[] Hundredth)> RussianUnits = new()
    {
        ["RUB"] = (["рубль", "рубля", "рублей"], ["копейка", "копейки", "копеек"]),
        ["USD"] = (["доллар США", "доллара США", "долларов США"], ["цент", "цента", "центов"]),
        ["EUR"] = (["евро", "евро", "евро"], ["цент", "цента", "центов"]),
    };

    private static readonly Dictionary<string, (string[] Whole, string[] Hundredth)> EnglishUnits = new()
    {
        ["RUB"] = (["rouble", "roubles"], ["kopeck", "kopecks"]),
        ["USD"] = (["US dollar", "US dollars"], ["cent", "cents"]),
        ["EUR"] = (["euro", "euros"], ["cent", "cents"]),
    };

    /// <summary>The sum with whole units in words and hundredths in digits; a currency without known words keeps its code.</summary>
    public static string Of(decimal amount, string currency, string language)
    {
        var russian = Plurals.IsRussian(language);
        var rounded = Math.Round(Math.Abs(amount), 2, MidpointRounding.AwayFromZero);
        var whole = (long)decimal.Truncate(rounded);
        var hundredths = (int)((rounded - whole) * 100m);
        var units = (russian ? RussianUnits : EnglishUnits).GetValueOrDefault(currency.ToUpperInvariant(), ([currency], [""]));
        var words = russian ? whole.ToWords(GrammaticalGender.Masculine, Russian) : whole.ToWords(English);
        var sign = amount < 0 && rounded > 0 ? new Text("minus ", "минус ").In(language) : "";
        return Capital($"{sign}{words} {Form(units.Item1, whole, language)} {hundredths:00} {Form(units.Item2, hundredths, language)}".TrimEnd());
    }

    private static string Form(string[] forms, long number, string language) => forms[Math.Min(Plurals.Form(number, language), forms.Length - 1)];

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}

/// <summary>Which form of a noun a number asks for.</summary>
public static class Plurals
{
    /// <summary>0 for one, 1 for few (Russian) or many (English), 2 for many (Russian).</summary>
    public static int Form(long number, string language)
    {
        if (!IsRussian(language))
            return number == 1 ? 0 : 1;
        var (ones, tens) = (Math.Abs(number % 10), Math.Abs(number % 100));
        return tens is >= 11 and <= 14 ? 2 : ones switch { 1 => 0, >= 2 and <= 4 => 1, _ => 2 };
    }

    internal static bool IsRussian(string language) => language.StartsWith("ru", StringComparison.OrdinalIgnoreCase);
}
