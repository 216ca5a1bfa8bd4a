using System.Diagnostics;
using System.Net.Sockets;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using SalesFlow.Sales;
using SalesFlow.Sales.Deals;
using SalesFlow.Sales.People;
using SalesFlow.Sales.Tasks;

namespace SalesFlow.Benchmarks;

/// <summary>Goals 4 and 5 in a company with very many waiting deals: nothing that is done may cost more because of what waits.</summary>
internal static class LargeCompany
{
    private static readonly Actor Rep = new(new UserId(2), "rep", [Roles.Rep], "en");
    private static readonly Actor Head = new(new UserId(1), "head", [Roles.HeadOfSales], "en");

    public static async Task RunAsync(Setting setting, string folder, string few)
    {
        var report = setting.Report;
        report.Title($"SQLite, {setting.Many:N0} deals waiting, against 1,000");
        var many = SqliteBenchmark.Copy(few, folder, "many");
        var before = new FileInfo(many).Length;
        await using (var growing = await SqliteBenchmark.OpenAsync(many))
        {
            var (started, used, had) = (Stopwatch.GetTimestamp(), Machine.OwnCpu(), growing.Deals.Count);
            await growing.GrowAsync(setting.Many);
            report.Line("deals started, 64 at once", new Rate(setting.Many - had, Stopwatch.GetElapsedTime(started), Machine.OwnCpu() - used, growing.Store.Commits, double.NaN, double.NaN));
        }
        SqliteBenchmark.Settle(many);
        var bytes = (new FileInfo(many).Length - before) / (double)(setting.Many - 1000);
        report.Line("bytes a waiting deal takes with all its rows", bytes, "bytes");
        report.AtMost("4", "SQLite: bytes a waiting instance, its deal, task, bookmarks and events", bytes, 3072, 2048, "0");
        await ThroughputAsync(setting, SqliteBenchmark.Copy(few, folder, "beside"), many);
        await StartAsync(setting, folder, many);
        await PagesAsync(setting, many);
    }

    private static async Task ThroughputAsync(Setting setting, string few, string many)
    {
        var report = setting.Report;
        await using var small = await SqliteBenchmark.OpenAsync(few);
        await using var large = await SqliteBenchmark.OpenAsync(many);
        // Both begin with their thousand deals in memory; the line of those that are not is measured apart.
        await small.CompleteAsync(64, Setting.WarmUp);
        await large.CompleteAsync(64, Setting.WarmUp);
        foreach (var callers in new[] { 64, 8, 1 })
        {
            var (one, other, cold) = (new List<Rate>(), new List<Rate>(), new List<Rate>());
            for (var round = 0; round < setting.Rounds * 2 - 1; round++)
            {
                one.Add(await small.CompleteAsync(callers, setting.Time));
                other.Add(await large.CompleteAsync(callers, setting.Time));
                if (callers == 64)
                    cold.Add(await large.CompleteAsync(callers, setting.Time, setting.Many));
            }
            var (a, b) = (Rate.Middle(one), Rate.Middle(other));
            report.Line($"1,000 waiting, {callers} at once", a);
            report.Line($"{setting.Many:N0} waiting, {callers} at once, on 1,000 of them", b, a);
            report.AtLeast("4", $"SQLite, {callers} at once: {setting.Many:N0} waiting / 1,000 waiting, CPU time", MiddleRatio(one, other), 0.8, 0.95);
            if (callers == 64)
                report.Line($"{setting.Many:N0} waiting, 64 at once, on any of them (most not in memory)", Rate.Middle(cold), a);
            if (callers == 64)
                await HalfLoadAsync(report, large, b.PerSecond / 2, setting.Time * 2);
        }
    }

    // Of neighbours in time: the machine's own speed changes from minute to minute, and it must not count as a difference between the two.
    private static double MiddleRatio(List<Rate> one, List<Rate> other)
    {
        var ratios = one.Zip(other, (a, b) => b.PerCpuSecond / a.PerCpuSecond).Order().ToList();
        return ratios[ratios.Count / 2];
    }

    private static async Task HalfLoadAsync(Report report, Company company, double perSecond, TimeSpan time)
    {
        var half = await Rate.PacedAsync(perSecond, time, i => company.CompleteAsync(company.Deals[i % 1000 * (company.Deals.Count / 1000)]));
        report.Line("at half that load, from the call to the next task", half);
        report.AtMost("5", "SQLite, half load: completed to next task, p50 ms", half.P50, 10, 5);
        report.AtMost("5", "SQLite, half load: completed to next task, p99 ms", half.P99, 100, 30);
    }

