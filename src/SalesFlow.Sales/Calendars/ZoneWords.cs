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
