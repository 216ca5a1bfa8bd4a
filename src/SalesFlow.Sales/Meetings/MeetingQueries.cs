using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using SalesFlow.Runtime;
using SalesFlow.Sales.Calendars;
using SalesFlow.Sales.Deals;
using SalesFlow.Sales.People;

namespace SalesFlow.Sales.Meetings;

/// <summary>Finds meetings and the times at which they can be held.</summary>
public sealed class MeetingQueries(IDbContextFactory<SalesFlowDb> databases, SalesFactsQueries facts, UserQueries users, WorkingCalendar calendar, TimeProvider clock)
{
    /// <summary>The meetings of a deal that the actor may see, newest first.</summary>
    public async Task<IReadOnlyList<MeetingView>> OfDealAsync(DealId id, Actor actor, CancellationToken cancel)
    {
        var deal = await SeenAsync(id, actor, cancel) ?? throw DealAccess.NotFound(id);
        var people = await users.ByIdAsync(cancel);
        return [.. deal.Meetings.OrderByDescending(meeting => meeting.Id).Select(meeting => View(meeting, deal, actor, people))];
    }

    /// <summary>One meeting that the actor may see.</summary>
    public async Task<MeetingView> GetAsync(MeetingId id, Actor actor, CancellationToken cancel)
    {
        var (deal, meeting) = await FindAsync(id, actor, cancel);
        return View(meeting, deal, actor, await users.ByIdAsync(cancel));
    }

    /// <summary>The free times of a meeting, earliest first. Colleagues may book without the notice that clients have to give.</summary>
    public async Task<IReadOnlyList<SlotView>> SlotsAsync(MeetingId id, Actor actor, CancellationToken cancel)
    {
        var (deal, meeting) = await FindAsync(id, actor, cancel);
        var people = await users.ByIdAsync(cancel);
        return [.. (await SlotsAsync(meeting, deal.Owner, forClient: false, cancel)).Select(slot => new SlotView(slot.Start, slot.End, [.. slot.Free.Select(one => Person(one, people))]))];
    }

    /// <summary>The free times of a meeting.</summary>
    internal async Task<ImmutableArray<FreeSlot>> SlotsAsync(Meeting meeting, UserId? owner, bool forClient, CancellationToken cancel) =>
        meeting.IsOpen ? FreeSlots.Of(forClient ? meeting.Rules : meeting.Rules with { Notice = 0 }, await DiariesAsync(meeting, owner, cancel), meeting.Need, clock.GetUtcNow()) : [];

    /// <summary>What is known of the members' time, the meeting's own time left out.</summary>
    internal async Task<IReadOnlyList<Diary>> DiariesAsync(Meeting meeting, UserId? owner, CancellationToken cancel)
    {
        var people = await users.ByIdAsync(cancel);
        var seats = MeetingMembers.Seats(MeetingMembers.Of(meeting.Members, owner, users.Book), people);
        var members = seats.Select(seat => seat.Member).Distinct().ToList();
        var (from, to) = (MeetingCells.Of(clock.GetUtcNow()), MeetingCells.Of(clock.GetUtcNow().AddDays(meeting.Rules.Horizon + 1)));
        await using var db = await databases.CreateDbContextAsync(cancel);
        var busy = (await db.BusyQuarters.AsNoTracking().Where(cell => members.Contains(cell.Member) && cell.Quarter >= from && cell.Quarter <= to && cell.MeetingId != meeting.Id).ToListAsync(cancel)).ToLookup(cell => cell.Member, cell => cell.Quarter);
        var numbers = members.Select(member => member.Value).ToList();
        var addresses = await db.Users.AsNoTracking().Where(user => numbers.Contains(user.Id) && user.Email != null).ToDictionaryAsync(user => new UserId(user.Id), user => user.Email, cancel);
        return [.. seats.Select(seat => new Diary(seat.Member, calendar.Of(people[seat.Member]), seat.Away, busy[seat.Member].ToHashSet()) { Seat = seat.Of, Email = addresses.GetValueOrDefault(seat.Member) })];
    }

    /// <summary>The meeting and its deal as stored, whoever asks; null when there is none.</summary>
    internal async Task<(Deal Deal, Meeting Meeting)?> LoadAsync(MeetingId id, CancellationToken cancel) =>
        (await facts.FindAsync(new DealId(RowIds.InstanceOf(id.Value).Value), cancel))?.Deal is { } deal && deal.Meeting(id) is { } meeting ? (deal, meeting) : null;

    /// <summary>Of the time wanted, the meeting of somebody else that was there first; null when none is.</summary>
    internal async Task<Meeting?> FirstThereAsync(IReadOnlyCollection<UserId> members, DateTimeOffset start, SlotRules rules, MeetingId wanting, CancellationToken cancel)
    {
        var quarters = MeetingCells.Of(rules, start, start.AddMinutes(rules.Length)).ToList();
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await (from cell in db.BusyQuarters
                      where members.Contains(cell.Member) && quarters.Contains(cell.Quarter) && cell.MeetingId != wanting
                      join meeting in db.Meetings on cell.MeetingId equals meeting.Id
                      orderby meeting.BookedAt descending
                      select meeting).AsNoTracking().FirstOrDefaultAsync(cancel);
    }

    private async Task<(Deal Deal, Meeting Meeting)> FindAsync(MeetingId id, Actor actor, CancellationToken cancel) =>
        await SeenAsync(new DealId(RowIds.InstanceOf(id.Value).Value), actor, cancel) is { } deal && deal.Meeting(id) is { } meeting ? (deal, meeting) : throw MeetingDecisions.NotFound(id);

    private async Task<Deal?> SeenAsync(DealId id, Actor actor, CancellationToken cancel) => (await facts.FindAsync(id, cancel))?.Deal is { } deal && DealAccess.MaySee(deal, actor) ? deal : null;

    private static MeetingView View(Meeting meeting, Deal deal, Actor actor, ImmutableDictionary<UserId, UserView> people) => new(meeting.Id.ToString(), meeting.DealId.ToString(), meeting.Title.In(actor.Language), meeting.StageKey,
        MeetingViews.Word(meeting.Status), meeting.StartAt, meeting.EndAt, [.. meeting.Hosts.Select(host => Person(new UserId(host), people))], meeting.Place, meeting.Rules.Length, meeting.Notes,
        meeting.BookedAt is not null && meeting.BookedBy is null, DealQueries.NameOf(meeting.BookedBy, people)?.DisplayName, meeting.BookedAt, meeting.TokenHash is not null, meeting.TokenExpiresAt, meeting.Language, meeting.ClientZone,
        meeting.IsOpen ? MeetingDecisions.OpenTask(meeting, deal)?.Id.ToString() : null, DealAccess.MayChange(deal, actor));

    private static MeetingPerson Person(UserId id, ImmutableDictionary<UserId, UserView> people) => new(id.ToString(), DealQueries.NameOf(id, people)?.DisplayName ?? id.ToString());
}
