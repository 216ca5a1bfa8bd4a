using System.Globalization;
using Microsoft.EntityFrameworkCore;
using SalesFlow.Engine;
using SalesFlow.Runtime;
using SalesFlow.Sales.Calendars;
using SalesFlow.Sales.Mails;
using SalesFlow.Sales.People;
using SalesFlow.Sales.Tasks;

namespace SalesFlow.Sales.Notifications;

/// <summary>Tells people what time brings, sends letters to those who want them, and keeps what was seen and how people want to be told.</summary>
public sealed class NotificationCommands(IDbContextFactory<SalesFlowDb> databases, UserQueries users, WorkingCalendar calendar, NotificationFeed feed, MailFeed mails, Approvals.ApprovalLinkCommands approvals, PublicAddress address, TimeProvider clock)
{
    private const int AtOnce = 200;
    // What has been overdue for longer is no news; a server that was off for a weekend still tells of it.
    private static readonly TimeSpan StillNews = TimeSpan.FromDays(3);

    /// <summary>The actor has seen one notification, or all of them.</summary>
    public async Task SeeAsync(long? id, Actor actor, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        await using var db = await databases.CreateDbContextAsync(cancel);
        var own = db.Notifications.Where(n => n.Person == actor.Id && (id == null || n.Id == id));
        if (await own.Where(n => n.SeenAt == null).ExecuteUpdateAsync(set => set.SetProperty(n => n.SeenAt, now), cancel) > 0)
            feed.Tell();
        else if (id is not null && !await own.AnyAsync(cancel))
            throw new NotFoundException(new Text($"There is no notification {id} of yours.", $"Уведомления {id} для вас нет.").In(actor.Language));
    }

    /// <summary>Keeps how the actor wants to be told.</summary>
    public async Task<NotificationSettings> SetAsync(NotificationSettings settings, Actor actor, CancellationToken cancel)
    {
        if (settings.Ways.Keys.FirstOrDefault(kind => !NotificationKinds.All.Contains(kind)) is { } unknown)
            throw new ValidationException("ways", new Text($"There is no kind '{unknown}'. There are: {string.Join(", ", NotificationKinds.All)}.", $"Вида «{unknown}» нет. Есть: {string.Join(", ", NotificationKinds.All)}.").In(actor.Language));
        await using var db = await databases.CreateDbContextAsync(cancel);
        var key = NotificationQueries.Key(actor.Id);
        if (await db.Settings.SingleOrDefaultAsync(setting => setting.Key == key, cancel) is not { } kept)
            db.Settings.Add(kept = new Setting { Key = key });
        kept.Value = Deals.Json.Write(settings);
        await db.SaveChangesAsync(cancel);
        feed.Tell();
        return settings;
    }

    /// <summary>Tells of tasks and stages whose time has run out since; each once.</summary>
    public async Task TellOverdueAsync(CancellationToken cancel)
    {
        await TellOverdueTasksAsync(cancel);
        await TellOverdueStagesAsync(cancel);
    }

    /// <summary>Tells of tasks that are overdue, each once. Cheap however many tasks are open: an index leads to those that are due.</summary>
    public Task TellOverdueTasksAsync(CancellationToken cancel) => TellAsync(AddOverdueTasksAsync, cancel);

    /// <summary>Tells of stays that have lasted longer than their limit, each once. An index leads to those whose limit has passed lately.</summary>
    public Task TellOverdueStagesAsync(CancellationToken cancel) => TellAsync(AddOverdueStagesAsync, cancel);

    private async Task TellAsync(Func<SalesFlowDb, CancellationToken, Task> add, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await add(db, cancel);
        if (await db.SaveChangesAsync(cancel) > 0)
            feed.Tell();
    }

