using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Logging;
using SalesFlow.Engine;
using SalesFlow.Engine.Definitions;

namespace SalesFlow.Runtime;

/// <summary>
/// Runs instances durably. A turn is: take the instance's gate, have its state and facts at hand, decide, interpret, write everything in one
/// transaction, answer. Turns of one instance never overlap: the gate sees to that here, the instance's version across servers.
/// </summary>
public sealed partial class WorkflowRuntime(IDbContextFactory<WorkflowDb> databases, TurnStore store, DefinitionStore definitions, Interpreter interpreter, FactsSource factsSource,
    ChangeWriter changeWriter, EffectKinds kinds, IEnumerable<EffectHandler> handlers, TurnFeed feed, TimeProvider clock, ILogger<WorkflowRuntime> log) : IDisposable
{
    private const int Retries = 8, IdsAtOnce = 256, Remembered = 20_000;

    private readonly Gates<long> _gates = new();
    private readonly MemoryCache _cache = new(new MemoryCacheOptions { SizeLimit = Remembered });
    private readonly Dictionary<Type, EffectHandler> _handlers = handlers.ToDictionary(handler => handler.EffectType);
    private readonly SemaphoreSlim _ids = new(1, 1);
    private long _nextId, _endOfIds;

    /// <summary>Tells the timers that one has been set for that time.</summary>
    internal event Action<DateTimeOffset>? TimerSet;

    /// <summary>Instances that this server is running a turn of, or that somebody waits to.</summary>
    public int Busy => _gates.Held;

    /// <summary>The next id of the installation.</summary>
    public async Task<long> NextIdAsync(CancellationToken cancel)
    {
        await _ids.WaitAsync(cancel);
        try
        {
            if (_nextId == _endOfIds)
                _endOfIds = (_nextId = await store.ReserveAsync("ids", IdsAtOnce, cancel)) + IdsAtOnce;
            return _nextId++;
        }
        finally
        {
            _ids.Release();
        }
    }

    /// <summary>
    /// One turn of an instance. <paramref name="decide"/> is pure and runs inside the gate; it may throw <see cref="RefusedException"/>, and is
    /// asked again when another server was first. Nothing is written when nothing woke.
    /// </summary>
    public async Task<TurnOutcome> RunAsync(InstanceId id, Func<InstanceState, Facts, TurnRequest> decide, CancellationToken cancel) =>
        await FollowAsync(await TurnAsync(id, decide, null, cancel), cancel);

    /// <summary>Runs faulted activities again, and tries effects again that were given up: of the given execution, or all of them.</summary>
    public async Task<TurnOutcome> RetryAsync(InstanceId id, int? activation, CancellationToken cancel)
    {
        var outcome = await RunAsync(id, (state, _) =>
        {
            // Asked now: the turn takes the incidents away.
            var effects = EffectsToTryAgain(state, activation);
            return new TurnRequest(new Stimulus.Retry(activation), []) { Rows = rows => { WriteDueTimes(state, rows); WriteTriedAgain(id, effects, rows); } };
        }, cancel);
        TimerSet?.Invoke(clock.GetUtcNow());
        return outcome;
    }

    /// <summary>Ends an instance; it stays readable.</summary>
    public Task<TurnOutcome> CancelAsync(InstanceId id, CancellationToken cancel) =>
        RunAsync(id, (_, _) => new TurnRequest(new Stimulus.Cancel(), []), cancel);

    /// <summary>The journal of an instance, oldest first.</summary>
    public async Task<IReadOnlyList<JournalEntry>> JournalAsync(InstanceId id, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var turns = await db.Journal.Where(row => row.InstanceId == id.Value).OrderBy(row => row.Turn).Select(row => row.Entries).ToListAsync(cancel);
        return [.. turns.SelectMany(JournalPack.Lines)];
    }

    /// <summary>What happened in each turn of an instance after the given one, oldest first, one turn in memory at a time.</summary>
    public async IAsyncEnumerable<(long Turn, IReadOnlyList<JournalEntry> Lines)> TurnsAsync(InstanceId id, long after, [EnumeratorCancellation] CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await foreach (var row in db.Journal.AsNoTracking().Where(row => row.InstanceId == id.Value && row.Turn > after).OrderBy(row => row.Turn).Select(row => new { row.Turn, row.Entries }).AsAsyncEnumerable().WithCancellation(cancel))
            yield return (row.Turn, JournalPack.Lines(row.Entries));
    }

    /// <summary>What happened in some turns of an instance, oldest first, one turn in memory at a time.</summary>
    public async IAsyncEnumerable<(long Turn, IReadOnlyList<JournalEntry> Lines)> TurnsAsync(InstanceId id, IReadOnlyCollection<long> turns, [EnumeratorCancellation] CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await foreach (var row in db.Journal.AsNoTracking().Where(row => row.InstanceId == id.Value && turns.Contains(row.Turn)).OrderBy(row => row.Turn).Select(row => new { row.Turn, row.Entries }).AsAsyncEnumerable().WithCancellation(cancel))
            yield return (row.Turn, JournalPack.Lines(row.Entries));
    }

    /// <summary>Whether an instance has had that turn.</summary>
    public async Task<bool> HasTurnAsync(InstanceId id, long turn, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await db.Journal.AnyAsync(row => row.InstanceId == id.Value && row.Turn == turn, cancel);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _stopping.Cancel();
        _cache.Dispose();
        _ids.Dispose();
    }

    private async Task<TurnOutcome> TurnAsync(InstanceId id, Func<InstanceState, Facts, TurnRequest> decide, Action<RowBatch>? more, CancellationToken cancel)
    {
        using var gate = await _gates.EnterAsync(id.Value, cancel);
        for (var attempt = 1; ; attempt++)
        {
            var ((definition, stateBytes, facts, version), fresh) = await LoadAsync(id, cancel);
            var decided = false;
            try
            {
                var state = InstanceState.FromBytes(stateBytes);
                var request = decide(state, facts);
                var turn = interpreter.Run(definition, state, id.Value, request.Stimulus, facts, clock.GetUtcNow(), request.Changes);
                if (!turn.Woke && !fresh && request.Stimulus is not Stimulus.None)
                {
                    // What is remembered may be behind what another server has written: whether there is nothing to wake, the database says.
                    _cache.Remove(id);
                    continue;
                }
                decided = true;
                if (!turn.Woke && more is null)
                    return new TurnOutcome(id, turn, facts);
                // The state belongs to the version that the turn ended under.
                return await CommitAsync(id, request.Stimulus is Stimulus.Follow follow ? follow.To : definition, turn, facts, version, request, more);
            }
            catch (Exception refusal) when (!decided && !fresh)
            {
                _cache.Remove(id);
                log.LogDebug("Instance {Instance} is looked at anew before it is refused: {Refusal}", id, refusal.Message);
            }
            catch (ConflictException conflict) when (attempt < Retries)
            {
                _cache.Remove(id);
                log.LogDebug("Instance {Instance} was changed elsewhere ({Conflict}); attempt {Attempt}.", id, conflict.Message, attempt);
            }
            catch (RefusedException)
            {
                throw;
            }
            catch
            {
                // The facts may have learned changes that were never written.
                _cache.Remove(id);
                throw;
            }
        }
    }

    private async Task<TurnOutcome> CommitAsync(InstanceId id, WorkflowDefinition definition, Turn turn, Facts facts, long version, TurnRequest request, Action<RowBatch>? more)
    {
        var (now, rows) = (clock.GetUtcNow(), new RowBatch());
        foreach (var guard in request.Guards.IsDefault ? [] : request.Guards)
            rows.Guard(guard);
        byte[]? state = null;
        if (turn.Woke)
        {
            request.Rows?.Invoke(rows);
            state = TurnRows.Write(turn, definition, version, now, now + store.Lease, kinds, rows);
            var told = turn.Changes.Length > 0 ? changeWriter.Write(turn.Changes, facts, rows) : null;
            TurnRows.WriteJournal(turn, told, version, now, rows);
        }
        more?.Invoke(rows);
        await CommitAsync(rows, turn, id);
        if (state is not null)
            Remember(id, new Loaded(definition, state, facts, version + 1));
        foreach (var bookmark in turn.Bookmarked)
            if (bookmark.DueAt is { } due)
                TimerSet?.Invoke(due);
        var outcome = new TurnOutcome(id, turn, facts);
        if (turn.Woke)
            feed.Tell(outcome);
        return outcome;
    }

    /// <summary>Claims the turn's effects before they can be seen in the outbox, so that nobody else on this server takes them.</summary>
    private async Task CommitAsync(RowBatch rows, Turn turn, InstanceId id)
    {
        foreach (var request in turn.Effects)
            _performing.TryAdd((id.Value, request.Number), 0);
        try
        {
            await store.CommitAsync(rows);
        }
        catch
        {
            Release(id, turn.Effects);
            throw;
        }
    }

    private void Release(InstanceId id, ImmutableArray<EffectRequest> effects)
    {
        foreach (var request in effects)
            _performing.TryRemove((id.Value, request.Number), out _);
    }

    /// <summary>The instance as it is remembered, or fresh from the database.</summary>
    private async Task<(Loaded Loaded, bool Fresh)> LoadAsync(InstanceId id, CancellationToken cancel)
    {
        if (_cache.TryGetValue(id, out Loaded? known))
            return (known!, false);
        await using var db = await databases.CreateDbContextAsync(cancel);
        var row = await db.Instances.Where(row => row.Id == id.Value).Join(db.States, row => row.Id, state => state.InstanceId, (row, state) => new { row.DefinitionId, row.DefinitionVersionId, row.Version, state.State })
            .SingleOrDefaultAsync(cancel) ?? throw new KeyNotFoundException($"There is no instance '{id}'.");
        var loaded = new Loaded(await definitions.VersionAsync(row.DefinitionVersionId, cancel), row.State, await factsSource.LoadAsync(id, row.DefinitionId, cancel), row.Version);
        Remember(id, loaded);
        return (loaded, true);
    }

    private void Remember(InstanceId id, Loaded loaded) => _cache.Set(id, loaded, new MemoryCacheEntryOptions { Size = 1 });

    private sealed record Loaded(WorkflowDefinition Definition, byte[] State, Facts Facts, long Version);
}
