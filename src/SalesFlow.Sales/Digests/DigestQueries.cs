using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using SalesFlow.Sales.Approvals;
using SalesFlow.Sales.Calendars;
using SalesFlow.Sales.Deals;
using SalesFlow.Sales.People;
using SalesFlow.Sales.Rules;
using SalesFlow.Sales.Tasks;

namespace SalesFlow.Sales.Digests;

/// <summary>Gathers what a head of sales should look at.</summary>
public sealed class DigestQueries(IDbContextFactory<SalesFlowDb> databases, UserQueries users, WorkingCalendar calendar, TimeProvider clock)
{
    private const int Shown = 20;

    /// <summary>The digest of this moment. Only who leads the team may read it.</summary>
    public async Task<MorningDigest> NowAsync(Actor actor, CancellationToken cancel)
    {
        if (!DealAccess.Leads(actor))
            throw new ForbiddenException(new Engine.Text("Only the head of sales and administrators read the morning digest.", "Утреннюю сводку читают РОП и администраторы.").In(actor.Language));
        var (now, people) = (clock.GetUtcNow(), await users.ByIdAsync(cancel));
        var (from, to) = DigestDay.Yesterday(now, calendar);
        await using var db = await databases.CreateDbContextAsync(cancel);
        var open = db.Deals.AsNoTracking().Where(d => d.WonAt == null && d.LostAt == null);
        return new(from, to,
            await DealsAsync(DealQueries.Idle(db, open), "/deals?idle=true", people, actor, cancel),
            await DealsAsync(DealQueries.Needing(db, open, Attention.Quiet, now, calendar, new(people)), Path(Attention.Quiet), people, actor, cancel),
            await OverdueAsync(db, now, people, actor, cancel), await UnattendedAsync(db, now, people, actor, cancel), await BrokenAsync(db, (from, to), people, actor, cancel));
    }

    private static async Task<DigestPart> DealsAsync(IQueryable<Deal> deals, string all, ImmutableDictionary<UserId, UserView> people, Actor actor, CancellationToken cancel)
    {
        var rows = await deals.OrderBy(d => d.StageEnteredAt).ThenBy(d => d.Id).Take(Shown).Select(d => new { d.Id, d.Number, d.Title, d.StageName, d.Owner, d.StageEnteredAt }).ToListAsync(cancel);
        return new(rows.Count < Shown ? rows.Count : await deals.CountAsync(cancel),
            [.. rows.Select(d => new DigestLine(d.Id.ToString(), $"{d.Number} · {d.Title}", d.StageName?.In(actor.Language), DealQueries.NameOf(d.Owner, people)?.DisplayName, d.StageEnteredAt))], all);
    }

    private static Task<DigestPart> OverdueAsync(SalesFlowDb db, DateTimeOffset now, ImmutableDictionary<UserId, UserView> people, Actor actor, CancellationToken cancel) =>
        TasksAsync(db, db.Tasks.Where(t => t.Status == SalesTaskStatus.Open && t.WaitingSince == null && t.DueAt < now), Attention.Overdue, people, actor, cancel);

    private static Task<DigestPart> UnattendedAsync(SalesFlowDb db, DateTimeOffset now, ImmutableDictionary<UserId, UserView> people, Actor actor, CancellationToken cancel) =>
        TasksAsync(db, DealQueries.Unattended(db, new(people), now), Attention.Unattended, people, actor, cancel);

    private static async Task<DigestPart> TasksAsync(SalesFlowDb db, IQueryable<SalesTask> tasks, Attention why, ImmutableDictionary<UserId, UserView> people, Actor actor, CancellationToken cancel)
    {
        var found = from t in tasks.AsNoTracking()
                    join d in db.Deals on t.DealId equals d.Id
                    orderby t.DueAt
                    select new { d.Id, d.Number, d.Title, Task = t.Title, t.Assignee, t.CandidateRole, t.DueAt };
        var rows = await found.Take(Shown).ToListAsync(cancel);
        return new(rows.Count < Shown ? rows.Count : await found.CountAsync(cancel),
            [.. rows.Select(t => new DigestLine(t.Id.ToString(), $"{t.Number} · {t.Title}", t.Task.In(actor.Language), DealQueries.NameOf(t.Assignee, people)?.DisplayName ?? (t.CandidateRole is { } role ? ApprovalWords.Role(role).In(actor.Language) : null), t.DueAt))], Path(why));
    }

    private static async Task<DigestPart> BrokenAsync(SalesFlowDb db, (DateTimeOffset From, DateTimeOffset To) when, ImmutableDictionary<UserId, UserView> people, Actor actor, CancellationToken cancel)
    {
        var broken = from p in db.PassedRules.AsNoTracking()
                     where p.Severity == Severity.Hard && p.At >= when.From && p.At < when.To
                     join d in db.Deals on p.DealId equals d.Id
                     orderby p.Id descending
                     select new { d.Id, d.Number, d.Title, p.Words, p.Reason, p.Actor, p.At };
        var rows = await broken.Take(Shown).ToListAsync(cancel);
        return new(rows.Count < Shown ? rows.Count : await broken.CountAsync(cancel),
            [.. rows.Select(p => new DigestLine(p.Id.ToString(), $"{p.Number} · {p.Title}", string.IsNullOrEmpty(p.Reason) ? p.Words.In(actor.Language) : $"{p.Words.In(actor.Language)}: {p.Reason}", DealQueries.NameOf(p.Actor, people)?.DisplayName, p.At))], Path(Attention.Broken));
    }

    private static string Path(Attention what) => $"/deals?attention={what.ToString().ToLowerInvariant()}&state=all";
}
