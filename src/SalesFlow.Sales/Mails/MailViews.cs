using System.Collections.Immutable;

namespace SalesFlow.Sales.Mails;

/// <summary>A letter as lists show it. <paramref name="To"/> is an address or, for a colleague, a name; <paramref name="NextTry"/> is null unless it waits.</summary>
public sealed record MailView(string Id, string Kind, string To, string Subject, MailStatus Status, DateTimeOffset CreatedAt, DateTimeOffset? SentAt, DateTimeOffset? NextTry, int Attempts, string? LastError,
    string? DealId, string? DealNumber, string? DealTitle, string? By)
{
    /// <summary>When its reader's mail program first showed it; null before, and for letters whose opening is not noted.</summary>
    public DateTimeOffset? OpenedAt { get; init; }
}

/// <summary>A letter with what it says. Its text is null when only its reader is shown it.</summary>
public sealed record MailDetails(MailView Mail, string? Text, bool HasHtml, bool HasCalendar, ImmutableArray<MailFileView> Files, bool MayRetry);

/// <summary>A file of a letter; <paramref name="Size"/> is in bytes.</summary>
public sealed record MailFileView(int Number, string Name, string ContentType, long Size);

/// <summary>Which letters to list: all that is given must hold.</summary>
public sealed record MailFilter(MailStatus? Status = null, DealId? Deal = null, int Limit = 50, string? Cursor = null);

/// <summary>Everything of a letter that is needed to send it. <paramref name="Address"/> is null for a colleague without one; <paramref name="ReplyTo"/> is the author's.</summary>
public sealed record MailToSend(OutgoingMail Mail, MailContent Content, ImmutableArray<MailFile> Files, string? Address, string? Name, string? ReplyTo, string? ReplyToName);
