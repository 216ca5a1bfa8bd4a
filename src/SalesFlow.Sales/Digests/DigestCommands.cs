using Microsoft.EntityFrameworkCore;
using SalesFlow.Sales.Calendars;
using SalesFlow.Sales.Mails;
using SalesFlow.Sales.People;

namespace SalesFlow.Sales.Digests;

/// <summary>Sends the morning digest to the heads of sales: when work begins, once a working day, whatever restarts meanwhile.</summary>
public sealed class DigestCommands(IDbContextFactory<SalesFlowDb> databases, DigestQueries digests, UserQueries users, WorkingCalendar calendar, MailFeed feed, PublicAddress address, TimeProvider clock)
{
    /// <summary>Writes the letters of today that are due and not written yet; of those who are away or have no address none is written.</summary>
    public async Task SendDueAsync(CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        if (DigestDay.Begins(now, calendar) is not { } begins || now < begins)
            return;
        var day = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, calendar.Zone).DateTime);
        foreach (var (id, person) in await users.ByIdAsync(cancel))
            if (person.Active && person.Roles.Contains(Roles.HeadOfSales) && person.AwayAt(now) is null)
                await SendAsync(id, person, day, now, cancel);
    }

    private async Task SendAsync(UserId id, UserView person, DateOnly day, DateTimeOffset now, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var key = DigestLetters.Key(day, id);
        if (await db.Mails.AnyAsync(mail => mail.Key == key, cancel) || !await db.Users.AnyAsync(user => user.Id == id.Value && user.Email != null, cancel))
            return;
        var digest = await digests.NowAsync(new Actor(id, person.DisplayName, [.. person.Roles], person.Language), cancel);
        MailCommands.Add(db, DigestLetters.Of(digest, day, (id, person.Language), address), now);
        try
        {
            await db.SaveChangesAsync(cancel);
            feed.Tell();
        }
        catch (DbUpdateException)
        {
            // Another server was first: under one key one letter is written.
        }
    }
}
