using System.Collections.Immutable;
using System.Text;
using Ical.Net;
using Ical.Net.CalendarComponents;
using Ical.Net.DataTypes;
using Ical.Net.Serialization;

namespace SalesFlow.Sales.Meetings;

/// <summary>Somebody who calls to a meeting or comes to it.</summary>
public sealed record CalendarPerson(string Name, string Email);

/// <summary>A meeting as calendars know it; <paramref name="Sequence"/> grows with each change that is sent.</summary>
public sealed record CalendarEntry(string Uid, int Sequence, DateTimeOffset Start, DateTimeOffset End, string Summary, string? Description, string? Location)
{
    /// <summary>Who calls to it; null in feeds.</summary>
    public CalendarPerson? Organizer { get; init; }
    /// <summary>Who is called.</summary>
    public ImmutableArray<CalendarPerson> Attendees { get; init; } = [];
    /// <summary>Minutes before it at which calendars remind; null for no reminder.</summary>
    public int? RemindMinutes { get; init; }
}

/// <summary>Writes iCalendar (RFC 5545, and RFC 5546 for invitations): times in UTC, lines folded at 75 octets and ended by CRLF.</summary>
public static class MeetingCalendar
{
    private const int LongestLine = 75;

    /// <summary>An invitation, or its update when the sequence has grown.</summary>
    public static string Request(CalendarEntry entry, DateTimeOffset now) => Write("REQUEST", now, EventStatus.Confirmed, [entry]);

    /// <summary>Takes an invitation back. Its sequence is greater than that of the last invitation.</summary>
    public static string Cancel(CalendarEntry entry, DateTimeOffset now) => Write("CANCEL", now, EventStatus.Cancelled, [entry]);

    /// <summary>A file or feed to read: nobody is called to anything.</summary>
    public static string Publish(IEnumerable<CalendarEntry> entries, DateTimeOffset now) => Write("PUBLISH", now, EventStatus.Confirmed, entries);

    /// <summary>The id of a meeting in calendars: the same for its life, and in no other installation.</summary>
    public static string UidOf(Meeting meeting) => $"meeting-{meeting.Id}-{meeting.CreatedAt.UtcTicks}@salesflow";

    private static string Write(string method, DateTimeOffset now, string status, IEnumerable<CalendarEntry> entries)
    {
        var calendar = new Calendar { Method = method, ProductId = "-//SalesFlow//Meetings//EN" };
        foreach (var entry in entries)
            calendar.Events.Add(Event(entry, now, status));
        return Folded(new CalendarSerializer().SerializeToString(calendar) ?? "");
    }

    private static CalendarEvent Event(CalendarEntry entry, DateTimeOffset now, string status)
    {
        var written = new CalendarEvent
        {
            Uid = entry.Uid, Sequence = entry.Sequence, DtStamp = Utc(now), Start = Utc(entry.Start), End = Utc(entry.End), Summary = entry.Summary, Description = entry.Description, Location = entry.Location, Status = status,
        };
        if (entry.Organizer is { } organizer)
            written.Organizer = new Organizer($"mailto:{organizer.Email}") { CommonName = Plain(organizer.Name) };
        foreach (var attendee in entry.Attendees)
            written.Attendees.Add(new Attendee($"mailto:{attendee.Email}") { CommonName = Plain(attendee.Name), Role = "REQ-PARTICIPANT", ParticipationStatus = "NEEDS-ACTION", Rsvp = true, Type = "INDIVIDUAL" });
        if (entry.RemindMinutes is { } minutes)
            written.Alarms.Add(new Alarm { Action = AlarmAction.Display, Description = entry.Summary, Trigger = new Trigger(Duration.FromMinutes(-minutes)) });
        return written;
    }

    private static CalDateTime Utc(DateTimeOffset at) => new(at.UtcDateTime, "UTC");

    // A parameter's value can hold neither quotes nor control characters.
    private static string Plain(string name) => string.Concat(name.Where(letter => letter != '"' && !char.IsControl(letter)));

    // Lines are counted in octets, and a Russian letter is two of them.
    private static string Folded(string text)
    {
        var folded = new StringBuilder();
        foreach (var line in text.ReplaceLineEndings("\n").Replace("\n ", "", StringComparison.Ordinal).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var octets = 0;
            foreach (var letter in line.EnumerateRunes())
            {
                if (octets + letter.Utf8SequenceLength > LongestLine)
                {
                    folded.Append("\r\n ");
                    octets = 1;
                }
                folded.Append(letter.ToString());
                octets += letter.Utf8SequenceLength;
            }
            folded.Append("\r\n");
        }
        return folded.ToString();
    }
}
