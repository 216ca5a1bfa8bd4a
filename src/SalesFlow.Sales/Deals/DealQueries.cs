using System.Collections.Immutable;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using SalesFlow.Engine;
using SalesFlow.Runtime;
using SalesFlow.Sales.Calendars;
using SalesFlow.Sales.People;
using SalesFlow.Sales.Pipelines;
using SalesFlow.Sales.Tasks;

namespace SalesFlow.Sales.Deals;

/// <summary>What pages and the API read of deals; every answer holds only what the actor may see.</summary>
public sealed partial class DealQueries(IDbContextFactory<SalesFlowDb> databases, UserQueries users, SalesFactsQueries facts, DefinitionStore definitions, WorkingCalendar calendar, TimeProvider clock)
{
    // Far enough back for the stay that lasts; a deal on which more was noted since is told of without a name.
    private const int LastTurns = 200;

    /// <summary>Deals that match, newest first.</summary>
    public async Task<Page<DealView>> ListAsync(DealFilter filter, Actor actor, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var limit = Cursor.Limit(filter.Limit);
        var people = await users.ByIdAsync(cancel);
        var deals = Matching(db, Visible(db, actor).AsNoTracking().Include(d => d.Client), filter, actor, people);
        if (Cursor.Read(filter.Cursor) is { } after) deals = deals.Where(d => d.Id < new DealId(after));
        var rows = await deals.OrderByDescending(d => d.Id).Take(limit + 1).ToListAsync(cancel);
        return Cursor.Page(rows, limit, d => View(d, people, actor.Language), d => d.Id.ToString());
    }

    /// <summary>One deal.</summary>
    public async Task<DealView> GetAsync(DealId id, Actor actor, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var deal = await Visible(db, actor).AsNoTracking().Include(d => d.Client).SingleOrDefaultAsync(d => d.Id == id, cancel) ?? throw DealAccess.NotFound(id);
        return View(deal, await users.ByIdAsync(cancel), actor.Language);
    }

    /// <summary>A deal that the one who asks has just changed, whoever may see it.</summary>
    internal async Task<DealView> ReadAsync(DealId id, string language, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var deal = await db.Deals.AsNoTracking().Include(d => d.Client).SingleOrDefaultAsync(d => d.Id == id, cancel) ?? throw DealAccess.NotFound(id);
        return View(deal, await users.ByIdAsync(cancel), language);
    }

    /// <summary>Every stage of its pipeline: may it move there, and if not, why and what helps.</summary>
    public async Task<ImmutableArray<MoveView>> MovesAsync(DealId id, Actor actor, CancellationToken cancel)
    {
        if (await facts.FindAsync(id, cancel) is not { } known || !DealAccess.MaySee(known.Deal, actor))
            throw DealAccess.NotFound(id);
        var pipeline = Pipeline.Of(await definitions.VersionAsync(known.Deal.DefinitionVersionId, cancel));
        var moment = new MoveMoment(known, pipeline, clock.GetUtcNow(), actor, await users.ByIdAsync(cancel));
        return [.. from stage in pipeline.Stages
                   let obstacles = Moves.Obstacles(moment, stage)
                   select new MoveView(stage.Key, stage.Name.In(actor.Language), obstacles.IsEmpty, obstacles, Moves.Fixes(moment, stage))];
    }

    /// <summary>Its stays in stages, oldest first.</summary>
    public async Task<ImmutableArray<VisitView>> VisitsAsync(DealId id, Actor actor, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await DemandAsync(db, id, actor, cancel);
        var people = await users.ByIdAsync(cancel);
        var visits = await db.Visits.AsNoTracking().Where(v => v.DealId == id).OrderBy(v => v.Number).ToListAsync(cancel);
        var now = clock.GetUtcNow();
        return [.. visits.Select(v => (Visit: v, Clock: v.Clock(calendar.Of(NameOf(v.Owner, people)), now))).Select(one => new VisitView(one.Visit.StageKey, one.Visit.StageName.In(actor.Language), one.Visit.EnteredAt, one.Visit.LeftAt,
            one.Visit.Outcome, one.Visit.CalendarSeconds, one.Visit.WorkingSeconds, NameOf(one.Visit.Owner, people)?.Name, one.Visit.DefinitionVersion, one.Clock.Worked)
        { WaitingSince = one.Visit.WaitingSince, WaitedSeconds = one.Clock.Waited, LimitSeconds = one.Visit.LimitSeconds, Late = one.Visit.IsLate(now) })];
    }

