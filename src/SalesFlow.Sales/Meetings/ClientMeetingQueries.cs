using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using SalesFlow.Sales.Calendars;
using SalesFlow.Sales.Deals;
using SalesFlow.Sales.People;

namespace SalesFlow.Sales.Meetings;

/// <summary>
/// What a client sees of a meeting by their link, and nothing else of the deal: what it is about, its time and who holds it, and the beginnings that are free. An expired
/// link tells only that it has expired.
/// </summary>
public sealed record ClientMeeting(string Topic, bool Expired, DateTimeOffset? StartAt, DateTimeOffset? EndAt, string? Host, string? Place, int LengthMinutes, string Language, string Zone, ImmutableArray<DateTimeOffset> Free);

/// <summary>Reads for clients who come by a link. Who does not know a token learns nothing.</summary>
public sealed class ClientMeetingQueries(IDbContextFactory<SalesFlowDb> databases, MeetingQueries meetings, UserQueries users, WorkingCalendar calendar, TimeProvider clock)
{

    /// <summary>The meeting behind a token, in the language asked for; null when there is none.</summary>
    public async Task<ClientMeeting?> GetAsync(string token, string language, CancellationToken cancel)
    {
        if (await FindAsync(token, cancel) is not { } found)
            return null;
        var (deal, meeting, letter) = found;
        var zone = meeting.ClientZone ?? calendar.Zone.Id;
        if (!((letter?.ExpiresAt ?? meeting.TokenExpiresAt) > clock.GetUtcNow()))
            return new("", true, null, null, null, null, 0, meeting.Language, zone, []);
        var people = await users.ByIdAsync(cancel);
        var hosts = string.Join(", ", meeting.Hosts.Select(host => DealQueries.NameOf(new UserId(host), people)?.DisplayName).OfType<string>());
        return new(meeting.Title.In(language), false, meeting.StartAt, meeting.EndAt, hosts.Length > 0 ? hosts : null, meeting.Place, meeting.Rules.Length, meeting.Language, zone,
            [.. (await meetings.SlotsAsync(meeting, deal.Owner, forClient: true, cancel)).Select(slot => slot.Start)]);
    }

    /// <summary>The language in which the client of a link is spoken to; null when there is no such link.</summary>
    public async Task<string?> LanguageAsync(string token, CancellationToken cancel) => await StoredAsync(token, cancel) is { } stored ? stored.Meeting.Language : null;

    /// <summary>The booked meeting as an iCalendar file; null when there is none.</summary>
    public async Task<string?> CalendarAsync(string token, string language, CancellationToken cancel) =>
        await GetAsync(token, language, cancel) is { StartAt: { } start, EndAt: { } end } seen && await StoredAsync(token, cancel) is { Meeting: var meeting }
            ? MeetingCalendar.Publish([new(MeetingCalendar.UidOf(meeting), Math.Max(0, meeting.Sequence - 1), start, end, seen.Topic, seen.Host, seen.Place) { RemindMinutes = 60 }], clock.GetUtcNow()) : null;

    /// <summary>The deal and meeting of a token that may be good or expired, with the link when it stood in a letter; null when there is none.</summary>
    internal async Task<(Deal Deal, Meeting Meeting, MeetingLink? Letter)?> FindAsync(string token, CancellationToken cancel) =>
        await StoredAsync(token, cancel) is { } stored && await meetings.LoadAsync(stored.Meeting.Id, cancel) is { } loaded ? (loaded.Deal, loaded.Meeting, stored.Letter) : null;

    private async Task<(Meeting Meeting, MeetingLink? Letter)?> StoredAsync(string token, CancellationToken cancel)
    {
        if (SecretToken.Sought(token) is not { } hash)
            return null;
        await using var db = await databases.CreateDbContextAsync(cancel);
        if (await db.Meetings.AsNoTracking().SingleOrDefaultAsync(meeting => meeting.TokenHash == hash, cancel) is { } invited)
            return (invited, null);
        var found = await db.MeetingLinks.AsNoTracking().Where(link => link.Hash == hash).Join(db.Meetings.AsNoTracking(), link => link.MeetingId, meeting => meeting.Id, (link, meeting) => new { link, meeting }).SingleOrDefaultAsync(cancel);
        return found is not null && found.meeting.IsOpen && found.meeting.TokenHash == found.link.Beside ? (found.meeting, found.link) : null;
    }
}
