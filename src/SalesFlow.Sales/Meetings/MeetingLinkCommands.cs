using Microsoft.EntityFrameworkCore;
using SalesFlow.Sales.Mails;
using SalesFlow.Sales.People;

namespace SalesFlow.Sales.Meetings;

/// <summary>Makes the booking links in letters to clients.</summary>
public sealed class MeetingLinkCommands(IDbContextFactory<SalesFlowDb> databases, PublicAddress address, TimeProvider clock)
{
    /// <summary>Puts a link into a letter about a meeting that is about to be sent, and keeps its hash. Where links lead nowhere, or the meeting is over by now, the letter asks for an answer instead.</summary>
    public async Task<MailToSend> FillAsync(MailToSend mail, CancellationToken cancel)
    {
        if (mail.Mail is not { Person: null, MeetingId: { } id })
            return mail;
        await using var db = await databases.CreateDbContextAsync(cancel);
        if (await db.Meetings.AsNoTracking().SingleOrDefaultAsync(meeting => meeting.Id == id, cancel) is not { } about)
            return mail;
        string? link = null;
        if (address.IsReachable && about.IsOpen && mail.Content.HasLink)
        {
            var token = SecretToken.New();
            db.MeetingLinks.Add(MeetingLink.Of(about, SecretToken.HashOf(token), clock.GetUtcNow()));
            await db.SaveChangesAsync(cancel);
            link = address.Of($"/book/{token}");
        }
        return mail with { Content = mail.Content.WithLink(MeetingMails.LinkWords(link, about.StartAt is not null, about.Language)) };
    }

    /// <summary>Removes the links whose time is over; they open nothing any more.</summary>
    public async Task RemoveExpiredAsync(CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        await using var db = await databases.CreateDbContextAsync(cancel);
        await db.MeetingLinks.Where(link => link.ExpiresAt <= now).ExecuteDeleteAsync(cancel);
    }
}
