using System.Globalization;

namespace SalesFlow.Sales.Calendars;

/// <summary>Days and time zones as people call them.</summary>
public static class ZoneWords
{
    private static readonly Dictionary<string, string> Russian = new()
    {
        ["Europe/Kaliningrad"] = "Калининград", ["Europe/Moscow"] = "Москва", ["Europe/Simferopol"] = "Симферополь", ["Europe/Volgograd"] = "Волгоград", ["Europe/Saratov"] = "Саратов", ["Europe/Samara"] = "Самара",
        ["Asia/Yekaterinburg"] = "Екатеринбург", ["Asia/Omsk"] = "Омск", ["Asia/Novosibirsk"] = "Новосибирск", ["Asia/Tomsk"] = "Томск", ["Asia/Krasnoyarsk"] = "Красноярск", ["Asia/Irkutsk"] = "Иркутск",
        ["Asia/Yakutsk"] = "Якутск", ["Asia/Vladivostok"] = "Владивосток", ["Asia/Sakhalin"] = "Сахалин", ["Asia/Magadan"] = "Магадан", ["Asia/Kamchatka"] = "Камчатка", ["Asia/Almaty"] = "Алматы",
        ["Asia/Tashkent"] = "Ташкент", ["Asia/Yerevan"] = "Ереван", ["Asia/Baku"] = "Баку", ["Asia/Tbilisi"] = "Тбилиси", ["Asia/Bishkek"] = "Бишкек", ["Asia/Dubai"] = "Дубай", ["Asia/Shanghai"] = "Шанхай",
        ["Europe/Minsk"] = "Минск", ["Europe/Istanbul"] = "Стамбул", ["Europe/Berlin"] = "Берлин", ["Europe/Paris"] = "Париж", ["Europe/London"] = "Лондон", ["America/New_York"] = "Нью-Йорк", ["America/Los_Angeles"] = "Лос-Анджелес",
    };

    /// <summary>The city of a zone and how far it is from UTC at an instant: "Москва, UTC+3". A city without a Russian name here is told as IANA does.</summary>
    public static string Of(TimeZoneInfo zone, DateTimeOffset at, string language) =>
        zone.Id is "UTC" or "Etc/UTC" ? "UTC" : $"{(language == "ru" && Russian.TryGetValue(zone.Id, out var city) ? city : zone.Id.Split('/')[^1].Replace('_', ' '))}, {Offset(zone.GetUtcOffset(at))}";

    /// <summary>The same of an IANA name; a name that this machine does not know stays as it is.</summary>
    public static string Of(string zone, DateTimeOffset at, string language) => TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var found) ? Of(found, at, language) : zone;

    /// <summary>The zones that people choose from, each by its name and by what it is called at an instant, from west to east; <paramref name="also"/> are offered too, when this machine knows them.</summary>
    public static IReadOnlyList<(string Zone, string Name)> Offered(DateTimeOffset at, string language, params ReadOnlySpan<string?> also) => [.. Russian.Keys.Append("UTC").Concat(also.ToArray()).OfType<string>().Distinct()
        .Select(id => TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone) ? zone : null).OfType<TimeZoneInfo>().Select(zone => (zone.Id, Name: Of(zone, at, language), Offset: zone.GetUtcOffset(at)))
        .OrderBy(zone => zone.Offset).ThenBy(zone => zone.Name, StringComparer.Create(CultureInfo.GetCultureInfo(language), ignoreCase: true)).Select(zone => (zone.Id, zone.Name))];

    /// <summary>An instant to the second where the reader is, and where that is: "29.11.2026 14:30:05 (Москва, UTC+3)".</summary>
    public static string Moment(DateTimeOffset at, TimeZoneInfo zone, string language) => $"{TimeZoneInfo.ConvertTime(at, zone).ToString("G", CultureInfo.GetCultureInfo(language))} ({Of(zone, at, language)})";

    /// <summary>A day of the week and of the month, in the order of the language.</summary>
    public static string Day(DateTime day, CultureInfo culture, bool withYear = false) => (culture.TwoLetterISOLanguageName, withYear) switch
    {
        ("en", false) => day.ToString("dddd, MMMM d", culture),
        ("en", true) => day.ToString("dddd, MMMM d, yyyy", culture),
        (_, false) => day.ToString("dddd, d MMMM", culture),
        _ => day.ToString("dddd, d MMMM yyyy", culture),
    };

    private static string Offset(TimeSpan offset) => $"UTC{(offset < TimeSpan.Zero ? "−" : "+")}{Math.Abs(offset.Hours)}{(offset.Minutes == 0 ? "" : $":{Math.Abs(offset.Minutes):00}")}";
}
