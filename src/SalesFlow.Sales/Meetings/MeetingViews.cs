using System.Collections.Immutable;

namespace SalesFlow.Sales.Meetings;

/// <summary>Somebody who holds or may hold a meeting.</summary>
public sealed record MeetingPerson(string Id, string Name);

/// <summary>
/// A meeting as people see it. <paramref name="Status"/> is offered, agreed, booked, held, noShow, declined, noAnswer or withdrawn; <paramref name="Task"/> is the open task
/// that asks for its time or result; <paramref name="CanChange"/> is true for whoever may book it.
/// </summary>
public sealed record MeetingView(string Id, string DealId, string Title, string Stage, string Status, DateTimeOffset? StartAt, DateTimeOffset? EndAt, ImmutableArray<MeetingPerson> Hosts, string? Place,
    int LengthMinutes, string? Notes, bool BookedByClient, string? BookedBy, DateTimeOffset? BookedAt, bool HasLink, DateTimeOffset? LinkExpiresAt, string Language, string? ClientZone, string? Task, bool CanChange)
{
    /// <summary>True while it can be booked, moved or cancelled.</summary>
    public bool IsOpen => Status is "offered" or "agreed" or "booked";
}

/// <summary>A time that can be booked, and who is free then.</summary>
public sealed record SlotView(DateTimeOffset Start, DateTimeOffset End, ImmutableArray<MeetingPerson> Free);

/// <summary>A booking: when, where, and what the client's language and zone are, as far as they are known.</summary>
public sealed record Booking(DateTimeOffset Start, string? Place = null, string? Language = null, string? Zone = null);

/// <summary>A link that was just made; it is shown this once, for only its hash is kept. <paramref name="Address"/> is what the client is sent.</summary>
public sealed record BookingLink(string Path, string Address, DateTimeOffset ExpiresAt);

/// <summary>Words of the wire for how meetings stand.</summary>
public static class MeetingViews
{
    /// <summary>The word of a status.</summary>
    public static string Word(MeetingStatus status) => status switch
    {
        MeetingStatus.Offered => "offered", MeetingStatus.Agreed => "agreed", MeetingStatus.Booked => "booked", MeetingStatus.Held => "held", MeetingStatus.NoShow => "noShow",
        MeetingStatus.Declined => "declined", MeetingStatus.NoAnswer => "noAnswer", _ => "withdrawn",
    };
}
