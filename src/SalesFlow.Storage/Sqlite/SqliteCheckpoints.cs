using Microsoft.Data.Sqlite;
using static SQLitePCL.raw;

namespace SalesFlow.Storage.Sqlite;

/// <summary>
/// Moves the write-ahead log into the database from a connection of its own, since a checkpoint inside a commit would hold everybody up for a tenth of
/// a second. The bulk goes while turns are being written, and so does what they wrote meanwhile, until that is little: the rest goes between two commits, so that
/// the next one begins the log anew. Without that last step the log of a busy server would only ever grow.
/// </summary>
internal sealed class SqliteCheckpoints : IAsyncDisposable
{
    // Deals that are worked on all over a large database come back to the same pages: the longer the log, the fewer pages are moved for each turn.
    private const long Worthwhile = 256 << 20;
    // What can be moved between two commits without anybody noticing. A disk that is slower than the turns never gets there.
    private const long Little = 4 << 20;
    private const int Passes = 6;
    private readonly SqliteConnection _writer, _connection;
    private readonly SemaphoreSlim _alone;
    private readonly long _pageSize;
    private readonly SemaphoreSlim _wanted = new(0);
    private readonly Task _running;
    private long _written;
    private volatile bool _busy, _ended;

    /// <summary>Watches the writer's pages; <paramref name="alone"/> is held by whoever uses the writer.</summary>
    public SqliteCheckpoints(string file, SqliteConnection writer, SemaphoreSlim alone)
    {
        (_writer, _alone, _connection) = (writer, alone, SqliteTurnStore.Open(file));
        using var command = _connection.CreateCommand();
        command.CommandText = "PRAGMA page_size";
        _pageSize = (long)command.ExecuteScalar()!;
        _running = Task.Factory.StartNew(Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Begins a checkpoint when enough has been written since the last.</summary>
    public void Consider()
    {
        // Pages that the writer appended; the length of the log's file says nothing, since it is written over and never cut.
        sqlite3_db_status(_writer.Handle, SQLITE_DBSTATUS_CACHE_WRITE, out var pages, out _, 1);
        if (Interlocked.Add(ref _written, pages * _pageSize) < Worthwhile || _busy)
            return;
        _busy = true;
        _wanted.Release();
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        _ended = true;
        _wanted.Release();
        await _running;
        await _connection.DisposeAsync();
        _wanted.Dispose();
    }

    // On a thread of its own, since nearly all of it is waiting for the disk.
    private void Run()
    {
        for (_wanted.Wait(); !_ended; _wanted.Wait())
        {
            MoveLog();
            _busy = false;
        }
    }

    private void MoveLog()
    {
        for (var pass = 0; pass < Passes && Interlocked.Exchange(ref _written, 0) > Little; pass++)
            Checkpoint();
        _alone.Wait();
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
