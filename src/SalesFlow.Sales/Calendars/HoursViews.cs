using System.Collections.Immutable;

namespace SalesFlow.Sales.Calendars;

/// <summary>The hours of the company, and of the teams and people who may have others.</summary>
public sealed record HoursView(string Zone, ImmutableArray<HoursRow> Teams, ImmutableArray<HoursRow> People);

/// <summary>
/// A team (<paramref name="Key"/> is its name) or a person (an id). <paramref name="Hours"/> is what differs, null when nothing does; <paramref name="Zone"/> is the zone
/// that comes of it, and <paramref name="WeekHours"/> how much is worked in the seven days from now on.
/// </summary>
public sealed record HoursRow(string Key, string Name, string? Team, WorkingHours? Hours, string Zone, double WeekHours);
