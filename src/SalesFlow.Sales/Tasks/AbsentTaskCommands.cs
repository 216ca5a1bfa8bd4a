using Microsoft.EntityFrameworkCore;
using SalesFlow.Sales.Deals;
using SalesFlow.Sales.People;

namespace SalesFlow.Sales.Tasks;

/// <summary>Hands over the open tasks of people whose absence has begun. What opens later goes to whoever stands in from the beginning.</summary>
public sealed class AbsentTaskCommands(IDbContextFactory<SalesFlowDb> databases, DealTurnCommands turns, UserQueries users, TimeProvider clock)
{
    /// <summary>
    /// Looks at every absence that has begun, each once: what the person takes or is given after that stays, and nothing comes back when the absence ends or is taken
    /// back. A task is handed over in a turn of its deal, so a repeat after a crash finds only what was left.
    /// </summary>
    public async Task HandOverAsync(CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        await using var db = await databases.CreateDbContextAsync(cancel);
        var begun = await db.Absences.Where(a => a.HandedOverAt == null && a.From <= now && a.To > now).OrderBy(a => a.Id).ToListAsync(cancel);
        if (begun.Count == 0)
            return;
        // Turns look at who is there by the same list.
        users.Forget();
        await users.ByIdAsync(cancel);
        var load = await db.Deals.Where(d => d.WonAt == null && d.LostAt == null && d.Owner != null).GroupBy(d => d.Owner).Select(group => new { group.Key, Count = group.Count() })
            .ToDictionaryAsync(row => row.Key!.Value, row => row.Count, cancel);
        foreach (var absence in begun)
        {
            var away = (UserId?)absence.UserId;
            foreach (var deal in await db.Tasks.Where(t => t.Status == SalesTaskStatus.Open && t.Assignee == away).Select(t => t.DealId).Distinct().ToListAsync(cancel))
                await turns.RunAsync(deal, Actor.Engine, $"/api/deals/{deal}", moment => TaskDecisions.HandOver(moment, absence.UserId, load), cancel);
            await db.Absences.Where(a => a.Id == absence.Id).ExecuteUpdateAsync(set => set.SetProperty(a => a.HandedOverAt, now), cancel);
        }
    }
}
