using Microsoft.EntityFrameworkCore;
using SalesFlow.Engine;
using SalesFlow.Runtime;
using SalesFlow.Sales.Deals;
using SalesFlow.Sales.Notifications;
using SalesFlow.Sales.People;

namespace SalesFlow.Sales.Mails;

/// <summary>Writes letters in the transaction of what causes them, and keeps account of their sending.</summary>
public sealed class MailCommands(IDbContextFactory<SalesFlowDb> databases, MailFeed feed, NotificationFeed notifications, TimeProvider clock)
{
    private const int AtOnce = 20, LongestError = 500;
    /// <summary>How long one server has to send a letter before another may take it over.</summary>
    internal static readonly TimeSpan Lease = TimeSpan.FromMinutes(5);

    /// <summary>Adds the rows of a letter to what the caller is about to save; call <see cref="MailFeed.Tell"/> after the commit. A second letter under one key makes the save fail.</summary>
    public static void Add(SalesFlowDb db, MailDraft draft, DateTimeOffset now)
    {
        db.Mails.Add(OutgoingMail.Of(draft, now));
        db.MailContents.Add(MailContent.Of(draft));
        for (var index = 0; index < draft.Attachments.Length; index++)
            db.MailFiles.Add(MailFile.Of(draft, index));
    }

    /// <summary>Takes letters that are due, oldest first; each is this server's until <see cref="Lease"/> is over. Also says when the next one is due.</summary>
    public async Task<(IReadOnlyList<MailToSend> Mails, DateTimeOffset? Next)> TakeDueAsync(CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        await using var db = await databases.CreateDbContextAsync(cancel);
        var due = await db.Mails.AsNoTracking().Where(m => m.Status == MailStatus.Waiting && m.NextTry <= now).OrderBy(m => m.NextTry).ThenBy(m => m.Id).Take(AtOnce).ToListAsync(cancel);
        var taken = new List<MailToSend>();
        foreach (var mail in due)
            if (await db.Mails.Where(m => m.Id == mail.Id && m.Status == MailStatus.Waiting && m.Attempts == mail.Attempts && m.NextTry == mail.NextTry)
                    .ExecuteUpdateAsync(set => set.SetProperty(m => m.Attempts, mail.Attempts + 1).SetProperty(m => m.NextTry, now + Lease), cancel) == 1)
                taken.Add(await MailQueries.WholeAsync(db, mail, cancel));
        return (taken, await db.Mails.Where(m => m.Status == MailStatus.Waiting).OrderBy(m => m.NextTry).Select(m => (DateTimeOffset?)m.NextTry).FirstOrDefaultAsync(cancel));
    }

    /// <summary>It was handed to a mail server, or filed where there is none.</summary>
    public async Task DoneAsync(MailToSend sent, bool filed, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        await using var db = await databases.CreateDbContextAsync(cancel);
        await db.Mails.Where(m => m.Id == sent.Mail.Id).ExecuteUpdateAsync(set => set.SetProperty(m => m.Status, filed ? MailStatus.Filed : MailStatus.Sent).SetProperty(m => m.SentAt, now)
            .SetProperty(m => m.Address, sent.Address).SetProperty(m => m.LastError, (string?)null), cancel);
        feed.Tell();
    }

    /// <summary>It could not be sent: it is tried again later, or given up when that was the last attempt or no attempt can help.</summary>
    public async Task FailedAsync(MailToSend mail, string why, bool forGood, CancellationToken cancel)
    {
        var (now, attempts, error) = (clock.GetUtcNow(), mail.Mail.Attempts + 1, MailText.OneLine(why, LongestError));
        var wait = forGood ? null : MailDelays.After(attempts);
        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var both = await db.Database.BeginTransactionAsync(cancel);
        await db.Mails.Where(m => m.Id == mail.Mail.Id).ExecuteUpdateAsync(set => set.SetProperty(m => m.Status, wait is null ? MailStatus.Failed : MailStatus.Waiting)
            .SetProperty(m => m.NextTry, now + (wait ?? TimeSpan.Zero)).SetProperty(m => m.LastError, error), cancel);
        if (wait is null)
            await TellAsync(db, mail.Mail, now, cancel);
        await both.CommitAsync(cancel);
        feed.Tell();
    }

    /// <summary>Sends a letter again that was given up, from its first attempt on. Refused for one that was not.</summary>
    public async Task RetryAsync(long id, Actor actor, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        await using var db = await databases.CreateDbContextAsync(cancel);
        var mail = await MailQueries.Visible(db, actor).SingleOrDefaultAsync(m => m.Id == id, cancel) ?? throw MailQueries.NotFound(id, actor);
        if (!MayRetry(mail, actor))
            throw new ForbiddenException(new Text("Whoever had the mail sent, the head of sales or an administrator may send it again.", "Отправить письмо снова может тот, кто его отправлял, РОП или администратор.").In(actor.Language));
        if (await db.Mails.Where(m => m.Id == id && m.Status == MailStatus.Failed)
                .ExecuteUpdateAsync(set => set.SetProperty(m => m.Status, MailStatus.Waiting).SetProperty(m => m.Attempts, 0).SetProperty(m => m.NextTry, now), cancel) == 0)
            throw Refused(mail, actor);
        feed.Tell();
    }

    /// <summary>Whoever had the letter sent is told that it was given up, else the administrators; of letters that only tell something nobody is, lest one failure breed the next.</summary>
    private async Task TellAsync(SalesFlowDb db, OutgoingMail mail, DateTimeOffset now, CancellationToken cancel)
    {
        if (mail.Kind is MailKinds.Notification or MailKinds.Digest)
            return;
        var people = mail.By is { } author ? [author.Value]
            : await db.UserRoles.Join(db.Roles, held => held.RoleId, role => role.Id, (held, role) => new { held.UserId, role.Name }).Where(held => held.Name == Roles.Administrator).Select(held => held.UserId).ToListAsync(cancel);
        foreach (var person in people)
            db.Notifications.Add(Notification.Of(new UserId(person), NotificationKinds.MailFailed, Json.Write(new { subject = mail.Subject }), now, mail.By is null ? null : mail.DealId));
        await db.SaveChangesAsync(cancel);
        notifications.Tell();
    }

    internal static bool MayRetry(OutgoingMail mail, Actor actor) => DealAccess.Leads(actor) || mail.By == actor.Id;

    private static RefusedException Refused(OutgoingMail mail, Actor actor)
    {
        var message = new Text($"Only a mail that was given up can be sent again; this one is {mail.Status.ToString().ToLowerInvariant()}.", "Снова отправить можно только письмо, которое не удалось отправить.").In(actor.Language);
        return new(message, [new("notFailed", message)]);
    }
}
