using SalesFlow.Sales.Calendars;

namespace SalesFlow.Sales.Tasks;

/// <summary>A time until which a task is often put off; <paramref name="Key"/> names it: soon, morning or week.</summary>
public sealed record SnoozeChoice(string Key, DateTimeOffset Until)
{
    /// <summary>In two working hours, the next working morning, and the working morning a week from now.</summary>
    public static IReadOnlyList<SnoozeChoice> Of(WorkingCalendar calendar, DateTimeOffset now) =>
        [new("soon", calendar.Add(now, TimeSpan.FromHours(2))), new("morning", Morning(calendar, now, 1)), new("week", Morning(calendar, now, 7))];

    // The first working minute at or after that day's beginning, and back by that minute.
    private static DateTimeOffset Morning(WorkingCalendar calendar, DateTimeOffset now, int days)
    {
        var day = TimeZoneInfo.ConvertTime(now, calendar.Zone).Date.AddDays(days);
        var midnight = new DateTimeOffset(day, calendar.Zone.GetUtcOffset(day));
        return calendar.Add(midnight.ToUniversalTime(), TimeSpan.FromMinutes(1)).AddMinutes(-1);
    }
}
