using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using SalesFlow.Engine;

namespace SalesFlow.Runtime;

public sealed partial class WorkflowRuntime
{
    private const int BackgroundAtOnce = 64;
    private readonly ConcurrentDictionary<Task, byte> _background = new();
    private readonly ConcurrentDictionary<(long Instance, int Number), byte> _performing = new();
    private readonly SemaphoreSlim _backgroundPlaces = new(BackgroundAtOnce, BackgroundAtOnce);
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>Completes when this server performs nothing in the background any more.</summary>
    internal async Task IdleAsync(CancellationToken cancel)
    {
        while (!_background.IsEmpty)
            await Task.WhenAll(_background.Keys).WaitAsync(cancel);
    }

    /// <summary>True for what takes long: whoever woke the instance is answered before it is done.</summary>
    private bool IsForBackground(Effect effect) => effect is WorkflowsDispatched { AtOnce: false } || (_handlers.TryGetValue(effect.GetType(), out var handler) && handler.Background);

    /// <summary>Does work that nobody waits for. What a stop of the server interrupts is still in the outbox.</summary>
    private void InBackground(Func<CancellationToken, Task> work)
    {
        if (_stopping.IsCancellationRequested)
            return;
        var task = Task.Run(() => RunAsync(work, _stopping.Token));
        _background.TryAdd(task, 0);
        task.ContinueWith(done => _background.TryRemove(done, out _), TaskScheduler.Default);
    }

    private async Task RunAsync(Func<CancellationToken, Task> work, CancellationToken stop)
    {
        try
        {
            await _backgroundPlaces.WaitAsync(stop);
            try
            {
                await work(stop);
            }
            finally
            {
                _backgroundPlaces.Release();
            }
        }
        catch (Exception failure) when (failure is OperationCanceledException or ObjectDisposedException)
        {
            log.LogDebug("Work in the background was interrupted: the server is stopping.");
        }
        catch (Exception failure)
        {
            log.LogError(failure, "Work in the background failed; what is left of it is in the outbox.");
        }
    }
}
