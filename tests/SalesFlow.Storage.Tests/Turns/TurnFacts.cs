using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using SalesFlow.Engine;
using SalesFlow.Runtime;

namespace SalesFlow.Storage.Tests.Turns;

/// <summary>What both databases must do for turns; written once.</summary>
public abstract class TurnFacts : IAsyncLifetime
{
    private const string WaitsForAnEvent = """
        {"definitionId": "waits", "name": "Waits", "root": {"id": "steps", "type": "Elsa.Sequence", "activities": [
          {"id": "signed", "type": "Elsa.Event", "eventName": {"typeName": "String", "expression": {"type": "Literal", "value": "Signed"}}},
          {"id": "line", "type": "Elsa.WriteLine", "text": {"typeName": "String", "expression": {"type": "Literal", "value": "done"}}}]}}
        """;

    private const string WaitsAnHour = """
        {"definitionId": "hour", "name": "Hour", "root": {"id": "steps", "type": "Elsa.Sequence", "activities": [
          {"id": "pause", "type": "Elsa.Delay", "timeSpan": {"typeName": "TimeSpan", "expression": {"type": "Literal", "value": "01:00:00"}}}]}}
        """;

    private const string Breaks = """
        {"definitionId": "breaks", "name": "Breaks", "root": {"id": "steps", "type": "Elsa.Sequence", "activities": [
          {"id": "missing", "type": "Acme.NotHere"}]}}
        """;

