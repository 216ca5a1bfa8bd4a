using System.Globalization;
using SalesFlow.Engine;
using SalesFlow.Sales.Calendars;
using SalesFlow.Sales.Deals;
using SalesFlow.Sales.Mails;

namespace SalesFlow.Sales.Meetings;

/// <summary>
/// The letters about a meeting. The client gets invitations, their updates and cancellations that mail programs put into the calendar; colleagues who hold it are told, with a file of it, when an address of theirs is known.
/// Each letter's key is of the meeting's sequence, so that no change is told twice.
/// </summary>
internal static class MeetingMails
{
    /// <summary>The meeting has a time or another one. <paramref name="meeting"/> is as it was before.</summary>
    public static IEnumerable<Change> Booked(Meeting meeting, MeetingBooked booked, DealFacts facts)
    {
        var (entry, topic) = (Entry(meeting, facts, booked.Start, booked.End, booked.Hosts, booked.Place ?? meeting.Place, booked.Organizer), meeting.Title);
        var language = booked.Language ?? meeting.Language;
        if (Client(facts) is { } client)
            yield return Letter(meeting, facts, booked.At, "client", client, Titled(booked.Before is null ? new("Invitation", "Приглашение") : new("Meeting moved", "Встреча перенесена"), topic, language),
                Lines(entry(language), Zone(booked.Zone ?? meeting.ClientZone, facts), language, MailContent.LinkLine), new(CalendarMethod.Request, MeetingCalendar.Request(entry(language), booked.At)), booked.By);
        foreach (var host in booked.Hosts.Where(host => host != booked.By && booked.Organizer is not null))
            yield return ToHost(meeting, facts, booked.At, host, booked.Before is null ? new("Meeting booked", "Назначена встреча") : new("Meeting moved", "Встреча перенесена"), entry, true, booked.By);
        foreach (var former in meeting.Hosts.Select(host => new UserId(host)).Where(host => host != booked.By && meeting.Organizer is not null && !booked.Hosts.Contains(host)))
            yield return ToHost(meeting, facts, booked.At, former, new("Somebody else holds the meeting", "Встречу проводит другой сотрудник"), entry, false, booked.By);
    }

    /// <summary>Others hold the meeting. <paramref name="meeting"/> is as it was before.</summary>
    public static IEnumerable<Change> HandedOver(Meeting meeting, MeetingHandedOver handed, DealFacts facts)
    {
        var (entry, former) = (Entry(meeting, facts, meeting.StartAt!.Value, meeting.EndAt!.Value, handed.Hosts, meeting.Place, handed.Organizer), meeting.Hosts.Select(host => new UserId(host)).ToList());
        if (Client(facts) is { } client)
            yield return Letter(meeting, facts, handed.At, "client", client, Titled(new("Somebody else will meet you", "Встречу проведёт другой сотрудник"), meeting.Title, meeting.Language),
                Lines(entry(meeting.Language), Zone(meeting.ClientZone, facts), meeting.Language, MailContent.LinkLine), new(CalendarMethod.Request, MeetingCalendar.Request(entry(meeting.Language), handed.At)), null);
        foreach (var host in handed.Hosts.Where(host => !former.Contains(host) && handed.Organizer is not null))
            yield return ToHost(meeting, facts, handed.At, host, new("You hold a meeting in the place of a colleague", "Вы проводите встречу вместо коллеги"), entry, true, null);
        foreach (var host in former.Where(host => !handed.Hosts.Contains(host) && meeting.Organizer is not null))
            yield return ToHost(meeting, facts, handed.At, host, new("Somebody else holds the meeting", "Встречу проводит другой сотрудник"), entry, false, null);
    }

    /// <summary>
    /// The meeting has lost its time. <paramref name="meeting"/> is as it was before; nothing is said when it had none. While it is <paramref name="wanted"/> all the same the client can choose another time at once;
    /// one that is <paramref name="offeredAnew"/> the company could not keep, and asks for it.
    /// </summary>
    public static IEnumerable<Change> Cancelled(Meeting meeting, DealFacts facts, DateTimeOffset at, UserId? by, bool wanted = false, bool offeredAnew = false)
    {
        if (meeting is not { StartAt: { } start, EndAt: { } end })
            yield break;
        var entry = Entry(meeting, facts, start, end, [.. meeting.Hosts.Select(host => new UserId(host))], meeting.Place, meeting.Organizer);
        if (Client(facts) is { } client)
            yield return Letter(meeting, facts, at, "client", client, Titled(offeredAnew ? new("The meeting needs another time", "Для встречи нужно другое время") : new("Meeting cancelled", "Встреча отменена"), meeting.Title, meeting.Language),
                Lines(entry(meeting.Language), Zone(meeting.ClientZone, facts), meeting.Language, offeredAnew ? $"{Sorry.In(meeting.Language)}\n{MailContent.LinkLine}" : wanted ? MailContent.LinkLine : null), new(CalendarMethod.Cancel, MeetingCalendar.Cancel(entry(meeting.Language), at)), by);
        foreach (var host in meeting.Hosts.Select(host => new UserId(host)).Where(host => host != by && meeting.Organizer is not null))
            yield return ToHost(meeting, facts, at, host, offeredAnew ? new("The meeting needs another time", "Для встречи нужно другое время") : new("Meeting cancelled", "Встреча отменена"), entry, false, by);
    }

