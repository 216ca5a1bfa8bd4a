using Npgsql;
using SalesFlow.Runtime;
using SalesFlow.Storage;
using SalesFlow.Storage.Tests;

namespace SalesFlow.Benchmarks;

/// <summary>Goal 2: PostgreSQL that waits for its disk, a server of this run's own.</summary>
internal static class PostgresBenchmark
{
    private const int Few = 1000;

    public static async Task RunAsync(Setting setting)
    {
        PostgresServer.Durable = true;
        if (await PostgresServer.TryNewDatabaseAsync() is not { } few)
        {
            Console.WriteLine("PostgreSQL is not installed: its figures are missing.");
            return;
        }
        await using (var company = await OpenAsync(few))
            await company.GrowAsync(Few);
        var server = await ServerAsync(few);
        TimeSpan Cpu() => Machine.CpuWith(server);
        setting.Report.Title($"PostgreSQL, {Few:N0} deals waiting, fsync on");
        var bursts = await RecordAsync(setting, few);
        var grouped = await MiddleAsync(setting, few, database => new RawPostgres(database, bursts, Cpu).RunAsync(8, 64, setting.Time));
        var single = await MiddleAsync(setting, few, database => new RawPostgres(database, bursts, Cpu).RunAsync(32, 1, setting.Time));
        setting.Report.Line("our tables, 64 bursts as unnest, 8 connections", grouped);
        setting.Report.Line("our tables, a batch for each burst, 32 connections", single);
        await RuntimeAsync(setting, few, grouped, single, Cpu);
    }

    private static async Task RuntimeAsync(Setting setting, string few, Rate grouped, Rate single, Func<TimeSpan> cpu)
    {
        await using var company = await OpenAsync(await CopyAsync(few));
        await company.CompleteAsync(64, Setting.WarmUp, Few);
        foreach (var callers in new[] { 64, 8, 1 })
        {
            var rates = new List<Rate>();
            for (var round = 0; round < setting.Rounds; round++)
                rates.Add(await company.CompleteAsync(callers, setting.Time, Few, cpu));
            var measured = Rate.Middle(rates);
            setting.Report.Line($"tasks completed by the runtime, {callers} at once", measured, grouped);
            if (callers != 64)
                continue;
            setting.Report.AtLeast("2", "PostgreSQL, 64 at once: runtime / unnest at 8 connections", measured.PerSecond / grouped.PerSecond, 0.35, 0.6);
            setting.Report.AtLeast("2", "PostgreSQL, 64 at once: runtime / a batch for each burst at 32", measured.PerSecond / single.PerSecond, 1.3, 2);
            setting.Report.AtMost("4", "PostgreSQL, 64 at once: commits a burst", measured.Commits / (double)measured.Done, 0.1, 0.05, "0.000");
        }
    }

    private static async Task<Rate> MiddleAsync(Setting setting, string few, Func<string, Task<Rate>> measureAsync)
    {
        // Once for nothing: the first run is the one that compiles.
        await measureAsync(await CopyAsync(few));
        var rates = new List<Rate>();
        for (var round = 0; round < setting.Rounds; round++)
            rates.Add(await measureAsync(await CopyAsync(few)));
        return Rate.Middle(rates);
    }

    private static async Task<IReadOnlyList<RowBatch>> RecordAsync(Setting setting, string few)
    {
        var recorded = new List<RowBatch>();
        await using var company = await OpenAsync(await CopyAsync(few), recorded);
        return await company.RecordAsync(setting.Quick ? 12_800 : 51_200, recorded);
    }

    private static Task<Company> OpenAsync(string database, List<RowBatch>? recorded = null) => Company.OpenAsync(services => services.AddPostgres(database), recorded);

    private static async Task<string> CopyAsync(string database)
    {
        // A database that is copied must have no visitors.
        NpgsqlConnection.ClearAllPools();
        return (await PostgresServer.TryNewDatabaseAsync(new NpgsqlConnectionStringBuilder(database).Database!))!;
    }

    /// <summary>The server's own process, whose children do the work.</summary>
    private static async Task<int> ServerAsync(string database)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("SELECT pg_backend_pid()", connection);
        return Machine.ParentOf((int)(await command.ExecuteScalarAsync())!);
    }
}
