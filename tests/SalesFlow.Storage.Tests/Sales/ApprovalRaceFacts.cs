using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using SalesFlow.Runtime;
using SalesFlow.Sales;
using SalesFlow.Sales.Deals;
using SalesFlow.Sales.People;
using SalesFlow.Sales.Seeds;
using SalesFlow.Sales.Tasks;

namespace SalesFlow.Storage.Tests.Sales;

/// <summary>
/// Two people who decide the same approval at the same instant: one wins, and the other is told who and when. Written once for both databases; the environment variable SALESFLOW_RACES says how often (1,000 without it).
/// </summary>
public abstract class ApprovalRaceFacts : IAsyncLifetime
{
    private static readonly Actor Anna = new(new UserId(1), "Anna", [Roles.Rep], "en"), One = new(new UserId(2), "Otto", [Roles.Approver], "en"), Other = new(new UserId(3), "Adele", [Roles.Administrator], "en");
    private static readonly int Times = int.Parse(Environment.GetEnvironmentVariable("SALESFLOW_RACES") ?? "1000", CultureInfo.InvariantCulture);
    private ServiceProvider _services = null!;

    protected abstract Task<Action<IServiceCollection>> DatabaseAsync();

    public async ValueTask InitializeAsync()
    {
        _services = SalesServer.Over(await DatabaseAsync(), TimeProvider.System);
        await using var db = SalesServer.Open(_services);
        await Schema.UpdateAsync(db, default);
        await SalesServer.HireAsync(db, [Anna, One, Other]);
        await Get<SeedCommands>().ImportNewAsync(default);
        await Get<DefinitionStore>().PublishAsync("""
            {"definitionId":"races","id":"races-1","version":1,"name":"Races","root":{"id":"fc","type":"Elsa.Flowchart","activities":[
              {"id":"go","type":"SalesFlow.DealStarted"},
              {"id":"s1","type":"SalesFlow.Stage","stage":"first","nameEn":"First","body":{"id":"b1","type":"Elsa.Flowchart","activities":[
                {"id":"ask","type":"SalesFlow.Approval","subject":{"typeName":"String","expression":{"type":"Literal","value":"Approve"}}}],"connections":[]}}],
             "connections":[{"source":{"activity":"go","port":"Done"},"target":{"activity":"s1"}}]}}
            """, default);
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Of_two_who_decide_at_the_same_instant_one_wins_and_the_other_is_told_who_and_when()
    {
        var (refusals, winners) = (new ConcurrentBag<string>(), new ConcurrentBag<Actor>());

        await Parallel.ForEachAsync(Enumerable.Range(0, Times), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (number, cancel) =>
        {
            var task = await AskAsync(number, cancel);
            // Now the one comes to the door first, now the other.
            (Actor Actor, string Outcome)[] both = number % 2 == 0 ? [(One, "Approved"), (Other, "Rejected")] : [(Other, "Rejected"), (One, "Approved")];
            string?[] answers = [.. (await Race.RunAsync([.. both.Select(side => (Func<Task>)(() => DecideAsync(task, side.Actor, side.Outcome, cancel)))])).Select(refused => refused?.Message)];

            refusals.Add(Assert.Single(answers.OfType<string>()));
            var (done, winner) = (await Get<TaskQueries>().GetAsync(task, Actor.Engine, cancel), both[answers[0] is null ? 0 : 1].Actor);
            winners.Add(winner);
            Assert.Equal((winner == One ? "Approved" : "Rejected", winner.Name), (done.Outcome, done.CompletedByName));
            Assert.StartsWith($"{winner.Name} completed this task at ", answers.OfType<string>().Single(), StringComparison.Ordinal);
        });

        Assert.Equal(Times, refusals.Count);
        Assert.All(refusals, message => Assert.Matches(@"^(Otto|Adele) completed this task at \d+/\d+/\d{4} \d+:\d\d:\d\d\s[AP]M \(Moscow, UTC\+3\): (Approved|Rejected)\.$", message));
        // A race that one side always won would be none.
        Assert.Equal(2, winners.Distinct().Count());
    }

    private async Task<TaskId> AskAsync(int number, CancellationToken cancel)
    {
        var deal = await Get<DealCommands>().CreateAsync(new NewDeal("races", $"Race {number}", new NewClient("Vector LLC"), 100, "RUB"), Anna, cancel);
        var open = await Get<TaskQueries>().ListAsync(new TaskFilter("open", "any", DealId.TryParse(deal.Id, out var id) ? id : null), Actor.Engine, cancel);
        return TaskId.TryParse(Assert.Single(open.Items).Id, out var task) ? task : throw new FormatException();
    }

    private Task<TaskCompletion> DecideAsync(TaskId task, Actor actor, string outcome, CancellationToken cancel) =>
        Get<TaskCommands>().CompleteAsync(task, outcome, outcome == "Approved" ? null : new Dictionary<string, object?> { ["approvalComment"] = "no" }, null, actor, cancel);

    private T Get<T>() where T : notnull => _services.GetRequiredService<T>();
}

public sealed class ApprovalRacesOnSqlite : ApprovalRaceFacts
{
    protected override Task<Action<IServiceCollection>> DatabaseAsync() => SalesServer.SqliteAsync("races");
}

public sealed class ApprovalRacesOnPostgres : ApprovalRaceFacts
{
    protected override Task<Action<IServiceCollection>> DatabaseAsync() => SalesServer.PostgresAsync();
}
