using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using SalesFlow.Sales.Calendars;
using SalesFlow.Sales.Deals;
using SalesFlow.Sales.People;
using SalesFlow.Sales.Pipelines;
using SalesFlow.Sales.Tasks;

namespace SalesFlow.Sales.Board;

/// <summary>What the board reads. Counts and sums come from the database, cards only as far as they are looked at: ten thousand deals cost no more than what shows.</summary>
public sealed class BoardQueries(IDbContextFactory<SalesFlowDb> databases, PipelineQueries pipelines, UserQueries users, WorkingCalendar calendar, TimeProvider clock)
{
    /// <summary>Cards of each column that come with the board.</summary>
    public const int FirstCards = 12;
    private const int MostCards = 100;

    /// <summary>The columns of the published definition with the first cards of each.</summary>
    public async Task<BoardView> GetAsync(BoardFilter filter, Actor actor, CancellationToken cancel)
    {
        var pipeline = Pipeline.Of(await pipelines.PublishedAsync(filter.Pipeline, cancel));
        var people = await users.ByIdAsync(cancel);
        await using var db = await databases.CreateDbContextAsync(cancel);
        var deals = Matching(db, filter, actor, people);
        var sums = await deals.GroupBy(d => new { d.StageKey, d.Currency }).Select(group => new { group.Key.StageKey, group.Key.Currency, Count = group.Count(), Sum = group.Sum(d => d.Amount) }).ToListAsync(cancel);
        var columns = ImmutableArray.CreateBuilder<BoardColumn>();
        foreach (var stage in pipeline.Stages)
        {
            var here = sums.Where(sum => sum.StageKey == stage.Key).OrderByDescending(sum => sum.Sum).ToList();
            columns.Add(new(stage.Key, stage.Name.In(actor.Language), stage.Probability, stage.LimitHours, here.Sum(sum => sum.Count),
                [.. here.Select(sum => new BoardSum(sum.Currency, sum.Sum, Math.Round(sum.Sum * (decimal)stage.Probability, 2)))],
                here.Count == 0 ? [] : await CardsAsync(db, deals, stage, 0, FirstCards, people, actor, cancel)));
        }
        var channels = await DealQueries.Visible(db, actor).Where(d => d.PipelineKey == filter.Pipeline && d.WonAt == null && d.LostAt == null && d.Channel != null).Select(d => d.Channel!).Distinct().OrderBy(name => name).Take(MostCards).ToListAsync(cancel);
        return new(filter.Pipeline, pipeline.Name.In(actor.Language), columns.ToImmutable(), [.. channels], [.. people.Values.Select(person => person.Team).OfType<string>().Distinct().Order(StringComparer.CurrentCulture)]);
    }

    /// <summary>Cards of one column, those longest in the stage first.</summary>
    public async Task<ImmutableArray<BoardCard>> CardsAsync(BoardFilter filter, string stage, int skip, int take, Actor actor, CancellationToken cancel)
    {
        var pipeline = Pipeline.Of(await pipelines.PublishedAsync(filter.Pipeline, cancel));
        var column = pipeline.Find(stage) ?? throw new NotFoundException($"The pipeline has no stage '{stage}'. It has: {string.Join(", ", pipeline.Stages.Select(known => known.Key))}.");
        var people = await users.ByIdAsync(cancel);
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await CardsAsync(db, Matching(db, filter, actor, people), column, Math.Max(0, skip), Math.Clamp(take, 1, MostCards), people, actor, cancel);
    }

    private async Task<ImmutableArray<BoardCard>> CardsAsync(SalesFlowDb db, IQueryable<Deal> deals, Stage stage, int skip, int take, ImmutableDictionary<UserId, UserView> people, Actor actor, CancellationToken cancel)
    {
        var rows = await deals.Where(d => d.StageKey == stage.Key).OrderBy(d => d.StageEnteredAt).ThenBy(d => d.Id).Skip(skip).Take(take)
            .Select(d => new { d.Id, d.Number, d.Title, Client = d.Client.Name, d.Amount, d.Currency, d.Owner }).ToListAsync(cancel);
        var ids = rows.ConvertAll(row => row.Id);
        var open = from d in db.Deals
                   from t in db.Tasks
                   where ids.Contains(d.Id) && t.Id >= DealKeys.FirstTask(d.Id) && t.Id <= DealKeys.LastTask(d.Id) && t.Status == SalesTaskStatus.Open
                   select new { t.DealId, t.Title, t.DueAt, t.WaitingSince };
        var stays = await DealQueries.StaysAsync(db, ids, cancel);
        var tasks = (await open.ToListAsync(cancel)).ToLookup(task => task.DealId);
        var now = clock.GetUtcNow();
        return [.. rows.Select(row =>
        {
            var stay = stays.GetValueOrDefault(row.Id);
            var spent = stay?.Clock(calendar.Of(DealQueries.NameOf(stay.Owner, people)), now).Worked ?? 0;
            var next = NextAction.Of(tasks[row.Id], task => task.WaitingSince is not null, task => task.DueAt);
            return new BoardCard(row.Id.ToString(), row.Number, row.Title, row.Client, row.Amount, row.Currency, DealQueries.NameOf(row.Owner, people)?.DisplayName, spent, stay?.IsLate(now) == true)
            {
                LimitSeconds = stay?.LimitSeconds, NextTask = next?.Title.In(actor.Language), NextDue = next?.DueAt, Overdue = next is { WaitingSince: null } && next.DueAt < now, MayMove = DealAccess.MayChange(row.Owner, actor),
            };
        })];
    }

    private IQueryable<Deal> Matching(SalesFlowDb db, BoardFilter filter, Actor actor, ImmutableDictionary<UserId, UserView> people)
    {
        var now = clock.GetUtcNow();
        var deals = DealQueries.Visible(db, actor).AsNoTracking().Where(d => d.PipelineKey == filter.Pipeline && d.WonAt == null && d.LostAt == null);
        if (filter.Owner is { } owner)
            deals = DealQueries.OwnedBy(deals, owner, actor, people);
        if (filter.Channel is { } channel)
            deals = deals.Where(d => d.Channel == channel);
        if (filter.Team is { } team)
        {
            var members = people.Where(person => person.Value.Team == team).Select(person => (UserId?)person.Key).ToList();
            deals = deals.Where(d => members.Contains(d.Owner));
        }
        if (filter.Segment is { } segment)
        {
            var written = Json.Write(new Dictionary<string, object?> { ["segment"] = segment }).Trim('{', '}');
            deals = deals.Where(d => ((string)(object)d.Fields).Contains(written));
        }
        if (filter.Overdue)
            deals = deals.Where(d => db.Tasks.Any(t => t.Id >= DealKeys.FirstTask(d.Id) && t.Id <= DealKeys.LastTask(d.Id) && t.Status == SalesTaskStatus.Open && t.WaitingSince == null && t.DueAt < now));
        if (filter.Idle)
        {
            var since = now - DealQueries.Quiet;
            deals = deals.Where(d => !db.Tasks.Any(t => t.Id >= DealKeys.FirstTask(d.Id) && t.Id <= DealKeys.LastTask(d.Id) && t.Status == SalesTaskStatus.Open) || !db.Journal.Any(turn => turn.InstanceId == DealKeys.Instance(d.Id) && turn.At > since && turn.Tells));
        }
        return deals;
    }
}
