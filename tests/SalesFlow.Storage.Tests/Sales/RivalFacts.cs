using System.Collections.Immutable;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using SalesFlow.Engine;
using SalesFlow.Runtime;
using SalesFlow.Sales;
using SalesFlow.Sales.Deals;
using SalesFlow.Sales.Documents;
using SalesFlow.Sales.Meetings;
using SalesFlow.Sales.People;
using SalesFlow.Sales.Seeds;
using SalesFlow.Sales.Tasks;

namespace SalesFlow.Storage.Tests.Sales;

/// <summary>Two people do one thing at the same instant: exactly one of them does it, and the other is told who did and when. Written once for both databases.</summary>
public abstract class RivalFacts : IAsyncLifetime
{
    // A deal that has lived long takes longer to load; what is asked here does not depend on its age.
    private const int RoundsOfADeal = 25;
    private static readonly Actor Anna = Person(1, "Anna", Roles.Rep), Helen = Person(3, "Helen", Roles.HeadOfSales);
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 23, 9, 0, 0, TimeSpan.Zero));
    private ServiceProvider _one = null!, _other = null!;

    /// <summary>How often it is tried; SALESFLOW_RIVALS says another number.</summary>
    protected abstract int Rounds { get; }

    private int Asked => int.TryParse(Environment.GetEnvironmentVariable("SALESFLOW_RIVALS"), CultureInfo.InvariantCulture, out var asked) ? asked : Rounds;

    protected abstract Task<Action<IServiceCollection>> DatabaseAsync();

    public async ValueTask InitializeAsync()
    {
        var database = await DatabaseAsync();
        (_one, _other) = (SalesServer.Over(database, _clock), SalesServer.Over(database, _clock));
        await using var db = SalesServer.Open(_one);
        await Schema.UpdateAsync(db, default);
        await SalesServer.HireAsync(db, [Anna, Helen]);
        await _one.GetRequiredService<SeedCommands>().ImportNewAsync(default);
        await _one.GetRequiredService<DefinitionStore>().PublishAsync($$$"""
            {"definitionId":"race","id":"race-1","version":1,"name":"Race","root":{"id":"fc","type":"Elsa.Flowchart","activities":[{"id":"go","type":"SalesFlow.DealStarted"},{{{string.Join(',', Stages.Select(Stage))}}}],
             "connections":[{"source":{"activity":"go","port":"Done"},"target":{"activity":"first"}}]}}
            """, default);
        await _one.GetRequiredService<DefinitionStore>().PublishAsync(Talk, default);
    }

    private const string Talk = """
        {"definitionId":"talk","id":"talk-1","version":1,"name":"Talk","root":{"id":"fc","type":"Elsa.Flowchart","activities":[{"id":"go","type":"SalesFlow.DealStarted"},
          {"id":"s","type":"SalesFlow.Stage","stage":"s","nameEn":"S","body":{"id":"b","type":"Elsa.Flowchart","activities":[{"id":"m","type":"SalesFlow.Meeting","horizonDays":{"typeName":"Double","expression":{"type":"Literal","value":"60"}}}],"connections":[]}}],
         "connections":[{"source":{"activity":"go","port":"Done"},"target":{"activity":"s"}}]}}
        """;

    public async ValueTask DisposeAsync()
    {
        await _one.DisposeAsync();
        await _other.DisposeAsync();
        SqliteConnection.ClearAllPools();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Of_two_who_drag_a_deal_at_once_one_moves_it_and_the_other_is_told_who_did_and_when()
    {
        var (deal, from, moves) = (default(DealId), "first", _one.GetRequiredService<DealCommands>());
        for (var round = 0; round < Asked; round++)
        {
            if (round % RoundsOfADeal == 0)
                (deal, from) = (await CreateAsync(), "first");
            _clock.Advance(TimeSpan.FromSeconds(1));
            string[] to = [.. Stages.Where(stage => stage != from)];

            // The second wants to go elsewhere, or to the very same stage.
            var won = await RaceAsync(Moscow, who => moves.MoveAsync(deal, new DealMove(round % 2 == 0 || who == Anna ? to[0] : to[1], From: from), who, default));

            from = (await _one.GetRequiredService<DealQueries>().GetAsync(deal, Helen, default)).Stage!.Key;
            Assert.Equal(round % 2 == 0 || won == Anna ? to[0] : to[1], from);
        }
    }

    [Fact]
    public async Task Of_two_who_complete_a_task_at_once_one_does_and_the_other_is_told_who_did_and_when()
    {
        var (deal, tasks) = (default(DealId), _one.GetRequiredService<TaskCommands>());
        for (var round = 0; round < Asked; round++)
        {
            if (round % RoundsOfADeal == 0)
                deal = await CreateAsync();
            _clock.Advance(TimeSpan.FromSeconds(1));
            var task = (await _one.GetRequiredService<TaskQueries>().ListAsync(new TaskFilter("open", "any", deal, 5, null), Helen, default)).Items.Single();
            Assert.True(TaskId.TryParse(task.Id, out var id));

            await RaceAsync(Moscow, who => tasks.CompleteAsync(id, "Done", null, null, who, default));
        }
    }

    [Fact]
    public async Task Of_two_who_book_the_same_time_at_once_one_gets_it_and_the_other_is_told_who_did_and_when()
    {
        var (meetings, booking) = (new Dictionary<Actor, MeetingId>(), _one.GetRequiredService<MeetingCommands>());
        var free = new Queue<DateTimeOffset>();
        for (var round = 0; round < Asked; round++)
        {
            if (round % RoundsOfADeal == 0)
            {
                meetings = new() { [Anna] = await MeetingAsync(), [Helen] = await MeetingAsync() };
                // Far enough from each other that none takes of another's time.
                free = new((await _one.GetRequiredService<MeetingQueries>().SlotsAsync(meetings[Anna], Helen, default)).Select(slot => slot.Start).Where(start => start.ToUnixTimeSeconds() % 7200 == 0));
            }
            _clock.Advance(TimeSpan.FromSeconds(1));
            var time = free.Dequeue();

            await RaceAsync(Moscow, who => booking.BookAsync(meetings[who], new Booking(time), who, default));
        }
    }

    [Fact]
    public async Task Numbers_that_are_drawn_at_once_on_two_servers_leave_no_gap_and_repeat_none()
    {
        var (here, there) = (_one.GetRequiredService<NumberCommands>(), _other.GetRequiredService<NumberCommands>());
        var drawn = new List<long>();
        for (var round = 1; round <= Asked; round++)
        {
            var instance = new InstanceId(1_000_000 + round);
            // The first effect is asked for by both, as after a crash: it has one number.
            var numbers = await Task.WhenAll(Task.Run(() => here.DrawAsync("offer", 2026, instance, 1, default)), Task.Run(() => there.DrawAsync("offer", 2026, instance, 2, default)), Task.Run(() => there.DrawAsync("offer", 2026, instance, 1, default)));
            Assert.Equal(numbers[0], numbers[2]);
            drawn.AddRange(numbers[..2]);
        }

        Assert.Equal(Enumerable.Range(1, 2 * Asked).Select(number => (long)number), drawn.Order());
    }

    /// <summary>Both begin at one moment; answers who won, once the other was refused with that name and the time.</summary>
    private async Task<Actor> RaceAsync<T>(string when, Func<Actor, Task<T>> act)
    {
        var results = (await Race.RunAsync([() => act(Anna), () => act(Helen)])).Zip([Anna, Helen], (refused, who) => (who, refused)).ToList();
        var (winner, _) = Assert.Single(results, result => result.refused is null);
        var said = Assert.Single(results, result => result.refused is not null).refused!.Obstacles[0].Message;
        Assert.Contains(winner.Name, said, StringComparison.Ordinal);
        Assert.Contains(when, said, StringComparison.Ordinal);
        return winner;
    }

    private string Moscow => TimeZoneInfo.ConvertTime(_clock.GetUtcNow(), TimeZoneInfo.FindSystemTimeZoneById("Europe/Moscow")).ToString("G", CultureInfo.GetCultureInfo("en")) + " (Moscow, UTC+3)";

    private static readonly string[] Stages = ["first", "second", "third"];

    // The task comes again whenever it is done.
    private static string Stage(string key) => """
        {"id":"KEY","type":"SalesFlow.Stage","stage":"KEY","nameEn":"KEY","body":{"id":"b-KEY","type":"Elsa.Flowchart","activities":[{"id":"t-KEY","type":"SalesFlow.Task","outcomes":["Done"],"subject":{"typeName":"String","expression":{"type":"Literal","value":"Call"}}}],
         "connections":[{"source":{"activity":"t-KEY","port":"Done"},"target":{"activity":"t-KEY"}}]}}
        """.Replace("KEY", key, StringComparison.Ordinal);

    private async Task<DealId> CreateAsync()
    {
        var deal = await _one.GetRequiredService<DealCommands>().CreateAsync(new NewDeal("race", "Pumps", new NewClient("Vector"), 100m, "RUB", Owner: "Anna"), Anna, default);
        return DealId.TryParse(deal.Id, out var id) ? id : throw new FormatException(deal.Id);
    }

    // Both are of deals that Anna carries: whoever books takes of her time.
    private async Task<MeetingId> MeetingAsync()
    {
        var created = await _one.GetRequiredService<DealCommands>().CreateAsync(new NewDeal("talk", "Pumps", new NewClient("Vector"), 100m, "RUB", Owner: "Anna"), Anna, default);
        Assert.True(DealId.TryParse(created.Id, out var deal));
        return MeetingId.TryParse((await _one.GetRequiredService<MeetingQueries>().OfDealAsync(deal, Helen, default)).Single().Id, out var id) ? id : throw new FormatException();
    }

    private static Actor Person(long id, string name, string role) => new(new UserId(id), name, [role], "en");
}

public sealed class RivalsOnSqlite : RivalFacts
{
    protected override int Rounds => 1000;

    protected override Task<Action<IServiceCollection>> DatabaseAsync() => SalesServer.SqliteAsync("rivals");
}

public sealed class RivalsOnPostgres : RivalFacts
{
    protected override int Rounds => 1000;

    protected override Task<Action<IServiceCollection>> DatabaseAsync() => SalesServer.PostgresAsync();
}
