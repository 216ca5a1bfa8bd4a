using Microsoft.Data.Sqlite;
using SalesFlow.Runtime;

namespace SalesFlow.Storage.Sqlite;

/// <summary>
/// Writes turns to SQLite on one connection of its own: prepared statements, WAL, synchronous=FULL. The log is checkpointed from a second
/// connection, since a checkpoint inside a commit would hold everybody up for a tenth of a second.
/// </summary>
public sealed class SqliteTurnStore : TurnStore
{
    private const long CheckpointAt = 8 << 20;
    private readonly SqliteConnection _connection;
    private readonly string _file;
    private readonly Dictionary<RowShape, SqliteCommand> _commands = [];
    private readonly Dictionary<(string, string, string), SqliteCommand> _guards = [];
    private readonly SemaphoreSlim _alone = new(1, 1);
    private Task _checkpoint = Task.CompletedTask;

    /// <summary>Opens the file, whose tables must be there.</summary>
    public SqliteTurnStore(string file) : base(committers: 1)
    {
        _file = file;
        _connection = Open(file);
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
        await _checkpoint;
        foreach (var command in _commands.Values.Concat(_guards.Values))
            await command.DisposeAsync();
        await _connection.DisposeAsync();
        _alone.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc />
    protected override async Task WriteAsync(IReadOnlyList<PendingTurn> group)
    {
        await _alone.WaitAsync();
        try
        {
            using var transaction = _connection.BeginTransaction(deferred: false);
            foreach (var turn in group)
                if ((turn.Failed = Broken(turn.Batch, transaction)) is null)
                    foreach (var (shape, values) in turn.Batch.Rows)
                        Execute(Command(shape), values, transaction);
            Commit(transaction);
        }
        finally
        {
            _alone.Release();
        }
        if (_checkpoint.IsCompleted && new FileInfo(_file + "-wal") is { Exists: true, Length: > CheckpointAt })
            _checkpoint = Task.Run(Checkpoint);
    }

    private static void Commit(SqliteTransaction transaction)
    {
        try
        {
            transaction.Commit();
        }
        catch (Exception failure)
        {
            throw new CommitUncertainException(failure);
        }
    }

    private RowGuard? Broken(RowBatch batch, SqliteTransaction transaction)
    {
        foreach (var guard in batch.Guards)
        {
            var key = (guard.Table, guard.KeyColumn, guard.VersionColumn);
            if (!_guards.TryGetValue(key, out var command))
            {
                _guards[key] = command = _connection.CreateCommand();
                command.CommandText = $"SELECT {guard.VersionColumn} FROM {guard.Table} WHERE {guard.KeyColumn} = $1";
                command.Parameters.AddWithValue("$1", 0L);
            }
            command.Transaction = transaction;
            command.Parameters[0].Value = guard.Key;
            if (command.ExecuteScalar() is not long version || version != guard.Expected)
                return guard;
        }
        return null;
    }

    private static void Execute(SqliteCommand command, object?[] values, SqliteTransaction transaction)
    {
        command.Transaction = transaction;
        for (var i = 0; i < values.Length; i++)
            command.Parameters[i].Value = values[i] ?? DBNull.Value;
        command.ExecuteNonQuery();
    }

    private SqliteCommand Command(RowShape shape)
    {
        if (_commands.TryGetValue(shape, out var known))
            return known;
        var command = _connection.CreateCommand();
        command.CommandText = shape.Sql(i => $"${i + 1}");
        for (var i = 0; i < shape.Keys.Length + shape.Values.Length; i++)
            command.Parameters.Add(new SqliteParameter($"${i + 1}", DBNull.Value));
        command.Prepare();
        return _commands[shape] = command;
    }

    private void Checkpoint()
    {
        using var connection = Open(_file);
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA wal_checkpoint(PASSIVE)";
        command.ExecuteNonQuery();
    }

    private static SqliteConnection Open(string file)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, DefaultTimeout = 30, Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=0; PRAGMA busy_timeout=30000;";
        command.ExecuteNonQuery();
        return connection;
    }
}
