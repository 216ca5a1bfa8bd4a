using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Localization;
using SalesFlow.Sales.Calendars;

namespace SalesFlow.Web;

/// <summary>Numbers, times and sums as people read them, in the language of the page.</summary>
public sealed class Words(IStringLocalizer<Texts> texts, BrowserTime time)
{
    private static string Language => CultureInfo.CurrentUICulture.TwoLetterISOLanguageName;

    /// <summary>A counted noun, e.g. "5 задач"; the noun names the resources noun_one, noun_few and noun_many.</summary>
    public string Count(string noun, long number) =>
        texts[$"{noun}_{Plural.Form(number, Language)}", number.ToString("N0", CultureInfo.CurrentCulture)];

    /// <summary>When something is due, from now: "просрочено на 2 дня", "сегодня до 18:00", "через 3 дня".</summary>
    public string Due(DateTimeOffset? due)
    {
        if (due is null)
            return texts["DueNever"];
        var (now, at) = (time.Now, time.Here(due.Value));
        if (at < now)
            return texts["DueOverdue", Span(now - at, accusative: true)];
        return (at.Date - now.Date).Days switch
        {
            0 => texts["DueToday", at.ToString("t", CultureInfo.CurrentCulture)],
            1 => texts["DueTomorrow", at.ToString("t", CultureInfo.CurrentCulture)],
            var days => texts["DueIn", Count("inDay", days)],
        };
    }

    /// <summary>A stretch of time in its largest fitting unit; after prepositions Russian asks for the accusative ("на 1 минуту").</summary>
    public string Span(TimeSpan span, bool accusative = false) => span switch
    {
        { TotalDays: >= 1 } => Count("day", (long)span.TotalDays),
        { TotalHours: >= 1 } => Count("hour", (long)span.TotalHours),
        _ => Count(accusative ? "inMinute" : "minute", Math.Max(1, (long)span.TotalMinutes)),
    };

    /// <summary>Measured time in hours and minutes, e.g. "2 ч 30 мин"; of ten hours and more nobody reads the minutes.</summary>
    public string Hours(double? seconds)
    {
        if (seconds is not { } known)
            return texts["Unknown"];
        var span = TimeSpan.FromSeconds(known);
        return span.TotalHours >= 10 || span.Minutes == 0 && span.TotalHours >= 1
            ? texts["HoursShort", ((long)Math.Round(span.TotalHours)).ToString("N0", CultureInfo.CurrentCulture)]
            : span.TotalHours >= 1 ? texts["HoursMinutesShort", (int)span.TotalHours, span.Minutes] : texts["MinutesShort", span.Minutes];
    }

    /// <summary>A day and a time of day where the reader is.</summary>
    public string Moment(DateTimeOffset at) => time.Here(at).ToString("g", CultureInfo.CurrentCulture);

    /// <summary>A day and the times between which something lasts, where the reader is.</summary>
    public string Between(DateTimeOffset from, DateTimeOffset to) => $"{Moment(from)}–{time.Here(to).ToString("t", CultureInfo.CurrentCulture)}";

    /// <summary>A time zone by its city and its distance from UTC at an instant.</summary>
    public static string Zone(string zone, DateTimeOffset at) => ZoneWords.Of(zone, at, Language);

    /// <summary>A time zone as it is now.</summary>
    public string Zone(string zone) => Zone(zone, time.Now);

    /// <summary>A day where the reader is.</summary>
    public string Day(DateTimeOffset at) => time.Here(at).ToString("d", CultureInfo.CurrentCulture);

    /// <summary>A sum with its currency; kopecks only when there are some.</summary>
    public static string Money(decimal amount, string currency) => SalesFlow.Sales.MoneyWords.Of(amount, currency, CultureInfo.CurrentCulture);

    /// <summary>A share in per cent; a dash when it isn't known.</summary>
    public string Share(double? share) => share is { } known ? known.ToString("P0", CultureInfo.CurrentCulture) : texts["Unknown"];

    /// <summary>A field's value, however it came out of the database.</summary>
    public string Value(object? value) => value switch
    {
        null => "",
        JsonElement { ValueKind: JsonValueKind.Null or JsonValueKind.Undefined } => "",
        JsonElement { ValueKind: JsonValueKind.True } or true => texts["Yes"],
        JsonElement { ValueKind: JsonValueKind.False } or false => texts["No"],
        JsonElement { ValueKind: JsonValueKind.Number } json => json.GetDecimal().ToString("#,0.##", CultureInfo.CurrentCulture),
        JsonElement { ValueKind: JsonValueKind.String } json => Value(json.GetString()),
        string text when DateOnly.TryParseExact(text, "yyyy-MM-dd", out var day) => day.ToString("d", CultureInfo.CurrentCulture),
        string text => text,
        IFormattable number and (decimal or double or long or int) => number.ToString("#,0.##", CultureInfo.CurrentCulture),
        _ => Convert.ToString(value, CultureInfo.CurrentCulture) ?? "",
    };

    /// <summary>The text of a key when there is one, else the given word itself.</summary>
    public string Known(string key, string otherwise) => texts[key] is { ResourceNotFound: false } found ? found.Value : otherwise;
}
