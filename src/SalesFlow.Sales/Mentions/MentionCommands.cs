using Microsoft.EntityFrameworkCore;
using SalesFlow.Sales.People;

namespace SalesFlow.Sales.Mentions;

/// <summary>What people do with notes that name them.</summary>
public sealed class MentionCommands(IDbContextFactory<SalesFlowDb> databases, TimeProvider clock)
{
    /// <summary>The named person has read it. Throws <see cref="NotFoundException"/> when there is no such new one of theirs.</summary>
    public async Task PutAwayAsync(long id, Actor actor, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        await using var db = await databases.CreateDbContextAsync(cancel);
        if (await db.Mentions.Where(m => m.Id == id && m.Person == actor.Id && m.SeenAt == null).ExecuteUpdateAsync(set => set.SetProperty(m => m.SeenAt, now), cancel) == 0)
            throw new NotFoundException(new Engine.Text($"There is no new mention {id} of you.", $"Нового упоминания {id} для вас нет.").In(actor.Language));
    }
}
