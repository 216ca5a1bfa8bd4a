using System.Text.Json;
using CsCheck;
using SalesFlow.Sales.Calendars;
using Xunit;

namespace SalesFlow.Sales.Tests.Calendars;

public sealed class WorkingCalendarTests
{
    private static readonly string Json = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "workflows", "calendars", "ru.json"));
    private static readonly WorkingCalendar Calendar = WorkingCalendar.Read(Json);
    private static readonly Gen<DateTimeOffset> Instants = Gen.Long[0, 4L * 366 * 86_400].Select(seconds => Moscow(2024, 1, 1, 0).AddSeconds(seconds));

    [Theory]
    [InlineData(2024)]
    [InlineData(2025)]
    [InlineData(2026)]
    [InlineData(2027)]
    public void A_year_has_the_days_and_hours_of_the_official_norm(int year)
    {
        using var document = JsonDocument.Parse(Json);
        var norm = document.RootElement.GetProperty("years").GetProperty($"{year}");

        Assert.Equal(norm.GetProperty("workingDays").GetInt32(), Calendar.WorkingDays(new(year, 1, 1), new(year, 12, 31)));
        Assert.Equal(norm.GetProperty("workingHours40").GetInt32() * 3600L, Calendar.WorkingSeconds(Moscow(year, 1, 1, 0), Moscow(year + 1, 1, 1, 0)));
    }

    [Fact]
    public void The_break_and_the_evening_are_not_worked()
    {
        Assert.True(Calendar.IsWorking(Moscow(2026, 11, 24, 12)));
        Assert.False(Calendar.IsWorking(Moscow(2026, 11, 24, 13)));
        Assert.True(Calendar.IsWorking(Moscow(2026, 11, 24, 14)));
        Assert.False(Calendar.IsWorking(Moscow(2026, 11, 24, 18)));
    }

    [Fact]
    public void Four_hours_from_Friday_afternoon_end_on_Monday() =>
        Assert.Equal(Moscow(2026, 11, 23, 11), Calendar.Add(Moscow(2026, 11, 20, 16), TimeSpan.FromHours(4)));

    [Fact]
    public void A_span_is_the_sum_of_its_parts() => Gen.Select(Instants, Instants, Instants).Sample((a, b, c) =>
        Assert.Equal(Calendar.WorkingSeconds(a, c), Calendar.WorkingSeconds(a, b) + Calendar.WorkingSeconds(b, c)));

    [Fact]
    public void Adding_working_time_passes_exactly_that_much() => Gen.Select(Instants, Gen.Int[1, 2_000_000]).Sample((from, seconds) =>
    {
        var end = Calendar.Add(from, TimeSpan.FromSeconds(seconds));

        Assert.Equal(seconds, Calendar.WorkingSeconds(from, end));
        Assert.Equal(seconds - 1, Calendar.WorkingSeconds(from, end.AddSeconds(-1)));
    });

    private static DateTimeOffset Moscow(int year, int month, int day, int hour) => new(year, month, day, hour, 0, 0, TimeSpan.FromHours(3));
}
