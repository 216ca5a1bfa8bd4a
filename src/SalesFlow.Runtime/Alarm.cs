namespace SalesFlow.Runtime;

/// <summary>What a background worker sleeps by: until a time, or until somebody rings. One sleeper; rings while it is awake are kept, and several count as one.</summary>
public sealed class Alarm(TimeProvider clock) : IDisposable
{
    private readonly SemaphoreSlim _rung = new(0, 1);

    /// <summary>Wakes the sleeper, or keeps it from falling asleep.</summary>
    public void Ring()
    {
        try
        {
            if (_rung.CurrentCount == 0)
                _rung.Release();
        }
        catch (SemaphoreFullException)
        {
            // Somebody else has just rung.
        }
    }

    /// <summary>Sleeps until that time, but no longer than <paramref name="longest"/>; not at all when it has come. Throws when the worker is to stop.</summary>
    public async Task SleepAsync(DateTimeOffset? until, TimeSpan longest, CancellationToken stop)
    {
        var sleep = until is { } at && at - clock.GetUtcNow() is var wait && wait < longest ? wait : longest;
        if (sleep <= TimeSpan.Zero)
            return;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop);
        await Task.WhenAny(_rung.WaitAsync(either.Token), Task.Delay(sleep, clock, either.Token));
        await either.CancelAsync();
        stop.ThrowIfCancellationRequested();
    }

    /// <inheritdoc />
    public void Dispose() => _rung.Dispose();
}
