using Microsoft.Data.Sqlite;
using SalesFlow.Runtime;
using static SQLitePCL.raw;

namespace SalesFlow.Storage.Sqlite;

/// <summary>Writes turns to SQLite on one connection of its own: prepared statements, WAL, synchronous=FULL.</summary>
public sealed class SqliteTurnStore : TurnStore
{
    // Pages that turns go on writing: those of some ten thousand deals that are worked on. KiB.
    private const string Cache = "131072";

    private readonly SqliteConnection _connection;
    private readonly Dictionary<RowShape, SqliteStatement> _statements = [];
    private readonly Dictionary<(string, string, string), SqliteStatement> _guards = [];
    private readonly SqliteStatement _begin, _commit, _rollback;
    private readonly SqliteCheckpoints _checkpoints;
    private readonly SemaphoreSlim _alone = new(1, 1);

    /// <summary>Opens the file, whose tables must be there.</summary>
    public SqliteTurnStore(string file) : base(committers: 1)
    {
        _connection = Open(file);
        (_begin, _commit, _rollback) = (new(_connection, "BEGIN IMMEDIATE"), new(_connection, "COMMIT"), new(_connection, "ROLLBACK"));
        _checkpoints = new SqliteCheckpoints(file, _connection, _alone);
    }

    /// <inheritdoc />
    public override async Task<long> ReserveAsync(string sequence, int count, CancellationToken cancel)
    {
        await _alone.WaitAsync(cancel);
        try
        {
            using var command = _connection.CreateCommand();
            command.CommandText = "INSERT INTO id_blocks (name, next) VALUES ($1, 1 + $2) ON CONFLICT (name) DO UPDATE SET next = next + $2 RETURNING next - $2";
            command.Parameters.AddWithValue("$1", sequence);
            command.Parameters.AddWithValue("$2", count);
            return (long)command.ExecuteScalar()!;
        }
        finally
        {
            _alone.Release();
        }
    }

    /// <inheritdoc />
    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _checkpoints.DisposeAsync();
        foreach (var statement in _statements.Values.Concat(_guards.Values).Concat([_begin, _commit, _rollback]))
            statement.Dispose();
        await _connection.DisposeAsync();
        _alone.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc />
    protected override Task WriteAsync(IReadOnlyList<PendingTurn> group)
    {
        _alone.Wait();
        try
        {
            _begin.Run();
            try
            {
                foreach (var turn in group)
                    if ((turn.Failed = Broken(turn.Batch)) is null)
                        foreach (var (shape, values) in turn.Batch.Rows)
                            Statement(shape).Run(values);
                Commit();
            }
            catch
            {
                // Some failures (a full disk) have rolled back already.
                if (sqlite3_get_autocommit(_connection.Handle) == 0)
                    _rollback.Run();
                throw;
            }
            _checkpoints.Consider();
            return Task.CompletedTask;
        }
        finally
        {
            _alone.Release();
        }
    }

    internal static SqliteConnection Open(string file)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, DefaultTimeout = 30, Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=0; PRAGMA busy_timeout=30000; PRAGMA cache_size=-{Cache};";
        command.ExecuteNonQuery();
        return connection;
    }

    private void Commit()
    {
        try
        {
            _commit.Run();
        }
        catch (Exception failure)
        {
            throw new CommitUncertainException(failure);
        }
    }

    private RowGuard? Broken(RowBatch batch)
    {
        foreach (var guard in batch.Guards)
        {
            var key = (guard.Table, guard.KeyColumn, guard.VersionColumn);
            if (!_guards.TryGetValue(key, out var version))
                _guards[key] = version = new(_connection, $"SELECT {guard.VersionColumn} FROM {guard.Table} WHERE {guard.KeyColumn} = ?1");
            if (version.Number(guard.Key) != guard.Expected)
                return guard;
        }
        return null;
    }

    private SqliteStatement Statement(RowShape shape)
    {
        if (!_statements.TryGetValue(shape, out var statement))
            _statements[shape] = statement = new(_connection, shape.Sql(i => $"?{i + 1}"));
        return statement;
    }
}
