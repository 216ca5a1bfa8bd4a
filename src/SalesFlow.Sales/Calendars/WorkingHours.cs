using System.Collections.Immutable;
using System.Globalization;
using SalesFlow.Engine;

namespace SalesFlow.Sales.Calendars;

/// <summary>How a team or a person works, as far as that differs: what is null is as the company (or the person's team) has it.</summary>
/// <param name="Zone">Name of a time zone, such as Asia/Yekaterinburg.</param>
/// <param name="Hours">Spans of a working day, such as "09:00-13:00, 14:00-18:00".</param>
/// <param name="Weekdays">Days of the week that are worked, 1 (Monday) to 7; holidays stay free.</param>
/// <param name="Days">Single days by date (2026-12-05), each with its spans; an empty text is a day off.</param>
public sealed record WorkingHours(string? Zone = null, string? Hours = null, ImmutableArray<int>? Weekdays = null, ImmutableSortedDictionary<string, string>? Days = null)
{
    private const int MostDays = 200, LongestZone = 64;
    private static readonly string[] Dates = ["yyyy-MM-dd", "dd.MM.yyyy"];

    /// <summary>True when nothing differs.</summary>
    public bool IsEmpty => Zone is null && Hours is null && Weekdays is null && Days is null or { IsEmpty: true };

    /// <summary>The same with blank texts taken as not given; throws <see cref="ValidationException"/> naming every field that cannot be read.</summary>
    public WorkingHours Checked(string language)
    {
        var (errors, days) = (new Dictionary<string, string[]>(), ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal));
        var (zone, hours) = (Given(Zone), Given(Hours));
        if (zone is not null && (zone.Length > LongestZone || !TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _)))
            errors["zone"] = [new Text($"'{Short(zone)}' is no time zone; a name such as Europe/Moscow was expected.", $"Часового пояса «{Short(zone)}» нет; ожидается имя, например Europe/Moscow.").In(language)];
        if (hours is not null && Spans(hours) is not { Length: > 0 })
            errors["hours"] = [NoSpans(hours).In(language)];
        if (Weekdays is { } weekdays && (weekdays.Length == 0 || weekdays.Any(day => day is < 1 or > 7)))
            errors["weekdays"] = [new Text("Give at least one day of the week, 1 (Monday) to 7.", "Укажите хотя бы один день недели, от 1 (понедельник) до 7.").In(language)];
        if (Days?.Count > MostDays)
            errors["days"] = [new Text($"{Days.Count} days were given; at most {MostDays} are kept.", $"Дней указано {Days.Count}, хранится не больше {MostDays}.").In(language)];
        foreach (var (written, spans) in Days ?? ImmutableSortedDictionary<string, string>.Empty)
            if (!DateOnly.TryParseExact(written.Trim(), Dates, CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) || date.Year is < 2000 or > 2100)
                errors["days"] = [new Text($"'{Short(written)}' is no date; one such as 2026-12-05 was expected.", $"«{Short(written)}» не дата; ожидается, например, 05.12.2026.").In(language)];
            else if (Given(spans) is { } given && Spans(given) is null)
                errors["days"] = [NoSpans(given).In(language)];
            else
                days[date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)] = Given(spans) ?? "";
        return errors.Count > 0 ? throw new ValidationException(errors) : new(zone, hours, Weekdays is { } some ? [.. some.Distinct().Order()] : null, days.Count == 0 ? null : days.ToImmutable());
    }

    /// <summary>The changed days of a text, a day in a line: its date, then its spans or nothing for a day off.</summary>
    public static ImmutableSortedDictionary<string, string> DaysOf(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .Select(line => line.Split(' ', 2, StringSplitOptions.TrimEntries)).GroupBy(parts => parts[0]).ToImmutableSortedDictionary(day => day.Key, day => day.Last() is [_, var spans] ? spans : "", StringComparer.Ordinal);

    /// <summary>The changed days as <see cref="DaysOf"/> reads them, with dates as they are written in that language.</summary>
    public string DaysText(string language) => Days is null ? "" : string.Join('\n', Days.Select(day => $"{(language == "ru" && DateOnly.TryParseExact(day.Key, Dates, out var date) ? date.ToString(Dates[1], CultureInfo.InvariantCulture) : day.Key)} {day.Value}".TrimEnd()));

    /// <summary>The spans of a day in ticks, none for an empty text; null when they are not written as expected, overlap, or end before they begin.</summary>
    internal static ImmutableArray<(long From, long To)>? Spans(string text)
    {
        var spans = ImmutableArray.CreateBuilder<(long From, long To)>();
        foreach (var written in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            if (written.Split(['-', '–'], 2, StringSplitOptions.TrimEntries) is not [var from, var to] || Time(from) is not { } begin || Time(to) is not { } end || begin >= end || spans.Count > 0 && begin < spans[^1].To)
                return null;
            else
                spans.Add((begin, end));
        return spans.ToImmutable();
    }

    private static long? Time(string text) => TimeOnly.TryParseExact(text, ["HH:mm", "H:mm"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time.Ticks : null;

    private static string? Given(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private static string Short(string text) => text.Length <= LongestZone ? text : text[..LongestZone];

    private static Text NoSpans(string given) => new($"'{Short(given)}' is no working time; spans such as 09:00-13:00, 14:00-18:00 were expected, in order.", $"«{Short(given)}» не рабочее время; ожидаются промежутки по порядку, например 09:00-13:00, 14:00-18:00.");
}
