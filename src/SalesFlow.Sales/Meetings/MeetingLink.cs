namespace SalesFlow.Sales.Meetings;

/// <summary>
/// A booking link in a letter to the client. Its secret is made when the letter is sent, so that no table ever holds it. It is good while the meeting is open, until it expires, and until a colleague makes a link:
/// that one replaces all before it.
/// </summary>
public sealed class MeetingLink
{
    /// <summary>How long a link is good, whatever else happens.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(30);

    private MeetingLink() { }

    /// <summary>SHA-256 of the secret, in hex.</summary>
    public string Hash { get; private set; } = "";
    /// <summary>The meeting.</summary>
    public MeetingId MeetingId { get; private set; }
    /// <summary>Hash of the link that was good when the letter was sent; null when no colleague had made one.</summary>
    public string? Beside { get; private set; }
    /// <summary>Until when it is good.</summary>
    public DateTimeOffset ExpiresAt { get; private set; }

    /// <summary>True while the client may use it.</summary>
    internal bool IsGood(Meeting meeting, DateTimeOffset now) => meeting.Id == MeetingId && meeting.IsOpen && meeting.TokenHash == Beside && now < ExpiresAt;

    internal static MeetingLink Of(Meeting meeting, string hash, DateTimeOffset now) => new() { Hash = hash, MeetingId = meeting.Id, Beside = meeting.TokenHash, ExpiresAt = now + Lifetime };
}
