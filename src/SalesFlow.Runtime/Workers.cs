using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace SalesFlow.Runtime;

/// <summary>Wakes instances whose timers are due and performs effects that were left over. Sleeps until the next one is due.</summary>
public sealed class Workers(WorkflowRuntime runtime, DefinitionStore definitions, TimeProvider clock, ILogger<Workers> log) : BackgroundService
{
    private static readonly TimeSpan LongestSleep = TimeSpan.FromSeconds(30), BetweenTendings = TimeSpan.FromMinutes(10);
    private readonly SemaphoreSlim _wake = new(0, 1);
    private DateTimeOffset _tendEvents;

    /// <summary>Whether timers and the outbox are being looked after.</summary>
    public bool IsRunning => ExecuteTask is { IsCompleted: false };

    /// <summary>Does once what is due now. For clocks that are moved by hand.</summary>
    public async Task CatchUpAsync(CancellationToken cancel)
    {
        await runtime.TendKeptEventsAsync(cancel);
        await runtime.PerformOutboxAsync(cancel);
        await runtime.FireTriggersAsync(cancel);
        while (await runtime.FireTimersAsync(cancel) <= clock.GetUtcNow())
            cancel.ThrowIfCancellationRequested();
        await runtime.IdleAsync(cancel);
    }

    /// <inheritdoc />
    public override void Dispose()
    {
        base.Dispose();
        _wake.Dispose();
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        runtime.TimerSet += Wake;
        definitions.TriggersChanged += WakeNow;
        while (!stoppingToken.IsCancellationRequested)
            try
            {
                await TendKeptEventsAsync(stoppingToken);
                var due = Earlier(await runtime.PerformOutboxAsync(stoppingToken), await runtime.FireTriggersAsync(stoppingToken));
                await SleepAsync(Earlier(due, await runtime.FireTimersAsync(stoppingToken)), stoppingToken);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                log.LogError(failure, "The timers could not be read; trying again.");
                await Task.Delay(TimeSpan.FromSeconds(5), clock, stoppingToken);
            }
            catch (OperationCanceledException)
            {
                break;
            }
        runtime.TimerSet -= Wake;
        definitions.TriggersChanged -= WakeNow;
    }

    private async Task TendKeptEventsAsync(CancellationToken stop)
    {
        if (clock.GetUtcNow() < _tendEvents)
            return;
        await runtime.TendKeptEventsAsync(stop);
        _tendEvents = clock.GetUtcNow() + BetweenTendings;
    }

    private void WakeNow() => Wake(clock.GetUtcNow());

    private void Wake(DateTimeOffset due)
    {
        if (due > clock.GetUtcNow() + LongestSleep || _wake.CurrentCount > 0)
            return;
        try
        {
            _wake.Release();
        }
        catch (SemaphoreFullException)
        {
            // Somebody else has just woken it.
        }
    }

    private async Task SleepAsync(DateTimeOffset? due, CancellationToken stop)
    {
        var sleep = due is { } at && at - clock.GetUtcNow() is var wait && wait < LongestSleep ? wait : LongestSleep;
        if (sleep <= TimeSpan.Zero)
            return;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop);
        await Task.WhenAny(_wake.WaitAsync(either.Token), Task.Delay(sleep, clock, either.Token));
        await either.CancelAsync();
        stop.ThrowIfCancellationRequested();
    }

    private static DateTimeOffset? Earlier(DateTimeOffset? one, DateTimeOffset? other) => one is null ? other : other is null || one < other ? one : other;
}
