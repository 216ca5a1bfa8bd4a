namespace SalesFlow.Server.Demo;

/// <summary>When the demo's people are at their desks: weekdays from nine to six in Moscow. What counts as working time is the calendar's matter.</summary>
internal static class WorkingHours
{
    private static readonly TimeSpan Moscow = TimeSpan.FromHours(3);
    private static readonly TimeSpan Opens = TimeSpan.FromHours(9);
    private static readonly TimeSpan Closes = TimeSpan.FromHours(18);

    /// <summary>The moment at which so much time at the desk has passed.</summary>
    public static DateTimeOffset After(DateTimeOffset from, TimeSpan working)
    {
        var day = from.ToOffset(Moscow);
        var begin = day.TimeOfDay < Opens ? Opens : day.TimeOfDay;
        while (true)
        {
            var left = day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday || begin >= Closes ? TimeSpan.Zero : Closes - begin;
            if (working < left)
                return new DateTimeOffset(day.Date + begin + working, Moscow).ToUniversalTime();
            working -= left;
            (day, begin) = (new DateTimeOffset(day.Date.AddDays(1), Moscow), Opens);
        }
    }
}
