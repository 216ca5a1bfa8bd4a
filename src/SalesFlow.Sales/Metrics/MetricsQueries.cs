using System.Globalization;
using Microsoft.EntityFrameworkCore;
using SalesFlow.Sales.Calendars;
using SalesFlow.Sales.Deals;
using SalesFlow.Sales.People;
using SalesFlow.Sales.Pipelines;

namespace SalesFlow.Sales.Metrics;

/// <summary>What the process costs: funnels and stage times, from the measured visits.</summary>
public sealed class MetricsQueries(IDbContextFactory<SalesFlowDb> databases, PipelineQueries pipelines, UserQueries users, WorkingCalendar calendar, TimeProvider clock)
{
    /// <summary>The funnel of visits that began in the period, grouped by channel, owner or version when asked.</summary>
    public async Task<FunnelView> FunnelAsync(string pipeline, DateTimeOffset from, DateTimeOffset to, string? by, string language, CancellationToken cancel)
    {
        if (by is not (null or "channel" or "owner" or "version"))
            throw new ValidationException("by", $"'{by}' is no grouping. Give channel, owner or version, or leave it out.");
        var stages = (await pipelines.GetAsync(pipeline, language, cancel)).Stages;
        var people = await users.ByIdAsync(cancel);
        await using var db = await databases.CreateDbContextAsync(cancel);
        var rows = await Visits(db, pipeline, from, to).Select(pair => new
        {
            pair.Visit.DealId, pair.Visit.Number, pair.Visit.StageKey, pair.Visit.EnteredAt, pair.Visit.LeftAt, pair.Visit.Outcome, pair.Visit.Owner, pair.Visit.DefinitionVersion, pair.Deal.Channel,
            Won = pair.Deal.WonAt != null, Lost = pair.Deal.LostAt != null,
            Next = db.Visits.Where(next => next.DealId == pair.Visit.DealId && next.Number > pair.Visit.Number).OrderBy(next => next.Number).Select(next => next.StageKey).FirstOrDefault(),
        }).ToListAsync(cancel);
        var visits = rows.Select(row => new StageVisit(row.StageKey, row.EnteredAt, row.LeftAt, row.Outcome, null, null, row.Next, row.Won, row.Lost, by switch
        {
            "channel" => row.Channel ?? "",
            "owner" => DealQueries.NameOf(row.Owner, people)?.DisplayName ?? "",
            "version" => row.DefinitionVersion.ToString(CultureInfo.InvariantCulture),
            _ => null,
        })).ToList();
        return new(pipeline, from, to, by, StageVisits.Funnel(visits, [.. stages.Select(stage => (stage.Key, stage.Name))]));
    }

    /// <summary>Median and 90th percentile of the stays that began in the period.</summary>
    public async Task<StageTimesView> StagesAsync(string pipeline, DateTimeOffset from, DateTimeOffset to, string language, CancellationToken cancel)
    {
        var stages = (await pipelines.GetAsync(pipeline, language, cancel)).Stages;
        await using var db = await databases.CreateDbContextAsync(cancel);
        var visits = (await Visits(db, pipeline, from, to).Select(pair => pair.Visit).ToListAsync(cancel)).ToLookup(visit => visit.StageKey);
        var (now, people) = (clock.GetUtcNow(), await users.ByIdAsync(cancel));
        return new(pipeline, from, to, [.. stages.Select(stage =>
        {
            var here = visits[stage.Key].Select(visit => (Visit: visit, Clock: visit.Clock(calendar.Of(DealQueries.NameOf(visit.Owner, people)), now), Ended: visit.LeftAt is not null)).ToList();
            var whole = new Survival(here.Select(row => new Stay(row.Visit.CalendarSeconds ?? (now - row.Visit.EnteredAt).TotalSeconds, row.Ended)));
            var working = new Survival(here.Select(row => new Stay(row.Clock.Worked, row.Ended)));
            return new StageTimesRow(stage.Key, stage.Name, here.Count, here.Count(row => !row.Ended), whole.Quantile(0.5), whole.Quantile(0.9), working.Quantile(0.5), working.Quantile(0.9),
                here.Count == 0 ? null : here.Average(row => row.Clock.Waited));
        })]);
    }

    /// <summary>Why deals were lost in the period.</summary>
    public async Task<LossesView> LossesAsync(string pipeline, DateTimeOffset from, DateTimeOffset to, string language, CancellationToken cancel)
    {
        await pipelines.GetAsync(pipeline, language, cancel);
        await using var db = await databases.CreateDbContextAsync(cancel);
        var lost = await db.Deals.AsNoTracking().Where(d => d.PipelineKey == pipeline && d.LostAt >= from && d.LostAt < to).Select(d => new { d.CloseReason, d.Amount, d.Currency }).ToListAsync(cancel);
        return new(pipeline, from, to, lost.Count, [.. lost.GroupBy(deal => LossReasons.KeyOf(deal.CloseReason))
            .Select(same => new LossRow(same.Key, LossReasons.Name(same.Key).In(language), same.Count(), (double)same.Count() / lost.Count,
                [.. same.GroupBy(deal => deal.Currency).Select(sums => new LossSum(sums.Key, sums.Sum(deal => deal.Amount))).OrderByDescending(sum => sum.Sum)]))
            .OrderByDescending(row => row.Deals).ThenBy(row => row.Reason, StringComparer.Ordinal)]);
    }

    private static IQueryable<VisitOfDeal> Visits(SalesFlowDb db, string pipeline, DateTimeOffset from, DateTimeOffset to) =>
        from visit in db.Visits.AsNoTracking()
        join deal in db.Deals.AsNoTracking() on visit.DealId equals deal.Id
        where deal.PipelineKey == pipeline && visit.EnteredAt >= @from && visit.EnteredAt < to
        select new VisitOfDeal { Visit = visit, Deal = deal };

    private sealed class VisitOfDeal
    {
        public required Visit Visit { get; init; }
        public required Deal Deal { get; init; }
    }
}