    /// <summary>The real program on a folder with that database, until it says that it is ready: the published one, when SALESFLOW_PUBLISHED names its folder.</summary>
    private static async Task StartAsync(Setting setting, string folder, string many)
    {
        var data = Directory.CreateDirectory(Path.Combine(folder, "server")).FullName;
        SqliteBenchmark.Settle(many);
        SqliteBenchmark.Copy(many, data, "salesflow");
        var taken = new List<TimeSpan>();
        // The first start publishes the shipped processes and makes the administrator.
        for (var start = 0; start < 4; start++)
            taken.Add(await StartOnceAsync(data));
        var middle = taken.Skip(1).Order().ElementAt(1);
        var what = $"start of the {(Published is null ? "server as built" : "published server")} with {setting.Many:N0} deals waiting";
        setting.Report.Line(what, middle.TotalSeconds, "s");
        setting.Report.AtMost("4", $"{what}, s", middle.TotalSeconds, 3, 2);
    }

    private static string? Published => Environment.GetEnvironmentVariable("SALESFLOW_PUBLISHED") is { Length: > 0 } folder ? folder : null;

    private static async Task<TimeSpan> StartOnceAsync(string data)
    {
        var started = Stopwatch.GetTimestamp();
        using var server = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(Published ?? AppContext.BaseDirectory, "SalesFlow.Server.dll"), "--data", data, "--urls", $"http://127.0.0.1:{FreePort()}"]) { RedirectStandardOutput = true })!;
        try
        {
            while (await server.StandardOutput.ReadLineAsync() is { } line)
                if (line.StartsWith("SalesFlow is ready", StringComparison.Ordinal))
                    return Stopwatch.GetElapsedTime(started);
            throw new InvalidOperationException($"The server ended with {server.ExitCode} before it was ready.");
        }
        finally
        {
            server.Kill();
            await server.WaitForExitAsync();
        }
    }

    private static async Task PagesAsync(Setting setting, string many)
    {
        var report = setting.Report;
        var tasks = setting.Quick ? 100_000 : 1_000_000;
        await using var company = await SqliteBenchmark.OpenAsync(many);
        await using (var db = company.Open())
        {
            // Copies of the open tasks, each with a due time and an assignee of its own: a tenth is open.
            var copies = (tasks - await db.Tasks.CountAsync()) / setting.Many;
            await db.Database.ExecuteSqlRawAsync("""
                WITH RECURSIVE copy(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM copy WHERE n < {0})
                INSERT INTO tasks (id, deal_id, title, description, stage_key, assignee, candidate_role, created_at, due_at, due_order, outcomes, form, status, activity_id, bookmark, version)
                SELECT t.id + 1000 + n, t.deal_id, title, description, stage_key, 2 + (t.deal_id + n) % 50, candidate_role, created_at, due_at + n * 1000003, due_order + n * 1000003, outcomes, form, n % 10 <> 0, activity_id, bookmark, version
                FROM (SELECT * FROM tasks WHERE status = 0) t, copy
                """, Math.Max(1, copies));
            await db.Database.ExecuteSqlRawAsync("ANALYZE");
            report.Title($"SQLite, lists over {await db.Tasks.CountAsync():N0} tasks, {await db.Tasks.CountAsync(task => task.Status == SalesTaskStatus.Open):N0} of them open");
        }
        await PageAsync(report, setting, "my tasks", () => company.Tasks.ListAsync(new TaskFilter(), Rep, default));
        await PageAsync(report, setting, "everybody's tasks", () => company.Tasks.ListAsync(new TaskFilter(Assignee: "any"), Head, default));
        await PageAsync(report, setting, "deals of a rep", () => company.DealQueries.ListAsync(new DealFilter(), Rep, default));
        await PageAsync(report, setting, "deals of everybody", () => company.DealQueries.ListAsync(new DealFilter(), Head, default));
    }

    private static async Task PageAsync(Report report, Setting setting, string what, Func<Task> read)
    {
        var rate = await Rate.OfAsync(1, setting.Time, async (_, _) => await read());
        report.Line($"a page of {what}", rate);
        report.AtMost("5", $"SQLite: a page of {what}, p99 ms", rate.P99, 25, 10);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
    }
}
