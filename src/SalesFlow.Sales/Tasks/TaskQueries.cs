using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using SalesFlow.Runtime;
using SalesFlow.Sales.Calendars;
using SalesFlow.Sales.Deals;
using SalesFlow.Sales.People;
using SalesFlow.Sales.Pipelines;

namespace SalesFlow.Sales.Tasks;

/// <summary>What pages and the API read of tasks; every answer holds only what the actor may see.</summary>
public sealed class TaskQueries(IDbContextFactory<SalesFlowDb> databases, UserQueries users, DefinitionStore definitions, WorkingCalendar calendar, TimeProvider clock)
{
    /// <summary>Tasks that match, soonest due first.</summary>
    public async Task<Page<TaskView>> ListAsync(TaskFilter filter, Actor actor, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var limit = Cursor.Limit(filter.Limit);
        var after = Cursor.ReadPair(filter.Cursor);
        var people = await users.ByIdAsync(cancel);
        var rows = new List<Row>();
        foreach (var part in Parts(db, filter, actor, people))
            rows.AddRange(await Rows(db, part, after).Take(limit + 1).ToListAsync(cancel));
        rows = await WithStaysAsync(db, [.. rows.OrderBy(r => r.Order).ThenBy(r => r.Task.Id).Take(limit + 1)], cancel);
        var pipelines = await PipelinesAsync(rows, cancel);
        return Cursor.Page(rows, limit, r => View(r, people, actor, pipelines), r => $"{r.Order}-{r.Task.Id}");
    }

    /// <summary>Until when a task is often put off, from now, by the hours of the one who asks.</summary>
    public async Task<IReadOnlyList<SnoozeChoice>> SnoozeChoicesAsync(Actor actor, CancellationToken cancel) =>
        SnoozeChoice.Of(calendar.Of(DealQueries.NameOf(actor.Id, await users.ByIdAsync(cancel))), clock.GetUtcNow());

    /// <summary>One task.</summary>
    public async Task<TaskView> GetAsync(TaskId id, Actor actor, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var row = await Rows(db, Seen(db, db.Tasks.Where(t => t.Id == id), actor), null).SingleOrDefaultAsync(cancel)
            ?? throw new NotFoundException($"There is no task {id}, or you may not see it.");
        row = (await WithStaysAsync(db, [row], cancel))[0];
        return View(row, await users.ByIdAsync(cancel), actor, await PipelinesAsync([row], cancel));
    }

    /// <summary>A task that the actor has just done something with, whoever may see it.</summary>
    internal async Task<TaskView> ReadAsync(TaskId id, Actor actor, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var row = (await WithStaysAsync(db, [await Rows(db, db.Tasks.Where(t => t.Id == id), null).SingleAsync(cancel)], cancel))[0];
        return View(row, await users.ByIdAsync(cancel), actor, await PipelinesAsync([row], cancel));
    }

    // One's own tasks and those one may claim are read apart: each has an index in the order of the list, both at once have none.
    private static IEnumerable<IQueryable<SalesTask>> Parts(SalesFlowDb db, TaskFilter filter, Actor actor, ImmutableDictionary<UserId, UserView> people)
    {
        var tasks = filter.Status switch
        {
            "open" => db.Tasks.Where(t => t.Status == SalesTaskStatus.Open),
            "done" => db.Tasks.Where(t => t.Status == SalesTaskStatus.Done),
            "all" => db.Tasks,
            _ => throw new ValidationException("status", $"'{filter.Status}' is not a status. Give open, done or all."),
        };
        if (filter.Deal is { } deal) tasks = tasks.Where(t => t.Id >= DealKeys.FirstTask(deal) && t.Id <= DealKeys.LastTask(deal));
        if (filter.Assignee == "any") return [Seen(db, tasks, actor)];
        var who = filter.Assignee == "me" ? actor.Id : UserQueries.Find(people, filter.Assignee)
            ?? throw new ValidationException("assignee", $"There is no person '{filter.Assignee}'. Give a sign-in name, 'me' or 'any'.");
        var assigned = tasks.Where(t => t.Assignee == (UserId?)who);
        if (who != actor.Id) return [Seen(db, assigned, actor)];
        var roles = actor.Roles.ToArray();
        return [assigned, tasks.Where(t => t.Assignee == null && roles.Contains(t.CandidateRole))];
    }

