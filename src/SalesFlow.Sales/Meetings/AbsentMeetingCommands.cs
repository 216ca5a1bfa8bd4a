using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using SalesFlow.Runtime;
using SalesFlow.Sales.Deals;
using SalesFlow.Sales.People;

namespace SalesFlow.Sales.Meetings;

/// <summary>Sees to booked meetings whose hosts are away then, or have left.</summary>
public sealed class AbsentMeetingCommands(IDbContextFactory<SalesFlowDb> databases, MeetingQueries queries, DealTurnCommands turns, UserQueries users, TimeProvider clock)
{
    private const int Attempts = 4;

    /// <summary>Gives each of them to others who are free then, or offers it anew. Each meeting is a turn of its deal, so a repeat finds only what was left.</summary>
    public async Task ReplaceHostsAsync(CancellationToken cancel)
    {
        var concerned = await ConcernedAsync(cancel);
        if (concerned.Count == 0)
            return;
        // Turns look at who is there by the same list.
        users.Forget();
        await users.ByIdAsync(cancel);
        foreach (var id in concerned)
            await ReplaceHostsAsync(id, cancel);
    }

    private async Task ReplaceHostsAsync(MeetingId id, CancellationToken cancel)
    {
        for (var attempt = 1; await queries.LoadAsync(id, cancel) is var (deal, meeting) && !MeetingDecisions.AwayFrom(meeting, users.Book, clock.GetUtcNow()).IsEmpty; attempt++)
        {
            var diaries = await queries.DiariesAsync(meeting, deal.Owner, cancel);
            try
            {
                await turns.RunAsync(deal.Id, Actor.Engine, $"/api/meetings/{id}", moment => MeetingDecisions.ReplaceHosts(moment, id, diaries), cancel);
                return;
            }
            catch (DbException) when (attempt < Attempts)
            {
                // Somebody has just taken the time of whoever was to hold it. What is free now says who can.
            }
        }
    }

    /// <summary>The meetings to come that keep somebody busy who is away then. They are found by the time that they take, whose key is the person and the quarter.</summary>
    private async Task<List<MeetingId>> ConcernedAsync(CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        await using var db = await databases.CreateDbContextAsync(cancel);
        var away = await db.Absences.AsNoTracking().Where(a => a.To > now).Select(a => new { Who = a.UserId, a.From, a.To }).ToListAsync(cancel);
        var left = await db.Users.AsNoTracking().Where(user => !user.Active).Select(user => user.Id).ToListAsync(cancel);
        var found = new HashSet<MeetingId>();
        foreach (var (who, from, to) in away.Select(one => (one.Who, one.From, (DateTimeOffset?)one.To)).Concat(left.Select(id => (new UserId(id), now, (DateTimeOffset?)null))))
        {
            var (first, last) = (MeetingCells.Of(from > now ? from : now), to is { } end ? MeetingCells.Of(end) : long.MaxValue);
            found.UnionWith(await db.BusyQuarters.AsNoTracking().Where(cell => cell.Member == who && cell.Quarter >= first && cell.Quarter <= last).Select(cell => cell.MeetingId).Distinct().ToListAsync(cancel));
        }
        return [.. found.Order()];
    }
}
