using System.Collections.Immutable;
using SalesFlow.Engine;

namespace SalesFlow.Sales.Mails;

/// <summary>What letters are about; stable words for the wire and the table.</summary>
public static class MailKinds
{
    /// <summary>A document of a deal, for the client.</summary>
    public const string Document = "document";
    /// <summary>An invitation to a meeting, its change or its cancellation.</summary>
    public const string Meeting = "meeting";
    /// <summary>A request to decide on terms.</summary>
    public const string Approval = "approval";
    /// <summary>Something that a colleague is told of.</summary>
    public const string Notification = "notification";
    /// <summary>What a step of a process says.</summary>
    public const string Process = "process";
    /// <summary>The morning digest of a head of sales.</summary>
    public const string Digest = "digest";
}

/// <summary>Who gets a letter: somebody outside, or a colleague, whose address is looked up when it is sent.</summary>
public abstract record MailRecipient
{
    private MailRecipient() { }

    /// <summary>Somebody outside; <paramref name="Name"/> may be null.</summary>
    public sealed record Outside(EmailAddress Address, string? Name = null) : MailRecipient;
    /// <summary>Somebody who works here.</summary>
    public sealed record Colleague(UserId Person) : MailRecipient;
}

/// <summary>A file that goes with a letter.</summary>
public sealed record MailAttachment
{
    /// <summary>A file of that name, without a path, and media type such as application/pdf.</summary>
    public MailAttachment(string name, string contentType, byte[] content) =>
        (Name, ContentType, Content) = (MailText.OneLine(name.Replace('/', '-').Replace('\\', '-'), 120), contentType, content);

    /// <summary>Name of the file.</summary>
    public string Name { get; }
    /// <summary>Media type.</summary>
    public string ContentType { get; }
    /// <summary>The bytes.</summary>
    public byte[] Content { get; }
}

/// <summary>What an invitation asks of the reader's calendar.</summary>
public enum CalendarMethod { Request, Cancel }

/// <summary>An iCalendar text that mail programs offer to put into the reader's calendar.</summary>
public sealed record MailCalendar(CalendarMethod Method, string Text);

/// <summary>
/// A letter to be sent. <paramref name="Key"/> names it for good: under one key one letter is written, and repeats of sending it carry the same Message-ID. Write it with <see cref="MailWritten"/>
/// in a turn or with <see cref="MailCommands.Add"/> in the transaction of a command; it is sent after the commit, at least once.
/// </summary>
public sealed record MailDraft
{
    private const int LongestSubject = 250, LongestKey = 200;

    /// <summary>The letter. Throws <see cref="ArgumentException"/> for a key that names nothing.</summary>
    public MailDraft(string key, string kind, MailRecipient to, string subject, string text)
    {
        if (string.IsNullOrWhiteSpace(key) || key.Length > LongestKey)
            throw new ArgumentException($"The key of a letter has 1 to {LongestKey} characters; got '{key}'.", nameof(key));
        // PostgreSQL keeps no NUL.
        (Key, Kind, To, Subject, Text) = (key, kind, to, MailText.OneLine(subject, LongestSubject), text.Replace("\0", "", StringComparison.Ordinal));
    }

    /// <summary>Names the letter for good.</summary>
    public string Key { get; }
    /// <summary>One of <see cref="MailKinds"/>.</summary>
    public string Kind { get; }
    /// <summary>Who gets it.</summary>
    public MailRecipient To { get; }
    /// <summary>One line.</summary>
    public string Subject { get; }
    /// <summary>The letter as plain text.</summary>
    public string Text { get; }
    /// <summary>The letter as HTML, for programs that show it; null for plain text alone.</summary>
    public string? Html { get; init; }
    /// <summary>An invitation or its cancellation; null for none.</summary>
    public MailCalendar? Calendar { get; init; }
    /// <summary>Files that go with it.</summary>
    public ImmutableArray<MailAttachment> Attachments { get; init; } = [];
    /// <summary>The deal it is about; whoever may see the deal sees the letters of it that go outside.</summary>
    public DealId? Deal { get; init; }
    /// <summary>The meeting it is about.</summary>
    public MeetingId? Meeting { get; init; }
    /// <summary>Who has it sent, and gets the answers; null for the process itself.</summary>
    public UserId? By { get; init; }
    /// <summary>Holds something that only its reader may have, such as a link that decides in their name: nobody else is shown its text.</summary>
    public bool IsPrivate { get; init; }
    /// <summary>It is not sent before; null for at once.</summary>
    public DateTimeOffset? NotBefore { get; init; }
}

/// <summary>A letter is to be sent once the turn is committed.</summary>
public sealed record MailWritten(MailDraft Mail, DateTimeOffset At) : Change;
