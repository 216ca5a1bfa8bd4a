using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using SalesFlow.Engine;
using SalesFlow.Runtime;
using SalesFlow.Sales.Approvals;
using SalesFlow.Sales.Calendars;
using SalesFlow.Sales.People;
using SalesFlow.Sales.Tasks;

namespace SalesFlow.Sales.Deals;

/// <summary>Loads the deal behind an instance; an instance without a deal knows nothing of the outside.</summary>
public sealed class SalesFactsQueries(IDbContextFactory<SalesFlowDb> databases, UserQueries users, ApprovalMatrixQueries matrices, WorkingCalendar calendar, PublicAddress address) : FactsSource
{
    /// <inheritdoc />
    public override async Task<Facts> LoadAsync(InstanceId instance, string definitionId, CancellationToken cancel) =>
        await FindAsync(new DealId(instance.Value), cancel) is { } facts ? facts : Facts.None;

    /// <summary>The facts of a new deal, before it hears of its creation.</summary>
    public async Task<DealFacts> BlankAsync(CancellationToken cancel)
    {
        await users.ByIdAsync(cancel);
        await matrices.RefreshAsync(cancel);
        return Of(Deal.Blank());
    }

    /// <summary>The facts of a deal as the database has them; null when there is no such deal.</summary>
    public async Task<DealFacts?> FindAsync(DealId id, CancellationToken cancel)
    {
        await users.ByIdAsync(cancel);
        await matrices.RefreshAsync(cancel);
        await using var db = await databases.CreateDbContextAsync(cancel);
        var deal = await db.Deals.AsNoTracking().Include(d => d.Client).Include(d => d.Visits.OrderBy(v => v.Number))
            .Include(d => d.Documents.OrderBy(i => i.Id)).Include(d => d.Meetings.OrderBy(m => m.Id)).Include(d => d.Approvals.OrderBy(a => a.Id)).AsSplitQuery().SingleOrDefaultAsync(d => d.Id == id, cancel);
        deal?.Tasks.AddRange(await db.Tasks.AsNoTracking().Where(t => t.Id >= DealKeys.FirstTask(id) && t.Id <= DealKeys.LastTask(id)).OrderBy(t => t.Id).ToListAsync(cancel));
        return deal is null ? null : Of(deal);
    }

    private DealFacts Of(Deal deal) => new(deal, calendar, () => users.Book) { Matrices = key => matrices.InForce.GetValueOrDefault(key), Address = address };
}
