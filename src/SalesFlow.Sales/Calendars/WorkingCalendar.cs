using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace SalesFlow.Sales.Calendars;

/// <summary>
/// When people work: the hours of a day, weekends, holidays, shortened days and worked weekends. Every day is computed once,
/// so that any span is two look-ups. Years that the calendar does not list are Monday to Friday.
/// </summary>
public sealed class WorkingCalendar
{
    private static readonly DateOnly First = new(2000, 1, 1);
    private static readonly DateOnly Last = new(2100, 12, 31);

    private readonly TimeZoneInfo _zone;
    private readonly ImmutableArray<(long From, long To)> _full;
    private readonly ImmutableArray<(long From, long To)> _short;
    private readonly DayKind[] _days;
    // Days with hours of their own, by their place in _days.
    private readonly ImmutableDictionary<int, ImmutableArray<(long From, long To)>> _own = ImmutableDictionary<int, ImmutableArray<(long From, long To)>>.Empty;
    // Working ticks before each day; one more entry than there are days.
    private readonly long[] _before;
    private volatile WorkingCalendar? _successor;

    private WorkingCalendar(TimeZoneInfo zone, ImmutableArray<(long From, long To)> hours, IReadOnlyDictionary<DateOnly, DayKind> exceptions)
    {
        _zone = zone;
        _full = hours;
        _short = Shortened(hours);
        _days = new DayKind[Last.DayNumber - First.DayNumber + 1];
        _before = new long[_days.Length + 1];
        for (var i = 0; i < _days.Length; i++)
        {
            var date = First.AddDays(i);
            var weekend = date.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday;
            _days[i] = exceptions.TryGetValue(date, out var kind) ? kind : weekend ? DayKind.Off : DayKind.Full;
            _before[i + 1] = _before[i] + Hours(i).Sum(span => span.To - span.From);
        }
    }

    private WorkingCalendar(WorkingCalendar company, WorkingHours hours)
    {
        _zone = hours.Zone is { } zone ? TimeZoneInfo.FindSystemTimeZoneById(zone) : company._zone;
        _full = hours.Hours is { } text && WorkingHours.Spans(text) is { Length: > 0 } spans ? spans : company._full;
        _short = hours.Hours is null ? company._short : Shortened(_full);
        _own = company._own.SetItems((hours.Days ?? ImmutableSortedDictionary<string, string>.Empty).Select(day =>
            KeyValuePair.Create(DateOnly.ParseExact(day.Key, "yyyy-MM-dd", CultureInfo.InvariantCulture).DayNumber - First.DayNumber, WorkingHours.Spans(day.Value) ?? [])));
        _days = new DayKind[company._days.Length];
        _before = new long[_days.Length + 1];
        for (var i = 0; i < _days.Length; i++)
        {
            _days[i] = hours.Weekdays is { } worked ? Kind(company._days[i], First.AddDays(i).DayOfWeek, worked) : company._days[i];
            _before[i + 1] = _before[i] + Hours(i).Sum(span => span.To - span.From);
        }
    }

    /// <summary>The calendar of somebody who works differently in that; holidays and shortened days are those of this one.</summary>
    public WorkingCalendar With(WorkingHours hours) => hours.IsEmpty ? Now : new(Now, hours);

    /// <summary>What stands behind this calendar at the moment: the same object until it is replaced.</summary>
    internal WorkingCalendar Current => Now;

    /// <summary>The calendar by which somebody works: their own, or this one.</summary>
    internal WorkingCalendar Of(People.UserView? person) => person?.Calendar ?? this;

    // A week day that is off is a holiday, for people who work at weekends too; a weekend day becomes a full one for who works then.
    private static DayKind Kind(DayKind company, DayOfWeek day, ImmutableArray<int> worked) => !worked.Contains(day == DayOfWeek.Sunday ? 7 : (int)day) ? DayKind.Off
        : company == DayKind.Off && day is (DayOfWeek.Saturday or DayOfWeek.Sunday) ? DayKind.Full : company;

    // An hour shorter at the end; spans that this leaves nothing of are gone.
    private static ImmutableArray<(long From, long To)> Shortened(ImmutableArray<(long From, long To)> hours) =>
        [.. hours.Select(span => (span.From, To: Math.Min(span.To, hours[^1].To - TimeSpan.TicksPerHour))).Where(span => span.From < span.To)];

    /// <summary>The zone whose days and hours are meant.</summary>
    public TimeZoneInfo Zone => Now._zone;

    private WorkingCalendar Now => _successor ?? this;

