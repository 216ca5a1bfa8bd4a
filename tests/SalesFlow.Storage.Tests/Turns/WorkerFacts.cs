using System.Collections.Concurrent;
using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using SalesFlow.Engine;
using SalesFlow.Runtime;
using SalesFlow.Storage.Postgres;
using SalesFlow.Storage.Sqlite;

namespace SalesFlow.Storage.Tests.Turns;

/// <summary>What is done without anyone asking: timers, effects that were left over, events that were told too early.</summary>
public abstract class WorkerFacts(Database database) : ServersOnOneDatabase(database)
{
    private static readonly RowShape Bookmark = RowShape.Insert("bookmarks", ("instance_id", ColumnType.Number), ("number", ColumnType.Count), ("name", ColumnType.Words), ("stimulus", ColumnType.Words), ("due_at", ColumnType.Number));
    private static readonly string AnHour = Definition("hour", Sequence(Activity("pause", "Elsa.Delay", ("timeSpan", "01:00:00"))));
    private static readonly string TwoEvents = Definition("two", Sequence(Activity("first", "Elsa.Event", ("eventName", "First")), Activity("second", "Elsa.Event", ("eventName", "Second"))));
    private static readonly string OneEvent = Definition("one", Sequence(Activity("signed", "Elsa.Event", ("eventName", "Signed"))));

    [Fact]
    public async Task Timers_that_fail_do_not_keep_others_from_firing()
    {
        var server = Server();
        await server.Definitions.PublishAsync(AnHour, default);
        var id = (await server.StartAsync("hour")).Instance;
        await OverdueTimersOfNobodyAsync(server, 1500);
        Clock.Advance(TimeSpan.FromHours(2));

        await server.Workers.CatchUpAsync(default);

        Assert.Equal(WorkflowSubStatus.Finished, await server.StatusAsync(id));
    }

    [Fact]
    public async Task A_timer_that_fails_is_tried_again_later_and_later()
    {
        var server = Server();
        await OverdueTimersOfNobodyAsync(server, 1);
        var waits = new List<TimeSpan>();

        for (var i = 0; i < 4; i++)
        {
            await server.Workers.CatchUpAsync(default);
            await using var db = server.Open();
            waits.Add((await db.Bookmarks.SingleAsync()).DueAt!.Value - Clock.GetUtcNow());
            Clock.Advance(waits[^1]);
        }

        Assert.Equal([5, 10, 20, 40], waits.Select(wait => wait.TotalSeconds));
    }

    [Fact]
    public async Task A_timer_of_an_instance_that_stood_still_fires_soon_after_its_retry()
    {
        var server = Server();
        await server.Definitions.PublishAsync(Definition("both", $$"""{"id":"flow","type":"Elsa.Parallel","activities":[{{Activity("pause", "Elsa.Delay", ("timeSpan", "01:00:00"))}},{{Activity("missing", "Acme.NotHere")}}]}"""), default);
        var id = (await server.StartAsync("both")).Instance;
        for (var i = 0; i < 12; i++)
        {
            Clock.Advance(TimeSpan.FromHours(2));
            await server.Workers.CatchUpAsync(default);
        }
        Assert.DoesNotContain("pause Resumed", await server.JournalAsync(id));

        await server.Runtime.RetryAsync(id, null, default);

        await using var db = server.Open();
        Assert.Equal(new DateTimeOffset(2026, 11, 23, 10, 0, 0, TimeSpan.Zero), (await db.Bookmarks.SingleAsync(row => row.DueAt != null)).DueAt);
    }

    [Fact]
    public async Task Timers_that_were_due_while_no_server_ran_fire_once_each_on_whichever_server()
    {
        var before = Server();
        await before.Definitions.PublishAsync(AnHour, default);
        var started = await Task.WhenAll(Enumerable.Range(0, 300).Select(_ => before.StartAsync("hour")));
        Clock.Advance(TimeSpan.FromDays(1));

        var (one, other) = (Server(), Server());
        await Task.WhenAll(one.Workers.CatchUpAsync(default), other.Workers.CatchUpAsync(default));

        foreach (var outcome in started)
            Assert.Single(await one.JournalAsync(outcome.Instance), line => line == "pause Resumed");
        await using var db = one.Open();
        Assert.Equal((0, 300), (await db.Bookmarks.CountAsync(), await db.Instances.CountAsync(row => row.SubStatus == (int)WorkflowSubStatus.Finished)));
    }

