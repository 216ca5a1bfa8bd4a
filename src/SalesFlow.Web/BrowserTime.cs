namespace SalesFlow.Web;

/// <summary>The clock as the person at the browser reads it. The layout sets the time zone before it renders a page.</summary>
public sealed class BrowserTime(TimeProvider clock)
{
    /// <summary>The browser's time zone; UTC until it is known.</summary>
    public TimeZoneInfo Zone { get; private set; } = TimeZoneInfo.Utc;

    /// <summary>Now, in the browser's time zone.</summary>
    public DateTimeOffset Now => Here(clock.GetUtcNow());

    /// <summary>The same moment in the browser's time zone.</summary>
    public DateTimeOffset Here(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, Zone);

    /// <summary>The moment at which a day begins in the browser's time zone.</summary>
    public DateTimeOffset StartOf(DateTime day) => new(day.Date, Zone.GetUtcOffset(day.Date));

    /// <summary>Takes the IANA name that browsers tell; an unknown one leaves the zone as it is.</summary>
    public void Use(string? zone)
    {
        if (zone is not null && TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var found))
            Zone = found;
    }
}
