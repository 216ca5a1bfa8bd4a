using System.Threading.Channels;

namespace SalesFlow.Runtime;

/// <summary>
/// Writes turns, many in one transaction: whoever comes while a commit is on its way shares the next one; nobody waits for company.
/// One derived class a database, with hand-written SQL over the tables that EF Core maps.
/// </summary>
public abstract class TurnStore : IAsyncDisposable
{
    private const int LargestGroup = 64;
    private readonly Channel<PendingTurn> _queue = Channel.CreateUnbounded<PendingTurn>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Task _committer;

    /// <summary>Starts the committer.</summary>
    protected TurnStore() => _committer = Task.Run(CommitAllAsync);

    /// <summary>Transactions so far.</summary>
    public long Commits { get; private set; }
    /// <summary>Turns written so far.</summary>
    public long Turns { get; private set; }

    /// <summary>Completes when the rows are durable. Throws <see cref="ConflictException"/> when a guard fails: then nothing of this batch is written.</summary>
    public Task CommitAsync(RowBatch batch)
    {
        var turn = new PendingTurn(batch);
        return _queue.Writer.TryWrite(turn) ? turn.Done.Task : throw new ObjectDisposedException(nameof(TurnStore));
    }

    /// <summary>Reserves <paramref name="count"/> ids of a sequence and answers the first.</summary>
    public abstract Task<long> ReserveAsync(string sequence, int count, CancellationToken cancel);

    /// <summary>Writes a group in one transaction. A turn whose guard fails is refused alone; when the transaction fails, all are.</summary>
    protected abstract Task WriteAsync(IReadOnlyList<PendingTurn> group);

    /// <inheritdoc />
    public virtual async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _committer;
        GC.SuppressFinalize(this);
    }

    private async Task CommitAllAsync()
    {
        var group = new List<PendingTurn>(LargestGroup);
        while (await _queue.Reader.WaitToReadAsync())
        {
            group.Clear();
            while (group.Count < LargestGroup && _queue.Reader.TryRead(out var turn))
                group.Add(turn);
            await CommitGroupAsync(group);
        }
    }

    private async Task CommitGroupAsync(List<PendingTurn> group)
    {
        foreach (var turn in group)
            turn.Failed = null;
        try
        {
            await WriteAsync(group);
            Commits++;
            Turns += group.Count;
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
