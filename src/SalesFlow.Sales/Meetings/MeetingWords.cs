using System.Diagnostics;
using System.Globalization;
using SalesFlow.Engine;
using SalesFlow.Sales.Deals;

namespace SalesFlow.Sales.Meetings;

/// <summary>What happens to meetings, as the timeline keeps it.</summary>
internal static class MeetingWords
{
    private static readonly Text ByClient = new("(by the client)", "(клиентом)");
    private static readonly Text HostAway = new("(whoever was to hold it is away; another time is needed)", "(ведущий отсутствует, нужно другое время)");

    /// <summary>The kind and the particulars of a change.</summary>
    public static (string Kind, string Data) Of(MeetingChange change, Deal deal)
    {
        var meeting = deal.Meeting(change.Meeting)?.Title;
        return change switch
        {
            MeetingOffered => (TimelineKinds.MeetingOffered, Json.Write(new { meeting })),
            MeetingAgreed => (TimelineKinds.MeetingAgreed, Json.Write(new { meeting })),
            MeetingInvited => (TimelineKinds.MeetingInvited, Json.Write(new { meeting })),
            MeetingBooked booked => (booked.Before is null ? TimelineKinds.MeetingBooked : TimelineKinds.MeetingMoved, Json.Write(new { meeting, time = Time(booked.Start), who = Who(booked.By) })),
            MeetingCancelled cancelled => (TimelineKinds.MeetingCancelled, Json.Write(new { meeting, comment = cancelled.Reason, who = cancelled.Away.IsEmpty ? Who(cancelled.By) : HostAway })),
            MeetingHandedOver handed => (TimelineKinds.MeetingHandedOver, Json.Write(new { meeting, user = handed.Hosts[0].ToString(), insteadOf = handed.Away[0].ToString() })),
            MeetingEnded ended => (TimelineKinds.MeetingEnded, Json.Write(new { meeting, result = Result(ended.Result), comment = ended.Notes })),
            _ => throw new UnreachableException($"A change of kind {change.GetType().Name} has no line in the timeline."),
        };
    }

    /// <summary>How a meeting stands, in words.</summary>
    public static Text Result(MeetingStatus status) => status switch
    {
        MeetingStatus.Offered => new("to be booked", "не назначена"),
        MeetingStatus.Agreed => new("agreed, no time yet", "договорились, время не назначено"),
        MeetingStatus.Booked => new("booked", "назначена"),
        MeetingStatus.Held => new("held", "состоялась"),
        MeetingStatus.NoShow => new("the client did not come", "клиент не пришёл"),
        MeetingStatus.Declined => new("the client declined", "клиент отказался"),
        MeetingStatus.NoAnswer => new("no answer", "нет ответа"),
        _ => new("no longer needed", "больше не нужна"),
    };

    // A colleague's name stands beside the line anyway.
    private static Text? Who(UserId? by) => by is null ? ByClient : null;

    // The booking says its time by the company's clock; 12/1 and 01.12 are one day, each to its reader.
    private static Text Time(DateTimeOffset at) => new(at.ToString("g", CultureInfo.GetCultureInfo("en")), at.ToString("g", CultureInfo.GetCultureInfo("ru")));
}
