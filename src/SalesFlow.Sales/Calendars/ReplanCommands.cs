using Microsoft.EntityFrameworkCore;
using SalesFlow.Engine;
using SalesFlow.Runtime;
using SalesFlow.Sales.Deals;
using SalesFlow.Sales.People;
using SalesFlow.Sales.Tasks;

namespace SalesFlow.Sales.Calendars;

/// <summary>Has due dates, limits, escalations and delays of open deals planned anew after working time has changed. Each deal is one turn; a repeat finds nothing to do.</summary>
public sealed class ReplanCommands(IDbContextFactory<SalesFlowDb> databases, WorkflowRuntime runtime, DefinitionStore definitions, UserQueries users)
{
    private const int AtOnce = 200;

    /// <summary>Of every open deal.</summary>
    public Task<int> AllAsync(CancellationToken cancel) => RunAsync((_, deals) => deals, cancel);

    /// <summary>Of the deals that these people carry, or have a task of.</summary>
    public Task<int> OfAsync(IReadOnlyCollection<UserId> people, CancellationToken cancel)
    {
        var who = people.Select(id => (UserId?)id).ToList();
        return RunAsync((db, deals) => deals.Where(d => who.Contains(d.Owner)
            || db.Tasks.Any(t => t.Id >= DealKeys.FirstTask(d.Id) && t.Id <= DealKeys.LastTask(d.Id) && t.Status == SalesTaskStatus.Open && who.Contains(t.Assignee))
            || db.Visits.Any(v => v.DealId == d.Id && v.LeftAt == null && who.Contains(v.Owner))), cancel);
    }

    private async Task<int> RunAsync(Func<SalesFlowDb, IQueryable<Deal>, IQueryable<Deal>> concerned, CancellationToken cancel)
    {
        // Turns count by the people that were looked up last.
        users.Forget();
        await users.ByIdAsync(cancel);
        var planned = 0;
        for (var last = new DealId(0); ;)
        {
            List<(DealId Id, string Version)> rows;
            await using (var db = await databases.CreateDbContextAsync(cancel))
                rows = [.. (await concerned(db, db.Deals.AsNoTracking().Where(d => d.Id > last && d.WonAt == null && d.LostAt == null)).OrderBy(d => d.Id)
                    .Select(d => new { d.Id, d.DefinitionVersionId }).Take(AtOnce).ToListAsync(cancel)).Select(d => (d.Id, d.DefinitionVersionId))];
            if (rows.Count == 0)
                return planned;
            await Parallel.ForEachAsync(rows, new ParallelOptions { MaxDegreeOfParallelism = 32, CancellationToken = cancel }, async (row, stop) =>
            {
                await definitions.VersionAsync(row.Version, stop);
                await runtime.RunAsync(new InstanceId(row.Id.Value), (state, facts) => new TurnRequest(facts is DealFacts && state.Status == WorkflowStatus.Running ? new Stimulus.Replan() : new Stimulus.None(), []), stop);
            });
            planned += rows.Count;
            last = rows[^1].Id;
        }
    }
}