    private static IQueryable<SalesTask> Seen(SalesFlowDb db, IQueryable<SalesTask> tasks, Actor actor)
    {
        if (DealAccess.SeesAll(actor)) return tasks;
        var me = (UserId?)actor.Id;
        var roles = actor.Roles.ToArray();
        var deals = DealQueries.Visible(db, actor);
        return tasks.Where(t => t.Assignee == me || t.Assignee == null && roles.Contains(t.CandidateRole) || deals.Any(d => d.Id == t.DealId));
    }

    private static IQueryable<Row> Rows(SalesFlowDb db, IQueryable<SalesTask> tasks, (long Key, long Id)? after)
    {
        if (after is var (key, id))
        {
            var last = new TaskId(id);
            tasks = tasks.Where(t => EF.Property<long>(t, TaskTable.DueOrder) > key || EF.Property<long>(t, TaskTable.DueOrder) == key && t.Id > last);
        }
        return from t in tasks.AsNoTracking().OrderBy(t => EF.Property<long>(t, TaskTable.DueOrder)).ThenBy(t => t.Id)
               join d in db.Deals on t.DealId equals d.Id
               join c in db.Clients on d.ClientId equals c.Id
               select new Row(t, EF.Property<long>(t, TaskTable.DueOrder), d.Number, d.Title, d.Amount, d.Channel, d.Fields, d.Owner, c.Name, d.DefinitionVersionId, d.StageKey, d.StageEnteredAt);
    }

    /// <summary>The pipelines that the tasks' deals run on; a version that is gone has none to tell of.</summary>
    private async Task<Dictionary<string, Pipeline>> PipelinesAsync(List<Row> rows, CancellationToken cancel)
    {
        var pipelines = new Dictionary<string, Pipeline>();
        foreach (var version in rows.Where(row => row.Task.Status == SalesTaskStatus.Open).Select(row => row.VersionId).Distinct())
            try
            {
                pipelines[version] = Pipeline.Of(await definitions.VersionAsync(version, cancel));
            }
            catch (KeyNotFoundException)
            {
                // The task is there all the same.
            }
        return pipelines;
    }

    private TaskView View(Row row, ImmutableDictionary<UserId, UserView> people, Actor actor, Dictionary<string, Pipeline> pipelines)
    {
        var (task, now) = (row.Task, clock.GetUtcNow());
        var view = View(task, row, people, actor, now);
        if (task.Status != SalesTaskStatus.Open)
            return view;
        var stage = pipelines.GetValueOrDefault(row.VersionId)?.Find(task.StageKey);
        var (until, own) = (task.WaitingSince ?? now, calendar.Of(DealQueries.NameOf(task.Assignee, people)));
        var mayHand = task.Assignee == actor.Id || DealAccess.Leads(actor);
        return view with
        {
            WorkingSecondsLeft = task.DueAt is { } due ? due >= until ? own.WorkingSeconds(until, due) : -own.WorkingSeconds(due, until) : null,
            WaitedSeconds = task.WaitedSeconds + (task.WaitingSince is { } since ? own.WorkingSeconds(since, now) : 0),
            Unblocks = [.. TaskMeaning.Unblocks(task, stage).Select(rule => rule.Words.In(actor.Language))],
            WhyNow = row.StageKey == task.StageKey && row.Stay is { } stay ? TaskMeaning.WhyNow(stay, calendar.Of(DealQueries.NameOf(stay.Owner, people)), now)?.In(actor.Language) : null,
            MayReturn = task.CandidateRole is not null && task.Assignee is not null && view.MayComplete,
            MayHandOver = mayHand,
            MayGoTo = mayHand || task.IsApproval && view.MayComplete ? [.. people.Where(person => person.Key != task.Assignee && !(task.IsApproval && (person.Key == row.DealOwner || view.MayComplete && person.Key == actor.Id)) && TaskDecisions.MayHave(task, person.Value)).Select(person => new PersonChoice(person.Value.Name, person.Value.DisplayName))] : [],
        };
    }

