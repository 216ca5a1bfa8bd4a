using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using SalesFlow.Runtime;

namespace SalesFlow.Sales.Mails;

/// <summary>How a letter stands.</summary>
public enum MailStatus
{
    /// <summary>To be sent, or to be tried again.</summary>
    Waiting,
    /// <summary>A mail server has taken it.</summary>
    Sent,
    /// <summary>Given up; somebody has to look.</summary>
    Failed,
    /// <summary>There is no mail server: it lies as a file in the data folder.</summary>
    Filed,
}

/// <summary>A letter on its way out, without its text.</summary>
public sealed class OutgoingMail
{
    private OutgoingMail() { }

    /// <summary>Grows in the order in which letters were written.</summary>
    public long Id { get; private set; }
    /// <summary>Names the letter for good.</summary>
    public string Key { get; private set; } = "";
    /// <summary>One of <see cref="MailKinds"/>.</summary>
    public string Kind { get; private set; } = "";
    /// <summary>The left part of its Message-ID, the same whenever it is sent.</summary>
    public string MessageId { get; private set; } = "";
    /// <summary>Address outside; for a colleague the one it was sent to, null before.</summary>
    public string? Address { get; private set; }
    /// <summary>Name of somebody outside.</summary>
    public string? Name { get; private set; }
    /// <summary>The colleague who gets it.</summary>
    public UserId? Person { get; private set; }
    /// <summary>One line.</summary>
    public string Subject { get; private set; } = "";
    /// <summary>The deal it is about.</summary>
    public DealId? DealId { get; private set; }
    /// <summary>The meeting it is about; its client's letters get a booking link when they are sent.</summary>
    public MeetingId? MeetingId { get; private set; }
    /// <summary>Who has it sent.</summary>
    public UserId? By { get; private set; }
    /// <summary>True when only its reader is shown its text.</summary>
    public bool IsPrivate { get; private set; }
    /// <summary>How it stands.</summary>
    public MailStatus Status { get; private set; }
    /// <summary>When it was written.</summary>
    public DateTimeOffset CreatedAt { get; private set; }
    /// <summary>When it is to be sent, or tried again; while it is being sent, when another server may take it over.</summary>
    public DateTimeOffset NextTry { get; private set; }
    /// <summary>When it was sent or filed.</summary>
    public DateTimeOffset? SentAt { get; private set; }
    /// <summary>Hash of the secret in its picture; null for a letter whose opening is not noted.</summary>
    public string? OpeningHash { get; private set; }
    /// <summary>When a mail program first fetched its picture, as it does when the letter is shown.</summary>
    public DateTimeOffset? OpenedAt { get; private set; }
    /// <summary>How often it was tried.</summary>
    public int Attempts { get; private set; }
    /// <summary>Why the last attempt failed.</summary>
    public string? LastError { get; private set; }

    internal static OutgoingMail Of(MailDraft draft, DateTimeOffset at) => new()
    {
        Key = draft.Key, Kind = draft.Kind, MessageId = MessageIdOf(draft, at), Address = (draft.To as MailRecipient.Outside)?.Address.Value,
        Name = (draft.To as MailRecipient.Outside)?.Name is { } name ? MailText.OneLine(name, 120) : null, Person = (draft.To as MailRecipient.Colleague)?.Person,
        Subject = draft.Subject, DealId = draft.Deal, MeetingId = draft.Meeting, By = draft.By, IsPrivate = draft.IsPrivate, CreatedAt = at, NextTry = draft.NotBefore is { } later && later > at ? later : at,
    };

    // The time tells installations apart that use the same keys.
    private static string MessageIdOf(MailDraft draft, DateTimeOffset at) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Stored.Micros(at)} {draft.Key} {draft.To}"))))[..40];
}

/// <summary>What a letter says.</summary>
public sealed class MailContent
{
    /// <summary>Key of the letter.</summary>
    public string MailKey { get; private set; } = "";
    /// <summary>As plain text.</summary>
    public string Text { get; private set; } = "";
    /// <summary>As HTML.</summary>
    public string? Html { get; private set; }
    /// <summary>What its calendar text asks for; null without one.</summary>
    public CalendarMethod? CalendarMethod { get; private set; }
    /// <summary>An iCalendar text.</summary>
    public string? Calendar { get; private set; }

    /// <summary>Stands in the text as a line of its own where a link belongs that is made when the letter is sent.</summary>
    internal const string LinkLine = "\uFFFC";

    /// <summary>True when a link belongs into the text.</summary>
    internal bool HasLink => Text.Contains(LinkLine, StringComparison.Ordinal);

    /// <summary>The same with the link, or with what is said in its place.</summary>
    internal MailContent WithLink(string link) => new() { MailKey = MailKey, Text = Filled(Text, link), Html = Html, CalendarMethod = CalendarMethod, Calendar = Calendar };

    /// <summary>The letter as HTML; its text on a page of its own when it has none.</summary>
    internal string AsHtml => Html ?? $"<!doctype html><meta charset=\"utf-8\"><pre style=\"white-space:pre-wrap;font:inherit\">{WebUtility.HtmlEncode(Text)}</pre>";

    /// <summary>The same with a picture that nobody sees, at that address.</summary>
    internal MailContent WithPicture(string url) =>
        new() { MailKey = MailKey, Text = Text, Html = $"{AsHtml}<img src=\"{WebUtility.HtmlEncode(url)}\" width=\"1\" height=\"1\" alt=\"\">", CalendarMethod = CalendarMethod, Calendar = Calendar };

    /// <summary>A text whose line for the link is filled in. Only whole lines are: what people typed has no line breaks here.</summary>
    internal static string Filled(string text, string link) => string.Join('\n', text.ReplaceLineEndings("\n").Split('\n').Select(line => line == LinkLine ? link : line));

    internal static MailContent Of(MailDraft draft) => new() { MailKey = draft.Key, Text = draft.Text, Html = draft.Html, CalendarMethod = draft.Calendar?.Method, Calendar = draft.Calendar?.Text };
}

/// <summary>A file that goes with a letter.</summary>
public sealed class MailFile
{
    /// <summary>Key of the letter.</summary>
    public string MailKey { get; private set; } = "";
    /// <summary>From 1 within the letter.</summary>
    public int Number { get; private set; }
    /// <summary>Name of the file.</summary>
    public string Name { get; private set; } = "";
    /// <summary>Media type.</summary>
    public string ContentType { get; private set; } = "";
    /// <summary>The bytes.</summary>
    public byte[] Content { get; private set; } = [];

    internal static MailFile Of(MailDraft draft, int index) =>
        new() { MailKey = draft.Key, Number = index + 1, Name = draft.Attachments[index].Name, ContentType = draft.Attachments[index].ContentType, Content = draft.Attachments[index].Content };
}

/// <summary>When a letter that could not be sent is tried again.</summary>
internal static class MailDelays
{
    private static readonly TimeSpan[] Delays =
    [
        TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(15), TimeSpan.FromHours(1), TimeSpan.FromHours(3), TimeSpan.FromHours(6), TimeSpan.FromHours(12), TimeSpan.FromHours(24),
    ];

    /// <summary>How long to wait after so many attempts; null when it is given up.</summary>
    public static TimeSpan? After(int attempts) => attempts <= Delays.Length ? Delays[attempts - 1] : null;
}
