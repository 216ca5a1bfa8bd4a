using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SalesFlow.Engine;
using SalesFlow.Runtime;

namespace SalesFlow.Storage.Tests.Turns;

/// <summary>Effects that fail again and again are seen, and can be tried again.</summary>
public abstract class GivenUpFacts(Database database) : ServersOnOneDatabase(database)
{
    private static readonly string Asks = Definition("asks", Sequence(Activity("ask", "Elsa.RunTask", ("taskName", "anything"))));
    private bool _broken = true;

    [Fact]
    public async Task An_effect_that_failed_ten_times_is_an_incident_on_the_instance()
    {
        var server = Server(services => services.AddSingleton<EffectHandler>(new Handler(this)));
        await server.Definitions.PublishAsync(Asks, default);
        var told = new List<Change>();
        server.Feed.Changed += (_, changes) => told.AddRange(changes);

        var id = await GivenUpAsync(server);

        await using var db = server.Open();
        Assert.Equal((1, (int)WorkflowSubStatus.Suspended), await db.Instances.Where(row => row.Id == id.Value).Select(row => new ValueTuple<int, int>(row.Incidents, row.SubStatus)).SingleAsync());
        var incident = await db.Incidents.SingleAsync();
        Assert.Equal(("ask", "The line is busy."), (incident.ActivityId, incident.Message));
        Assert.Equal(nameof(TaskRequested), Assert.IsType<EffectGivenUp>(told.Single()).Kind);
        Assert.Contains("ask Effect given up", await server.JournalAsync(id));
    }

    [Fact]
    public async Task An_effect_that_was_given_up_is_tried_again_when_somebody_says_so()
    {
        var server = Server(services => services.AddSingleton<EffectHandler>(new Handler(this)));
        await server.Definitions.PublishAsync(Asks, default);
        var id = await GivenUpAsync(server);
        var letter = (await server.Runtime.DeadLettersAsync(id, 0, 10, default)).Letters.Single();
        _broken = false;

        Assert.True(await server.Runtime.ReplayAsync(id, letter.Number, default));
        await server.Workers.CatchUpAsync(default);

        Assert.False(await server.Runtime.ReplayAsync(id, letter.Number, default));
        await using var db = server.Open();
        Assert.Equal((0, (int)WorkflowSubStatus.Finished), await db.Instances.Where(row => row.Id == id.Value).Select(row => new ValueTuple<int, int>(row.Incidents, row.SubStatus)).SingleAsync());
    }

    [Fact]
    public async Task A_retry_of_the_instance_tries_its_effects_again_too()
    {
        var server = Server(services => services.AddSingleton<EffectHandler>(new Handler(this)));
        await server.Definitions.PublishAsync(Asks, default);
        var id = await GivenUpAsync(server);
        _broken = false;

        await server.Runtime.RetryAsync(id, null, default);
        await server.Workers.CatchUpAsync(default);

        Assert.Equal(WorkflowSubStatus.Finished, await server.StatusAsync(id));
    }

    [Fact]
    public async Task An_effect_that_fails_again_after_its_retry_is_an_incident_again()
    {
        var server = Server(services => services.AddSingleton<EffectHandler>(new Handler(this)));
        await server.Definitions.PublishAsync(Asks, default);
        var id = await GivenUpAsync(server);
        var letter = (await server.Runtime.DeadLettersAsync(id, 0, 10, default)).Letters.Single();

        await server.Runtime.ReplayAsync(id, letter.Number, default);
        await TryOutAsync(server);

        await using var db = server.Open();
        Assert.Equal((1, 2), (await db.Instances.Where(row => row.Id == id.Value).Select(row => row.Incidents).SingleAsync(), await db.Incidents.CountAsync()));
    }

    [Fact]
    public async Task What_an_instance_that_is_gone_left_behind_is_given_up_too()
    {
        var server = Server();
        await using (var db = server.Open())
        {
            db.Outbox.Add(new OutboxRow(1_000_001, 1, "Unheard", "{}", null, 9, DateTimeOffset.UnixEpoch, null));
            await db.SaveChangesAsync();
        }

        await server.Workers.CatchUpAsync(default);

        Assert.Equal(10, Assert.Single((await server.Runtime.DeadLettersAsync(null, 0, 10, default)).Letters).Attempts);
        Assert.True(await server.Runtime.ReplayAsync(new InstanceId(1_000_001), 1, default));
    }

    [Fact]
    public async Task A_request_with_a_secret_is_sealed_in_the_outbox_and_opened_by_a_server_with_the_same_keys()
    {
        var folder = Directory.CreateTempSubdirectory("salesflow-keys-");
        var sends = new Sender();
        void Add(IServiceCollection services) => services.AddDataProtection().PersistKeysToFileSystem(folder).Services.AddSingleton<EffectHandler>(sends);
        var server = Server(services => { Add(services); Remove<HttpEffects>(services); });
        await server.Definitions.PublishAsync(Definition("sends", Sequence(Activity("send", "Elsa.SendHttpRequest", ("url", "https://example.org/"), ("authorization", "Bearer top-secret")))), default);
        await server.StartAsync("sends");
        await server.Workers.CatchUpAsync(default);

        await using var db = server.Open();
        var row = await db.Outbox.AsNoTracking().SingleAsync();
        Assert.DoesNotContain("top-secret", row.Body, StringComparison.Ordinal);
        Assert.Equal("Bearer top-secret", sends.Seen);

        (sends.Seen, sends.Broken) = (null, false);
        Clock.Advance(TimeSpan.FromMinutes(1));
        await Server(services => { Add(services); Remove<HttpEffects>(services); }).Workers.CatchUpAsync(default);

        Assert.Equal("Bearer top-secret", sends.Seen);
        folder.Delete(recursive: true);
    }

    private async Task<InstanceId> GivenUpAsync(Host server)
    {
        var id = (await server.StartAsync("asks")).Instance;
        await TryOutAsync(server);
        return id;
    }

    private async Task TryOutAsync(Host server)
    {
        for (var attempt = 0; attempt < 10; attempt++)
        {
            Clock.Advance(TimeSpan.FromMinutes(20));
            await server.Workers.CatchUpAsync(default);
        }
    }

    private static void Remove<T>(IServiceCollection services)
    {
        foreach (var one in services.Where(service => service.ImplementationType == typeof(T)).ToList())
            services.Remove(one);
    }

    private sealed class Handler(GivenUpFacts test) : EffectHandler
    {
        public override Type EffectType => typeof(TaskRequested);

        public override Task<EffectAnswer> PerformAsync(InstanceId instance, EffectRequest request, CancellationToken cancel) =>
            test._broken ? throw new InvalidOperationException("The line is busy.") : Task.FromResult(new EffectAnswer("answer", [], []));
    }

    private sealed class Sender : EffectHandler
    {
        public bool Broken { get; set; } = true;
        public string? Seen { get; set; }
        public override Type EffectType => typeof(HttpRequestSent);

        public override Task<EffectAnswer> PerformAsync(InstanceId instance, EffectRequest request, CancellationToken cancel)
        {
            Seen = ((HttpRequestSent)request.Effect).Authorization;
            return Broken ? throw new InvalidOperationException("Not now.") : Task.FromResult(new EffectAnswer(new HttpSendAnswer.TimedOut(), [], []));
        }
    }
}

public sealed class GivenUpOnSqlite() : GivenUpFacts(new Database.Sqlite());

public sealed class GivenUpOnPostgres() : GivenUpFacts(new Database.Postgres());
