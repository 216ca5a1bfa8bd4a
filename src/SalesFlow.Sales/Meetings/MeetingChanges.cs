using System.Collections.Immutable;
using SalesFlow.Engine;
using SalesFlow.Sales.Deals;

namespace SalesFlow.Sales.Meetings;

/// <summary>Something that happens to a meeting.</summary>
public abstract record MeetingChange(DealId Deal, DateTimeOffset At, UserId? By, MeetingId Meeting) : DealChange(Deal, At, By);

/// <summary>The process asks for a meeting. <paramref name="Bookmark"/> is where changes of its time resume the activity.</summary>
public sealed record MeetingOffered(DealId Deal, DateTimeOffset At, MeetingId Meeting, Text Title, string StageKey, string ActivityId, int Bookmark, string Members, MeetingNeed Need, SlotRules Rules,
    string? Place, string Language) : MeetingChange(Deal, At, null, Meeting);

/// <summary>The client has agreed to meet, but no time stands in the calendar.</summary>
public sealed record MeetingAgreed(DealId Deal, DateTimeOffset At, MeetingId Meeting) : MeetingChange(Deal, At, null, Meeting);

/// <summary>A link was made by which the client books; one made before is good no longer.</summary>
public sealed record MeetingInvited(DealId Deal, DateTimeOffset At, UserId? By, MeetingId Meeting, string TokenHash, DateTimeOffset ExpiresAt, string Language) : MeetingChange(Deal, At, By, Meeting);

/// <summary>
/// The meeting has a time, or another one than before. <paramref name="By"/> is null for the client. <paramref name="Freed"/> and <paramref name="Taken"/> are the
/// quarters of members' time that change hands.
/// </summary>
public sealed record MeetingBooked(DealId Deal, DateTimeOffset At, UserId? By, MeetingId Meeting, DateTimeOffset Start, DateTimeOffset End, ImmutableArray<UserId> Hosts, string? Place, string? Language, string? Zone)
    : MeetingChange(Deal, At, By, Meeting)
{
    /// <summary>E-mail address of a host that invitations come from; null when none has one.</summary>
    public string? Organizer { get; init; }
    /// <summary>When it was before; null for the first time.</summary>
    public DateTimeOffset? Before { get; init; }
    /// <summary>Time that is given back.</summary>
    public ImmutableArray<MeetingCell> Freed { get; init; } = [];
    /// <summary>Time that is taken; the database refuses what somebody else has taken.</summary>
    public ImmutableArray<MeetingCell> Taken { get; init; } = [];
}

/// <summary>Other people hold the meeting at the same time, since those in <paramref name="Away"/> are not there then.</summary>
public sealed record MeetingHandedOver(DealId Deal, DateTimeOffset At, MeetingId Meeting, ImmutableArray<UserId> Hosts, ImmutableArray<UserId> Away) : MeetingChange(Deal, At, null, Meeting)
{
    /// <summary>E-mail address of a host that invitations come from; null when none has one.</summary>
    public string? Organizer { get; init; }
    /// <summary>Time that is given back.</summary>
    public ImmutableArray<MeetingCell> Freed { get; init; } = [];
    /// <summary>Time that is taken; the database refuses what somebody else has taken.</summary>
    public ImmutableArray<MeetingCell> Taken { get; init; } = [];
}

/// <summary>The meeting has no time any more; another can be found.</summary>
public sealed record MeetingCancelled(DealId Deal, DateTimeOffset At, UserId? By, MeetingId Meeting, string? Reason) : MeetingChange(Deal, At, By, Meeting)
{
    /// <summary>Who would have held it and is not there then; empty when somebody took the time away.</summary>
    public ImmutableArray<UserId> Away { get; init; } = [];
    /// <summary>Time that is given back.</summary>
    public ImmutableArray<MeetingCell> Freed { get; init; } = [];
}

/// <summary>The meeting has its result, or is not needed any more.</summary>
public sealed record MeetingEnded(DealId Deal, DateTimeOffset At, UserId? By, MeetingId Meeting, MeetingStatus Result, string? Notes) : MeetingChange(Deal, At, By, Meeting)
{
    /// <summary>True when it ended before its time came, so that its hosts are free then.</summary>
    public bool FreesTime { get; init; }
    /// <summary>Time that is given back.</summary>
    public ImmutableArray<MeetingCell> Freed { get; init; } = [];
}
