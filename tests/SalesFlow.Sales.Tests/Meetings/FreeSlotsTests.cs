using System.Collections.Immutable;
using CsCheck;
using SalesFlow.Sales.Calendars;
using SalesFlow.Sales.Meetings;
using SalesFlow.Sales.People;
using Xunit;

namespace SalesFlow.Sales.Tests.Meetings;

public sealed class FreeSlotsTests
{
    // Monday, nine in the morning in Moscow; the working day is from 9 to 18 with a break from 13 to 14.
    private static readonly DateTimeOffset Monday = new(2026, 11, 23, 6, 0, 0, TimeSpan.Zero);
    private static readonly WorkingCalendar Moscow = Calendar("Europe/Moscow", "09:00", "18:00"), Paris = Calendar("Europe/Paris", "01:00", "05:00");
    private static readonly UserId Anna = new(1), Boris = new(2), Vera = new(3);

    [Fact]
    public void A_meeting_lies_inside_the_working_hours_and_not_across_the_break()
    {
        var slots = FreeSlots.Of(new SlotRules { Length = 60, Step = 60, BufferAfter = 0, Notice = 0, Horizon = 1 }, [Free(Anna)], MeetingNeed.Any, Monday);

        Assert.Equal([9, 10, 11, 12, 14, 15, 16, 17], slots.Select(slot => slot.Start.ToOffset(TimeSpan.FromHours(3)).Hour));
    }

    [Fact]
    public void Buffers_are_kept_clear_of_other_meetings_on_both_sides()
    {
        var busy = Free(Anna) with { Busy = MeetingCells.Between(Monday.AddHours(2), Monday.AddHours(3)).ToHashSet() };

        var slots = FreeSlots.Of(new SlotRules { Length = 30, Step = 15, BufferBefore = 15, BufferAfter = 30, Notice = 0, Horizon = 1 }, [busy], MeetingNeed.Any, Monday);

        Assert.DoesNotContain(slots, slot => slot.End.AddMinutes(30) > Monday.AddHours(2) && slot.Start.AddMinutes(-15) < Monday.AddHours(3));
        Assert.Contains(slots, slot => slot.Start == Monday.AddHours(1));
        Assert.Contains(slots, slot => slot.Start == Monday.AddHours(3).AddMinutes(15));
    }

    [Fact]
    public void All_have_to_be_free_or_any_of_them()
    {
        var away = Free(Boris) with { Away = [new(Monday, Monday.AddHours(4))] };
        var rules = new SlotRules { Length = 60, Step = 60, Notice = 0, Horizon = 1 };

        Assert.All(FreeSlots.Of(rules, [Free(Anna), away], MeetingNeed.All, Monday), slot => Assert.True(slot.Start >= Monday.AddHours(4)));
        Assert.Equal([Anna], FreeSlots.Of(rules, [Free(Anna), away], MeetingNeed.Any, Monday)[0].Free);
        Assert.Empty(FreeSlots.Of(rules, [], MeetingNeed.Any, Monday));
    }

    [Fact]
    public void While_a_member_is_away_the_time_of_whoever_stands_in_is_offered_and_only_then()
    {
        var people = new Dictionary<UserId, UserView>
        {
            [Anna] = Person("1") with { Absences = [new("1", Monday, Monday.AddHours(4), "3", null)] }, [Boris] = Person("2"), [Vera] = Person("3"),
        };
        var rules = new SlotRules { Length = 60, Step = 60, Notice = 0, Horizon = 1 };

        var diaries = MeetingMembers.Seats([Anna, Boris], people).Select(seat => new Diary(seat.Member, Moscow, seat.Away, new HashSet<long>()) { Seat = seat.Of }).ToList();
        var slots = FreeSlots.Of(rules, diaries, MeetingNeed.All, Monday);

        Assert.All(slots, slot => Assert.Equal(slot.Start < Monday.AddHours(4) ? [Vera, Boris] : [Anna, Boris], slot.Free));
        Assert.Equal([true, false], slots.Select(slot => slot.Start < Monday.AddHours(4)).Distinct());
        static UserView Person(string id) => new(id, id, id, [Roles.Rep], null, "en");
    }

