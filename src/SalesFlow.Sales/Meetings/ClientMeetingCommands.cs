using SalesFlow.Sales.People;

namespace SalesFlow.Sales.Meetings;

/// <summary>What clients do with their meeting by their link. A link that is unknown, replaced, expired or done with is refused as not found.</summary>
public sealed class ClientMeetingCommands(MeetingCommands meetings, ClientMeetingQueries queries)
{
    /// <summary>Books the meeting for that time, or moves it there; <paramref name="zone"/> is the client's by its IANA name.</summary>
    public async Task BookAsync(string token, DateTimeOffset start, string? zone, string language, CancellationToken cancel) =>
        await DoAsync(token, language, (id, asker) => meetings.BookAsync(id, new Booking(start, null, language, zone), asker, cancel), cancel);

    /// <summary>Takes the time away again; the link stays good for another one.</summary>
    public async Task CancelAsync(string token, string language, CancellationToken cancel) => await DoAsync(token, language, (id, asker) => meetings.CancelAsync(id, null, asker, cancel), cancel);

    // The turn itself looks at the link again: it may have been replaced meanwhile.
    private async Task DoAsync(string token, string language, Func<MeetingId, MeetingAsker, Task> act, CancellationToken cancel)
    {
        var found = await queries.FindAsync(token, cancel) ?? throw new NotFoundException("This link leads to no meeting.");
        await act(found.Meeting.Id, new(Actor.Engine with { Language = language }, SecretToken.HashOf(token)) { Letter = found.Letter });
    }
}
