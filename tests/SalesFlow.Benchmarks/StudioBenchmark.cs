using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SalesFlow.Runtime;
using SalesFlow.Server;
using SalesFlow.Storage.Tests;

namespace SalesFlow.Benchmarks;

/// <summary>What Studio asks for, over HTTP from the real server, with very many definitions and instances, on both databases.</summary>
internal static class StudioBenchmark
{
    private const int Definitions = 500, Versions = 20, Instances = 1_000_000, Rounds = 7;
    private const string Newline = "\n";
    private const string Key = "bench-bench-bench-bench-bench-bench";
    private const string Newest = "?versionOptions=Latest&IsSystem=False&Page=0&PageSize=10";

    public static async Task RunAsync(Setting setting)
    {
        await RunAsync(setting, "SQLite", null);
        PostgresServer.Durable = true;
        if (await PostgresServer.TryNewDatabaseAsync() is { } database)
            await RunAsync(setting, "PostgreSQL", database);
        else
            Console.WriteLine("PostgreSQL is not installed: Studio's lists were measured on SQLite only.");
    }

    private static async Task RunAsync(Setting setting, string name, string? database)
    {
        var folder = Directory.CreateTempSubdirectory("salesflow-bench-studio-").FullName;
        try
        {
            var options = new ServerOptions { Urls = "http://127.0.0.1:0", DataFolder = folder, AdminPassword = Key, ApiKey = Key, Database = database };
            await using var app = ServerHost.Build(options);
            await FirstRun.PrepareAsync(app.Services, options, CancellationToken.None);
            await FillAsync(app.Services);
            await app.StartAsync();
            using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First() + "/elsa/api/") };
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("ApiKey", Key);
            client.DefaultRequestHeaders.AcceptLanguage.ParseAdd("en");
            await DescriptorsAsync(setting, name, client);
            await DefinitionsAsync(setting.Report, name, client);
            await InstancesAsync(setting.Report, name, client);
            await app.StopAsync();
        }
        finally
        {
            SqliteConnection.ClearAllPools();
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Copies of the shipped process, and rows of instances as years of work leave them: a tenth are under way, a hundredth faulted.</summary>
    private static async Task FillAsync(IServiceProvider services)
    {
        await using var db = await services.GetRequiredService<IDbContextFactory<WorkflowDb>>().CreateDbContextAsync();
        db.Database.SetCommandTimeout(TimeSpan.FromMinutes(3));
        await db.Database.ExecuteSqlAsync($"""
            WITH RECURSIVE copy(n) AS (SELECT CAST(0 AS bigint) UNION ALL SELECT n + 1 FROM copy WHERE n < {Definitions * Versions - 1})
            INSERT INTO definitions (version_id, definition_id, version, name, is_latest, is_published, document, created_at, description, tool_version, is_readonly, is_system, usable_as_activity, uses, search, revision, changed_by_id, changed_by_name)
            SELECT 'process-' || (n / {Versions}) || '-v' || (n % {Versions} + 1), 'process-' || (n / {Versions}), n % {Versions} + 1, 'Process ' || (n / {Versions}), n % {Versions} = {Versions - 1}, n % {Versions} = {Versions - 2}, document, created_at, description,
                tool_version, false, false, false, '', 'process ' || (n / {Versions}) || {Newline} || 'process-' || (n / {Versions}), 0, '', ''
            FROM copy, (SELECT * FROM definitions ORDER BY length(document) DESC LIMIT 1) AS longest
            """);
        await db.Database.ExecuteSqlAsync($"""
            WITH RECURSIVE copy(n) AS (SELECT CAST(1 AS bigint) UNION ALL SELECT n + 1 FROM copy WHERE n < {Instances}),
                drawn AS (SELECT n, (n * 7919) % {Definitions} AS d, (n * 104729) % 100 AS dice, 1700000000000000 + n * 60000000 AS at FROM copy)
            INSERT INTO instances (id, definition_id, definition_version_id, definition_version, status, sub_status, correlation_id, name, search, incidents, version, created_at, updated_at, finished_at)
            SELECT n, 'process-' || d, 'process-' || d || '-v' || (n % {Versions} + 1), n % {Versions} + 1, CASE WHEN dice >= 10 THEN 1 ELSE 0 END, CASE WHEN dice < 10 THEN 2 WHEN dice < 11 THEN 5 WHEN dice < 14 THEN 4 ELSE 3 END, 'D-' || n, 'Deal ' || n || ' with company ' || (n * 31 % 50000),
                'deal ' || n || ' with company ' || (n * 31 % 50000) || {Newline} || 'd-' || n, CASE WHEN dice = 10 THEN 1 ELSE 0 END, 7, at, at + dice * 3600000000, CASE WHEN dice >= 10 THEN at + dice * 3600000000 END
            FROM drawn
            """);
        // PostgreSQL does this by itself after a while; years of work do not come in one minute.
        if (db.Database.IsNpgsql())
            await db.Database.ExecuteSqlRawAsync("VACUUM ANALYZE definitions, instances");
    }

    private static async Task DescriptorsAsync(Setting setting, string name, HttpClient client)
    {
        setting.Report.Title($"Studio on {name}: descriptors");
        var rate = await Rate.OfAsync(1, setting.Time * 2, async (_, _) => await ReadAsync(client, "descriptors/activities?Refresh=True"));
        setting.Report.Line("all activities, warm", rate);
        setting.Report.AtMost("studio", $"{name}: all activity descriptors, warm, p99 ms", rate.P99, 50, 20);
    }

    private static async Task DefinitionsAsync(Report report, string name, HttpClient client)
    {
        report.Title($"Studio on {name}: lists over {Definitions} definitions x {Versions} versions");
        var shown = string.Concat(Enumerable.Range(0, 10).Select(i => $"&DefinitionIds=process-{i}"));
        var worst = 0.0;
        foreach (var (what, path) in new[]
        {
            ("first page", Newest), ("last page", Newest.Replace("Page=0", "Page=49", StringComparison.Ordinal)), ("by version", Newest + "&OrderBy=Version&OrderDirection=Descending"), ("search", Newest + "&SearchTerm=process%20499"),
            ("published of a page", "?versionOptions=Published" + shown), ("all published", "?versionOptions=Published"), ("latest or published", "?versionOptions=LatestOrPublished"),
            ("all versions of one", "?versionOptions=AllVersions&DefinitionIds=process-7&OrderBy=Version&OrderDirection=Descending&Page=0&PageSize=10"),
        })
            worst = Math.Max(worst, await MiddleAsync(report, what, () => ReadAsync(client, "workflow-definitions" + path)));
        report.AtMost("studio", $"{name}: a list of definitions, slowest, ms", worst, 100, 50);
    }

    private static async Task InstancesAsync(Report report, string name, HttpClient client)
    {
        report.Title($"Studio on {name}: lists over {Instances:N0} instances");
        var worst = 0.0;
        foreach (var (what, filter) in Filters())
            worst = Math.Max(worst, await MiddleAsync(report, what, () => PostAsync(client, "workflow-instances", $$"""{"page":0,"pageSize":10,"isSystem":false,"orderDirection":"Descending",{{filter}}}""")));
        report.AtMost("studio", $"{name}: a list of instances, slowest filter, ms", worst, 200, 100);
    }

    private static IEnumerable<(string What, string Filter)> Filters()
    {
        yield return ("no filter", "\"searchTerm\":\"\"");
        yield return ("a page in the middle", "\"page\":50000");
        foreach (var status in new[] { "Running", "Finished" })
            yield return ($"status {status}", $"\"statuses\":[\"{status}\"]");
        foreach (var status in new[] { "Suspended", "Finished", "Cancelled", "Faulted", "Pending" })
            yield return ($"substatus {status}", $"\"subStatuses\":[\"{status}\"]");
        yield return ("with incidents", "\"hasIncidents\":true");
        yield return ("without incidents", "\"hasIncidents\":false");
        yield return ("one definition", "\"definitionIds\":[\"process-7\"]");
        yield return ("ten definitions", $"\"definitionIds\":[{string.Join(",", Enumerable.Range(0, 10).Select(i => $"\"process-{i}\""))}]");
        yield return ("one definition, finished", "\"definitionIds\":[\"process-7\"],\"subStatuses\":[\"Finished\"]");
        yield return ("a version number", "\"version\":7");
        yield return ("a correlation id", "\"correlationId\":\"D-1234\"");
        foreach (var term in new[] { "D-999999", "company 4999", "deal", "nothing like it" })
            yield return ($"search for '{term}'", $"\"searchTerm\":\"{term}\"");
        yield return ("search among the running", "\"searchTerm\":\"company 499\",\"statuses\":[\"Running\"]");
        foreach (var column in new[] { "CreatedAt", "UpdatedAt", "FinishedAt" })
            foreach (var (operation, n) in new[] { ("GreaterThan", 990_000L), ("LessThan", 10_000L), ("GreaterThan", 500_000L) })
                yield return ($"{column} {operation} {n:N0}", $"\"timestampFilters\":[{{\"column\":\"{column}\",\"operator\":\"{operation}\",\"timestamp\":\"{DateTimeOffset.UnixEpoch.AddMicroseconds(1_700_000_000_000_000 + n * 60_000_000).ToString("O", CultureInfo.InvariantCulture)}\"}}]");
        foreach (var column in new[] { "LastExecuted", "Finished", "Name" })
            yield return ($"sorted by {column}", $"\"orderBy\":\"{column}\"");
    }

    /// <summary>The middle of several, after one that does not count.</summary>
    private static async Task<double> MiddleAsync(Report report, string what, Func<Task> ask)
    {
        await ask();
        var taken = new List<double>();
        for (var i = 0; i < Rounds; i++)
        {
            var started = Stopwatch.GetTimestamp();
            await ask();
            taken.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }
        taken.Sort();
        report.Line(what, taken[Rounds / 2], $"ms (slowest {taken[^1].ToString("0", CultureInfo.InvariantCulture)})");
        return taken[Rounds / 2];
    }

    private static async Task ReadAsync(HttpClient client, string path)
    {
        using var answer = await client.GetAsync(path);
        answer.EnsureSuccessStatusCode();
        await answer.Content.ReadAsByteArrayAsync();
    }

    private static async Task PostAsync(HttpClient client, string path, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await client.PostAsync(path, content);
        answer.EnsureSuccessStatusCode();
        await answer.Content.ReadAsByteArrayAsync();
    }
}