    [Fact]
    public void Nothing_is_offered_before_the_notice_or_after_the_horizon()
    {
        var slots = FreeSlots.Of(new SlotRules { Notice = 26 * 60, Horizon = 2 }, [Free(Anna)], MeetingNeed.Any, Monday.AddMinutes(7));

        Assert.Equal(Monday.AddHours(26).AddMinutes(30), slots[0].Start);
        Assert.True(slots[^1].End <= Monday.AddMinutes(7).AddDays(2));
    }

    [Fact]
    public void The_slots_are_those_that_a_look_at_every_minute_finds() =>
        Gen.Select(Gen.Bool, Gen.Int[0, 3], Gen.Int[1, 6], Gen.Select(Gen.Int[0, 45], Gen.Int[0, 45]), Gen.Int[0, 600], Gen.Select(Gen.Int[0, 4 * 1440], Gen.Int[1, 900]).Array[0, 4], Gen.Int[0, 4 * 96].Array[0, 12])
            .Sample((atChange, members, length, buffers, notice, absences, busy) =>
            {
                // In Paris the clocks go back on Sunday, 25 October 2026; here Sunday is worked, and at night.
                var (calendar, now) = atChange ? (Paris, new DateTimeOffset(2026, 10, 23, 22, 7, 0, TimeSpan.Zero)) : (Moscow, Monday.AddMinutes(7));
                var rules = new SlotRules { Length = length * 15, Step = 15, BufferBefore = buffers.Item1, BufferAfter = buffers.Item2, Notice = notice, Horizon = 3 };
                var diaries = Enumerable.Range(0, members + 1).Select(i => new Diary(new UserId(i + 1), calendar,
                    [.. absences.Where((_, at) => at % (members + 1) == i).Select(away => new Span(now.AddMinutes(away.Item1), now.AddMinutes(away.Item1 + away.Item2)))],
                    busy.Where((_, at) => at % (members + 1) == i).Select(quarter => MeetingCells.Of(now) + quarter).ToHashSet())).ToList();
                var need = length % 2 == 0 ? MeetingNeed.All : MeetingNeed.Any;

                Assert.Equal(Tried(rules, diaries, need, now), FreeSlots.Of(rules, diaries, need, now).Select(slot => (slot.Start, string.Join(' ', slot.Free))));
            }, iter: 60);

    private static IEnumerable<(DateTimeOffset, string)> Tried(SlotRules rules, List<Diary> diaries, MeetingNeed need, DateTimeOffset now)
    {
        for (var start = now; start.AddMinutes(rules.Length) <= now.AddDays(rules.Horizon); start = start.AddMinutes(1))
        {
            if (start < now.AddMinutes(rules.Notice) || TimeZoneInfo.ConvertTime(start, diaries[0].Calendar.Zone).Minute % 15 != 0)
                continue;
            var free = diaries.Where(diary => Minutes(start, start.AddMinutes(rules.Length)).All(minute => diary.Calendar.IsWorking(minute) && !diary.Away.Any(away => away.From <= minute && minute < away.To))
                && Minutes(start.AddMinutes(-rules.BufferBefore), start.AddMinutes(rules.Length + rules.BufferAfter)).All(minute => !diary.Busy.Contains(minute.ToUnixTimeSeconds() / 900))).ToList();
            if (free.Count > 0 && (need == MeetingNeed.Any || free.Count == diaries.Count))
                yield return (start, string.Join(' ', free.Select(diary => diary.Member)));
        }
    }

    private static IEnumerable<DateTimeOffset> Minutes(DateTimeOffset from, DateTimeOffset to)
    {
        for (var minute = from; minute < to; minute = minute.AddMinutes(1))
            yield return minute;
    }

    private static Diary Free(UserId member) => new(member, Moscow, [], new HashSet<long>());

    private static WorkingCalendar Calendar(string zone, string from, string to) => WorkingCalendar.Read(
        $$"""{"zone": "{{zone}}", "hours": {{(zone == "Europe/Moscow" ? """[["09:00", "13:00"], ["14:00", "18:00"]]""" : $"""[["{from}", "{to}"]]""")}}, "years": {"2026": {"holiday": [], "working": ["2026-10-24", "2026-10-25"], "short": []} } }""");
}
