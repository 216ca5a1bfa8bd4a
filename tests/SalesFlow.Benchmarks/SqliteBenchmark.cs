using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using SalesFlow.Runtime;
using SalesFlow.Storage;

namespace SalesFlow.Benchmarks;

/// <summary>Goals 1, 4 and 5 on SQLite with synchronous=FULL.</summary>
internal static class SqliteBenchmark
{
    private const int Few = 1000;

    public static async Task RunAsync(Setting setting)
    {
        var folder = Directory.CreateTempSubdirectory("salesflow-bench-").FullName;
        try
        {
            var few = Path.Combine(folder, "few.db");
            await using (var company = await OpenAsync(few))
                await company.GrowAsync(Few);
            Settle(few);
            await CeilingsAsync(setting, folder, few);
            await LargeCompany.RunAsync(setting, folder, few);
        }
        finally
        {
            SqliteConnection.ClearAllPools();
            Directory.Delete(folder, recursive: true);
        }
    }

    public static Task<Company> OpenAsync(string file, List<RowBatch>? recorded = null) => Company.OpenAsync(services => services.AddSqlite(file), recorded);

    /// <summary>Everything is in the one file and the log is empty, so that it can be copied and measured.</summary>
    public static void Settle(string file)
    {
        SqliteConnection.ClearAllPools();
        using var connection = new SqliteConnection($"Data Source={file};Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)";
        command.ExecuteNonQuery();
    }

    private static async Task CeilingsAsync(Setting setting, string folder, string few)
    {
        var report = setting.Report;
        report.Title($"SQLite, {Few:N0} deals waiting, synchronous=FULL");
        var bursts = await RecordAsync(setting, folder, few);
        await using var company = await OpenAsync(Copy(few, folder, "engine"));
        // The first seconds go into compiling; a server that has been up for a while is what is meant.
        await company.CompleteAsync(64, Setting.WarmUp, Few);
        await RawSqlite.ReplayAsync(Copy(few, folder, "raw-warm"), bursts, 64, Setting.WarmUp);
        foreach (var callers in new[] { 64, 8, 1 })
        {
            var (keys, raw, engine) = (new List<Rate>(), new List<Rate>(), new List<Rate>());
            for (var round = 0; round < setting.Rounds; round++)
            {
                keys.Add(await RawSqlite.IntegerKeysAsync(Path.Combine(folder, $"keys-{callers}-{round}.db"), Few, callers, setting.Time));
                raw.Add(await RawSqlite.ReplayAsync(Copy(few, folder, $"raw-{callers}-{round}"), bursts, callers, setting.Time));
                engine.Add(await company.CompleteAsync(callers, setting.Time, Few));
            }
            var (ceiling, tables, measured) = (Rate.Middle(keys), Rate.Middle(raw), Rate.Middle(engine));
            report.Line($"integer keys, a loop, {callers} bursts a commit", ceiling);
            report.Line($"our tables, a loop, {callers} bursts a commit", tables, ceiling);
            report.Line($"tasks completed by the runtime, {callers} at once", measured, tables);
            Judge(report, callers, ceiling, tables, measured);
        }
    }

    private static void Judge(Report report, int callers, Rate ceiling, Rate tables, Rate measured)
    {
        if (callers == 64)
        {
            report.AtLeast("1", "SQLite, 64 at once: runtime / our tables in a loop", measured.PerSecond / tables.PerSecond, 0.5, 0.75);
            report.AtLeast("1", "SQLite, 64 a commit: our tables / integer keys, CPU time", tables.PerCpuSecond / ceiling.PerCpuSecond, 0.6, 0.9);
            report.AtLeast("1", "SQLite, 64 a commit: our tables / integer keys, wall time", tables.PerSecond / ceiling.PerSecond, 0.6, 0.9);
            report.AtMost("4", "SQLite, 64 at once: commits a burst", measured.Commits / (double)measured.Done, 0.1, 0.05, "0.000");
        }
        if (callers == 1)
        {
            report.AtLeast("1", "SQLite, one at a time: runtime / our tables in a loop", measured.PerSecond / tables.PerSecond, 0.5, 0.75);
            report.AtMost("5", "SQLite, one caller: a task completed, p50 ms", measured.P50, 3, 1);
        }
    }

    private static async Task<IReadOnlyList<RowBatch>> RecordAsync(Setting setting, string folder, string few)
    {
        var recorded = new List<RowBatch>();
        await using var company = await OpenAsync(Copy(few, folder, "recorded"), recorded);
        return await company.RecordAsync(setting.Quick ? 6_400 : 25_600, recorded);
    }

    public static string Copy(string file, string folder, string name)
    {
        var copy = Path.Combine(folder, $"{name}.db");
        File.Copy(file, copy);
        return copy;
    }
}
