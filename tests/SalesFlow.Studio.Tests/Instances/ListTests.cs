using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SalesFlow.Engine;
using SalesFlow.Runtime;
using SalesFlow.Storage.Tests;

namespace SalesFlow.Studio.Tests.Instances;

/// <summary>Lists of instances and pages of journals, on both databases: whatever is done to find them quickly, they say the same.</summary>
public abstract class ListFacts : IAsyncLifetime
{
    private const string Waits = """
        {"definitionId": "lists", "name": "Waits for news", "root": {"id": "flow", "type": "Elsa.Flowchart", "version": 1, "activities": [
          {"id": "wait", "type": "Elsa.Event", "version": 1, "eventName": {"typeName": "String", "expression": {"type": "Literal", "value": "list-news"}}},
          {"id": "again", "type": "Elsa.Event", "version": 1, "eventName": {"typeName": "String", "expression": {"type": "Literal", "value": "more-news"}}}],
          "connections": [{"source": {"activity": "wait", "port": "Done"}, "target": {"activity": "again", "port": "In"}}]}}
        """;

    private StudioServer _server = null!;
    private HttpClient _studio = null!;

    protected abstract Task<string?> DatabaseAsync();

    public async ValueTask InitializeAsync()
    {
        _server = new StudioServer { Database = await DatabaseAsync() };
        await _server.InitializeAsync();
        _studio = _server.Client();
        await _server.App.Services.GetRequiredService<DefinitionStore>().SeedAsync([Waits], default);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Every_page_in_every_order_knows_how_many_there_are()
    {
        for (var i = 0; i < 7; i++)
            await StartAsync($"Case {i}");

        foreach (var order in new[] { "Created", "LastExecuted", "Finished", "Name" })
            foreach (var direction in new[] { "Ascending", "Descending" })
                foreach (var filter in new[] { "\"searchTerm\":\"\"", "\"searchTerm\":\"case\"", "\"definitionIds\":[\"lists\"]" })
                {
                    var seen = new List<string>();
                    for (var page = 0; page < 4; page++)
                    {
                        var list = await ListAsync($$"""{"page":{{page}},"pageSize":3,"orderBy":"{{order}}","orderDirection":"{{direction}}",{{filter}}}""");
                        Assert.Equal(7, list["totalCount"]!.GetValue<long>());
                        seen.AddRange(list["items"]!.AsArray().Select(row => $"{row!["name"]}"));
                    }
                    Assert.Equal(Enumerable.Range(0, 7).Select(i => $"Case {i}"), seen.Order());
                }
    }

    [Fact]
    public async Task Among_very_many_instances_the_first_pages_are_the_right_ones_in_every_order()
    {
        await using var db = await _server.App.Services.GetRequiredService<IDbContextFactory<WorkflowDb>>().CreateDbContextAsync();
        await db.Database.ExecuteSqlAsync($"""
            WITH RECURSIVE copy(n) AS (SELECT CAST(1 AS bigint) UNION ALL SELECT n + 1 FROM copy WHERE n < 14000)
            INSERT INTO instances (id, definition_id, definition_version_id, definition_version, status, sub_status, name, search, incidents, version, created_at, updated_at, finished_at)
            SELECT 1000 + n, 'lists', 'lists-v1', 1, 1, 3, CASE WHEN n % 9 > 0 THEN 'Name ' || (n * 7919 % 14009) END, 'case ' || n, CASE WHEN n % 1400 = 7 OR n < 900 THEN 1 ELSE 0 END, 1, n, n * 104729 % 14009, CASE WHEN n % 7 > 0 THEN n * 31 % 14009 END FROM copy
            """);
        var rows = await db.Instances.AsNoTracking().ToListAsync();
        var least = db.Database.ProviderName!.EndsWith("Sqlite", StringComparison.Ordinal) ? int.MinValue : int.MaxValue;
        var columns = new Dictionary<string, Func<InstanceRow, (long, string)>>
        {
            ["Created"] = row => (row.Id, ""), ["LastExecuted"] = row => (row.UpdatedAt.Ticks, ""), ["Finished"] = row => (row.FinishedAt?.Ticks ?? long.MinValue, ""),
            ["Name"] = row => (row.Name is null ? least : 0, row.Name ?? ""),
        };
        foreach (var (order, column) in columns)
            foreach (var descending in new[] { false, true })
                foreach (var (filter, fits) in new (string, Func<InstanceRow, bool>)[] { ("\"searchTerm\":\"\"", _ => true), ("\"hasIncidents\":true", row => row.Incidents > 0), ("\"searchTerm\":\"case 13999\"", row => row.Search == "case 13999") })
                {
                    var sorted = rows.Where(fits).OrderBy(row => column(row).Item1).ThenBy(row => column(row).Item2, StringComparer.Ordinal).ThenBy(row => row.Id).ToList();
                    if (descending)
                        sorted.Reverse();
                    foreach (var page in new[] { 0, 3 })
                    {
                        var list = await ListAsync($$"""{"page":{{page}},"pageSize":20,"orderBy":"{{order}}","orderDirection":"{{(descending ? "Descending" : "Ascending")}}",{{filter}}}""");
                        Assert.Equal(sorted.Count, list["totalCount"]!.GetValue<long>());
                        Assert.Equal(sorted.Skip(page * 20).Take(20).Select(row => $"{row.Id}"), list["items"]!.AsArray().Select(row => $"{row!["id"]}"));
                    }
                }
    }

    [Theory]
    [InlineData("100%", "100% sure")]
    [InlineData("under_score", "Under_score")]
    [InlineData("back\\\\slash", "Back\\slash")]
    [InlineData("ПЕРВАЯ", "Первая сделка")]
    [InlineData("waits for", "100% sure,Under_score,Back\\slash,Первая сделка,1000 other")]
    [InlineData("nothing like it", "")]
    public async Task A_search_takes_every_letter_as_it_is_and_knows_the_names_of_definitions(string term, string found)
    {
        foreach (var name in new[] { "100% sure", "Under_score", "Back\\slash", "Первая сделка", "1000 other" })
            await StartAsync(name);

        var list = await ListAsync($$"""{"page":0,"pageSize":10,"searchTerm":"{{term}}"}""");

        Assert.Equal(found.Split(',', StringSplitOptions.RemoveEmptyEntries).Order(), list["items"]!.AsArray().Select(row => $"{row!["name"]}").Order());
    }

    [Fact]
    public async Task A_search_finds_an_instance_by_its_id()
    {
        var id = await StartAsync("By id");
        await StartAsync("Another");

        var list = await ListAsync($$"""{"page":0,"pageSize":10,"searchTerm":"{{id}}"}""");

        Assert.Contains(id, list["items"]!.AsArray().Select(row => $"{row!["id"]}"));
    }

    [Fact]
    public async Task A_journal_that_was_read_goes_on_where_the_instance_does()
    {
        var id = await StartAsync("Read on");
        var before = await JournalAsync(id, "?skip=0&take=100");
        await _studio.PostAsJsonAsync("/elsa/api/events/list-news/trigger", new { workflowInstanceId = id });

        var after = await JournalAsync(id, "?skip=0&take=100");
        var (end, waits) = (await JournalAsync(id, $"?skip={after.Count - 2}&take=100"), await JournalAsync(id, "?skip=1&take=2", """{"filter":{"activityIds":["wait"]}}"""));

        Assert.Equal(["Workflow1 Started", "flow Started", "wait Started", "wait Suspended"], before);
        Assert.Equal([.. before, "wait Resumed", "wait Completed", "again Started", "again Suspended"], after);
        Assert.Equal(after[^2..], end);
        Assert.Equal(["wait Suspended", "wait Resumed"], waits);
    }

    [Fact]
    public async Task A_journal_too_long_to_be_remembered_is_read_all_the_same()
    {
        var id = await StartAsync("Long");
        var instance = long.Parse(id, System.Globalization.CultureInfo.InvariantCulture);
        var lines = JournalPack.Pack([.. Enumerable.Range(0, 25_000).Select(i => new JournalEntry(1000 + i, 3, "wait", "Workflow1:flow:wait", "Elsa.Event", "Noted", DateTimeOffset.UnixEpoch))], null);
        await using (var db = await _server.App.Services.GetRequiredService<IDbContextFactory<WorkflowDb>>().CreateDbContextAsync())
        {
            db.Add(new JournalRow(instance, 2, DateTimeOffset.UnixEpoch, lines, false));
            await db.SaveChangesAsync();
        }

        for (var read = 0; read < 2; read++)
        {
            var journal = JsonNode.Parse(await _studio.GetStringAsync($"/elsa/api/workflow-instances/{id}/journal?skip=25000&take=10"))!;
            Assert.Equal(25_004, journal["totalCount"]!.GetValue<int>());
            Assert.Equal([25_000, 25_001, 25_002, 25_003], journal["items"]!.AsArray().Select(line => line!["sequence"]!.GetValue<int>()));
        }
    }

    private async Task<string> StartAsync(string name)
    {
        var runtime = _server.App.Services.GetRequiredService<WorkflowRuntime>();
        return (await runtime.StartAsync("lists", new Stimulus.Start(Name: name), Facts.None, [], new InstanceId(await runtime.NextIdAsync(default)), default)).Instance.ToString();
    }

    private async Task<JsonNode> ListAsync(string body)
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var answer = await _studio.PostAsync("/elsa/api/workflow-instances", content);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
    }

    private async Task<List<string>> JournalAsync(string id, string query, string body = "{}")
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var answer = await _studio.PostAsync($"/elsa/api/workflow-instances/{id}/journal{query}", content);
        return [.. JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["items"]!.AsArray().Select(line => $"{line!["activityId"]} {line["eventName"]}")];
    }
}

public sealed class ListsOnSqlite : ListFacts
{
    protected override Task<string?> DatabaseAsync() => Task.FromResult<string?>(null);
}

public sealed class ListsOnPostgres : ListFacts
{
    protected override async Task<string?> DatabaseAsync() => await PostgresServer.NewDatabaseAsync();
}