    private static TaskView View(SalesTask task, Row row, ImmutableDictionary<UserId, UserView> people, Actor actor, DateTimeOffset now) => new()
    {
        Id = task.Id.ToString(),
        DealId = task.DealId.ToString(),
        DealNumber = row.DealNumber,
        DealTitle = row.DealTitle,
        ClientName = row.ClientName,
        Title = task.Title.In(actor.Language),
        Description = task.Description.In(actor.Language),
        Stage = task.StageKey,
        Assignee = DealQueries.NameOf(task.Assignee, people)?.Name,
        AssigneeName = DealQueries.NameOf(task.Assignee, people)?.DisplayName,
        InsteadOfName = DealQueries.NameOf(task.InsteadOf == task.Assignee ? null : task.InsteadOf, people)?.DisplayName,
        Candidates = task.CandidateRole is { } role ? [role] : [],
        CreatedAt = task.CreatedAt,
        DueAt = task.DueAt,
        MayComplete = task.Status == SalesTaskStatus.Open && DealAccess.MayDo(row.DealOwner, task, actor),
        // Whoever waits for the client is not late for it.
        Overdue = task.Status == SalesTaskStatus.Open && task.DueAt < (task.WaitingSince ?? now),
        Approval = task.IsApproval,
        SnoozedUntil = task.SnoozedUntil > now ? task.SnoozedUntil : null,
        WaitingSince = task.WaitingSince,
        WaitedSeconds = task.WaitedSeconds,
        Outcomes = [.. task.Outcomes.Select(o => new OutcomeView(o.Key, o.Name.In(actor.Language)))],
        Form = [.. task.Form.Select(field => FormFieldView.Of(field, actor.Language))],
        Values = Values(task, row),
        Status = task.Status.ToString().ToLowerInvariant(),
        Version = task.Version,
        Outcome = task.Outcome,
        CompletedBy = DealQueries.NameOf(task.CompletedBy, people)?.Name,
        CompletedByName = DealQueries.NameOf(task.CompletedBy, people)?.DisplayName,
        CompletedAt = task.CompletedAt,
        Comment = task.Comment,
    };

    private static ImmutableDictionary<string, object?> Values(SalesTask task, Row row) => task.Form.Select(field => (field.Field, Value: field.Field switch
    {
        "title" => row.DealTitle,
        "amount" => row.Amount,
        "channel" => row.Channel,
        var name => row.Fields.GetValueOrDefault(name),
    })).Where(field => field.Value is not null).DistinctBy(field => field.Field).ToImmutableDictionary(field => field.Field, field => field.Value);

    private sealed record Row(SalesTask Task, long Order, string DealNumber, string DealTitle, decimal Amount, string? Channel, Dictionary<string, object?> Fields, UserId? DealOwner, string ClientName, string VersionId,
        string? StageKey, DateTimeOffset? StageEnteredAt)
    {
        /// <summary>The deal's present stay; null where nobody asks.</summary>
        public Visit? Stay { get; init; }
    }

    private static async Task<List<Row>> WithStaysAsync(SalesFlowDb db, List<Row> rows, CancellationToken cancel)
    {
        // Only of open tasks it is told how much of the stage's time is gone.
        List<DealId> open = [.. rows.Where(row => row.Task.Status == SalesTaskStatus.Open).Select(row => row.Task.DealId).Distinct()];
        var stays = open.Count == 0 ? [] : await DealQueries.StaysAsync(db, open, cancel);
        return stays.Count == 0 ? rows : rows.ConvertAll(row => row with { Stay = stays.GetValueOrDefault(row.Task.DealId) });
    }
}
