using System.Text;
using Ical.Net;
using SalesFlow.Sales.Meetings;
using Xunit;

namespace SalesFlow.Sales.Tests.Meetings;

public sealed class MeetingCalendarTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 6, 0, 0, TimeSpan.Zero);
    private static readonly CalendarEntry Entry = new("meeting-1@salesflow", 1, Now.AddDays(1), Now.AddDays(1).AddHours(1), "Встреча с тем, кто принимает решение о поставке стеллажей; склад №3, «Вектор»",
        "Первая строка\nВторая, с запятой; и \\", "Москва, Пресненская наб., 12")
    {
        Organizer = new("Анна \"Аня\" Петрова", "anna@example.com"), Attendees = [new("Клиент: Иванов", "client@example.com")], RemindMinutes = 60,
    };

    [Theory]
    [InlineData("request")]
    [InlineData("cancel")]
    [InlineData("publish")]
    public void A_file_is_as_it_was_approved(string name)
    {
        var written = name switch { "request" => MeetingCalendar.Request(Entry, Now), "cancel" => MeetingCalendar.Cancel(Entry with { Sequence = 2 }, Now), _ => MeetingCalendar.Publish([Entry, Entry with { Uid = "meeting-2@salesflow" }], Now) };
        var file = Path.Combine(Folder(), $"{name}.ics");
        if (Environment.GetEnvironmentVariable("SALESFLOW_APPROVE") == "1")
            File.WriteAllText(file, written);

        Assert.Equal(File.ReadAllText(file).ReplaceLineEndings("\r\n"), written);
    }

    [Fact]
    public void A_reader_of_calendars_finds_everything_again()
    {
        var calendar = Calendar.Load(MeetingCalendar.Request(Entry, Now))!;

        var read = Assert.Single(calendar.Events);
        Assert.Equal(("REQUEST", Entry.Uid, 1, Entry.Summary, Entry.Description, Entry.Location), (calendar.Method, read.Uid, read.Sequence, read.Summary, read.Description, read.Location));
        Assert.Equal((Entry.Start.UtcDateTime, Entry.End.UtcDateTime, Now.UtcDateTime), (read.Start!.AsUtc, read.End!.AsUtc, read.DtStamp!.AsUtc));
        Assert.Equal("mailto:client@example.com", read.Attendees.Single().Value!.ToString());
        Assert.Equal(("CANCEL", "CANCELLED"), Calendar.Load(MeetingCalendar.Cancel(Entry, Now)) is { } cancelled ? (cancelled.Method, cancelled.Events.Single().Status) : default);
    }

    [Fact]
    public void Every_line_ends_by_CRLF_and_has_at_most_75_octets()
    {
        var text = MeetingCalendar.Request(Entry, Now);

        Assert.DoesNotContain('\n', text.Replace("\r\n", "", StringComparison.Ordinal));
        Assert.All(text.Split("\r\n"), line => Assert.InRange(Encoding.UTF8.GetByteCount(line), 0, 75));
    }

    [Fact]
    public void Nobody_writes_lines_of_their_own_through_a_text()
    {
        var hostile = Entry with { Summary = "x\r\nATTENDEE:mailto:evil@example.com", Location = "y\nMETHOD:CANCEL", Organizer = new("z\"\r\nX-EVIL:1", "anna@example.com") };

        var calendar = Calendar.Load(MeetingCalendar.Request(hostile, Now))!;

        Assert.Equal("REQUEST", calendar.Method);
        Assert.Single(Assert.Single(calendar.Events).Attendees);
        Assert.DoesNotContain("\r\nX-EVIL", MeetingCalendar.Request(hostile, Now), StringComparison.Ordinal);
    }

    private static string Folder([System.Runtime.CompilerServices.CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
