using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace SalesFlow.Benchmarks;

/// <summary>What it costs to find what has become overdue in a company with very many waiting deals.</summary>
internal static class OverdueBenchmark
{
    public static async Task RunAsync(Setting setting)
    {
        var folder = Directory.CreateTempSubdirectory("salesflow-bench-").FullName;
        try
        {
            var file = Path.Combine(folder, "overdue.db");
            await using (var company = await SqliteBenchmark.OpenAsync(file))
                await company.GrowAsync(setting.Many);
            SqliteBenchmark.Settle(file);
            await LookAsync(setting, file);
        }
        finally
        {
            SqliteConnection.ClearAllPools();
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The look for what has become overdue, which comes every few seconds: deals of ninety days, each in a stage with a limit of a day, what is new of them told already.</summary>
    private static async Task LookAsync(Setting setting, string file)
    {
        using (var connection = new SqliteConnection($"Data Source={file};Pooling=false"))
        {
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
            command.CommandText = """
                UPDATE visits SET entered_at = entered_at - (deal_id % 90) * 86400000000, limit_seconds = 28800, limit_at = entered_at - (deal_id % 90) * 86400000000 + 86400000000;
                UPDATE deals SET stage_entered_at = stage_entered_at - (id % 90) * 86400000000;
                UPDATE tasks SET due_at = due_at - (deal_id % 90) * 86400000000, due_order = due_order - (deal_id % 90) * 86400000000;
                """;
            await command.ExecuteNonQueryAsync();
        }
        await using var company = await SqliteBenchmark.OpenAsync(file);
        int told, before;
        do
        {
            before = await CountAsync(company);
            await company.Notifications.TellOverdueAsync(default);
            told = await CountAsync(company);
        }
        while (told > before);
        setting.Report.Title($"SQLite, {setting.Many:N0} deals waiting, {told:N0} overdue things told already");
        var tasks = await Rate.OfAsync(1, setting.Time, async (_, _) => await company.Notifications.TellOverdueTasksAsync(default));
        setting.Report.Line("a look for overdue tasks, every 20 s", tasks);
        var stages = await Rate.OfAsync(1, setting.Time, async (_, _) => await company.Notifications.TellOverdueStagesAsync(default));
        setting.Report.Line("a look for stays over their limit, every 5 min", stages);
        setting.Report.AtMost("load", $"SQLite: a look for overdue tasks, {setting.Many:N0} deals waiting, p50 ms", tasks.P50, 50, 20);
        setting.Report.AtMost("load", $"SQLite: a look for stays over their limit, {setting.Many:N0} deals waiting, p50 ms", stages.P50, 500, 200);
    }

    private static async Task<int> CountAsync(Company company)
    {
        await using var db = company.Open();
        return await db.Notifications.CountAsync();
    }
}