    [Fact]
    public async Task Looking_for_due_timers_reads_no_others_however_many_wait()
    {
        var seen = new Plans();
        var server = Server(services =>
        {
            services.ConfigureDbContext<SqliteSalesFlowDb>(options => options.AddInterceptors(seen));
            services.ConfigureDbContext<PostgresSalesFlowDb>(options => options.AddInterceptors(seen));
        });
        await using (var db = server.Open())
            await db.Database.ExecuteSqlRawAsync("""
                WITH RECURSIVE counting(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counting WHERE n < 20000)
                INSERT INTO bookmarks (instance_id, number, name, stimulus, due_at) SELECT n, 1, 'Elsa.Delay', NULL, 2000000000000000 + n FROM counting
                """);
        await using (var db = server.Open())
            await db.Database.ExecuteSqlRawAsync("ANALYZE");

        await server.Workers.CatchUpAsync(default);

        var timers = seen.All.Where(plan => plan.Contains("bookmarks", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(timers);
        Assert.All(timers, plan => Assert.Contains("IX_bookmarks_", plan, StringComparison.Ordinal));
        Assert.All(timers, plan => Assert.DoesNotContain("Seq Scan on bookmarks", plan, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_effect_that_fails_keeps_nobody_waiting_and_is_tried_again_later()
    {
        var (asked, broken) = (new Asked(), true);
        asked.Answer = request => broken && request.TaskName == "broken" ? throw new InvalidOperationException("The line is busy.") : "answer";
        var server = Server(services => services.AddSingleton<EffectHandler>(asked));
        foreach (var name in new[] { "broken", "fine" })
            await server.Definitions.PublishAsync(Definition(name, Sequence(Activity("ask", "Elsa.RunTask", ("taskName", name)))), default);
        await NobodysEffectsAsync(server, 500);

        var broke = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => server.StartAsync("broken")));
        var fine = await server.StartAsync("fine");

        Assert.Equal(WorkflowSubStatus.Finished, await server.StatusAsync(fine.Instance));
        await using (var db = server.Open())
            Assert.All(await db.Outbox.AsNoTracking().Where(row => row.Kind == nameof(TaskRequested)).ToListAsync(), row => Assert.Equal((1, "The line is busy.", Clock.GetUtcNow().AddSeconds(2)), (row.Attempts, row.LastError, row.NotBefore)));
        broken = false;
        Clock.Advance(TimeSpan.FromSeconds(3));
        await server.Workers.CatchUpAsync(default);
        foreach (var outcome in broke)
            Assert.Equal(WorkflowSubStatus.Finished, await server.StatusAsync(outcome.Instance));
    }

    [Fact]
    public async Task An_effect_that_this_server_does_not_know_stands_back()
    {
        var server = Server();
        await NobodysEffectsAsync(server, 1);

        await server.Workers.CatchUpAsync(default);

        await using var db = server.Open();
        var row = await db.Outbox.SingleAsync();
        Assert.Equal((1, Clock.GetUtcNow().AddSeconds(2)), (row.Attempts, row.NotBefore));
        Assert.Contains("Nobody here performs 'Unheard'", row.LastError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_event_that_nobody_waited_for_in_a_week_is_forgotten()
    {
        var server = Server();
        await server.Definitions.PublishAsync(OneEvent, default);
        await server.Runtime.PublishEventAsync("Signed", null, null, null, default);

        Clock.Advance(TimeSpan.FromDays(7));
        await server.Workers.CatchUpAsync(default);

        await using var db = server.Open();
        Assert.Equal(0, await db.KeptEvents.CountAsync());
        Assert.Equal(WorkflowSubStatus.Suspended, await server.StatusAsync((await server.StartAsync("one")).Instance));
    }

    [Fact]
    public async Task A_kept_event_is_heard_by_one_of_those_who_begin_to_wait_at_the_same_time()
    {
        var (one, other) = (Server(), Server());
        await one.Definitions.PublishAsync(OneEvent, default);
        for (var round = 0; round < 10; round++)
        {
            await one.Runtime.PublishEventAsync("Signed", null, null, null, default);

            var started = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => Task.Run(() => (i % 2 == 0 ? one : other).StartAsync("one"))));

            var statuses = new List<WorkflowSubStatus>();
            foreach (var outcome in started)
                statuses.Add(await one.StatusAsync(outcome.Instance));
            Assert.Single(statuses, WorkflowSubStatus.Finished);
            foreach (var outcome in started)
                await one.Runtime.CancelAsync(outcome.Instance, default);
        }
    }

    [Fact]
    public async Task An_event_told_in_the_moment_an_instance_begins_to_wait_is_not_lost()
    {
        var (one, other) = (Server(), Server());
        await one.Definitions.PublishAsync(OneEvent, default);
        for (var round = 0; round < 30; round++)
        {
            var start = Task.Run(() => one.StartAsync("one"));
            var told = Task.Run(() => other.Runtime.PublishEventAsync("Signed", null, null, null, default));
            await Task.WhenAll(start, told);

            Assert.Equal(WorkflowSubStatus.Finished, await one.StatusAsync((await start).Instance));
        }
        await using var db = one.Open();
        Assert.Equal(0, await db.KeptEvents.CountAsync());
    }

    [Fact]
    public async Task An_event_that_a_dying_server_kept_and_did_not_give_is_given_by_the_next()
    {
        var before = Server();
        await before.Definitions.PublishAsync(OneEvent, default);
        var id = (await before.StartAsync("one")).Instance;
        await using (var db = before.Open())
        {
            db.KeptEvents.Add(new KeptEventRow(77, "Signed", null, null, null, Clock.GetUtcNow().AddDays(1)));
            await db.SaveChangesAsync();
        }

        await Server().Workers.CatchUpAsync(default);

        Assert.Equal(WorkflowSubStatus.Finished, await before.StatusAsync(id));
    }

    [Fact]
    public async Task An_event_reaches_an_instance_that_another_server_has_brought_to_wait_for_it()
    {
        var (one, other) = (Server(), Server());
        await one.Definitions.PublishAsync(TwoEvents, default);
        var id = (await one.StartAsync("two")).Instance;
        await other.Runtime.PublishEventAsync("First", null, null, null, default);

        // What the first server remembers of the instance still waits for the first event.
        Assert.Equal(1, await one.Runtime.PublishEventAsync("Second", null, null, null, default));

        Assert.Equal(WorkflowSubStatus.Finished, await other.StatusAsync(id));
    }

    [Fact]
    public async Task A_decision_on_an_old_memory_is_made_again_on_what_is_stored()
    {
        var (one, other) = (Server(), Server());
        await one.Definitions.PublishAsync(TwoEvents, default);
        var id = (await one.StartAsync("two")).Instance;
        await other.Runtime.PublishEventAsync("First", null, null, null, default);
        var seen = new List<string?>();

        await Assert.ThrowsAsync<RefusedException>(() => one.Runtime.RunAsync(id, (state, _) =>
        {
            seen.Add(state.Bookmarks.Single().Stimulus);
            throw new RefusedException("No.", []);
        }, default));

        Assert.Equal(["First", "Second"], seen);
    }

    private static async Task OverdueTimersOfNobodyAsync(Host server, int count) =>
        await Task.WhenAll(Enumerable.Range(1, count).Select(i =>
        {
            var rows = new RowBatch();
            rows.Add(Bookmark, 1_000_000L + i, 1, "Elsa.Delay", null, 1_000_000L * i);
            return server.Store.CommitAsync(rows);
        }));

    private static async Task NobodysEffectsAsync(Host server, int count)
    {
        await using var db = server.Open();
        db.Outbox.AddRange(Enumerable.Range(1, count).Select(i => new OutboxRow(1_000_000 + i, 1, "Unheard", "{}", null, 0, DateTimeOffset.UnixEpoch.AddSeconds(i), null)));
        await db.SaveChangesAsync();
    }

    /// <summary>Performs what RunTask asks for.</summary>
    private sealed class Asked : EffectHandler
    {
        public Func<TaskRequested, object?> Answer { get; set; } = _ => null;

        public override Type EffectType => typeof(TaskRequested);

        public override Task<EffectAnswer> PerformAsync(InstanceId instance, EffectRequest request, CancellationToken cancel) =>
            Task.FromResult(new EffectAnswer(Answer((TaskRequested)request.Effect), [], []));
    }

    /// <summary>How the database would run each query, asked just before it does.</summary>
    private sealed class Plans : DbCommandInterceptor
    {
        private readonly ConcurrentQueue<string> _plans = [];

        public IReadOnlyCollection<string> All => _plans;

        public override async ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
        {
            var sqlite = command is Microsoft.Data.Sqlite.SqliteCommand;
            await using var explain = command.Connection!.CreateCommand();
#pragma warning disable CA2100 // The text is the query itself.
            explain.CommandText = $"EXPLAIN {(sqlite ? "QUERY PLAN " : "")}{command.CommandText}";
#pragma warning restore CA2100
            foreach (DbParameter parameter in command.Parameters)
                explain.Parameters.Add(((ICloneable?)(parameter as Npgsql.NpgsqlParameter))?.Clone() ?? new Microsoft.Data.Sqlite.SqliteParameter(parameter.ParameterName, parameter.Value));
            await using var reader = await explain.ExecuteReaderAsync(cancellationToken);
            var plan = new List<string>();
            while (await reader.ReadAsync(cancellationToken))
                plan.Add(reader.GetString(reader.FieldCount - 1));
            _plans.Enqueue(string.Join('\n', plan));
            return result;
        }
    }
}

public sealed class WorkersOnSqlite() : WorkerFacts(new Database.Sqlite());

public sealed class WorkersOnPostgres() : WorkerFacts(new Database.Postgres());
