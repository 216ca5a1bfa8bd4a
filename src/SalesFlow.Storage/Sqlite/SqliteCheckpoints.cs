using Microsoft.Data.Sqlite;
using static SQLitePCL.raw;

namespace SalesFlow.Storage.Sqlite;

/// <summary>
/// Moves the write-ahead log into the database from a connection of its own, since a checkpoint inside a commit would hold everybody up for a tenth of
/// a second. The bulk goes while turns are being written; what they wrote meanwhile is little and goes between two commits, so that the next one
/// begins the log anew. Without that second step the log of a busy server would only ever grow.
/// </summary>
internal sealed class SqliteCheckpoints : IAsyncDisposable
{
    private const long Worthwhile = 8 << 20;
    private readonly SqliteConnection _writer, _connection;
    private readonly SemaphoreSlim _alone;
    private readonly long _pageSize;
    private long _written;
    private Task _running = Task.CompletedTask;

    /// <summary>Watches the writer's pages; <paramref name="alone"/> is held by whoever uses the writer.</summary>
    public SqliteCheckpoints(string file, SqliteConnection writer, SemaphoreSlim alone)
    {
        (_writer, _alone, _connection) = (writer, alone, SqliteTurnStore.Open(file));
        using var command = _connection.CreateCommand();
        command.CommandText = "PRAGMA page_size";
        _pageSize = (long)command.ExecuteScalar()!;
    }

    /// <summary>Begins a checkpoint when enough has been written since the last.</summary>
    public void Consider()
    {
        // Pages that the writer appended; the length of the log's file says nothing, since it is written over and never cut.
        sqlite3_db_status(_writer.Handle, SQLITE_DBSTATUS_CACHE_WRITE, out var pages, out _, 1);
        _written += pages * _pageSize;
        if (_written < Worthwhile || !_running.IsCompleted)
            return;
        _written = 0;
        _running = Task.Run(RunAsync);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _running;
        await _connection.DisposeAsync();
    }

    private async Task RunAsync()
    {
        Checkpoint();
        await _alone.WaitAsync();
        try
        {
            Checkpoint();
        }
        finally
        {
            _alone.Release();
        }
    }

    // PASSIVE: readers are not waited for; what they hold back goes with the next checkpoint.
    private void Checkpoint() => sqlite3_wal_checkpoint_v2(_connection.Handle, "main", SQLITE_CHECKPOINT_PASSIVE, out _, out _);
}
