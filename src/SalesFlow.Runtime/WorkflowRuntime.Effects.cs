using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using SalesFlow.Engine;
using SalesFlow.Engine.Expressions;

namespace SalesFlow.Runtime;

public sealed partial class WorkflowRuntime
{
    private const int EffectsAtOnce = 200;
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
            // An instance that began to wait between the look and the writing has not seen the event either.
            heard += await DeliverKeptAsync(name, only, cancel);
        }
        return heard;
    }

    /// <summary>
    /// Performs effects that were left over: by a crash, or by a failure whose time to try again has come. Those of one instance in their order, those
    /// of many at once; one that fails stands back and keeps nobody waiting. Answers when the next one's time comes.
    /// </summary>
    internal async Task<DateTimeOffset?> PerformOutboxAsync(CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        await using var db = await databases.CreateDbContextAsync(cancel);
        List<OutboxRow> page;
        for (var last = (At: DateTimeOffset.UnixEpoch, Instance: 0L, Number: 0); ; last = (page[^1].NotBefore, page[^1].InstanceId, page[^1].Number))
        {
            page = await db.Outbox.AsNoTracking().Where(row => row.NotBefore <= now && (row.NotBefore > last.At || (row.NotBefore == last.At
                    && (row.InstanceId > last.Instance || (row.InstanceId == last.Instance && row.Number > last.Number)))))
                .OrderBy(row => row.NotBefore).ThenBy(row => row.InstanceId).ThenBy(row => row.Number).Take(EffectsAtOnce).ToListAsync(cancel);
            await Parallel.ForEachAsync(page.GroupBy(row => row.InstanceId), new ParallelOptions { MaxDegreeOfParallelism = TurnsAtOnce, CancellationToken = cancel }, async (rows, token) =>
            {
                foreach (var row in rows)
                    await PerformLeftOverAsync(row, token);
            });
            if (page.Count < EffectsAtOnce)
                return await db.Outbox.Where(row => row.NotBefore > now).MinAsync(row => (DateTimeOffset?)row.NotBefore, cancel);
        }
    }

    private async Task PerformLeftOverAsync(OutboxRow row, CancellationToken cancel)
    {
        if (!_performing.TryAdd((row.InstanceId, row.Number), 0))
            return;
        var id = new InstanceId(row.InstanceId);
        EffectRequest request;
        try
        {
            if (!await ClaimAsync(row, cancel))
            {
                // Performed meanwhile, or another server has it.
                _performing.TryRemove((row.InstanceId, row.Number), out _);
                return;
            }
            request = new EffectRequest(row.Number, kinds.Read(row.Kind, row.Body), row.AnswerBookmark);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // A newer server may know what this one cannot read.
            log.LogWarning(failure, "Effect {Number} ({Kind}) of instance {Instance} cannot be performed here (attempt {Attempt}).", row.Number, row.Kind, id, row.Attempts + 1);
            _performing.TryRemove((row.InstanceId, row.Number), out _);
            await PostponeAsync(id, row.Number, row.Kind, row.AnswerBookmark, row.Attempts + 1, failure);
            return;
        }
        if (IsForBackground(request.Effect))
            InBackground(token => PerformAsync(id, request, row.Attempts, token));
        else
            await PerformAsync(id, request, row.Attempts, cancel);
    }

    private async Task<bool> ClaimAsync(OutboxRow row, CancellationToken cancel)
    {
        var until = clock.GetUtcNow() + LeaseOfLeftOvers;
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await db.Outbox.Where(same => same.InstanceId == row.InstanceId && same.Number == row.Number && same.NotBefore == row.NotBefore)
            .ExecuteUpdateAsync(set => set.SetProperty(same => same.NotBefore, until), cancel) > 0;
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
                // The turn is committed: whoever asked for it may go, what was told to the instance may not.
                await DeliverKeptAsync(outcome.Instance, name, CancellationToken.None);
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
            await PostponeAsync(id, request.Number, request.Effect.GetType().Name, request.AnswerBookmark, attempts + 1, failure);
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

    /// <summary>Gives kept events of that name to those who wait for it by now.</summary>
    private async Task<int> DeliverKeptAsync(string name, InstanceId? only, CancellationToken cancel)
    {
        List<long> waiting;
        await using (var db = await databases.CreateDbContextAsync(cancel))
            waiting = await db.Bookmarks.Where(row => row.Stimulus == name && row.Name == "Elsa.Event" && (only == null || row.InstanceId == only.Value.Value))
                .Select(row => row.InstanceId).Distinct().OrderBy(id => id).ToListAsync(cancel);
        var heard = 0;
        foreach (var id in waiting)
            heard += await DeliverKeptAsync(new InstanceId(id), name, cancel) ? 1 : 0;
        return heard;
    }

    /// <summary>Gives the instance what was told before it waited. The event is gone in the same transaction, so that no other instance takes it too.</summary>
    private async Task<bool> DeliverKeptAsync(InstanceId id, string name, CancellationToken cancel)
    {
        var (heard, now) = (false, clock.GetUtcNow());
        await using var db = await databases.CreateDbContextAsync(cancel);
        foreach (var kept in await db.KeptEvents.AsNoTracking().Where(row => row.Name == name && row.ExpiresAt > now && (row.InstanceId == null || row.InstanceId == id.Value)).OrderBy(row => row.Id).ToListAsync(cancel))
        {
            object? payload = kept.Payload is null ? null : Json.Parse(kept.Payload);
            try
            {
                var outcome = await TurnAsync(id, (state, _) => state.Bookmarks.Find(bookmark => bookmark.Name == "Elsa.Event" && bookmark.Stimulus == name) is { } waiting
                        && (kept.CorrelationId is null || kept.CorrelationId == state.CorrelationId)
                        ? new TurnRequest(new Stimulus.Resume(waiting.Number, payload), []) { Guards = [new RowGuard("kept_events", "id", kept.Id, "id", kept.Id)], Rows = rows => rows.Add(TurnRows.Delivered, kept.Id) }
                        : new TurnRequest(new Stimulus.None(), []), null, cancel);
                if (!outcome.Turn.Woke)
                    continue;
                heard = true;
                await FollowAsync(outcome, cancel);
            }
            catch (ConflictException conflict) when (conflict.Guard.Table == "kept_events")
            {
                // Another instance has heard it.
            }
        }
        return heard;
    }

    /// <summary>Gives kept events to those who wait for them, should a server have died before it could, and forgets those that nobody has waited for in time.</summary>
    internal async Task TendKeptEventsAsync(CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        await using var db = await databases.CreateDbContextAsync(cancel);
        foreach (var name in await db.KeptEvents.Where(kept => db.Bookmarks.Any(row => row.Stimulus == kept.Name && row.Name == "Elsa.Event")).Select(kept => kept.Name).Distinct().ToListAsync(cancel))
            await DeliverKeptAsync(name, null, cancel);
        // Looked for first: a deletion takes SQLite's only place for a writer even when it finds nothing.
        if (await db.KeptEvents.AnyAsync(row => row.ExpiresAt <= now, cancel))
            await db.KeptEvents.Where(row => row.ExpiresAt <= now).ExecuteDeleteAsync(cancel);
    }
}
