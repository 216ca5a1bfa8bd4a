using System.Collections.Immutable;
using SalesFlow.Engine;
using SalesFlow.Runtime;
using SalesFlow.Sales.Deals;
using SalesFlow.Sales.People;

namespace SalesFlow.Sales.Meetings;

/// <summary>What becomes of a booked meeting whose host is away then.</summary>
internal static partial class MeetingDecisions
{
    /// <summary>
    /// Whoever stands in and is free holds it at the same time, else another member who is free; with nobody free it loses its time and is offered anew: to the client by a letter, and to colleagues by the task to agree on one.
    /// A meeting that has begun stays. The diaries are of its members without its own time.
    /// </summary>
    public static TurnRequest ReplaceHosts(DealMoment moment, MeetingId id, IReadOnlyList<Diary> diaries)
    {
        if (moment.Facts.Deal.Meeting(id) is not { } meeting || AwayFrom(meeting, moment.Facts.People, moment.Now) is not { IsEmpty: false } away)
            return new(new Stimulus.None(), []);
        if (FreeSlots.At(meeting.Rules, diaries, meeting.Need, meeting.StartAt!.Value) is { } slot && slot.End == meeting.EndAt)
        {
            var handed = HandedOver(moment, meeting, slot, diaries, away);
            return new(new Stimulus.None(), [handed, .. MeetingMails.HandedOver(meeting, handed, moment.Facts)]);
        }
        // A process that has stopped hears nothing; what people and the client are to know they hear all the same.
        return new(moment.State.Status == WorkflowStatus.Running ? new Stimulus.Resume(meeting.Bookmark) : new Stimulus.None(),
            [.. Unagreed(moment, meeting, null), new MeetingCancelled(meeting.DealId, moment.Now, null, id, null) { Freed = meeting.Cells, Away = away }, .. MeetingMails.Cancelled(meeting, moment.Facts, moment.Now, null, offeredAnew: true)]);
    }

    /// <summary>The hosts of a booked meeting to come who are not there at its time, or no longer work here.</summary>
    internal static ImmutableArray<UserId> AwayFrom(Meeting meeting, PeopleBook people, DateTimeOffset now) => meeting is { Status: MeetingStatus.Booked, StartAt: { } start, EndAt: { } end } && start > now
        ? [.. meeting.Hosts.Select(host => new UserId(host)).Where(host => people.ById.TryGetValue(host, out var person) && (!person.Active || person.Absences.Any(absence => absence.From < end && start < absence.To)))] : [];

    private static MeetingHandedOver HandedOver(DealMoment moment, Meeting meeting, FreeSlot slot, IReadOnlyList<Diary> diaries, ImmutableArray<UserId> away)
    {
        var standIn = diaries.FirstOrDefault(diary => diary.Member != diary.Seat && away.Contains(diary.Seat) && slot.Free.Contains(diary.Member))?.Member;
        ImmutableArray<UserId> hosts = meeting.Need == MeetingNeed.Any && standIn is { } one ? [one] : Hosts(slot, diaries, meeting, moment.Facts.Deal.Owner);
        var (before, wanted) = (meeting.Cells, CellsOf(meeting, hosts, slot.Start, slot.End));
        return new(meeting.DealId, moment.Now, meeting.Id, hosts, away) { Organizer = OrganizerOf(hosts, diaries), Freed = [.. before.Except(wanted)], Taken = [.. wanted.Except(before)] };
    }

    private static ImmutableArray<MeetingCell> CellsOf(Meeting meeting, ImmutableArray<UserId> hosts, DateTimeOffset start, DateTimeOffset end) =>
        [.. hosts.Order().SelectMany(host => MeetingCells.Of(meeting.Rules, start, end).Select(quarter => new MeetingCell(host, quarter)))];

    private static string? OrganizerOf(ImmutableArray<UserId> hosts, IReadOnlyList<Diary> diaries) => diaries.FirstOrDefault(diary => hosts.Contains(diary.Member) && diary.Email is not null)?.Email;
}
