using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using SalesFlow.Engine;
using static SalesFlow.Runtime.ColumnType;

namespace SalesFlow.Runtime;

public sealed partial class WorkflowRuntime
{
    private const int TimersAtOnce = 1000, TurnsAtOnce = 64, MostFailuresKnown = 100_000;
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);
    private static readonly RowShape LaterTimer = RowShape.Update("bookmarks", [("instance_id", Number), ("number", Count)], ("due_at", Number));
    private readonly ConcurrentDictionary<(long Instance, int Number), int> _failedTimers = new();

    /// <summary>
    /// Wakes instances whose timers are due, the oldest first; answers when the next one is, which is at once when more are waiting. What it costs
    /// depends on the timers that are due, not on those that are pending.
    /// </summary>
    internal async Task<DateTimeOffset?> FireTimersAsync(CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        await using var db = await databases.CreateDbContextAsync(cancel);
        var due = await db.Bookmarks.AsNoTracking().Where(row => row.DueAt != null && row.DueAt <= now).OrderBy(row => row.DueAt).Take(TimersAtOnce).ToListAsync(cancel);
        await Parallel.ForEachAsync(due, new ParallelOptions { MaxDegreeOfParallelism = TurnsAtOnce, CancellationToken = cancel }, async (row, token) => await FireAsync(row, token));
        return due.Count == TimersAtOnce ? now : await db.Bookmarks.Where(row => row.DueAt != null).MinAsync(row => row.DueAt, cancel);
    }

    private async Task FireAsync(BookmarkRow row, CancellationToken cancel)
    {
        try
        {
            var outcome = await RunAsync(new InstanceId(row.InstanceId), (_, _) => new TurnRequest(new Stimulus.Resume(row.Number), []), cancel);
            if (outcome.Turn.Woke)
                _failedTimers.TryRemove((row.InstanceId, row.Number), out _);
            else
                // Fired by another server a moment ago, or of an instance that stands still until somebody retries it.
                await TryLaterAsync(row);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            log.LogError(failure, "Timer {Number} of instance {Instance} failed.", row.Number, row.InstanceId);
            await TryLaterAsync(row);
        }
    }

    /// <summary>Lets a timer that did not fire stand back, longer each time, so that those behind it have their turn. A row that is gone stays so.</summary>
    private async Task TryLaterAsync(BookmarkRow row)
    {
        // Those that another server fired in the end are never heard of again.
        if (_failedTimers.Count > MostFailuresKnown)
            _failedTimers.Clear();
        var attempts = _failedTimers.AddOrUpdate((row.InstanceId, row.Number), 1, (_, before) => before + 1);
        var wait = attempts < 10 ? TimeSpan.FromSeconds(5 * Math.Pow(2, attempts - 1)) : LongestWait;
        await CommitAsync(rows => rows.Add(LaterTimer, row.InstanceId, row.Number, TurnRows.Micros(clock.GetUtcNow() + wait)));
    }

    /// <summary>An instance that stood still has timers that stood back: they are due again when they were meant to be.</summary>
    private static void WriteDueTimes(InstanceState state, RowBatch rows)
    {
        foreach (var bookmark in state.Bookmarks)
            if (bookmark.DueAt is { } due)
                rows.Add(LaterTimer, state.InstanceId, bookmark.Number, TurnRows.Micros(due));
    }
}