    /// <summary>From now on everybody who holds this calendar counts by the other one; due dates that have been set stay.</summary>
    public void ReplaceWith(WorkingCalendar other) => _successor = other.Now;

    private enum DayKind : byte { Off, Full, Short }

    /// <summary>Reads a calendar file; throws with a sentence when it is not one.</summary>
    public static WorkingCalendar Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        var exceptions = new Dictionary<DateOnly, DayKind>();
        foreach (var year in root.GetProperty("years").EnumerateObject())
        {
            Mark(year.Value, "holiday", DayKind.Off, exceptions);
            Mark(year.Value, "working", DayKind.Full, exceptions);
            // After "working": a worked Saturday may be shortened too.
            Mark(year.Value, "short", DayKind.Short, exceptions);
        }
        ImmutableArray<(long From, long To)> hours = [.. root.GetProperty("hours").EnumerateArray().Select(span => (Time(span[0]), Time(span[1])))];
        if (hours.Length == 0 || hours.Any(span => span.From >= span.To))
            throw new FormatException("A calendar's \"hours\" are spans such as [[\"09:00\", \"13:00\"], [\"14:00\", \"18:00\"]].");
        return new WorkingCalendar(TimeZoneInfo.FindSystemTimeZoneById(root.GetProperty("zone").GetString()!), hours, exceptions);
    }

    /// <summary>True while people work.</summary>
    public bool IsWorking(DateTimeOffset at)
    {
        if (_successor is { } now)
            return now.IsWorking(at);
        var (day, time) = Local(at);
        return Hours(day).Any(span => span.From <= time && time < span.To);
    }

    /// <summary>Working days from the first to the last date, both included.</summary>
    public int WorkingDays(DateOnly from, DateOnly to) => Enumerable.Range(from.DayNumber - First.DayNumber, to.DayNumber - from.DayNumber + 1).Count(day => Now.Hours(day).Length > 0);

    /// <summary>Working seconds from one instant to the other; negative when they are the wrong way round.</summary>
    public long WorkingSeconds(DateTimeOffset from, DateTimeOffset to)
    {
        var now = Now;
        return now.Position(to) / TimeSpan.TicksPerSecond - now.Position(from) / TimeSpan.TicksPerSecond;
    }

    /// <summary>The earliest instant by which that much working time has passed.</summary>
    public DateTimeOffset Add(DateTimeOffset from, TimeSpan working)
    {
        if (_successor is { } now)
            return now.Add(from, working);
        if (working <= TimeSpan.Zero)
            return from;
        var target = Position(from) + working.Ticks;
        var found = Array.BinarySearch(_before, target);
        // Several entries are equal around days off: the day that reaches the target is the first whose end is not before it.
        var day = found < 0 ? ~found - 1 : found;
        while (day > 0 && _before[day] >= target)
            day--;
        if (day >= _days.Length)
            return from + working;
        var left = target - _before[day];
        foreach (var (start, end) in Hours(day))
            if (left <= end - start)
                return Instant(day, start + left);
            else
                left -= end - start;
        return from + working;
    }

    private static void Mark(JsonElement year, string name, DayKind kind, Dictionary<DateOnly, DayKind> days)
    {
        foreach (var date in year.GetProperty(name).EnumerateArray())
            days[DateOnly.ParseExact(date.GetString()!, "yyyy-MM-dd", CultureInfo.InvariantCulture)] = kind;
    }

    private static long Time(JsonElement text) => TimeOnly.ParseExact(text.GetString()!, "HH:mm", CultureInfo.InvariantCulture).Ticks;

    private ImmutableArray<(long From, long To)> Hours(int day) => _own.TryGetValue(day, out var own) ? own : _days[day] switch { DayKind.Full => _full, DayKind.Short => _short, _ => [] };

    private (int Day, long Time) Local(DateTimeOffset at)
    {
        var local = TimeZoneInfo.ConvertTime(at, _zone).DateTime;
        var day = DateOnly.FromDateTime(local).DayNumber - First.DayNumber;
        return day < 0 ? (0, 0) : day >= _days.Length ? (_days.Length - 1, TimeSpan.TicksPerDay) : (day, local.TimeOfDay.Ticks);
    }

    private long Position(DateTimeOffset at)
    {
        var (day, time) = Local(at);
        var position = _before[day];
        foreach (var (from, to) in Hours(day))
            position += Math.Clamp(time - from, 0, to - from);
        return position;
    }

    private DateTimeOffset Instant(int day, long time)
    {
        var local = First.AddDays(day).ToDateTime(new TimeOnly(time));
        return new DateTimeOffset(local, _zone.GetUtcOffset(local)).ToUniversalTime();
    }
}
