using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using SalesFlow.Engine;
using SalesFlow.Engine.Expressions;

namespace SalesFlow.Runtime;

public sealed partial class WorkflowRuntime
{
    private const int MostAttempts = 10;
    private static readonly TimeSpan KeepEventsFor = TimeSpan.FromDays(7), LeaseOfLeftOvers = TimeSpan.FromMinutes(2);

    /// <summary>
    /// Tells waiting instances of an event and starts those that it triggers; kept for seven days when nobody waits. Answers how many heard it.
    /// </summary>
    public async Task<int> PublishEventAsync(string name, string? correlationId, InstanceId? only, object? payload, CancellationToken cancel)
    {
        var heard = await DeliverAsync(name, correlationId, only, payload, cancel);
        if (only is null)
            heard += await TriggerAsync(name, correlationId, payload, cancel);
        if (heard == 0)
        {
            var rows = new RowBatch();
            rows.Add(TurnRows.Kept, await NextIdAsync(cancel), name, correlationId, only?.Value, Json.Text(payload), TurnRows.Micros(clock.GetUtcNow() + KeepEventsFor));
            await store.CommitAsync(rows);
        }
        return heard;
    }

    /// <summary>Wakes the instances whose timers are due; answers when the next one is.</summary>
    internal async Task<DateTimeOffset?> FireTimersAsync(CancellationToken cancel)
    {
        while (true)
        {
            var now = clock.GetUtcNow();
            await using var db = await databases.CreateDbContextAsync(cancel);
            var due = await db.Bookmarks.AsNoTracking().Where(row => row.DueAt != null && row.DueAt <= now).OrderBy(row => row.DueAt).Take(200).ToListAsync(cancel);
            if (due.Count == 0)
                return await db.Bookmarks.Where(row => row.DueAt != null).MinAsync(row => row.DueAt, cancel);
            var woke = 0;
            await Parallel.ForEachAsync(due, cancel, async (row, token) =>
            {
                if (await FireAsync(row, token))
                    Interlocked.Increment(ref woke);
            });
            if (woke == 0)
                return now + TimeSpan.FromMinutes(1);
        }
    }

    /// <summary>Performs effects that were left over: by a crash, or by a failure whose time to try again has come. Answers when the next one's time comes.</summary>
    internal async Task<DateTimeOffset?> PerformOutboxAsync(CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        await using var db = await databases.CreateDbContextAsync(cancel);
        foreach (var row in await db.Outbox.AsNoTracking().Where(row => row.NotBefore <= now).OrderBy(row => row.NotBefore).Take(200).ToListAsync(cancel))
            await PerformLeftOverAsync(db, row, cancel);
        return await db.Outbox.Where(row => row.NotBefore > now).MinAsync(row => (DateTimeOffset?)row.NotBefore, cancel);
    }

    private async Task PerformLeftOverAsync(WorkflowDb db, OutboxRow row, CancellationToken cancel)
    {
        if (!_performing.TryAdd((row.InstanceId, row.Number), 0))
            return;
        var until = clock.GetUtcNow() + LeaseOfLeftOvers;
        if (await db.Outbox.Where(same => same.InstanceId == row.InstanceId && same.Number == row.Number && same.NotBefore == row.NotBefore).ExecuteUpdateAsync(set => set.SetProperty(same => same.NotBefore, until), cancel) == 0)
        {
            // Performed meanwhile, or another server has it.
            _performing.TryRemove((row.InstanceId, row.Number), out _);
            return;
        }
        var (id, request) = (new InstanceId(row.InstanceId), new EffectRequest(row.Number, kinds.Read(row.Kind, row.Body), row.AnswerBookmark));
        if (IsForBackground(request.Effect))
            InBackground(token => PerformAsync(id, request, row.Attempts, token));
        else
            await PerformAsync(id, request, row.Attempts, cancel);
    }

    /// <summary>What a committed turn leads to at once: its effects, and kept events for its new bookmarks.</summary>
    private async Task<TurnOutcome> FollowAsync(TurnOutcome outcome, CancellationToken cancel)
    {
        var (effects, reached) = (outcome.Turn.Effects, 0);
        try
        {
            while (reached < effects.Length)
            {
                var request = effects[reached++];
                if (IsForBackground(request.Effect))
                    InBackground(token => PerformAsync(outcome.Instance, request, 0, token));
                else
                    await PerformAsync(outcome.Instance, request, 0, cancel);
            }
        }
        finally
        {
            // When the caller went away in the middle, the outbox goes on with what is left.
            if (reached < effects.Length)
            {
                Release(outcome.Instance, effects[reached..]);
                TimerSet?.Invoke(clock.GetUtcNow());
            }
        }
        foreach (var bookmark in outcome.Turn.Bookmarked)
            if (bookmark is { Name: "Elsa.Event", Stimulus: { } name })
                await DeliverKeptAsync(outcome.Instance, name, cancel);
        return outcome;
    }