    /// <summary>The present stays of those deals; the last one of a deal that stands in several stages at once.</summary>
    internal static async Task<Dictionary<DealId, Visit>> StaysAsync(SalesFlowDb db, List<DealId> deals, CancellationToken cancel) =>
        (await db.Visits.AsNoTracking().Where(v => deals.Contains(v.DealId) && v.LeftAt == null).ToListAsync(cancel)).GroupBy(v => v.DealId).ToDictionary(stays => stays.Key, stays => stays.MaxBy(v => v.Number)!);

    /// <summary>Everything that happened to it, newest first.</summary>
    public async Task<Page<TimelineView>> TimelineAsync(DealId id, int limit, string? cursor, Actor actor, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await DemandAsync(db, id, actor, cancel);
        var people = await users.ByIdAsync(cancel);
        var before = Cursor.Read(cursor) ?? long.MaxValue;
        var last = TimelineEntry.TurnOf(before);
        // Each turn has told something, but of the last one the page before may have shown everything.
        var turns = await db.Journal.AsNoTracking().Where(turn => turn.InstanceId == id.Value && turn.Turn <= last && turn.Tells).OrderByDescending(turn => turn.Turn)
            .Take(Cursor.Limit(limit) + 2).Select(turn => new { turn.Turn, turn.Entries }).ToListAsync(cancel);
        var rows = turns.SelectMany(turn => TimelineEntry.Read(turn.Turn, JournalPack.Told(turn.Entries)!)).Where(entry => entry.Id < before).Take(limit + 1).ToList();
        return Cursor.Page(rows, limit, t => TimelineWords.View(t, actor.Language, people), t => t.Id.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>A refused move with who brought the deal where it stands, and when: a colleague, or the process.</summary>
    internal async Task<RefusedException> WhoWasFirstAsync(DealId id, RefusedException refused, Actor actor, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var turns = await db.Journal.AsNoTracking().Where(turn => turn.InstanceId == id.Value && turn.Tells).OrderByDescending(turn => turn.Turn).Take(LastTurns).Select(turn => new { turn.Turn, turn.Entries }).ToListAsync(cancel);
        var told = turns.Select(turn => TimelineEntry.Read(turn.Turn, JournalPack.Told(turn.Entries)!)).FirstOrDefault(turn => turn.Any(entry => entry.Kind is TimelineKinds.StageEntered or TimelineKinds.Won or TimelineKinds.Lost));
        if (told.IsDefaultOrEmpty)
            return refused;
        var people = await users.ByIdAsync(cancel);
        var who = NameOf(told.Select(entry => entry.Actor).FirstOrDefault(by => by is not null), people)?.DisplayName;
        var when = ZoneWords.Moment(told[0].At, calendar.Of(people.GetValueOrDefault(actor.Id)).Zone, actor.Language);
        var message = $"{refused.Obstacles[0].Message} {new Text($"By {who ?? "the process"}, {when}.", $"Кто и когда: {who ?? "процесс"}, {when}.").In(actor.Language)}";
        return new(message, [refused.Obstacles[0] with { Message = message }]);
    }

    /// <summary>Throws unless the actor may see the deal.</summary>
    internal static async Task DemandAsync(SalesFlowDb db, DealId id, Actor actor, CancellationToken cancel)
    {
        if (!await Visible(db, actor).AnyAsync(d => d.Id == id, cancel)) throw DealAccess.NotFound(id);
    }

    /// <summary>The deals an actor may see; the same rule as <see cref="DealAccess.MaySee"/>, asked of the database.</summary>
    internal static IQueryable<Deal> Visible(SalesFlowDb db, Actor actor)
    {
        if (DealAccess.SeesAll(actor)) return db.Deals;
        var me = (UserId?)actor.Id;
        var roles = actor.Roles.ToArray();
        var rep = actor.Roles.Contains(Roles.Rep);
        var approver = actor.Roles.Contains(Roles.Approver);
        return db.Deals.Where(d => rep && (d.Owner == null || d.Owner == me || db.Tasks.Any(t => t.Assignee == me && t.Id >= DealKeys.FirstTask(d.Id) && t.Id <= DealKeys.LastTask(d.Id) && t.Status == SalesTaskStatus.Open))
            || approver && db.Tasks.Any(t => t.Id >= DealKeys.FirstTask(d.Id) && t.Id <= DealKeys.LastTask(d.Id) && (t.Assignee == me || t.CompletedBy == me || roles.Contains(t.CandidateRole))));
    }

    /// <summary>The record that pages and the API show.</summary>
    internal static DealView View(Deal deal, ImmutableDictionary<UserId, UserView> people, string language) => new()
    {
        Id = deal.Id.ToString(),
        Number = deal.Number,
        Title = deal.Title,
        Pipeline = deal.PipelineKey,
        DefinitionVersion = deal.DefinitionVersion,
        State = deal.State.Key,
        Stage = deal.StageKey is { } key ? new(key, deal.StageName?.In(language) ?? key, deal.StageEnteredAt ?? deal.CreatedAt) : null,
        Owner = NameOf(deal.Owner, people)?.Name,
        OwnerName = NameOf(deal.Owner, people)?.DisplayName,
        Client = new(deal.Client.Id.ToString(), deal.Client.Name, deal.Client.Inn, deal.Client.Contact, deal.Client.Email, deal.Client.Phone),
        Amount = deal.Amount,
        Currency = deal.Currency,
        Channel = deal.Channel,
        Fields = deal.Fields,
        InstanceId = deal.Id.ToString(),
        Version = deal.Version,
        CreatedAt = deal.CreatedAt,
        ClosedAt = deal.WonAt ?? deal.LostAt,
        Reason = deal.LostAt is not null && deal.CloseReason is { } lost ? LossReasons.Say(lost).In(language) : deal.CloseReason,
        LossReason = deal.LostAt is not null ? LossReasons.KeyOf(deal.CloseReason) : null,
    };

    /// <summary>The person behind an id; null for nobody.</summary>
    internal static UserView? NameOf(UserId? id, ImmutableDictionary<UserId, UserView> people) => id is { } known ? people.GetValueOrDefault(known) : null;

    private IQueryable<Deal> Matching(SalesFlowDb db, IQueryable<Deal> deals, DealFilter filter, Actor actor, ImmutableDictionary<UserId, UserView> people)
    {
        if (filter.Pipeline is { } pipeline) deals = deals.Where(d => d.PipelineKey == pipeline);
        if (filter.Stage is { } stage) deals = deals.Where(d => d.StageKey == stage);
        if (filter.State is { } state) deals = InState(deals, state);
        if (filter.Owner is { } owner) deals = OwnedBy(deals, owner, actor, people);
        if (filter.WithoutNextAction) deals = Idle(db, deals);
        if (filter.Attention is { } what) deals = Needing(db, deals, what, clock.GetUtcNow(), calendar, new(people));
        if (!string.IsNullOrWhiteSpace(filter.Q))
        {
            var text = filter.Q.Trim();
            deals = deals.Where(d => d.Title.Contains(text) || d.Number.Contains(text) || d.Client.Name.Contains(text));
        }
        return deals;
    }

    private static IQueryable<Deal> InState(IQueryable<Deal> deals, string state) => state switch
    {
        "open" => deals.Where(d => d.WonAt == null && d.LostAt == null),
        "won" => deals.Where(d => d.WonAt != null),
        "lost" => deals.Where(d => d.LostAt != null),
        _ => throw new ValidationException("state", $"'{state}' is not a state. Give open, won or lost."),
    };

    internal static IQueryable<Deal> OwnedBy(IQueryable<Deal> deals, string owner, Actor actor, ImmutableDictionary<UserId, UserView> people)
    {
        if (owner == "none") return deals.Where(d => d.Owner == null);
        var id = owner == "me" ? actor.Id : People.UserQueries.Find(people, owner)
            ?? throw new ValidationException("owner", $"There is no person '{owner}'. Give a sign-in name, 'me' or 'none'.");
        return deals.Where(d => d.Owner == (UserId?)id);
    }
}
