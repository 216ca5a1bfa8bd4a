using System.Collections.Immutable;
using System.Globalization;
using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using SalesFlow.Engine;
using SalesFlow.Sales.Deals;
using SalesFlow.Sales.People;

namespace SalesFlow.Sales.Mails;

/// <summary>What pages and the API read of letters. Administrators see all; others those to them or by them, and those that go outside from deals they may see.</summary>
public sealed class MailQueries(IDbContextFactory<SalesFlowDb> databases, UserQueries users)
{
    /// <summary>Letters that match, newest first.</summary>
    public async Task<Page<MailView>> ListAsync(MailFilter filter, Actor actor, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var (limit, people) = (Cursor.Limit(filter.Limit), await users.ByIdAsync(cancel));
        var mails = Visible(db, actor);
        if (filter.Status is { } status) mails = mails.Where(m => m.Status == status);
        if (filter.Deal is { } deal) mails = mails.Where(m => m.DealId == deal);
        if (Cursor.Read(filter.Cursor) is { } after) mails = mails.Where(m => m.Id < after);
        var rows = await mails.OrderByDescending(m => m.Id).Take(limit + 1).Select(WithDeal(db)).ToListAsync(cancel);
        return Cursor.Page(rows, limit, row => View(row, people), row => row.Mail.Id.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>One letter with what it says.</summary>
    public async Task<MailDetails> GetAsync(long id, Actor actor, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var row = await Visible(db, actor).Where(m => m.Id == id).Select(WithDeal(db)).SingleOrDefaultAsync(cancel) ?? throw NotFound(id, actor);
        var content = await db.MailContents.AsNoTracking().SingleAsync(c => c.MailKey == row.Mail.Key, cancel);
        var files = await db.MailFiles.AsNoTracking().Where(f => f.MailKey == row.Mail.Key).OrderBy(f => f.Number).Select(f => new MailFileView(f.Number, f.Name, f.ContentType, f.Content.Length)).ToListAsync(cancel);
        var view = View(row, await users.ByIdAsync(cancel));
        var open = MayRead(row.Mail, actor);
        return new(view, open ? MailContent.Filled(content.Text, OnlySent.In(actor.Language)) : null, open && content.Html is not null, open && content.Calendar is not null, open ? [.. files] : [],
            row.Mail.Status == MailStatus.Failed && MailCommands.MayRetry(row.Mail, actor));
    }

    /// <summary>What a letter says as HTML; the text on a page of its own when it has no HTML.</summary>
    public async Task<string> HtmlAsync(long id, Actor actor, CancellationToken cancel) => (await WholeAsync(id, actor, cancel)).Content.AsHtml;

    /// <summary>A file of a letter.</summary>
    public async Task<MailFile> FileAsync(long id, int number, Actor actor, CancellationToken cancel) =>
        (await WholeAsync(id, actor, cancel)).Files.FirstOrDefault(file => file.Number == number) ?? throw NotFound(id, actor);

    /// <summary>Everything of a letter that the actor may read.</summary>
    public async Task<MailToSend> WholeAsync(long id, Actor actor, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var mail = await Visible(db, actor).SingleOrDefaultAsync(m => m.Id == id, cancel);
        return mail is not null && MayRead(mail, actor) && await WholeAsync(db, mail, cancel) is var whole ? whole with { Content = whole.Content.WithLink(OnlySent.In(actor.Language)) } : throw NotFound(id, actor);
    }

    internal static async Task<MailToSend> WholeAsync(SalesFlowDb db, OutgoingMail mail, CancellationToken cancel)
    {
        var content = await db.MailContents.AsNoTracking().SingleAsync(c => c.MailKey == mail.Key, cancel);
        var files = await db.MailFiles.AsNoTracking().Where(f => f.MailKey == mail.Key).OrderBy(f => f.Number).ToListAsync(cancel);
        var ids = new[] { mail.Person, mail.By }.OfType<UserId>().Select(id => id.Value).ToList();
        var people = await db.Users.AsNoTracking().Where(u => ids.Contains(u.Id)).ToDictionaryAsync(u => u.Id, cancel);
        var (reader, author) = (mail.Person is { } person ? people.GetValueOrDefault(person.Value) : null, mail.By is { } by ? people.GetValueOrDefault(by.Value) : null);
        // A colleague who has changed the address since gets a repeat there.
        return new(mail, content, [.. files], mail.Person is null ? mail.Address : reader?.Email, mail.Person is null ? mail.Name : reader?.DisplayName, author?.Email, author?.DisplayName);
    }

    internal static IQueryable<OutgoingMail> Visible(SalesFlowDb db, Actor actor)
    {
        if (actor.Is(Roles.Administrator)) return db.Mails.AsNoTracking();
        var (me, deals) = ((UserId?)actor.Id, DealQueries.Visible(db, actor));
        return db.Mails.AsNoTracking().Where(m => m.Person == me || m.By == me || (m.Person == null && m.DealId != null && deals.Any(d => d.Id == m.DealId)));
    }

    // The secret is made when the letter is sent and kept nowhere.
    private static readonly Engine.Text OnlySent = new("[the link is only in the letter as it was sent]", "[ссылка есть только в отправленном письме]");

    internal static NotFoundException NotFound(long id, Actor actor) => new(new Text($"There is no mail {id}, or you may not see it.", $"Письма {id} нет, или оно вам не видно.").In(actor.Language));

    private static bool MayRead(OutgoingMail mail, Actor actor) => !mail.IsPrivate || mail.Person == actor.Id;

    private static MailView View(Row row, ImmutableDictionary<UserId, UserView> people)
    {
        var mail = row.Mail;
        return new(mail.Id.ToString(CultureInfo.InvariantCulture), mail.Kind, DealQueries.NameOf(mail.Person, people)?.DisplayName ?? mail.Address ?? "", mail.Subject, mail.Status, mail.CreatedAt, mail.SentAt,
            mail.Status == MailStatus.Waiting ? mail.NextTry : null, mail.Attempts, mail.LastError, mail.DealId?.ToString(), row.Number, row.Title, DealQueries.NameOf(mail.By, people)?.DisplayName)
        {
            OpenedAt = mail.OpenedAt,
        };
    }

    private static Expression<Func<OutgoingMail, Row>> WithDeal(SalesFlowDb db) => mail =>
        new Row(mail, db.Deals.Where(d => d.Id == mail.DealId).Select(d => d.Number).FirstOrDefault(), db.Deals.Where(d => d.Id == mail.DealId).Select(d => d.Title).FirstOrDefault());

    private sealed record Row(OutgoingMail Mail, string? Number, string? Title);
}
