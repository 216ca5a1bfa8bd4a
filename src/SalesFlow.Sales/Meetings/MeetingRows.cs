using SalesFlow.Engine;
using SalesFlow.Runtime;
using SalesFlow.Sales.Deals;
using static SalesFlow.Runtime.ColumnType;

namespace SalesFlow.Sales.Meetings;

/// <summary>The rows of what happens to meetings. Meetings are written as the facts have them when the turn ends, each once; time changes hands as the changes say.</summary>
internal static class MeetingRows
{
    private static readonly RowShape New = RowShape.Insert("meetings", ("id", Number), ("deal_id", Number), ("title", Words), ("stage_key", Words), ("activity_id", Words), ("bookmark", Count), ("members", Words),
        ("need", Count), ("rules", Words), ("status", Count), ("start_at", Number), ("end_at", Number), ("hosts", Words), ("organizer", Words), ("place", Words), ("sequence", Count), ("token_hash", Words), ("token_expires_at", Number),
        ("language", Words), ("client_zone", Words), ("notes", Words), ("created_at", Number), ("booked_by", Number), ("booked_at", Number), ("ended_at", Number));
    private static readonly RowShape Changed = RowShape.Update("meetings", [("id", Number)], ("status", Count), ("start_at", Number), ("end_at", Number), ("hosts", Words), ("organizer", Words), ("place", Words), ("sequence", Count),
        ("token_hash", Words), ("token_expires_at", Number), ("language", Words), ("client_zone", Words), ("notes", Words), ("booked_by", Number), ("booked_at", Number), ("ended_at", Number));
    private static readonly RowShape Freed = RowShape.Delete("busy_quarters", ("member", Number), ("quarter", Number));
    private static readonly RowShape Taken = RowShape.Insert("busy_quarters", ("member", Number), ("quarter", Number), ("meeting_id", Number));

    public static void Write(Deal deal, IReadOnlyList<Change> changes, RowBatch rows)
    {
        var offered = changes.OfType<MeetingOffered>().Select(change => change.Meeting).ToHashSet();
        var touched = changes.OfType<MeetingChange>().Select(change => change.Meeting).ToHashSet();
        foreach (var meeting in deal.Meetings.Where(meeting => touched.Contains(meeting.Id)))
            if (offered.Contains(meeting.Id))
                rows.Add(New, [meeting.Id.Value, deal.Id.Value, Json.Write(meeting.Title), meeting.StageKey, meeting.ActivityId, meeting.Bookmark, meeting.Members, (int)meeting.Need, Json.Write(meeting.Rules), .. Values(meeting, true)]);
            else
                rows.Add(Changed, [meeting.Id.Value, .. Values(meeting, false)]);
        foreach (var change in changes.OfType<MeetingChange>())
            WriteTime(change, rows);
    }

    private static void WriteTime(MeetingChange change, RowBatch rows)
    {
        foreach (var cell in change switch { MeetingBooked booked => booked.Freed, MeetingHandedOver handed => handed.Freed, MeetingCancelled cancelled => cancelled.Freed, MeetingEnded ended => ended.Freed, _ => [] })
            rows.Add(Freed, cell.Member.Value, cell.Quarter);
        foreach (var cell in change switch { MeetingBooked booked => booked.Taken, MeetingHandedOver handed => handed.Taken, _ => [] })
            rows.Add(Taken, cell.Member.Value, cell.Quarter, change.Meeting.Value);
    }

    private static IEnumerable<object?> Values(Meeting meeting, bool isNew)
    {
        object?[] before = [(int)meeting.Status, Micros(meeting.StartAt), Micros(meeting.EndAt), Json.Write(meeting.Hosts), meeting.Organizer, meeting.Place, meeting.Sequence, meeting.TokenHash, Micros(meeting.TokenExpiresAt),
            meeting.Language, meeting.ClientZone, meeting.Notes];
        object?[] after = [meeting.BookedBy?.Value, Micros(meeting.BookedAt), Micros(meeting.EndedAt)];
        return isNew ? [.. before, Stored.Micros(meeting.CreatedAt), .. after] : [.. before, .. after];
    }

    private static long? Micros(DateTimeOffset? at) => at is { } known ? Stored.Micros(known) : null;
}
