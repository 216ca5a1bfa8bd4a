namespace SalesFlow.Runtime;

/// <summary>By which clock workflows are scheduled. Configuration section <c>Workflows:Schedule</c>.</summary>
public sealed class ScheduleOptions
{
    /// <summary>The zone that cron expressions are read in, by its IANA name. Default: UTC, as in Elsa.</summary>
    public string TimeZone { get; set; } = "UTC";

    /// <summary>True when this machine knows the zone.</summary>
    public bool IsKnown => TimeZoneInfo.TryFindSystemTimeZoneById(TimeZone, out _);
}