    private readonly List<Host> _hosts = [];
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 23, 9, 0, 0, TimeSpan.Zero));
    private Action<IServiceCollection> _database = null!;

    protected abstract Task<Action<IServiceCollection>> DatabaseAsync();

    public async ValueTask InitializeAsync()
    {
        _database = await DatabaseAsync();
        var services = new ServiceCollection();
        _database(services);
        await using var provider = services.BuildServiceProvider();
        await using var db = provider.GetRequiredService<IDbContextFactory<SalesFlow.Sales.SalesFlowDb>>().CreateDbContext();
        await Schema.UpdateAsync(db, default);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts)
            await host.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task An_event_wakes_an_instance_that_another_server_left_waiting()
    {
        var (first, second) = (Server(), Server());
        await first.Definitions.PublishAsync(WaitsForAnEvent, default);
        var id = (await first.StartAsync("waits")).Instance;
        Assert.Equal(WorkflowSubStatus.Suspended, await first.StatusAsync(id));

        Assert.Equal(1, await second.Runtime.PublishEventAsync("Signed", null, null, null, default));

        Assert.Equal(WorkflowSubStatus.Finished, await first.StatusAsync(id));
        Assert.Equal(["Workflow1 Started", "steps Started", "signed Started", "signed Suspended", "signed Resumed", "signed Completed", "line Started", "line Completed", "steps Completed", "Workflow1 Completed"], await first.JournalAsync(id));
    }

    [Fact]
    public async Task An_event_that_comes_early_is_kept_and_delivered_once()
    {
        var server = Server();
        await server.Definitions.PublishAsync(WaitsForAnEvent, default);

        Assert.Equal(0, await server.Runtime.PublishEventAsync("Signed", null, null, null, default));
        var (one, other) = (await server.StartAsync("waits"), await server.StartAsync("waits"));

        Assert.Equal((WorkflowSubStatus.Finished, WorkflowSubStatus.Suspended), (await server.StatusAsync(one.Instance), await server.StatusAsync(other.Instance)));
    }

    [Fact]
    public async Task Two_servers_never_take_the_same_turn()
    {
        var (first, second) = (Server(), Server());
        await first.Definitions.PublishAsync(WaitsForAnEvent, default);
        for (var round = 0; round < 30; round++)
        {
            var started = await first.StartAsync("waits");
            var (id, key) = (started.Instance, round.ToString(CultureInfo.InvariantCulture));
            var bookmark = started.Turn.Bookmarked.Single().Number;

            var woke = await Task.WhenAll(Complete(first, "first"), Complete(second, "second"));

            Assert.Equal(1, woke.Count(outcome => outcome));
            async Task<bool> Complete(Host host, string who) => (await host.Runtime.RunAsync(id, (state, _) => state.Bookmarks.Exists(waiting => waiting.Number == bookmark)
                ? new TurnRequest(new Stimulus.Resume(bookmark), [new Host.Noted(key, who)]) : new TurnRequest(new Stimulus.None(), []), default)).Turn.Woke;
        }
        await using var db = first.Open();
        Assert.Equal(30, await db.Settings.CountAsync());
    }

    [Fact]
    public async Task A_timer_that_was_due_while_no_server_ran_fires_once()
    {
        var before = Server();
        await before.Definitions.PublishAsync(WaitsAnHour, default);
        var id = (await before.StartAsync("hour")).Instance;
        _clock.Advance(TimeSpan.FromMinutes(59));
        await before.Workers.CatchUpAsync(default);
        Assert.Equal(WorkflowSubStatus.Suspended, await before.StatusAsync(id));
        _clock.Advance(TimeSpan.FromDays(1));

        var after = Server();
        await Task.WhenAll(after.Workers.CatchUpAsync(default), after.Workers.CatchUpAsync(default));

        Assert.Equal(WorkflowSubStatus.Finished, await after.StatusAsync(id));
        Assert.Single(await after.JournalAsync(id), line => line == "pause Resumed");
    }

    [Fact]
    public async Task A_turn_whose_condition_fails_leaves_its_neighbours_alone_and_nothing_of_itself()
    {
        var server = Server();
        await server.Definitions.PublishAsync(WaitsForAnEvent, default);
        var id = (await server.StartAsync("waits")).Instance;
        var note = RowShape.Insert("settings", ("key", ColumnType.Words), ("value", ColumnType.Words));
        var batches = Enumerable.Range(0, 20).Select(i =>
        {
            var rows = new RowBatch();
            rows.Add(note, $"{i}", "written");
            rows.Guard(new RowGuard("instances", "id", id.Value, "version", i == 7 ? 99 : 1));
            return i == 7 || i == 0 ? rows : Free(note, i);
        }).ToList();

        var written = await Task.WhenAll(batches.Select(async batch =>
        {
            try
            {
                await server.Store.CommitAsync(batch);
                return true;
            }
            catch (ConflictException)
            {
                return false;
            }
        }));

        Assert.Equal([7], written.Select((ok, i) => (ok, i)).Where(one => !one.ok).Select(one => one.i));
        await using var db = server.Open();
        Assert.Equal(19, await db.Settings.CountAsync());
    }

    [Fact]
    public async Task Concurrent_turns_share_commits()
    {
        var server = Server();
        await server.Definitions.PublishAsync(WaitsForAnEvent, default);
        var (commits, turns) = (server.Store.Commits, server.Store.Turns);

        await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => server.StartAsync("waits")));

        Assert.Equal(200, server.Store.Turns - turns);
        Assert.True(server.Store.Commits - commits < 150, $"200 turns took {server.Store.Commits - commits} commits.");
    }

    [Fact]
    public async Task A_faulted_instance_says_why_and_can_be_retried()
    {
        var server = Server();
        await server.Definitions.PublishAsync(Breaks, default);
        var id = (await server.StartAsync("breaks")).Instance;
        Assert.Equal(WorkflowSubStatus.Faulted, await server.StatusAsync(id));

        var again = await server.Runtime.RetryAsync(id, null, default);

        Assert.Equal("Activity type 'Acme.NotHere' version '0' could not be found.", again.Turn.Incidents.Single().Message);
        await using var db = server.Open();
        Assert.Equal(2, await db.Incidents.CountAsync(row => row.InstanceId == id.Value));
    }

    [Fact]
    public async Task A_new_version_leaves_running_instances_on_theirs()
    {
        var server = Server();
        await server.Definitions.PublishAsync(WaitsForAnEvent, default);
        var old = (await server.StartAsync("waits")).Instance;

        await server.Definitions.PublishAsync(WaitsForAnEvent.Replace("\"done\"", "\"done anew\"", StringComparison.Ordinal), default);
        var young = (await server.StartAsync("waits")).Instance;

        var lines = new List<string>();
        foreach (var id in new[] { old, young })
            lines.AddRange((await server.Runtime.RunAsync(id, (state, _) => new TurnRequest(new Stimulus.Resume(state.Bookmarks[0].Number), []), default)).Turn.Lines);
        Assert.Equal(["done", "done anew"], lines);
    }

    private static RowBatch Free(RowShape note, int i)
    {
        var rows = new RowBatch();
        rows.Add(note, $"{i}", "written");
        return rows;
    }

    private Host Server()
    {
        var host = new Host(_database, _clock);
        _hosts.Add(host);
        return host;
    }
}

public sealed class TurnsOnSqlite : TurnFacts, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("salesflow-turns-").FullName;

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    protected override Task<Action<IServiceCollection>> DatabaseAsync() =>
        Task.FromResult<Action<IServiceCollection>>(services => services.AddSqlite(Path.Combine(_folder, "test.db")));
}

public sealed class TurnsOnPostgres : TurnFacts
{
    protected override async Task<Action<IServiceCollection>> DatabaseAsync()
    {
        var connection = await PostgresServer.NewDatabaseAsync();
        return services => services.AddPostgres(connection);
    }
}
