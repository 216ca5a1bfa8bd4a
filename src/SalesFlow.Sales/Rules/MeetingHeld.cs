using SalesFlow.Engine;
using SalesFlow.Sales.Deals;
using SalesFlow.Sales.Meetings;

namespace SalesFlow.Sales.Rules;

/// <summary>A meeting with the client must have been held: the one that an activity of that id asks for, or any.</summary>
public sealed record MeetingHeld(string? Meeting, Text? Message) : RuleAtom(Message)
{
    // Finding a time takes days; the talk itself is the least of it.
    private const double UnknownHours = 16, HoursAfter = 0.5;

    /// <inheritdoc />
    public override string Kind => "meetingHeld";
    /// <inheritdoc />
    public override string Identity => $"{Kind} {Meeting}";
    /// <inheritdoc />
    public override Text DefaultWords => new("A meeting with the client must have been held", "Должна состояться встреча с клиентом");
    /// <inheritdoc />
    public override Text Fix => new("Book the meeting, hold it and note that it was held.", "Назначьте встречу, проведите её и отметьте, что она состоялась.");

    /// <inheritdoc />
    public override double HoursToMeet(RuleMoment moment) => Last(moment.Facts.Deal) is { Status: MeetingStatus.Booked, EndAt: { } end }
        ? HoursAfter + Math.Max(0, moment.Facts.Calendar.WorkingSeconds(moment.Now, end) / 3600.0) : UnknownHours;

    /// <inheritdoc />
    public override bool IsMet(RuleMoment moment) =>
        // Once the deal has gone back, or asks for another meeting, the first one no longer counts.
        Last(moment.Facts.Deal) is { Status: MeetingStatus.Held } last && !(last.CreatedAt < moment.Facts.Deal.CountsFrom(last.StageKey));

    private Meeting? Last(Deal deal) => deal.Meetings.Where(meeting => meeting.Status != MeetingStatus.Withdrawn && (Meeting is null || meeting.ActivityId == Meeting)).MaxBy(meeting => meeting.Id);
}
