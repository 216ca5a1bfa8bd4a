using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace SalesFlow.Runtime;

/// <summary>Wakes instances whose timers are due and performs effects that were left over. Sleeps until the next one is due.</summary>
public sealed class Workers(WorkflowRuntime runtime, DefinitionStore definitions, TimeProvider clock, ILogger<Workers> log) : BackgroundService
{
    private static readonly TimeSpan LongestSleep = TimeSpan.FromSeconds(30), BetweenTendings = TimeSpan.FromMinutes(10);
    private readonly Alarm _alarm = new(clock);
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
        _alarm.Dispose();
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        runtime.TimerSet += Wake;
        definitions.TriggersChanged += _alarm.Ring;
        while (!stoppingToken.IsCancellationRequested)
            try
            {
                await TendKeptEventsAsync(stoppingToken);
                var due = Earlier(await runtime.PerformOutboxAsync(stoppingToken), await runtime.FireTriggersAsync(stoppingToken));
                await _alarm.SleepAsync(Earlier(due, await runtime.FireTimersAsync(stoppingToken)), LongestSleep, stoppingToken);
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
        definitions.TriggersChanged -= _alarm.Ring;
    }

    private async Task TendKeptEventsAsync(CancellationToken stop)
    {
        if (clock.GetUtcNow() < _tendEvents)
            return;
        await runtime.TendKeptEventsAsync(stop);
        _tendEvents = clock.GetUtcNow() + BetweenTendings;
    }

    private void Wake(DateTimeOffset due)
    {
        if (due <= clock.GetUtcNow() + LongestSleep)
            _alarm.Ring();
    }

    private static DateTimeOffset? Earlier(DateTimeOffset? one, DateTimeOffset? other) => one is null ? other : other is null || one < other ? one : other;
}
