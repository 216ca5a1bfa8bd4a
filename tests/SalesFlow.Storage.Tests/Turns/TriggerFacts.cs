using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SalesFlow.Engine;
using SalesFlow.Engine.Definitions;
using SalesFlow.Runtime;

namespace SalesFlow.Storage.Tests.Turns;

/// <summary>What starts instances by itself: each due time starts one, whatever happens to the servers.</summary>
public abstract class TriggerFacts(Database database) : ServersOnOneDatabase(database)
{
    private static string EveryTenMinutes(string options = "{}", string then = """{"id":"line","type":"Elsa.WriteLine"}""") =>
        Definition("ticking", Sequence(Starting(Activity("tick", "Elsa.Timer", ("interval", "00:10:00"))), then), options);

    [Fact]
    public async Task A_timer_starts_an_instance_at_every_interval()
    {
        var server = Server();
        await server.Definitions.PublishAsync(EveryTenMinutes(), default);

        for (var minute = 0; minute < 30; minute++)
        {
            Clock.Advance(TimeSpan.FromMinutes(1));
            await server.Workers.CatchUpAsync(default);
        }

        Assert.Equal(3, await CountAsync(server, "ticking"));
        Assert.Equal(["Workflow1 Started", "steps Started", "tick Started", "tick Completed", "line Started", "line Completed", "steps Completed", "Workflow1 Completed"], await server.JournalAsync(await AnyAsync(server)));
    }

    [Fact]
    public async Task A_timer_that_was_due_again_and_again_while_no_server_ran_fires_once_and_keeps_its_rhythm()
    {
        await Server().Definitions.PublishAsync(EveryTenMinutes(), default);
        Clock.Advance(TimeSpan.FromMinutes(65));
        var (one, other) = (Server(), Server());

        await Task.WhenAll(one.Workers.CatchUpAsync(default), other.Workers.CatchUpAsync(default), one.Workers.CatchUpAsync(default));

        Assert.Equal(1, await CountAsync(one, "ticking"));
        await using var db = one.Open();
        Assert.Equal(new DateTimeOffset(2026, 11, 23, 10, 10, 0, TimeSpan.Zero), (await db.Triggers.SingleAsync()).DueAt);
    }

    [Fact]
    public async Task Every_definition_fires_when_many_are_due_at_once()
    {
        var server = Server();
        for (var i = 0; i < 30; i++)
            await server.Definitions.PublishAsync(EveryTenMinutes().Replace("ticking", $"ticking{i}", StringComparison.Ordinal), default);
        Clock.Advance(TimeSpan.FromMinutes(10));

        await Task.WhenAll(server.Workers.CatchUpAsync(default), Server().Workers.CatchUpAsync(default));

        await using var db = server.Open();
        Assert.Equal(30, await db.Instances.Select(row => row.DefinitionId).Distinct().CountAsync());
        Assert.Equal(30, await db.Instances.CountAsync());
    }

    [Fact]
    public async Task StartAt_starts_one_instance_even_when_its_time_passed_without_a_server()
    {
        await Server().Definitions.PublishAsync(Definition("once", Sequence(Starting(Activity("at", "Elsa.StartAt", ("dateTime", "2026-11-23T10:00:00Z"))))), default);
        Clock.Advance(TimeSpan.FromDays(3));
        var server = Server();

        await server.Workers.CatchUpAsync(default);
        await server.Definitions.PublishAsync(Definition("once", Sequence(Starting(Activity("at", "Elsa.StartAt", ("dateTime", "2026-11-23T10:00:00Z"))))), default);
        await server.Workers.CatchUpAsync(default);

        Assert.Equal(1, await CountAsync(server, "once"));
    }

