using System.Diagnostics;
using Microsoft.Data.Sqlite;
using SalesFlow.Runtime;
using SalesFlow.Storage.Sqlite;

namespace SalesFlow.Benchmarks;

/// <summary>Ceilings: what SQLite itself can take, from a loop that does nothing else, with the settings and the checkpoints that the server has.</summary>
internal sealed class RawSqlite : IAsyncDisposable
{
    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, SqliteStatement> _statements = [];
    private readonly SemaphoreSlim _alone = new(1, 1);
    private readonly SqliteCheckpoints _checkpoints;

    private RawSqlite(string file)
    {
        _connection = SqliteTurnStore.Open(file);
        _checkpoints = new SqliteCheckpoints(file, _connection, _alone);
    }

    /// <summary>Writes recorded rows again, without looking at anything: our own tables.</summary>
    public static async Task<Rate> ReplayAsync(string file, IReadOnlyList<RowBatch> bursts, int group, TimeSpan time)
    {
        await using var raw = new RawSqlite(file);
        var texts = new Dictionary<RowShape, string>();
        foreach (var shape in bursts.SelectMany(burst => burst.Rows).Select(row => row.Shape))
            texts.TryAdd(shape, shape.Sql(i => $"?{i + 1}"));
        return raw.Loop(group, time, i =>
        {
            if (i >= bursts.Count)
                return false;
            foreach (var (shape, values) in bursts[i].Rows)
                raw.Run(texts[shape], values);
            return true;
        });
    }

    /// <summary>The least that a burst could come to: integer keys, one index, events by row id, the state in the instance's row.</summary>
    public static async Task<Rate> IntegerKeysAsync(string file, int instances, int group, TimeSpan time)
    {
        await using var raw = new RawSqlite(file);
        raw.Script("""
            CREATE TABLE instances (id INTEGER PRIMARY KEY, status INTEGER, updated INTEGER, version INTEGER, state BLOB);
            CREATE TABLE bookmarks (id INTEGER PRIMARY KEY, name TEXT, stimulus TEXT);
            CREATE TABLE tasks (id INTEGER PRIMARY KEY, instance INTEGER, assignee INTEGER, due INTEGER, status INTEGER, title TEXT, outcome TEXT);
            CREATE INDEX tasks_open ON tasks (assignee, due) WHERE status = 0;
            CREATE TABLE events (id INTEGER PRIMARY KEY, instance INTEGER, at INTEGER, kind TEXT, data TEXT);
            """);
        var (state, rounds) = (new byte[1536], new int[instances]);
        Random.Shared.NextBytes(state);
        return raw.Loop(group, time, i =>
        {
            // Not in the order of their keys: deals are not worked on in that order either.
            var instance = i * 7919 % instances;
            raw.Burst(instance, ++rounds[instance], state);
            return true;
        });
    }

    public async ValueTask DisposeAsync()
    {
        await _checkpoints.DisposeAsync();
        foreach (var statement in _statements.Values)
            statement.Dispose();
        await _connection.DisposeAsync();
        _alone.Dispose();
    }

    private void Burst(long instance, int round, byte[] state)
    {
        var (old, next, now) = (instance << 20 | (uint)(round - 1), instance << 20 | (uint)round, (long)round);
        Run("INSERT INTO instances (id, status, updated, version, state) VALUES (?1, 0, ?2, 1, ?3) ON CONFLICT (id) DO UPDATE SET updated = excluded.updated, version = version + 1, state = excluded.state", [instance, now, state]);
        Run("DELETE FROM bookmarks WHERE id = ?1", [old]);
        Run("INSERT INTO bookmarks (id, name, stimulus) VALUES (?1, ?2, ?3)", [next, "SalesFlow.Task", "task"]);
        Run("UPDATE tasks SET status = 1, outcome = ?2 WHERE id = ?1", [old, "Done"]);
        Run("INSERT INTO tasks (id, instance, assignee, due, status, title) VALUES (?1, ?2, ?3, ?4, 0, ?5)", [next, instance, instance % 7, now, "Call the client and ask about the budget"]);
        Run("INSERT INTO events (instance, at, kind, data) VALUES (?1, ?2, ?3, ?4)", [instance, now, "taskCompleted", """{"title":"Call the client","outcome":"Done"}"""]);
        Run("INSERT INTO events (instance, at, kind, data) VALUES (?1, ?2, ?3, ?4)", [instance, now, "taskOpened", """{"title":"Write to the client"}"""]);
    }

    private Rate Loop(int group, TimeSpan time, Func<int, bool> burst)
    {
        var (started, used, done, commits) = (Stopwatch.GetTimestamp(), Machine.OwnCpu(), 0, 0);
        for (var more = true; more && Stopwatch.GetElapsedTime(started) < time; commits++)
        {
            _alone.Wait();
            Run("BEGIN IMMEDIATE", []);
            for (var i = 0; i < group && more; i++)
                if (more = burst(done))
                    done++;
            Run("COMMIT", []);
            _checkpoints.Consider();
            _alone.Release();
        }
        return new Rate(done, Stopwatch.GetElapsedTime(started), Machine.OwnCpu() - used, commits, double.NaN, double.NaN);
    }

    private void Run(string sql, object?[] values)
    {
        if (!_statements.TryGetValue(sql, out var statement))
            _statements[sql] = statement = new SqliteStatement(_connection, sql);
        statement.Run(values);
    }

    private void Script(string sql)
    {
        using var command = _connection.CreateCommand();
#pragma warning disable CA2100 // A constant of this file.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
