using System.Globalization;
using Microsoft.EntityFrameworkCore;
using SalesFlow.Sales.Deals;
using SalesFlow.Sales.People;

namespace SalesFlow.Sales.Mentions;

/// <summary>Notes in which people were named.</summary>
public sealed class MentionQueries(IDbContextFactory<SalesFlowDb> databases, UserQueries users)
{
    private const int Most = 50;

    /// <summary>What names the actor and was not put away yet, newest first; of deals that they may see.</summary>
    public async Task<IReadOnlyList<MentionView>> NewAsync(Actor actor, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var people = await users.ByIdAsync(cancel);
        var deals = DealQueries.Visible(db, actor);
        var rows = await (from m in db.Mentions.AsNoTracking()
                          where m.Person == actor.Id && m.SeenAt == null
                          join d in deals on m.DealId equals d.Id
                          orderby m.Id descending
                          select new { Mention = m, d.Number, d.Title }).Take(Most).ToListAsync(cancel);
        return [.. rows.Select(row => new MentionView(row.Mention.Id.ToString(CultureInfo.InvariantCulture), row.Mention.DealId.ToString(), row.Number, row.Title, row.Mention.Text, row.Mention.At,
            DealQueries.NameOf(row.Mention.By, people)?.DisplayName))];
    }
}
