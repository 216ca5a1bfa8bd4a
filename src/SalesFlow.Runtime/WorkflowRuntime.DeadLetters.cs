using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using SalesFlow.Engine;

namespace SalesFlow.Runtime;

public sealed partial class WorkflowRuntime
{
    /// <summary>Attempts after which an effect is given up and waits for an administrator.</summary>
    public const int MostAttempts = 10;
    private static readonly TimeSpan RestOfDeadLetters = TimeSpan.FromDays(365);

    /// <summary>Effects that failed so often that they are left alone, the newest first; of one instance when it is named.</summary>
    public async Task<(IReadOnlyList<DeadLetter> Letters, int Total)> DeadLettersAsync(InstanceId? only, int skip, int take, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var dead = Dead(db);
        if (only is { Value: var instance })
            dead = dead.Where(row => row.InstanceId == instance);
        var page = await dead.OrderByDescending(row => row.NotBefore).ThenBy(row => row.InstanceId).ThenBy(row => row.Number).Skip(skip).Take(take).ToListAsync(cancel);
        return ([.. page.Select(DeadLetter.Of)], await dead.CountAsync(cancel));
    }

    /// <summary>One of them, or null.</summary>
    public async Task<DeadLetter?> DeadLetterAsync(InstanceId id, int number, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await Dead(db).SingleOrDefaultAsync(row => row.InstanceId == id.Value && row.Number == number, cancel) is { } row ? DeadLetter.Of(row) : null;
    }

    /// <summary>
    /// Has an effect that was given up tried again, from its first attempt on; its incident is gone. False when there is no such one.
    /// <paramref name="by"/> is the id of whoever says so.
    /// </summary>
    public async Task<bool> ReplayAsync(InstanceId id, int number, CancellationToken cancel, long? by = null)
    {
        if (await DeadLetterAsync(id, number, cancel) is not { } letter)
            return false;
        var now = clock.GetUtcNow();
        void Again(RowBatch rows) => WriteTriedAgain(id, [number], rows);
        try
        {
            await FollowAsync(await TurnAsync(id, (_, _) => new TurnRequest(new Stimulus.TryAgain(number, letter.Kind, by), []), Again, cancel), cancel);
        }
        catch (KeyNotFoundException)
        {
            // Left behind by an instance that is gone.
            await CommitAsync(Again);
        }
        TimerSet?.Invoke(now);
        return true;
    }

    /// <summary>Notes that an attempt failed. The last one is not silent: it becomes an incident on the instance, in the same transaction.</summary>
    private async Task PostponeAsync(InstanceId id, int number, string kind, int? bookmark, int attempts, Exception failure)
    {
        var delay = attempts >= MostAttempts ? RestOfDeadLetters : TimeSpan.FromSeconds(Math.Pow(2, attempts));
        void Later(RowBatch rows) => rows.Add(TurnRows.Postponed, id.Value, number, attempts, TurnRows.Micros(clock.GetUtcNow() + delay), failure.Message);
        if (attempts >= MostAttempts)
            try
            {
                log.LogError(failure, "Effect {Number} ({Kind}) of instance {Instance} failed {Attempts} times and was given up.", number, kind, id, attempts);
                // What the turn commits, nobody may interrupt.
                await FollowAsync(await TurnAsync(id, (_, _) => new TurnRequest(new Stimulus.GiveUp(number, kind, bookmark, failure.Message), []), Later, CancellationToken.None), CancellationToken.None);
                return;
            }
            catch (KeyNotFoundException)
            {
                log.LogWarning("Instance {Instance} of that effect is gone.", id);
            }
        await CommitAsync(Later);
    }

    private static int[] EffectsToTryAgain(InstanceState state, int? activation) =>
        [.. state.Incidents.Where(incident => activation is null || incident.Activation == activation).Select(incident => incident.Effect).OfType<int>()];

    private void WriteTriedAgain(InstanceId id, int[] effects, RowBatch rows)
    {
        foreach (var effect in effects)
            rows.Add(TurnRows.TriedAgain, id.Value, effect, 0, TurnRows.Micros(clock.GetUtcNow()));
    }

    private static IQueryable<OutboxRow> Dead(WorkflowDb db) => db.Outbox.AsNoTracking().Where(row => row.Attempts >= MostAttempts);

    /// <summary>When an effect that will be tried again so late was given up.</summary>
    internal static DateTimeOffset GivenUp(DateTimeOffset notBefore) => notBefore - RestOfDeadLetters;
}

/// <summary>An effect that was given up after many attempts.</summary>
public sealed record DeadLetter(InstanceId Instance, int Number, string Kind, int? AnswerBookmark, int Attempts, string? LastError, DateTimeOffset GivenUpAt)
{
    /// <summary>Reads it off its row.</summary>
    public static DeadLetter Of(OutboxRow row) => new(new InstanceId(row.InstanceId), row.Number, row.Kind, row.AnswerBookmark, row.Attempts, row.LastError, WorkflowRuntime.GivenUp(row.NotBefore));
}
