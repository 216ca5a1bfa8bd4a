using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Microsoft.Data.Sqlite;
using Xunit;

namespace SalesFlow.Server.Tests;

/// <summary>The server's executable on its own data folder: started, asked, killed, started again.</summary>
internal sealed class ServerProcess : IDisposable
{
    private const string Key = "key-of-the-crash-test";
    private readonly string folder = Directory.CreateTempSubdirectory("salesflow-crash-").FullName;
    private readonly Uri address = new($"http://127.0.0.1:{FreePort()}");
    private Process? process;

    public HttpClient Client()
    {
        var client = new HttpClient { BaseAddress = address };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("ApiKey", Key);
        return client;
    }

    public async Task StartAsync()
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])[Path.Combine(AppContext.BaseDirectory, "SalesFlow.Server.dll"), "--data", folder, "--urls", address.ToString()])
            start.ArgumentList.Add(argument);
        start.Environment["SALESFLOW_API_KEY"] = Key;
        start.Environment["SALESFLOW_ADMIN_PASSWORD"] = RunningServer.Password;
        process = Process.Start(start)!;
        // Read on after the line that is waited for, or the pipe fills up and the server stands still.
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var last = "";
        process.ErrorDataReceived += (_, line) => last = line.Data ?? last;
        process.OutputDataReceived += (_, line) =>
        {
            if (line.Data is null)
                ready.TrySetException(new InvalidOperationException($"The server ended before it was ready. Its last words: {last}"));
            else if (line.Data.StartsWith("SalesFlow is ready", StringComparison.Ordinal))
                ready.TrySetResult();
            else
                last = line.Data;
        };
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        await ready.Task.WaitAsync(TimeSpan.FromMinutes(2));
    }

    /// <summary>SIGKILL: no goodbye, no flush.</summary>
    public void Kill()
    {
        process!.Kill();
        process.WaitForExit();
        process.Dispose();
        process = null;
    }

    /// <summary>The invariants that only the tables show.</summary>
    public void CheckTables(IEnumerable<string> titles)
    {
        using var database = new SqliteConnection($"Data Source={Path.Combine(folder, "salesflow.db")};Mode=ReadOnly;Pooling=False");
        database.Open();
        var known = titles.ToHashSet();
        Assert.Equal("", Ask(database, "PRAGMA quick_check") is "ok" ? "" : "the file is damaged");
        Assert.Equal("", Ask(database, "SELECT coalesce(group_concat(title), '') FROM (SELECT title FROM deals GROUP BY title HAVING count(*) > 1)"));
        Assert.Equal("", Ask(database, "SELECT coalesce(group_concat(number), '') FROM (SELECT number FROM documents GROUP BY number HAVING count(*) > 1)"));
        Assert.Equal("", Ask(database, "SELECT coalesce(group_concat(number), '') FROM (SELECT number FROM deals GROUP BY number HAVING count(*) > 1)"));
        Assert.Equal("", Ask(database, """
            SELECT coalesce(group_concat(t.id), '') FROM tasks t WHERE t.status = 0
            AND NOT EXISTS (SELECT 1 FROM bookmarks b WHERE b.instance_id = t.deal_id AND b.number = t.bookmark)
            """));
        Assert.Equal("", Ask(database, """
            SELECT coalesce(group_concat(b.instance_id || '/' || b.number), '') FROM bookmarks b WHERE b.name = 'SalesFlow.Task'
            AND NOT EXISTS (SELECT 1 FROM tasks t WHERE t.id BETWEEN b.instance_id << 20 AND b.instance_id << 20 | 1048575 AND t.bookmark = b.number AND t.status = 0)
            """));
        // Stays of every deal, told of or not: each begins when the one before ended, and only the last of an open deal is open.
        Assert.Equal("", Ask(database, """
            SELECT coalesce(group_concat(deal_id || '/' || number), '') FROM (
              SELECT v.deal_id, v.number, v.entered_at, v.left_at, lead(v.entered_at) OVER w AS next_entered, d.won_at, d.lost_at, d.created_at, lag(v.left_at) OVER w AS before_left
              FROM visits v JOIN deals d ON d.id = v.deal_id WINDOW w AS (PARTITION BY v.deal_id ORDER BY v.number))
            WHERE (next_entered IS NOT NULL AND left_at IS NOT next_entered) OR (next_entered IS NULL AND left_at IS NULL AND coalesce(won_at, lost_at) IS NOT NULL)
               OR (next_entered IS NULL AND left_at IS NOT NULL AND left_at IS NOT coalesce(won_at, lost_at)) OR (before_left IS NULL AND entered_at < created_at)
            """));
        // Numbers of documents run without gap, and none is drawn twice.
        Assert.Equal("", Ask(database, "SELECT coalesce(group_concat(id), '') FROM number_series s WHERE last IS NOT (SELECT count(*) FROM drawn_numbers d WHERE d.series_id = s.id)"));
        using var all = database.CreateCommand();
        all.CommandText = "SELECT title FROM deals";
        using var rows = all.ExecuteReader();
        while (rows.Read())
            Assert.Contains(rows.GetString(0), known);
    }

    private static string? Ask(SqliteConnection database, string sql)
    {
        using var command = database.CreateCommand();
#pragma warning disable CA2100 // Every statement is a constant of this file.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command.ExecuteScalar()?.ToString();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public void Dispose()
    {
        if (process is not null)
            Kill();
        Directory.Delete(folder, recursive: true);
    }
}
