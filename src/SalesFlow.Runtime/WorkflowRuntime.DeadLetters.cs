using Microsoft.EntityFrameworkCore;

namespace SalesFlow.Runtime;

public sealed partial class WorkflowRuntime
{
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

    /// <summary>Has an effect that was given up tried again, from its first attempt on; false when there is no such one.</summary>
    public async Task<bool> ReplayAsync(InstanceId id, int number, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        await using var db = await databases.CreateDbContextAsync(cancel);
        var found = await Dead(db).Where(row => row.InstanceId == id.Value && row.Number == number)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.NotBefore, now).SetProperty(row => row.Attempts, 0), cancel) > 0;
        if (found)
            TimerSet?.Invoke(now);
        return found;
    }

    private static IQueryable<OutboxRow> Dead(WorkflowDb db) => db.Outbox.AsNoTracking().Where(row => row.Attempts >= MostAttempts);

    /// <summary>When an effect that will be tried again so late was given up.</summary>
    internal static DateTimeOffset GivenUp(DateTimeOffset notBefore) => notBefore - RestOfDeadLetters;
}

/// <summary>An effect that was given up after many attempts.</summary>
public sealed record DeadLetter(InstanceId Instance, int Number, string Kind, int? AnswerBookmark, int Attempts, string? LastError, DateTimeOffset GivenUpAt)
{
    internal static DeadLetter Of(OutboxRow row) => new(new InstanceId(row.InstanceId), row.Number, row.Kind, row.AnswerBookmark, row.Attempts, row.LastError, WorkflowRuntime.GivenUp(row.NotBefore));
}
