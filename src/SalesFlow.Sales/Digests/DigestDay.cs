using SalesFlow.Sales.Calendars;

namespace SalesFlow.Sales.Digests;

/// <summary>When the digest of a day is due, and which days it looks back on.</summary>
internal static class DigestDay
{
    /// <summary>The moment at which work begins on the day of an instant; null on a day off.</summary>
    public static DateTimeOffset? Begins(DateTimeOffset now, WorkingCalendar calendar)
    {
        var midnight = Midnight(now, calendar, 0);
        var first = calendar.Add(midnight, TimeSpan.FromSeconds(1)) - TimeSpan.FromSeconds(1);
        return first < Midnight(now, calendar, 1) ? first : null;
    }

    /// <summary>From the midnight at which the last working day before began to the midnight of today: after a weekend it holds the weekend too.</summary>
    public static (DateTimeOffset From, DateTimeOffset To) Yesterday(DateTimeOffset now, WorkingCalendar calendar)
    {
        var today = Midnight(now, calendar, 0);
        for (var days = 1; days < 30; days++)
            if (Midnight(now, calendar, -days) is var from && calendar.WorkingSeconds(from, today) > 0)
                return (from, today);
        return (Midnight(now, calendar, -1), today);
    }

    private static DateTimeOffset Midnight(DateTimeOffset now, WorkingCalendar calendar, int days)
    {
        var local = TimeZoneInfo.ConvertTime(now, calendar.Zone).Date.AddDays(days);
        return new DateTimeOffset(local, calendar.Zone.GetUtcOffset(local)).ToUniversalTime();
    }
}
