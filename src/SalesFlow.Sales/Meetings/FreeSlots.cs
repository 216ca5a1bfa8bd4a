using System.Collections.Immutable;
using SalesFlow.Sales.Calendars;

namespace SalesFlow.Sales.Meetings;

/// <summary>When somebody is not there.</summary>
public readonly record struct Span(DateTimeOffset From, DateTimeOffset To);

/// <summary>What is known of a member's time: the hours worked, the absences, and the quarters that other meetings keep busy.</summary>
public sealed record Diary(UserId Member, WorkingCalendar Calendar, ImmutableArray<Span> Away, IReadOnlySet<long> Busy)
{
    /// <summary>In whose place the member may come; the member's own by default.</summary>
    public UserId Seat { get; init; } = Member;

    /// <summary>The member's e-mail address, from which invitations come; null when unknown.</summary>
    public string? Email { get; init; }
}

/// <summary>A time that can be booked, and who is free then: members, and whoever stands in for those who are away.</summary>
public sealed record FreeSlot(DateTimeOffset Start, DateTimeOffset End, ImmutableArray<UserId> Free);

/// <summary>
/// Finds the times at which a meeting can be held: inside the members' working time, outside their absences, with its buffers clear of other meetings. Times are
/// looked at quarter by quarter in UTC, so that changes of the clocks neither hide nor double one; beginnings are aligned to the step in the first member's zone.
/// </summary>
public static class FreeSlots
{
    /// <summary>The free slots from now on, earliest first: after the notice, and ending within the horizon.</summary>
    public static ImmutableArray<FreeSlot> Of(SlotRules rules, IReadOnlyList<Diary> diaries, MeetingNeed need, DateTimeOffset now)
    {
        if (diaries.Count == 0)
            return [];
        var slots = ImmutableArray.CreateBuilder<FreeSlot>();
        var (first, last) = (now.AddMinutes(rules.Notice), now.AddDays(rules.Horizon));
        for (var quarter = MeetingCells.Of(first); ; quarter++)
        {
            var start = MeetingCells.BeginOf(quarter);
            if (start.AddMinutes(rules.Length) > last)
                return slots.ToImmutable();
            if (start >= first && IsAligned(start, rules, diaries[0].Calendar.Zone) && At(rules, diaries, need, start) is { } slot)
                slots.Add(slot);
        }
    }

    /// <summary>The slot that begins then, whatever the notice, the step and the horizon; null when it is not free.</summary>
    public static FreeSlot? At(SlotRules rules, IReadOnlyList<Diary> diaries, MeetingNeed need, DateTimeOffset start)
    {
        if (MeetingCells.BeginOf(MeetingCells.Of(start)) != start)
            return null;
        var end = start.AddMinutes(rules.Length);
        var seats = diaries.GroupBy(diary => diary.Seat).Select(seat => seat.FirstOrDefault(diary => IsFree(rules, diary, start, end))?.Member).ToList();
        ImmutableArray<UserId> free = [.. seats.OfType<UserId>().Distinct()];
        return free.Length > 0 && (need == MeetingNeed.Any || seats.TrueForAll(seat => seat is not null)) ? new(start.ToUniversalTime(), end.ToUniversalTime(), free) : null;
    }

    private static bool IsAligned(DateTimeOffset start, SlotRules rules, TimeZoneInfo zone) => (int)TimeZoneInfo.ConvertTime(start, zone).TimeOfDay.TotalMinutes % rules.Step == 0;

    private static bool IsFree(SlotRules rules, Diary diary, DateTimeOffset start, DateTimeOffset end) =>
        diary.Calendar.IsWorking(start) && !MeetingCells.Of(rules, start, end).Any(diary.Busy.Contains) && !diary.Away.Any(away => away.From < end && start < away.To) && IsWorked(diary.Calendar, start, end);

    // Between two looks at the clock by the same offset, working time is a difference; across a change of the clocks each minute is looked at.
    private static bool IsWorked(WorkingCalendar calendar, DateTimeOffset start, DateTimeOffset end)
    {
        if (calendar.Zone.GetUtcOffset(start) == calendar.Zone.GetUtcOffset(end))
            return calendar.WorkingSeconds(start, end) == (long)(end - start).TotalSeconds;
        for (var minute = start; minute < end; minute = minute.AddMinutes(1))
            if (!calendar.IsWorking(minute))
                return false;
        return true;
    }
}
