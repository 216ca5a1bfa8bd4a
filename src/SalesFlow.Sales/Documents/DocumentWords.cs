using System.Globalization;
using Scriban.Runtime;

namespace SalesFlow.Sales.Documents;

/// <summary>What templates may call: sums, days, plurals, check digits of requisites, lines with VAT. Formats are ours, so that a server's culture never changes a document.</summary>
internal sealed class DocumentWords(string language, TimeZoneInfo zone)
{
    private const string Space = "\u00A0";
    private static readonly string[] RussianMonths =
        ["января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября", "декабря"];

    private readonly bool _russian = Plurals.IsRussian(language);

    public ScriptObject Functions()
    {
        var functions = new ScriptObject();
        functions.Import("money", Money);
        functions.Import("sum_in_words", InWords);
        functions.Import("date", Date);
        functions.Import("date_short", DateShort);
        functions.Import("is_inn", (Func<object?, bool>)(text => Requisites.IsInn(Text(text))));
        functions.Import("is_kpp", (Func<object?, bool>)(text => Requisites.IsKpp(Text(text))));
        functions.Import("is_ogrn", (Func<object?, bool>)(text => Requisites.IsOgrn(Text(text))));
        functions.Import("is_bik", (Func<object?, bool>)(text => Requisites.IsBik(Text(text))));
        functions.Import("is_account", (Func<object?, object?, bool>)((account, bik) => Requisites.IsAccount(Text(account), Text(bik))));
        functions.Import("line_items", Lines);
        functions.Import("plural", (Func<object?, string, string, string, string>)Plural);
        return functions;
    }

    private string Money(object? amount, string? currency)
    {
        if (Number(amount) is not { } sum)
            return "";
        var format = _russian
            ? new NumberFormatInfo { NumberGroupSeparator = Space, NumberDecimalSeparator = "," }
            : new NumberFormatInfo { NumberGroupSeparator = ",", NumberDecimalSeparator = "." };
        return $"{sum.ToString("N2", format)}{Space}{(_russian && currency == "RUB" ? "₽" : currency)}".TrimEnd();
    }

    private string InWords(object? amount, string? currency) => Number(amount) is { } sum ? SumInWords.Of(sum, currency ?? "", language) : "";

    private string Date(object? value)
    {
        if (Day(value) is not { } day)
            return value as string ?? "";
        return _russian ? $"{day.Day}{Space}{RussianMonths[day.Month - 1]} {day.Year}{Space}г." : day.ToString("d MMMM yyyy", CultureInfo.InvariantCulture);
    }

    private string DateShort(object? value) => Day(value) is { } day ? day.ToString(_russian ? "dd.MM.yyyy" : "dd/MM/yyyy", CultureInfo.InvariantCulture) : value as string ?? "";

    private static ScriptObject Lines(object? lines, string mode = "included", object? rate = null) => LineItemValues.Of(lines, mode, Number(rate), Number);

    private static string? Text(object? value) => Convert.ToString(value, CultureInfo.InvariantCulture);

    private string Plural(object? number, string one, string few, string many) =>
        Number(number) is not { } count ? many : decimal.Truncate(count) != count ? few : (_russian ? new[] { one, few, many } : [one, many])[Plurals.Form((long)count, language)];

    private DateOnly? Day(object? value) => value switch
    {
        DateTimeOffset at => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, zone).DateTime),
        DateTime at => DateOnly.FromDateTime(at),
        DateOnly day => day,
        string text when DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) => day,
        // A moment, as the data of a document writes it.
        string text when text.Length > 10 && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) && char.IsAsciiDigit(text[0]) => Day(at),
        _ => null,
    };

    private static decimal? Number(object? value) => value switch
    {
        decimal or int or long or double or float or short => Convert.ToDecimal(value, CultureInfo.InvariantCulture),
        string text when decimal.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out var number) => number,
        _ => null,
    };
}