    [Fact]
    public async Task Cron_fires_once_a_day_when_the_clocks_go_back()
    {
        var berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
        var server = Server(services => services.AddSingleton(new ActivityCatalogue([], berlin)));
        Clock.SetUtcNow(new DateTimeOffset(2027, 10, 29, 12, 0, 0, TimeSpan.Zero));
        await server.Definitions.PublishAsync(Definition("nightly", Sequence(Starting(Activity("cron", "Elsa.Cron", ("cronExpression", "0 30 2 * * *"))))), default);
        var starts = new List<string>();

        for (var hour = 0; hour < 72; hour++)
        {
            var before = await CountAsync(server, "nightly");
            Clock.Advance(TimeSpan.FromMinutes(30));
            await server.Workers.CatchUpAsync(default);
            if (await CountAsync(server, "nightly") > before)
                starts.Add(TimeZoneInfo.ConvertTime(Clock.GetUtcNow(), berlin).ToString("d.M. H:mm zzz", System.Globalization.CultureInfo.InvariantCulture));
            Clock.Advance(TimeSpan.FromMinutes(30));
            await server.Workers.CatchUpAsync(default);
        }

        Assert.Equal(["30.10. 2:30 +02:00", "31.10. 2:30 +02:00", "1.11. 2:30 +01:00"], starts);
    }

    [Fact]
    public async Task Cron_that_came_due_while_no_server_ran_and_the_clocks_went_on_fires_once_and_then_by_the_new_time()
    {
        var berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
        Clock.SetUtcNow(new DateTimeOffset(2027, 3, 27, 12, 0, 0, TimeSpan.Zero));
        await Server(services => services.AddSingleton(new ActivityCatalogue([], berlin))).Definitions.PublishAsync(Definition("mornings", Sequence(Starting(Activity("cron", "Elsa.Cron", ("cronExpression", "0 0 9 * * *"))))), default);
        Clock.Advance(TimeSpan.FromDays(3));
        var server = Server(services => services.AddSingleton(new ActivityCatalogue([], berlin)));

        await server.Workers.CatchUpAsync(default);
        await server.Workers.CatchUpAsync(default);

        Assert.Equal(1, await CountAsync(server, "mornings"));
        await using var db = server.Open();
        Assert.Equal(new DateTimeOffset(2027, 3, 31, 7, 0, 0, TimeSpan.Zero), (await db.Triggers.SingleAsync()).DueAt);
    }

    [Fact]
    public async Task A_new_version_takes_the_place_of_the_old_ones_triggers()
    {
        var server = Server();
        await server.Definitions.PublishAsync(EveryTenMinutes(), default);
        Clock.Advance(TimeSpan.FromMinutes(8));
        await server.Definitions.PublishAsync(EveryTenMinutes().Replace("00:10:00", "01:00:00", StringComparison.Ordinal), default);

        Clock.Advance(TimeSpan.FromMinutes(50));
        await server.Workers.CatchUpAsync(default);
        Assert.Equal(0, await CountAsync(server, "ticking"));

        Clock.Advance(TimeSpan.FromMinutes(10));
        await server.Workers.CatchUpAsync(default);
        Assert.Equal(1, await CountAsync(server, "ticking"));
    }

    [Fact]
    public async Task A_definition_with_a_broken_trigger_is_not_published()
    {
        var server = Server();

        var refused = await Assert.ThrowsAsync<BrokenDefinitionException>(() => server.Definitions.PublishAsync(Definition("bad", Starting(Activity("cron", "Elsa.Cron", ("cronExpression", "not a cron")))), default));

        Assert.Equal("cron", refused.Problems.Single().Path);
        Assert.StartsWith("Error when parsing cron expression", refused.Problems.Single().Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_two_definitions_published_at_once_with_one_address_the_second_is_told_who_has_it()
    {
        var servers = new[] { Server(), Server() };
        for (var round = 0; round < 8; round++)
        {
            var outcomes = await Task.WhenAll(servers.Select((server, i) => ProblemAsync(server, Definition($"answers-{round}-{i}", Sequence(Starting(Activity("endpoint", "Elsa.HttpEndpoint", ("path", $"orders/{round}"))))))));

            var winner = Assert.Single(Enumerable.Range(0, 2), i => outcomes[i] is null);
            Assert.Equal($"The /orders/{round} path and get method are already in use by another workflow! It is 'answers-{round}-{winner}'.", outcomes[1 - winner], ignoreCase: true);
        }
        await using var db = servers[0].Open();
        Assert.Equal(8, await db.Triggers.CountAsync());
    }

    private static async Task<string?> ProblemAsync(Host server, string definition)
    {
        try
        {
            // At once means at once: the first await of each must not run the whole of it.
            await Task.Run(() => server.Definitions.PublishAsync(definition, default));
            return null;
        }
        catch (BrokenDefinitionException refused)
        {
            return Assert.Single(refused.Problems).Message;
        }
    }

    [Fact]
    public async Task A_singleton_skips_what_is_due_while_another_instance_runs()
    {
        var server = Server();
        await server.Definitions.PublishAsync(EveryTenMinutes("""{"activationStrategyType":"SingletonStrategy"}""", Activity("wait", "Elsa.Event", ("eventName", "Go"))), default);
        for (var round = 0; round < 3; round++)
        {
            Clock.Advance(TimeSpan.FromMinutes(10));
            await server.Workers.CatchUpAsync(default);
        }
        Assert.Equal(1, await CountAsync(server, "ticking"));

        await server.Runtime.PublishEventAsync("Go", null, null, null, default);
        Clock.Advance(TimeSpan.FromMinutes(10));
        await server.Workers.CatchUpAsync(default);

        Assert.Equal(2, await CountAsync(server, "ticking"));
    }

    [Fact]
    public async Task Of_many_starts_at_once_on_two_servers_a_singleton_lets_one_through()
    {
        var servers = new[] { Server(), Server() };
        await servers[0].Definitions.PublishAsync(Waiting("SingletonStrategy"), default);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => TryStartAsync(servers[i % 2], null)));

        Assert.Single(outcomes, started => started);
        await Assert.ThrowsAsync<RefusedException>(() => servers[1].StartAsync("waiting"));
    }

