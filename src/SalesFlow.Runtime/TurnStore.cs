using System.Threading.Channels;

namespace SalesFlow.Runtime;

/// <summary>
/// Writes turns, many in one transaction: whoever comes while every committer is busy shares the next commit; nobody waits for company.
/// One derived class a database, with hand-written SQL over the tables that EF Core maps.
/// </summary>
public abstract class TurnStore : IAsyncDisposable
{
    private const int LargestGroup = 64;
    private readonly Channel<PendingTurn> _queue;
    private readonly Task _committing;
    private long _commits, _turns;

    /// <summary>Starts the committers: one where the database has a single writer, several where transactions can overlap.</summary>
    protected TurnStore(int committers)
    {
        // A single committer has a thread of its own: what it does is wait for the disk, and on a pool thread it would keep the turns waiting meanwhile.
        var alone = committers == 1;
        _queue = Channel.CreateUnbounded<PendingTurn>(new UnboundedChannelOptions { SingleReader = alone, AllowSynchronousContinuations = alone });
        _committing = alone
            ? Task.Factory.StartNew(CommitAll, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)
            : Task.WhenAll(Enumerable.Range(0, committers).Select(_ => Task.Run(CommitAllAsync)));
    }

    /// <summary>Transactions so far.</summary>
    public long Commits => Interlocked.Read(ref _commits);
    /// <summary>Turns written so far.</summary>
    public long Turns => Interlocked.Read(ref _turns);

    /// <summary>How long other servers leave the effects of a turn to the one that committed it; nothing where only one server writes.</summary>
    public virtual TimeSpan Lease => TimeSpan.Zero;

    /// <summary>Completes when the rows are durable. Throws <see cref="ConflictException"/> when a guard fails: then nothing of this batch is written.</summary>
    public Task CommitAsync(RowBatch batch)
    {
        var turn = new PendingTurn(batch);
        return _queue.Writer.TryWrite(turn) ? turn.Done.Task : throw new ObjectDisposedException(nameof(TurnStore));
    }

    /// <summary>Reserves <paramref name="count"/> ids of a sequence and answers the first.</summary>
    public abstract Task<long> ReserveAsync(string sequence, int count, CancellationToken cancel);

    /// <summary>
    /// Writes a group in one transaction. A turn whose guard fails is refused alone; when the transaction fails, all are. The committers call it
    /// at the same time, each with turns of its own.
    /// </summary>
    protected abstract Task WriteAsync(IReadOnlyList<PendingTurn> group);

    /// <inheritdoc />
    public virtual async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _committing;
        GC.SuppressFinalize(this);
    }

    private async Task CommitAllAsync()
    {
        var group = new List<PendingTurn>(LargestGroup);
        while (await _queue.Reader.WaitToReadAsync())
            // One turn wakes every committer that is free; those that come second find nothing.
            if (Gather(group).Count > 0)
                await CommitGroupAsync(group);
    }

    private void CommitAll()
    {
        var group = new List<PendingTurn>(LargestGroup);
        while (_queue.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
            CommitGroupAsync(Gather(group)).GetAwaiter().GetResult();
    }

    private List<PendingTurn> Gather(List<PendingTurn> group)
    {
        group.Clear();
        while (group.Count < LargestGroup && _queue.Reader.TryRead(out var turn))
            group.Add(turn);
        return group;
    }

    private async Task CommitGroupAsync(List<PendingTurn> group)
    {
        foreach (var turn in group)
            turn.Failed = null;
        try
        {
            await WriteAsync(group);
            Interlocked.Increment(ref _commits);
            Interlocked.Add(ref _turns, group.Count);
            foreach (var turn in group)
                turn.Finish();
        }
        catch (Exception failure) when (group.Count == 1 || failure is CommitUncertainException)
        {
            // After a lost connection in COMMIT the turns may be written: trying them again could do them twice.
            foreach (var turn in group)
                turn.Done.TrySetException(failure);
        }
        catch (Exception)
        {
            // One bad row must not take its neighbours with it: each turn gets a transaction of its own.
            foreach (var turn in group.ToArray())
                await CommitGroupAsync([turn]);
        }
    }
}

/// <summary>The database did not say whether it committed; the instance's version tells when it is next read.</summary>
public sealed class CommitUncertainException(Exception inner) : Exception("The database broke off while committing; what was sent may or may not be stored. Look before you repeat it.", inner);

/// <summary>A turn on its way to the disk.</summary>
public sealed class PendingTurn(RowBatch batch)
{
    /// <summary>Its rows.</summary>
    public RowBatch Batch { get; } = batch;
    /// <summary>The condition that failed, if one did: its rows are then left out.</summary>
    public RowGuard? Failed { get; set; }

    internal TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal void Finish()
    {
        if (Failed is { } guard)
            Done.TrySetException(new ConflictException(guard));
        else
            Done.TrySetResult();
    }
}