    /// <summary>Performs an effect that this server has claimed.</summary>
    private async Task PerformAsync(InstanceId id, EffectRequest request, int attempts, CancellationToken cancel)
    {
        try
        {
            if (request.Effect is ChildFinished finished)
            {
                await TellParentAsync(id, request.Number, finished, cancel);
                return;
            }
            var answer = await PerformAsync(id, request, cancel);
            var outcome = await TurnAsync(id, (_, _) => request.AnswerBookmark is { } bookmark && !ReferenceEquals(answer, EffectAnswer.Later)
                    ? new TurnRequest(new Stimulus.Resume(bookmark, answer.Input), answer.Changes) { Guards = answer.Guards }
                    : new TurnRequest(new Stimulus.None(), answer.Changes),
                rows => rows.Add(TurnRows.Performed, id.Value, request.Number), cancel);
            await FollowAsync(outcome, cancel);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            log.LogWarning(failure, "Effect {Effect} of instance {Instance} failed (attempt {Attempt}).", request.Effect.GetType().Name, id, attempts + 1);
            await PostponeAsync(id, request, attempts + 1, failure);
        }
        finally
        {
            _performing.TryRemove((id.Value, request.Number), out _);
        }
    }

    private async Task<EffectAnswer> PerformAsync(InstanceId id, EffectRequest request, CancellationToken cancel)
    {
        switch (request.Effect)
        {
            case EventPublished told:
                await PublishEventAsync(told.EventName, told.CorrelationId, told.Local ? id : null, told.Payload, cancel);
                return EffectAnswer.Later;
            case WorkflowsDispatched asked:
                return await DispatchAsync(id, request.Number, asked, cancel);
            case ChildrenCancelled:
                await CancelChildrenAsync(id, cancel);
                return EffectAnswer.Later;
        }
        // A RunTask waits for whoever answers it through the API.
        return _handlers.TryGetValue(request.Effect.GetType(), out var handler) ? await handler.PerformAsync(id, request, cancel) : EffectAnswer.Later;
    }

    private Task PostponeAsync(InstanceId id, EffectRequest request, int attempts, Exception failure)
    {
        var delay = attempts >= MostAttempts ? TimeSpan.FromDays(365) : TimeSpan.FromSeconds(Math.Pow(2, attempts));
        var rows = new RowBatch();
        rows.Add(TurnRows.Postponed, id.Value, request.Number, attempts, TurnRows.Micros(clock.GetUtcNow() + delay), failure.Message);
        return store.CommitAsync(rows);
    }

    private async Task<bool> FireAsync(BookmarkRow row, CancellationToken cancel)
    {
        try
        {
            var outcome = await RunAsync(new InstanceId(row.InstanceId), (_, _) => new TurnRequest(new Stimulus.Resume(row.Number), []), cancel);
            return outcome.Turn.Woke;
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            log.LogError(failure, "Timer {Number} of instance {Instance} failed.", row.Number, row.InstanceId);
            return false;
        }
    }

    private async Task<int> DeliverAsync(string name, string? correlationId, InstanceId? only, object? payload, CancellationToken cancel)
    {
        List<BookmarkRow> waiting;
        await using (var db = await databases.CreateDbContextAsync(cancel))
        {
            var query = db.Bookmarks.AsNoTracking().Where(row => row.Stimulus == name && row.Name == "Elsa.Event");
            if (only is { } one)
                query = query.Where(row => row.InstanceId == one.Value);
            if (correlationId is not null)
                query = query.Where(row => db.Instances.Any(instance => instance.Id == row.InstanceId && instance.CorrelationId == correlationId));
            waiting = await query.OrderBy(row => row.InstanceId).ThenBy(row => row.Number).ToListAsync(cancel);
        }
        var heard = 0;
        foreach (var row in waiting)
            heard += (await RunAsync(new InstanceId(row.InstanceId), (_, _) => new TurnRequest(new Stimulus.Resume(row.Number, payload), []), cancel)).Turn.Woke ? 1 : 0;
        return heard;
    }

    private async Task<int> TriggerAsync(string name, string? correlationId, object? payload, CancellationToken cancel)
    {
        List<TriggerRow> triggers;
        await using (var db = await databases.CreateDbContextAsync(cancel))
            triggers = await db.Triggers.AsNoTracking().Where(row => row.Name == "Elsa.Event" && row.Stimulus == name).ToListAsync(cancel);
        var started = 0;
        foreach (var trigger in triggers)
            started += await StartAsync(await definitions.VersionAsync(trigger.VersionId, cancel), new Stimulus.Start(new Dictionary<string, object?> { ["Result"] = payload }, trigger.ActivityId, correlationId), null, cancel) is null ? 0 : 1;
        return started;
    }

    private async Task DeliverKeptAsync(InstanceId id, string name, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var now = clock.GetUtcNow();
        foreach (var kept in await db.KeptEvents.AsNoTracking().Where(row => row.Name == name && row.ExpiresAt > now && (row.InstanceId == null || row.InstanceId == id.Value)).OrderBy(row => row.Id).ToListAsync(cancel))
        {
            object? payload = kept.Payload is null ? null : Json.Parse(kept.Payload);
            var outcome = await TurnAsync(id, (state, _) => state.Bookmarks.Find(bookmark => bookmark.Name == "Elsa.Event" && bookmark.Stimulus == name) is { } waiting
                    && (kept.CorrelationId is null || kept.CorrelationId == state.CorrelationId)
                    ? new TurnRequest(new Stimulus.Resume(waiting.Number, payload), []) : new TurnRequest(new Stimulus.None(), []), null, cancel);
            if (!outcome.Turn.Woke)
                continue;
            var rows = new RowBatch();
            rows.Add(TurnRows.Delivered, kept.Id);
            await store.CommitAsync(rows);
            await FollowAsync(outcome, cancel);
        }
    }
}