    [Theory]
    [InlineData("CorrelatedSingletonStrategy", true)]
    [InlineData("CorrelationStrategy", false)]
    public async Task Strategies_by_correlation_tell_instances_apart_by_their_correlation_id(string strategy, bool besideAnotherDefinition)
    {
        var server = Server();
        await server.Definitions.PublishAsync(Waiting(strategy), default);
        await server.Definitions.PublishAsync(Waiting("AllowAlwaysStrategy").Replace("\"waiting\"", "\"other\"", StringComparison.Ordinal), default);

        Assert.True(await TryStartAsync(server, "order-1"));
        Assert.False(await TryStartAsync(server, "order-1"));
        Assert.True(await TryStartAsync(server, "order-2"));
        Assert.True(await TryStartAsync(server, null));
        Assert.True(await TryStartAsync(server, null));
        Assert.True(await TryStartAsync(server, "order-3", "other"));
        Assert.Equal(besideAnotherDefinition, await TryStartAsync(server, "order-3"));
    }

    [Fact]
    public async Task An_event_starts_instances_unless_the_strategy_refuses()
    {
        var server = Server();
        await server.Definitions.PublishAsync(Definition("told", Sequence(Starting(Activity("hear", "Elsa.Event", ("eventName", "News"))), Activity("wait", "Elsa.Event", ("eventName", "Go"))), """{"activationStrategyType":"SingletonStrategy"}"""), default);

        Assert.Equal(1, await server.Runtime.PublishEventAsync("News", null, null, null, default));
        await server.Runtime.PublishEventAsync("News", null, null, null, default);

        Assert.Equal(1, await CountAsync(server, "told"));
    }

    private static string Waiting(string strategy) => Definition("waiting", Sequence(Activity("wait", "Elsa.Event", ("eventName", "Go"))), $$"""{"activationStrategyType":"{{strategy}}"}""");

    private static async Task<bool> TryStartAsync(Host server, string? correlationId, string definition = "waiting") => await server.Runtime.TryStartAsync(await server.Definitions.PublishedAsync(definition, default),
        new Stimulus.Start(CorrelationId: correlationId), Facts.None, [], new InstanceId(await server.Runtime.NextIdAsync(default)), default) is not null;

    private static async Task<int> CountAsync(Host server, string definition)
    {
        await using var db = server.Open();
        return await db.Instances.CountAsync(row => row.DefinitionId == definition);
    }

    private static async Task<InstanceId> AnyAsync(Host server)
    {
        await using var db = server.Open();
        return new InstanceId(await db.Instances.Select(row => row.Id).FirstAsync());
    }
}

public sealed class TriggersOnSqlite() : TriggerFacts(new Database.Sqlite());

public sealed class TriggersOnPostgres() : TriggerFacts(new Database.Postgres());
