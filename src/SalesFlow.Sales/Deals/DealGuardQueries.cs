using System.Globalization;
using Microsoft.EntityFrameworkCore;
using SalesFlow.Engine;
using SalesFlow.Runtime;

namespace SalesFlow.Sales.Deals;

/// <summary>A deal's instance is the deal's life: it ends with the deal, not by a hand in Studio.</summary>
public sealed class DealGuardQueries(IDbContextFactory<SalesFlowDb> databases) : InstanceGuard
{
    private const int Named = 3;

    /// <inheritdoc />
    public override async Task<string?> ObjectionAsync(InstanceDeed deed, Func<IQueryable<InstanceRow>, IQueryable<InstanceRow>> choose, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var deals = db.Deals.Where(deal => choose(db.Instances).Any(row => row.Id == (long)(object)deal.Id));
        var count = await deals.CountAsync(cancel);
        if (count == 0)
            return null;
        var titles = string.Join(", ", (await deals.OrderBy(deal => deal.Id).Select(deal => deal.Title).Take(Named).ToListAsync(cancel)).Select(title => $"«{title}»"));
        var more = count > Named ? $" (+{count - Named})" : "";
        return (deed switch
        {
            InstanceDeed.Delete => new Text($"Deals live in these instances: {titles}{more}. They can't be deleted; close the deals instead.",
                $"В этих экземплярах живут сделки: {titles}{more}. Удалить их нельзя; закройте сделки."),
            _ => new Text($"Deals live in these instances: {titles}{more}. Cancelling them would leave the deals without a process; close the deals instead.",
                $"В этих экземплярах живут сделки: {titles}{more}. После отмены сделки остались бы без процесса; закройте сделки."),
        }).In(CultureInfo.CurrentUICulture.Name);
    }
}
