using System.Globalization;
using Microsoft.EntityFrameworkCore;
using SalesFlow.Sales.Deals;
using SalesFlow.Sales.People;
using SalesFlow.Sales.Tasks;

namespace SalesFlow.Sales.Notifications;

/// <summary>Something the reader is told, in their language. <paramref name="Details"/> is more to read, when there is.</summary>
public sealed record NotificationView(string Id, string Kind, string Text, string? Details, string? DealId, string? DealNumber, string? DealTitle, DateTimeOffset At, string? By, bool IsNew);

/// <summary>What people were told; everybody sees their own, as far as they may still see the deal.</summary>
public sealed class NotificationQueries(IDbContextFactory<SalesFlowDb> databases, UserQueries users)
{
    private const int MostCounted = 100;

    /// <summary>What the actor was told, newest first.</summary>
    public async Task<Page<NotificationView>> ListAsync(bool onlyNew, int limit, string? cursor, Actor actor, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var (most, people, shown) = (Cursor.Limit(limit), await users.ByIdAsync(cancel), await ShownAsync(db, actor, cancel));
        if (onlyNew) shown = News(db, shown);
        if (Cursor.Read(cursor) is { } after) shown = shown.Where(n => n.Id < after);
        var rows = await shown.OrderByDescending(n => n.Id).Take(most + 1).Select(n => new
        {
            Told = n, Settled = n.TaskId != null && db.Tasks.Any(t => t.Id == n.TaskId && t.Status != SalesTaskStatus.Open), Number = db.Deals.Where(d => d.Id == n.DealId).Select(d => d.Number).FirstOrDefault(), Title = db.Deals.Where(d => d.Id == n.DealId).Select(d => d.Title).FirstOrDefault(),
        }).ToListAsync(cancel);
        return Cursor.Page(rows, most, row => new NotificationView(Id(row.Told), row.Told.Kind, NotificationSentences.Of(row.Told.Kind, row.Told.Data, actor.Language),
            row.Told.Kind == NotificationKinds.Process ? NotificationSentences.Member(row.Told.Data, "text") : null, row.Told.DealId?.ToString(), row.Number, row.Title, row.Told.At,
            DealQueries.NameOf(row.Told.By, people)?.DisplayName, row.Told.SeenAt is null && !row.Settled), row => Id(row.Told));
    }

    /// <summary>True when the changes may tell that person something. Quick: asked on the thread that commits.</summary>
    public static bool MayTell(UserId person, IReadOnlyList<Engine.Change> changes) => Notices.MayTell(person, changes);

    /// <summary>How much is new, at most a hundred; what tells of a task is new while that is open.</summary>
    public async Task<int> NewAsync(Actor actor, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await News(db, await ShownAsync(db, actor, cancel)).OrderByDescending(n => n.Id).Take(MostCounted).CountAsync(cancel);
    }

    /// <summary>How the actor wants to be told.</summary>
    public async Task<NotificationSettings> SettingsAsync(Actor actor, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await SettingsAsync(db, actor.Id, cancel);
    }

    internal static async Task<NotificationSettings> SettingsAsync(SalesFlowDb db, UserId person, CancellationToken cancel)
    {
        var key = Key(person);
        return await db.Settings.AsNoTracking().SingleOrDefaultAsync(setting => setting.Key == key, cancel) is { } kept ? Json.Read<NotificationSettings>(kept.Value) : new();
    }

    internal static string Key(UserId person) => string.Create(CultureInfo.InvariantCulture, $"notifications:{person.Value}");

    // Of a task that is over nobody has to be told any more, whoever did it.
    private static IQueryable<Notification> News(SalesFlowDb db, IQueryable<Notification> shown) =>
        shown.Where(n => n.SeenAt == null && (n.TaskId == null || !db.Tasks.Any(t => t.Id == n.TaskId && t.Status != SalesTaskStatus.Open)));

    private static async Task<IQueryable<Notification>> ShownAsync(SalesFlowDb db, Actor actor, CancellationToken cancel)
    {
        var settings = await SettingsAsync(db, actor.Id, cancel);
        var hidden = NotificationKinds.All.Where(kind => !settings.OnPage(kind)).ToArray();
        var deals = DealQueries.Visible(db, actor);
        var shown = db.Notifications.AsNoTracking().Where(n => n.Person == actor.Id && (n.DealId == null || deals.Any(d => d.Id == n.DealId)));
        return hidden.Length == 0 ? shown : shown.Where(n => !hidden.Contains(n.Kind));
    }

    private static string Id(Notification told) => told.Id.ToString(CultureInfo.InvariantCulture);
}
