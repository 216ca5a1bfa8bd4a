using System.Collections.Immutable;
using CsCheck;
using SalesFlow.Sales.Calendars;
using SalesFlow.Sales.People;
using Xunit;

namespace SalesFlow.Sales.Tests.Calendars;

/// <summary>Teams and people who do not work as the company does.</summary>
public sealed class WorkingHoursTests
{
    private static readonly WorkingCalendar Company = WorkingCalendar.Read(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "workflows", "calendars", "ru.json")));

    [Fact]
    public void A_team_in_another_zone_works_its_own_day_there_and_keeps_the_holidays()
    {
        var ural = Company.With(new(Zone: "Asia/Yekaterinburg"));

        Assert.True(ural.IsWorking(At(2026, 11, 24, 9, 5)));
        Assert.False(ural.IsWorking(At(2026, 11, 24, 18, 5)));
        Assert.False(ural.IsWorking(At(2026, 11, 4, 12, 5)));
        Assert.Equal(At(2026, 11, 24, 11, 5), ural.Add(At(2026, 11, 23, 16, 5), TimeSpan.FromHours(4)));
    }

    [Fact]
    public void A_person_may_work_on_other_days_of_the_week_and_have_single_days_of_their_own()
    {
        var own = Company.With(new(Hours: "10:00-14:00", Weekdays: [2, 3, 6], Days: Days(("2026-11-26", "08:00-09:00, 20:00-22:00"), ("2026-11-25", ""))));

        var hours = Enumerable.Range(23, 7).Select(day => own.WorkingSeconds(At(2026, 11, day, 0, 3), At(2026, 11, day, 0, 3).AddDays(1)) / 3600);

        Assert.Equal([0, 4, 0, 3, 0, 4, 0], hours);
        Assert.True(own.IsWorking(At(2026, 11, 26, 21, 3)));
    }

    [Fact]
    public void A_person_differs_from_the_team_and_the_team_from_the_company()
    {
        var calendars = new DerivedCalendars(Company).Of(new Dictionary<string, string> { ["hours:team:ural"] = """{"zone":"Asia/Yekaterinburg"}""", ["hours:person:2"] = """{"hours":"12:00-16:00"}""" },
            [(new UserId(1), "ural"), (new UserId(2), "ural"), (new UserId(3), null), (new UserId(4), "ural")]);

        Assert.Equal([1L, 2, 4], calendars.Keys.Select(id => id.Value).Order());
        Assert.Same(calendars[new(1)], calendars[new(4)]);
        Assert.True(calendars[new(2)].IsWorking(At(2026, 11, 24, 15, 5)));
        Assert.False(calendars[new(2)].IsWorking(At(2026, 11, 24, 11, 5)));
    }

    [Theory]
    [InlineData("Europe/Berlin", 2026, 3, 27, 2, 2026, 3, 30, 1)]
    [InlineData("Europe/Berlin", 2026, 10, 23, 1, 2026, 10, 26, 2)]
    [InlineData("America/New_York", 2026, 10, 30, -5, 2026, 11, 2, -4)]
    public void Over_a_change_of_the_clocks_people_begin_by_their_own_clock(string zone, int year, int month, int day, int after, int toYear, int toMonth, int toDay, int before)
    {
        var calendar = new DateTimeOffset(year, month, day, 16, 0, 0, TimeSpan.FromHours(before));

        // Two hours on Friday, the rest on Monday from nine on the clock there.
        var due = Company.With(new(Zone: zone)).Add(calendar, TimeSpan.FromHours(4));

        Assert.Equal(new DateTimeOffset(toYear, toMonth, toDay, 11, 0, 0, TimeSpan.FromHours(after)), due);
    }

    [Fact]
    public void In_every_zone_working_time_adds_up_and_adding_passes_exactly_that_much() =>
        Gen.Select(Gen.Int[0, 3].Select(place => Known.Keys.ElementAt(place)), Gen.Long[0, 3L * 366 * 86_400], Gen.Int[1, 2_000_000], Gen.Int[1, 2_000_000]).Sample((zone, at, first, second) =>
        {
            var (calendar, from) = (Known[zone], At(2024, 1, 1, 0, 0).AddSeconds(at));
            var (middle, end) = (calendar.Add(from, TimeSpan.FromSeconds(first)), calendar.Add(from, TimeSpan.FromSeconds(first + second)));

            Assert.Equal(((long)first, (long)second), (calendar.WorkingSeconds(from, middle), calendar.WorkingSeconds(middle, end)));
            Assert.Equal(first - 1, calendar.WorkingSeconds(from, middle.AddSeconds(-1)));
            Assert.Equal(end, calendar.Add(middle, TimeSpan.FromSeconds(second)));
        });

    [Fact]
    public void What_is_written_is_checked_field_by_field()
    {
        var wrong = Assert.Throws<ValidationException>(() => new WorkingHours("Mars/Olympus", "9 to 5", [0], Days(("someday", ""), ("2026-12-05", "15:00-11:00"))).Checked("en"));

        Assert.Equal(["days", "hours", "weekdays", "zone"], wrong.Errors.Keys.Order());
        Assert.True(new WorkingHours(" ", "", null, Days()).Checked("en").IsEmpty);
        Assert.Throws<ValidationException>(() => new WorkingHours(Hours: "09:00-13:00, 12:00-18:00").Checked("ru"));
    }

    [Fact]
    public void Changed_days_are_read_from_lines_and_written_as_lines()
    {
        var hours = new WorkingHours(Days: WorkingHours.DaysOf("05.12.2026 10:00-14:00, 15:00-16:00\n\n2026-12-07\n")).Checked("ru");

        Assert.Equal("2026-12-05 10:00-14:00, 15:00-16:00\n2026-12-07", hours.DaysText("en"));
        Assert.Equal(hours.Days, WorkingHours.DaysOf(hours.DaysText("en")));
        Assert.Equal("05.12.2026 10:00-14:00, 15:00-16:00\n07.12.2026", hours.DaysText("ru"));
    }

    private static readonly Dictionary<string, WorkingCalendar> Known = new[] { "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu" }.ToDictionary(zone => zone, zone => Company.With(new(Zone: zone)));

    private static ImmutableSortedDictionary<string, string> Days(params (string Date, string Spans)[] days) => days.ToImmutableSortedDictionary(day => day.Date, day => day.Spans, StringComparer.Ordinal);

    private static DateTimeOffset At(int year, int month, int day, int hour, int zone) => new(year, month, day, hour, 0, 0, TimeSpan.FromHours(zone));
}
