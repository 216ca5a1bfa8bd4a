using System.Collections.Immutable;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using SalesFlow.Runtime;
using SalesFlow.Sales;
using SalesFlow.Sales.Calendars;
using SalesFlow.Sales.Deals;
using SalesFlow.Sales.Documents;
using SalesFlow.Sales.Metrics;
using SalesFlow.Sales.People;
using SalesFlow.Sales.Seeds;
using SalesFlow.Sales.Tasks;

namespace SalesFlow.Storage.Tests.Sales;

/// <summary>Many tasks at once, hours, the register of numbers and the reasons of losses; written once for both databases.</summary>
public abstract class DayFacts : IAsyncLifetime
{
    // Monday, nine in the morning in Moscow.
    private static readonly DateTimeOffset Monday = new(2026, 11, 23, 6, 0, 0, TimeSpan.Zero);
    private static readonly Actor Anna = new(new UserId(1), "Anna", [Roles.Rep], "en"), Helen = new(new UserId(3), "Helen", [Roles.HeadOfSales], "en");
    private readonly FakeTimeProvider _clock = new(Monday);
    private ServiceProvider _services = null!;

    protected abstract Task<Action<IServiceCollection>> DatabaseAsync();

    public async ValueTask InitializeAsync()
    {
        _services = SalesServer.Over(await DatabaseAsync(), _clock);
        await using var db = SalesServer.Open(_services);
        await Schema.UpdateAsync(db, default);
        await SalesServer.HireAsync(db, [Anna, Helen]);
        await Get<SeedCommands>().ImportNewAsync(default);
        await Get<DefinitionStore>().PublishAsync("""
            {"definitionId":"day","id":"day-1","version":1,"name":"Day","root":{"id":"fc","type":"Elsa.Flowchart","activities":[{"id":"go","type":"SalesFlow.DealStarted"},
              {"id":"s","type":"SalesFlow.Stage","stage":"s","nameEn":"S","body":{"id":"b","type":"Elsa.Flowchart","activities":[
                {"id":"call","type":"SalesFlow.Task","subject":"Call","outcomes":["Done"],"dueHours":{"typeName":"Double","expression":{"type":"Literal","value":"4"}}},{"id":"write","type":"SalesFlow.Task","subject":"Write","outcomes":["Done"]}],
               "connections":[{"source":{"activity":"call","port":"Done"},"target":{"activity":"write"}}]}}],
             "connections":[{"source":{"activity":"go","port":"Done"},"target":{"activity":"s"}}]}}
            """, default);
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        SqliteConnection.ClearAllPools();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Several_tasks_are_completed_at_once_each_with_its_answer_and_their_deals_go_on()
    {
        var (one, other) = (await CreateAsync(), await CreateAsync());
        string[] tasks = [(await OpenAsync(one)).Id, (await OpenAsync(other)).Id, "77"];

        var rows = await Get<BulkTaskCommands>().RunAsync(new("complete", [.. tasks], Outcome: "Done"), Anna, default);

        Assert.Equal([(tasks[0], true, null), (tasks[1], true, null), (tasks[2], false, null)], rows.Select(row => (row.Task, row.Done, row.Undo)));
        Assert.Contains("no task", rows[2].Problem, StringComparison.Ordinal);
        foreach (var (deal, task) in new[] { (one, tasks[0]), (other, tasks[1]) })
        {
            Assert.True(TaskId.TryParse(task, out var id));
            var done = await Get<TaskQueries>().GetAsync(id, Anna, default);
            Assert.Equal(("done", "Done", "Anna", "Write"), (done.Status, done.Outcome, done.CompletedByName, (await OpenAsync(deal)).Title));
        }
        var again = await Get<BulkTaskCommands>().RunAsync(new("complete", [tasks[0]], Outcome: "Done"), Anna, default);
        Assert.StartsWith("Anna completed this task at", again.Single().Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_persons_hours_are_kept_shown_and_counted_until_they_are_taken_away()
    {
        var deal = await CreateAsync();
        var usual = (await OpenAsync(deal)).DueAt;

        Assert.Equal(1, await Get<HoursCommands>().SetPersonAsync(Anna.Id, new WorkingHours(Hours: "10:00-10:30", Days: ImmutableSortedDictionary<string, string>.Empty.Add("2026-12-05", "")), Helen, default));

        Assert.True((await OpenAsync(deal)).DueAt > usual!.Value.AddDays(5));
        Assert.Equal(("10:00-10:30", 2.5), (await HoursOfAnnaAsync(), (await Get<HoursQueries>().ListAsync(default)).People.Single(row => row.Key == "1").WeekHours));
        await Get<HoursCommands>().SetPersonAsync(Anna.Id, null, Helen, default);
        Assert.Equal((usual, null), ((await OpenAsync(deal)).DueAt, await HoursOfAnnaAsync()));
        async Task<string?> HoursOfAnnaAsync() => (await Get<HoursQueries>().ListAsync(default)).People.Single(row => row.Key == "1").Hours?.Hours;
    }

    [Fact]
    public async Task The_register_lists_every_number_with_its_deal_page_by_page()
    {
        var deal = await CreateAsync();
        for (var effect = 1; effect <= 3; effect++)
            await Get<NumberCommands>().DrawAsync("offer", 2026, new InstanceId(deal.Value), effect, default);
        await Get<NumberCommands>().DrawAsync("contract", 2025, new InstanceId(deal.Value), 9, default);
        var numbers = Get<NumberQueries>();

        var series = await numbers.SeriesAsync(Helen, default);
        var first = await numbers.ListAsync(long.Parse(series[0].Id, CultureInfo.InvariantCulture), 2, null, Helen, default);
        var second = await numbers.ListAsync(long.Parse(series[0].Id, CultureInfo.InvariantCulture), 2, first.NextCursor, Helen, default);

        Assert.Equal([("offer", 2026, 3L), ("contract", 2025, 1)], series.Select(one => (one.Kind, one.Year, one.Last)));
        Assert.Equal([3L, 2, 1], first.Items.Concat(second.Items).Select(row => row.Sequence));
        Assert.All(first.Items, row => Assert.Equal(("Pumps", "Vector", null), (row.DealTitle, row.Client, row.Document)));
        Assert.Null(second.NextCursor);
        await Assert.ThrowsAsync<ForbiddenException>(() => numbers.SeriesAsync(Anna, default));
    }

    [Fact]
    public async Task Losses_are_counted_and_summed_by_reason_and_currency()
    {
        foreach (var (reason, currency) in new[] { ("noBudget", "RUB"), ("noBudget: frozen", "RUB"), ("noBudget", "EUR"), ("who knows", "RUB") })
            await Get<DealCommands>().CloseAsync(await CreateAsync(currency), won: false, reason, Anna, default);
        await Get<DealCommands>().CloseAsync(await CreateAsync(), won: true, null, Helen, default);

        var losses = await Get<MetricsQueries>().LossesAsync("day", Monday.AddDays(-1), Monday.AddDays(1), "en", default);

        Assert.Equal([("noBudget", "No budget", 3, 0.75), ("other", "Something else", 1, 0.25)], losses.Items.Select(row => (row.Reason, row.Name, row.Deals, row.Share)));
        Assert.Equal([("RUB", 200m), ("EUR", 100m)], losses.Items[0].Sums.Select(sum => (sum.Currency, sum.Sum)));
        Assert.Empty((await Get<MetricsQueries>().LossesAsync("day", Monday.AddDays(1), Monday.AddDays(2), "en", default)).Items);
    }

    private async Task<DealId> CreateAsync(string currency = "RUB")
    {
        var deal = await Get<DealCommands>().CreateAsync(new NewDeal("day", "Pumps", new NewClient("Vector"), 100m, currency, Owner: "Anna"), Anna, default);
        return DealId.TryParse(deal.Id, out var id) ? id : throw new FormatException(deal.Id);
    }

    private async Task<TaskView> OpenAsync(DealId deal) => (await Get<TaskQueries>().ListAsync(new TaskFilter("open", "any", deal), Helen, default)).Items.Single();

    private T Get<T>() where T : notnull => _services.GetRequiredService<T>();
}

public sealed class DayOnSqlite : DayFacts
{
    protected override Task<Action<IServiceCollection>> DatabaseAsync() => SalesServer.SqliteAsync("day");
}

public sealed class DayOnPostgres : DayFacts
{
    protected override Task<Action<IServiceCollection>> DatabaseAsync() => SalesServer.PostgresAsync();
}
