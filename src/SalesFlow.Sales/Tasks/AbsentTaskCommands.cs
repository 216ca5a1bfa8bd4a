using Microsoft.EntityFrameworkCore;
using SalesFlow.Sales.Deals;
using SalesFlow.Sales.People;

namespace SalesFlow.Sales.Tasks;

/// <summary>Hands over the open tasks of people whose absence has begun or who have left. What opens later goes to whoever stands in from the beginning.</summary>
public sealed class AbsentTaskCommands(IDbContextFactory<SalesFlowDb> databases, DealTurnCommands turns, UserQueries users, TimeProvider clock)
{
    /// <summary>
    /// Looks at every absence that has begun, each once: what the person takes or is given after that stays, and nothing comes back when the absence ends or is taken
    /// back. What waits because nobody was there is looked at until somebody is. A task is handed over in a turn of its deal, so a repeat after a crash finds only what was left.
    /// </summary>
    public async Task HandOverAsync(CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        await using var db = await databases.CreateDbContextAsync(cancel);
        var begun = await db.Absences.Where(a => a.HandedOverAt == null && a.From <= now && a.To > now).OrderBy(a => a.Id).ToListAsync(cancel);
        if (begun.Count > 0)
            users.Forget();
        // Turns look at who is there by the same list.
        var people = new PeopleBook(await users.ByIdAsync(cancel));
        var away = people.NotThere(now).ToList();
        if (begun.Count == 0 && away.Count == 0)
            return;
        var load = begun.Count == 0 ? [] : await LoadAsync(db, cancel);
        foreach (var absence in begun)
        {
            var person = (UserId?)absence.UserId;
            foreach (var deal in await db.Tasks.Where(t => t.Status == SalesTaskStatus.Open && t.Assignee == person).Select(t => t.DealId).Distinct().ToListAsync(cancel))
                await RunAsync(deal, absence.UserId, load, again: false, cancel);
            await db.Absences.Where(a => a.Id == absence.Id).ExecuteUpdateAsync(set => set.SetProperty(a => a.HandedOverAt, now), cancel);
        }
        await HandOverWhatWaitsAsync(db, people, away, now, cancel);
    }

    private async Task HandOverWhatWaitsAsync(SalesFlowDb db, PeopleBook people, List<UserId> away, DateTimeOffset now, CancellationToken cancel)
    {
        var (all, left) = (away.ConvertAll(person => (UserId?)person), away.Where(person => !people.ById[person].Active).Select(person => (UserId?)person).ToList());
        var waiting = await db.Tasks.Where(t => t.Status == SalesTaskStatus.Open && all.Contains(t.Assignee) && (t.InsteadOf != null || left.Contains(t.Assignee)))
            .Select(t => new { t.DealId, t.Assignee, Told = t.InsteadOf != null }).Distinct().ToListAsync(cancel);
        if (waiting.Count == 0)
            return;
        var load = await LoadAsync(db, cancel);
        foreach (var (deal, person) in waiting.Where(one => !one.Told || TaskDecisions.Instead(people, one.Assignee!.Value, load, now) is not null).Select(one => (one.DealId, one.Assignee!.Value)).Distinct())
            await RunAsync(deal, person, load, again: true, cancel);
    }

    private Task RunAsync(DealId deal, UserId away, IReadOnlyDictionary<UserId, int> load, bool again, CancellationToken cancel) =>
        turns.RunAsync(deal, Actor.Engine, $"/api/deals/{deal}", moment => TaskDecisions.HandOver(moment, away, load, again), cancel);

    private static async Task<Dictionary<UserId, int>> LoadAsync(SalesFlowDb db, CancellationToken cancel) =>
        await db.Deals.Where(d => d.WonAt == null && d.LostAt == null && d.Owner != null).GroupBy(d => d.Owner).Select(group => new { group.Key, Count = group.Count() })
            .ToDictionaryAsync(row => row.Key!.Value, row => row.Count, cancel);
}