    /// <summary>The meeting is near.</summary>
    public static IEnumerable<Change> Reminder(Meeting meeting, DealFacts facts, DateTimeOffset at)
    {
        if (meeting is not { Status: MeetingStatus.Booked, StartAt: { } start, EndAt: { } end })
            yield break;
        var entry = Entry(meeting, facts, start, end, [.. meeting.Hosts.Select(host => new UserId(host))], meeting.Place, meeting.Organizer);
        if (Client(facts) is { } client)
            yield return Letter(meeting, facts, at, "client-reminder", client, Titled(new("Reminder: meeting", "Напоминание о встрече"), meeting.Title, meeting.Language), Lines(entry(meeting.Language), Zone(meeting.ClientZone, facts), meeting.Language, MailContent.LinkLine), null, null);
        foreach (var host in meeting.Hosts.Where(_ => meeting.Organizer is not null))
            yield return ToHost(meeting, facts, at, new UserId(host), new("Reminder: meeting", "Напоминание о встрече"), entry, false, null, "-reminder");
    }

    private static MailRecipient.Outside? Client(DealFacts facts) => EmailAddress.TryParse(facts.Deal.Client.Email, out var address) ? new(address, facts.Deal.Client.Contact ?? facts.Deal.Client.Name) : null;

    private static Func<string, CalendarEntry> Entry(Meeting meeting, DealFacts facts, DateTimeOffset start, DateTimeOffset end, IReadOnlyCollection<UserId> hosts, string? place, string? organizer)
    {
        var names = string.Join(", ", hosts.Select(host => facts.People.ById.GetValueOrDefault(host)?.DisplayName).OfType<string>());
        return language => new(MeetingCalendar.UidOf(meeting), meeting.Sequence, start, end, meeting.Title.In(language), names.Length > 0 ? names : null, place)
        {
            Organizer = new(organizer is not null && names.Length > 0 ? names : "SalesFlow", organizer ?? facts.Address.Sender),
            Attendees = Client(facts) is { } client ? [new(client.Name ?? client.Address.Value, client.Address.Value)] : [],
        };
    }

    private static MailWritten ToHost(Meeting meeting, DealFacts facts, DateTimeOffset at, UserId host, Text what, Func<string, CalendarEntry> entry, bool withFile, UserId? by, string more = "")
    {
        var language = facts.People.ById.GetValueOrDefault(host)?.Language ?? "ru";
        var letter = Letter(meeting, facts, at, $"host-{host}{more}", new MailRecipient.Colleague(host), $"{what.In(language)}: {facts.Deal.Client.Name}, {facts.Deal.Number}", Lines(entry(language), facts.Calendar.Zone, language, facts.Address.Of($"/deals/{facts.Deal.Id}#deal-meetings")), null, by);
        return withFile ? letter with { Mail = letter.Mail with { Attachments = [new("meeting.ics", "text/calendar", System.Text.Encoding.UTF8.GetBytes(MeetingCalendar.Publish([entry(language) with { Organizer = null, Attendees = [] }], at)))] } } : letter;
    }

    private static MailWritten Letter(Meeting meeting, DealFacts facts, DateTimeOffset at, string who, MailRecipient to, string subject, string text, MailCalendar? calendar, UserId? by) =>
        new(new MailDraft($"{Key(meeting)}{who}", MailKinds.Meeting, to, subject, text) { Calendar = calendar, Deal = facts.Deal.Id, Meeting = meeting.Id, By = by }, at);

    private static string Titled(Text what, Text topic, string language) => $"{what.In(language)}: {topic.In(language)}";

    private static readonly Text Sorry = new("We are sorry: whoever was to meet you cannot come then.", "Просим прощения: наш сотрудник не сможет быть на встрече в это время.");

    /// <summary>Key of the letters about a meeting at that sequence.</summary>
    private static string Key(Meeting meeting) => $"meeting-{meeting.Id}-{meeting.Sequence}-";

    /// <summary>What stands where the link belongs: the link, or how to do without one.</summary>
    internal static string LinkWords(string? link, bool hasTime, string language) => (link, hasTime) switch
    {
        (null, true) => new Text("To move or cancel the meeting, answer this letter.", "Чтобы перенести или отменить встречу, ответьте на это письмо.").In(language),
        (null, false) => new Text("To choose another time, answer this letter.", "Чтобы выбрать другое время, ответьте на это письмо.").In(language),
        (_, true) => new Text($"Move or cancel the meeting: {link}", $"Перенести или отменить встречу: {link}").In(language),
        _ => new Text($"Choose another time: {link}", $"Выбрать другое время: {link}").In(language),
    };

    private static string Lines(CalendarEntry entry, TimeZoneInfo zone, string language, string? last)
    {
        var culture = CultureInfo.GetCultureInfo(language);
        var (start, end) = (TimeZoneInfo.ConvertTime(entry.Start, zone), TimeZoneInfo.ConvertTime(entry.End, zone));
        string?[] lines =
        [
            entry.Summary, $"{ZoneWords.Day(start.DateTime, culture, withYear: true)}, {start.ToString("t", culture)}–{end.ToString("t", culture)} ({ZoneWords.Of(zone, entry.Start, language)})",
            entry.Location is { Length: > 0 } place ? new Text($"Where: {place}", $"Место: {place}").In(language) : null,
            entry.Description is { Length: > 0 } names ? new Text($"With: {names}", $"Со стороны компании: {names}").In(language) : null,
            last,
        ];
        return string.Join("\n", lines.OfType<string>());
    }

    private static TimeZoneInfo Zone(string? zone, DealFacts facts) => zone is not null && TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var found) ? found : facts.Calendar.Zone;
}
