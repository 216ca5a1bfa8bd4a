using Microsoft.EntityFrameworkCore;
using SalesFlow.Sales.Deals;
using SalesFlow.Sales.People;

namespace SalesFlow.Sales.Meetings;

/// <summary>Makes, reads and takes away the address by which a person's calendar program follows their meetings.</summary>
public sealed class CalendarFeedCommands(IDbContextFactory<SalesFlowDb> databases, UserQueries users, TimeProvider clock)
{
    private const int DaysBack = 30, MostEntries = 2000;

    /// <summary>A new address for the actor; one made before leads nowhere from now on. It is shown this once.</summary>
    public async Task<string> MakeAsync(Actor actor, CancellationToken cancel)
    {
        var secret = SecretToken.New();
        await using var db = await databases.CreateDbContextAsync(cancel);
        await db.Set<CalendarFeed>().Where(feed => feed.Person == actor.Id).ExecuteDeleteAsync(cancel);
        db.Add(new CalendarFeed { Person = actor.Id, SecretHash = SecretToken.HashOf(secret), CreatedAt = clock.GetUtcNow() });
        await db.SaveChangesAsync(cancel);
        return $"/calendar/{secret}.ics";
    }

    /// <summary>The actor's address leads nowhere from now on.</summary>
    public async Task RevokeAsync(Actor actor, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await db.Set<CalendarFeed>().Where(feed => feed.Person == actor.Id).ExecuteDeleteAsync(cancel);
    }

    /// <summary>When the actor's address was made; null without one.</summary>
    public async Task<DateTimeOffset?> MadeAtAsync(Actor actor, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await db.Set<CalendarFeed>().Where(feed => feed.Person == actor.Id).Select(feed => (DateTimeOffset?)feed.CreatedAt).SingleOrDefaultAsync(cancel);
    }

    /// <summary>The meetings that the owner of a secret holds, from a month ago on, as an iCalendar text; null for a secret that leads nowhere or whose owner has left.</summary>
    public async Task<string?> ReadAsync(string secret, CancellationToken cancel)
    {
        if (SecretToken.Sought(secret) is not { } hash)
            return null;
        var now = clock.GetUtcNow();
        await using var db = await databases.CreateDbContextAsync(cancel);
        if (await db.Set<CalendarFeed>().AsNoTracking().SingleOrDefaultAsync(feed => feed.SecretHash == hash, cancel) is not { Person: var person }
            || (await users.ByIdAsync(cancel)).GetValueOrDefault(person) is not { Active: true } reader)
            return null;
        var from = MeetingCells.Of(now.AddDays(-DaysBack));
        var ids = db.BusyQuarters.Where(cell => cell.Member == person && cell.Quarter >= from).Select(cell => cell.MeetingId).Distinct();
        var held = await (from meeting in db.Meetings
                          where ids.Contains(meeting.Id) && meeting.StartAt != null && meeting.EndAt != null
                          join deal in db.Deals on meeting.DealId equals deal.Id
                          orderby meeting.StartAt
                          select new { Meeting = meeting, deal.Number, Client = deal.Client.Name }).AsNoTracking().Take(MostEntries).ToListAsync(cancel);
        return MeetingCalendar.Publish(held.Select(one => new CalendarEntry(MeetingCalendar.UidOf(one.Meeting), Math.Max(0, one.Meeting.Sequence - 1), one.Meeting.StartAt!.Value, one.Meeting.EndAt!.Value,
            $"{one.Client}: {one.Meeting.Title.In(reader.Language)}", one.Number, one.Meeting.Place)), now);
    }
}
