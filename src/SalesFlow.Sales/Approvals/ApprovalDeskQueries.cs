using System.Collections.Immutable;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using SalesFlow.Sales.Calendars;
using SalesFlow.Sales.Deals;
using SalesFlow.Sales.People;
using SalesFlow.Sales.Tasks;

namespace SalesFlow.Sales.Approvals;

/// <summary>What approvers read: the questions put to them, what they decided lately, and everything that one question is about.</summary>
public sealed class ApprovalDeskQueries(IDbContextFactory<SalesFlowDb> databases, TaskQueries tasks, DealQueries deals, ApprovalQueries approvals, UserQueries users, WorkingCalendar calendar, TimeProvider clock)
{
    private const int MostOpen = 100, MostDecided = 20, MostDeals = 6, MostCounted = 100;
    private static readonly TimeSpan Lately = TimeSpan.FromDays(30);

    /// <summary>What the actor is asked, and has decided in the last thirty days.</summary>
    public async Task<ApprovalInbox> InboxAsync(Actor actor, CancellationToken cancel)
    {
        var (now, people) = (clock.GetUtcNow(), await users.ByIdAsync(cancel));
        await using var db = await databases.CreateDbContextAsync(cancel);
        var open = await Rows(db, Asked(db, actor).OrderBy(t => EF.Property<long>(t, TaskTable.DueOrder)).ThenBy(t => t.Id).Take(MostOpen + 1)).ToListAsync(cancel);
        var since = now - Lately;
        var votes = await db.GivenVotes.AsNoTracking().Where(v => v.Person == actor.Id && v.At > since).OrderByDescending(v => v.At).Take(MostDecided).ToListAsync(cancel);
        var ids = votes.Select(v => v.TaskId).ToList();
        var decided = await Rows(db, db.Tasks.Where(t => ids.Contains(t.Id))).ToListAsync(cancel);
        ApprovalItem View(Row row) => Item(row, people, actor.Language, now);
        return new([.. open.OrderBy(row => row.Task.DueAt ?? DateTimeOffset.MaxValue).ThenBy(row => row.Task.Id.Value).Take(MostOpen).Select(View)], open.Count > MostOpen, [.. decided.OrderByDescending(row => row.Task.CompletedAt).Select(View)]);
    }

    /// <summary>How many questions wait for the actor, at most a hundred.</summary>
    public async Task<int> CountAsync(Actor actor, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await Asked(db, actor).OrderBy(t => t.Id).Take(MostCounted).CountAsync(cancel);
    }

    /// <summary>Everything that the task's question is about. Throws <see cref="NotFoundException"/> for a task that may not be seen or asks for no decision on terms.</summary>
    public async Task<ApprovalDesk> GetAsync(TaskId id, Actor actor, CancellationToken cancel)
    {
        var task = await tasks.GetAsync(id, actor, cancel);
        var dealId = DealId.TryParse(task.DealId, out var known) ? known : throw TaskDecisions.NotFound(id);
        var all = await approvals.OfDealAsync(dealId, actor, cancel);
        if (all.FirstOrDefault(approval => approval.Levels.Any(level => level.Votes.Any(vote => vote.Task == task.Id))) is not { } asked)
            throw TaskDecisions.NotFound(id);
        var deal = await deals.GetAsync(dealId, actor, cancel);
        var stage = deal.State == "open" && deal.Stage is { } entered ? calendar.WorkingSeconds(entered.EnteredAt, clock.GetUtcNow()) : (long?)null;
        return new(task, deal, asked, [.. all.SkipWhile(approval => approval != asked).Skip(1)], await OfClientAsync(deal, dealId, actor, cancel), stage);
    }

    // What one's own deals ask somebody else must answer.
    private static IQueryable<SalesTask> Asked(SalesFlowDb db, Actor actor)
    {
        var (me, roles) = ((UserId?)actor.Id, actor.Roles.ToArray());
        return db.Tasks.Where(t => t.Status == SalesTaskStatus.Open && (t.Assignee == me || t.Assignee == null && roles.Contains(t.CandidateRole))
            && db.Approvals.Any(a => a.DealId == t.DealId && a.Status == ApprovalStatus.Open && a.ActivityId == t.ActivityId) && !db.Deals.Any(d => d.Id == t.DealId && d.Owner == me));
    }

    private static IQueryable<Row> Rows(SalesFlowDb db, IQueryable<SalesTask> tasks) => from t in tasks.AsNoTracking()
        join d in db.Deals on t.DealId equals d.Id
        join c in db.Clients on d.ClientId equals c.Id
        select new Row(t, d.Number, d.Title, c.Name, d.Amount, d.Currency, d.Fields);

    private static ApprovalItem Item(Row row, ImmutableDictionary<UserId, UserView> people, string language, DateTimeOffset now)
    {
        var task = row.Task;
        return new(task.Id.ToString(), task.Title.In(language), task.DealId.ToString(), row.Number, row.Title, row.Client, row.Amount, row.Currency, Terms.Of(row.Amount, row.Currency, row.Fields).Discount, task.CreatedAt, task.DueAt,
            task.Status == SalesTaskStatus.Open && task.DueAt < (task.WaitingSince ?? now), DealQueries.NameOf(task.Assignee, people)?.DisplayName, task.Outcome, task.Outcome is { } outcome ? task.NameOf(outcome).In(language) : null, task.CompletedAt);
    }

    private async Task<ImmutableArray<ClientDiscount>> OfClientAsync(DealView deal, DealId id, Actor actor, CancellationToken cancel)
    {
        var client = new ClientId(long.Parse(deal.Client.Id, CultureInfo.InvariantCulture));
        await using var db = await databases.CreateDbContextAsync(cancel);
        var others = await db.Deals.AsNoTracking().Where(d => d.ClientId == client && d.Id != id).OrderByDescending(d => d.Id).Take(MostDeals).ToListAsync(cancel);
        var ids = others.Select(other => other.Id).ToList();
        var seen = (await DealQueries.Visible(db, actor).Where(d => ids.Contains(d.Id)).Select(d => d.Id).ToListAsync(cancel)).ToHashSet();
        var approved = await db.Approvals.AsNoTracking().Where(a => ids.Contains(a.DealId) && a.Status == ApprovalStatus.Approved).ToListAsync(cancel);
        return [.. others.Select(other => new ClientDiscount(other.Id.ToString(), other.Number, other.Title, other.State.Key, other.CreatedAt, other.Amount, other.Currency,
            Terms.Of(other).Discount, approved.Where(a => a.DealId == other.Id).MaxBy(a => a.Id.Value)?.Terms.Discount, seen.Contains(other.Id)))];
    }

    private sealed record Row(SalesTask Task, string Number, string Title, string Client, decimal Amount, string Currency, Dictionary<string, object?> Fields);
}
