using SalesFlow.Sales.People;

namespace SalesFlow.Sales.Meetings;

/// <summary>What clients do with their meeting by their link. A link that is unknown, replaced, expired or done with is refused as not found.</summary>
public sealed class ClientMeetingCommands(MeetingCommands meetings, ClientMeetingQueries queries)
{
    /// <summary>Books the meeting for that time, or moves it there; <paramref name="zone"/> is the client's by its IANA name.</summary>
    public async Task BookAsync(string token, DateTimeOffset start, string? zone, string language, CancellationToken cancel) =>
        await meetings.BookAsync(await IdAsync(token, cancel), new Booking(start, null, language, zone), Asker(token, language), cancel);

    /// <summary>Takes the time away again; the link stays good for another one.</summary>
    public async Task CancelAsync(string token, string language, CancellationToken cancel) => await meetings.CancelAsync(await IdAsync(token, cancel), null, Asker(token, language), cancel);

    private async Task<MeetingId> IdAsync(string token, CancellationToken cancel) => await queries.FindAsync(token, cancel) is { } found ? found.Meeting.Id : throw new NotFoundException("This link leads to no meeting.");

    // The turn itself looks at the hash again: the link may have been replaced meanwhile.
    private static MeetingAsker Asker(string token, string language) => new(Actor.Engine with { Language = language }, SecretToken.HashOf(token));
}