    /// <summary>Writes the letters that are due to those who want them; what comes by a digest waits for its morning.</summary>
    public async Task WriteLettersAsync(CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        await using var db = await databases.CreateDbContextAsync(cancel);
        var due = await db.Notifications.Where(n => n.MailDue <= now).OrderBy(n => n.MailDue).ThenBy(n => n.Id).Take(AtOnce).ToListAsync(cancel);
        var people = await users.ByIdAsync(cancel);
        foreach (var own in due.GroupBy(n => n.Person))
        {
            var settings = await NotificationQueries.SettingsAsync(db, own.Key, cancel);
            var reachable = people.GetValueOrDefault(own.Key) is { Active: true } && await db.Users.AnyAsync(u => u.Id == own.Key.Value && u.Email != null, cancel);
            var wanted = own.Where(n => reachable && settings.ByMail(n.Kind)).ToList();
            foreach (var unwanted in own.Except(wanted))
                unwanted.MailDue = null;
            if (wanted.Count > 0)
                await WriteAsync(db, settings, people[own.Key], wanted, now, cancel);
        }
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException)
        {
            // Another server has written the same letters: under one key there is one. What is left is looked at again.
            return;
        }
        if (due.Count > 0)
            mails.Tell();
    }

    private async Task WriteAsync(SalesFlowDb db, NotificationSettings settings, UserView person, List<Notification> told, DateTimeOffset now, CancellationToken cancel)
    {
        var notBefore = settings.Quiet ? QuietTime.Over(now, calendar, person) : (DateTimeOffset?)null;
        // A question of terms has a letter of its own and does not wait for a digest: somebody waits for the answer.
        foreach (var asked in told.Where(n => n.Kind == NotificationKinds.ApprovalAsked))
        {
            await approvals.AddLetterAsync(db, asked, person, notBefore, cancel);
            asked.MailDue = null;
        }
        told = [.. told.Where(n => n.Kind != NotificationKinds.ApprovalAsked)];
        var later = told.Where(n => settings.Digest && QuietTime.NextMorning(n.At, calendar) > now).ToList();
        foreach (var waiting in later)
            waiting.MailDue = QuietTime.NextMorning(waiting.At, calendar);
        var ready = told.Except(later).ToList();
        var titles = await DealsAsync(db, ready, cancel);
        foreach (var letter in settings.Digest && ready.Count > 0 ? [ready] : ready.Select(one => new List<Notification> { one }))
            MailCommands.Add(db, NotificationLetters.Of(letter, titles, person, address, notBefore), now);
        foreach (var written in ready)
            written.MailDue = null;
    }

    private static async Task<Dictionary<DealId, string>> DealsAsync(SalesFlowDb db, List<Notification> told, CancellationToken cancel)
    {
        var ids = told.Select(n => n.DealId).OfType<DealId>().Distinct().ToList();
        return await db.Deals.AsNoTracking().Where(d => ids.Contains(d.Id)).ToDictionaryAsync(d => d.Id, d => $"{d.Number} · {d.Title}", cancel);
    }

    private async Task AddOverdueTasksAsync(SalesFlowDb db, CancellationToken cancel)
    {
        var (now, from) = (clock.GetUtcNow(), clock.GetUtcNow() - StillNews);
        // The index of open tasks goes by the order in which they are due.
        var (last, first) = (Stored.Micros(now), Stored.Micros(from));
        var tasks = await db.Tasks.AsNoTracking().Where(t => EF.Property<long>(t, TaskTable.DueOrder) <= last && EF.Property<long>(t, TaskTable.DueOrder) > first && t.Status == SalesTaskStatus.Open && t.Assignee != null && t.WaitingSince == null && t.DueAt <= now && t.DueAt > from
            && !db.Notifications.Any(n => n.TaskId == t.Id && n.Kind == NotificationKinds.TaskOverdue && n.At >= t.DueAt)).OrderBy(t => t.DueAt).Take(AtOnce).ToListAsync(cancel);
        foreach (var task in tasks)
            db.Notifications.Add(Notification.Of(task.Assignee!.Value, NotificationKinds.TaskOverdue, Deals.Json.Write(new { task = task.Title }), now, task.DealId, task.Id));
    }

    private async Task AddOverdueStagesAsync(SalesFlowDb db, CancellationToken cancel)
    {
        var (now, since) = (clock.GetUtcNow(), clock.GetUtcNow() - StillNews);
        var late = await (from v in db.Visits.AsNoTracking()
                          where v.LeftAt == null && v.LimitAt <= now && v.LimitAt > since && v.WaitingSince == null
                              && !db.Notifications.Any(n => n.DealId == v.DealId && n.Kind == NotificationKinds.StageOverdue && n.At >= v.LimitAt)
                          join d in db.Deals on v.DealId equals d.Id
                          where d.Owner != null
                          select new { v.DealId, v.StageName, d.Owner }).ToListAsync(cancel);
        foreach (var stay in late)
            db.Notifications.Add(Notification.Of(stay.Owner!.Value, NotificationKinds.StageOverdue, Deals.Json.Write(new { stage = stay.StageName }), now, stay.DealId));
    }
}
