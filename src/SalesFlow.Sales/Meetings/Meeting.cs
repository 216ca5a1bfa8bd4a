using System.Collections.Immutable;
using SalesFlow.Engine;
using SalesFlow.Sales.Deals;

namespace SalesFlow.Sales.Meetings;

/// <summary>How a meeting stands. The numbers are stored.</summary>
public enum MeetingStatus
{
    /// <summary>No time has been found yet.</summary>
    Offered = 0,
    /// <summary>The client agreed, without a time in the calendar.</summary>
    Agreed = 1,
    /// <summary>It has its time, and its members are kept free.</summary>
    Booked = 2,
    /// <summary>It took place.</summary>
    Held = 3,
    /// <summary>The client did not come.</summary>
    NoShow = 4,
    /// <summary>The client does not want to meet.</summary>
    Declined = 5,
    /// <summary>The client cannot be reached.</summary>
    NoAnswer = 6,
    /// <summary>The process no longer needs it.</summary>
    Withdrawn = 7,
}

/// <summary>A talk with the client that the process asked for: from the offer of times to its result.</summary>
public sealed class Meeting
{
    private Meeting() { }

    /// <summary>The deal's id in its high bits.</summary>
    public MeetingId Id { get; private set; }
    /// <summary>The deal.</summary>
    public DealId DealId { get; private set; }
    /// <summary>What it is about.</summary>
    public Text Title { get; private set; } = new("", "");
    /// <summary>Stage it belongs to.</summary>
    public string StageKey { get; private set; } = "";
    /// <summary>The activity that asked for it.</summary>
    public string ActivityId { get; private set; } = "";
    /// <summary>The bookmark that is resumed when its time changes.</summary>
    public int Bookmark { get; private set; }
    /// <summary>Who may hold it, as <see cref="MeetingMembers"/> reads it.</summary>
    public string Members { get; private set; } = "";
    /// <summary>Whether one or all of them have to come.</summary>
    public MeetingNeed Need { get; private set; }
    /// <summary>How it may be booked.</summary>
    public SlotRules Rules { get; private set; } = new();
    /// <summary>How it stands.</summary>
    public MeetingStatus Status { get; private set; }
    /// <summary>When it begins; null without a time.</summary>
    public DateTimeOffset? StartAt { get; private set; }
    /// <summary>When it ends; null without a time.</summary>
    public DateTimeOffset? EndAt { get; private set; }
    /// <summary>Ids of those who hold it; empty without a time.</summary>
    public List<long> Hosts { get; private set; } = [];
    /// <summary>E-mail address that invitations to it come from; null when its hosts have none.</summary>
    public string? Organizer { get; private set; }
    /// <summary>Where, or by what means.</summary>
    public string? Place { get; private set; }
    /// <summary>Grows with every time that the client is told; iCalendar's SEQUENCE is one less.</summary>
    public int Sequence { get; private set; }
    /// <summary>SHA-256 of the token in the client's link, in hex; null without a link.</summary>
    public string? TokenHash { get; private set; }
    /// <summary>Until when the link is good.</summary>
    public DateTimeOffset? TokenExpiresAt { get; private set; }
    /// <summary>Language in which the client is spoken to: ru or en.</summary>
    public string Language { get; private set; } = "ru";
    /// <summary>The zone that the client chose, by its IANA name; null when unknown.</summary>
    public string? ClientZone { get; private set; }
    /// <summary>What was said of its result.</summary>
    public string? Notes { get; private set; }
    /// <summary>When the process asked for it.</summary>
    public DateTimeOffset CreatedAt { get; private set; }
    /// <summary>Who booked it last; null for the client.</summary>
    public UserId? BookedBy { get; private set; }
    /// <summary>When it was booked last.</summary>
    public DateTimeOffset? BookedAt { get; private set; }
    /// <summary>When it got its result.</summary>
    public DateTimeOffset? EndedAt { get; private set; }

    /// <summary>True while it can be booked, moved or cancelled.</summary>
    public bool IsOpen => Status is MeetingStatus.Offered or MeetingStatus.Agreed or MeetingStatus.Booked;

    /// <summary>The time that it keeps its hosts busy, buffers included; nothing without a time.</summary>
    public ImmutableArray<MeetingCell> Cells => StartAt is { } start && EndAt is { } end && Status is not (MeetingStatus.Offered or MeetingStatus.Withdrawn)
        ? [.. Hosts.Order().SelectMany(host => MeetingCells.Of(Rules, start, end).Select(quarter => new MeetingCell(new UserId(host), quarter)))] : [];

    internal static Meeting Of(MeetingOffered offered) => new()
    {
        Id = offered.Meeting, DealId = offered.Deal, Title = offered.Title, StageKey = offered.StageKey, ActivityId = offered.ActivityId, Bookmark = offered.Bookmark, Members = offered.Members, Need = offered.Need,
        Rules = offered.Rules, Place = offered.Place, CreatedAt = offered.At, Language = offered.Language,
    };

    internal void Apply(MeetingChange change)
    {
        switch (change)
        {
            case MeetingAgreed: Status = MeetingStatus.Agreed; break;
            case MeetingInvited invited: (TokenHash, TokenExpiresAt, Language) = (invited.TokenHash, invited.ExpiresAt, invited.Language); break;
            case MeetingBooked booked: Book(booked); break;
            case MeetingHandedOver handed: (Hosts, Organizer, Sequence) = ([.. handed.Hosts.Select(host => host.Value)], handed.Organizer, Sequence + 1); break;
            case MeetingCancelled: (Status, StartAt, EndAt, Hosts, Sequence) = (MeetingStatus.Offered, null, null, [], Sequence + 1); break;
            case MeetingEnded ended: End(ended); break;
        }
    }

    private void Book(MeetingBooked booked)
    {
        (Status, StartAt, EndAt, Hosts) = (MeetingStatus.Booked, booked.Start, booked.End, [.. booked.Hosts.Select(host => host.Value)]);
        (Place, BookedBy, BookedAt, Sequence) = (booked.Place ?? Place, booked.By, booked.At, Sequence + 1);
        (Language, ClientZone, Organizer) = (booked.Language ?? Language, booked.Zone ?? ClientZone, booked.Organizer);
    }

    // A link has no more to offer once the meeting has its result; a meeting that came to nothing before its time keeps nobody busy.
    private void End(MeetingEnded ended)
    {
        (Status, Notes, EndedAt, TokenHash, TokenExpiresAt) = (ended.Result, ended.Notes, ended.At, null, null);
        if (ended.FreesTime)
            (StartAt, EndAt, Hosts, Sequence) = (null, null, [], Sequence + 1);
    }
}
