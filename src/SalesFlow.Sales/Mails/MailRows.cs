using SalesFlow.Runtime;
using static SalesFlow.Runtime.ColumnType;

namespace SalesFlow.Sales.Mails;

/// <summary>The rows of a letter that a turn writes.</summary>
internal static class MailRows
{
    private static readonly RowShape NewMail = RowShape.Insert("mails", ("key", Words), ("kind", Words), ("message_id", Words), ("address", Words), ("name", Words), ("person", Number), ("subject", Words),
        ("deal_id", Number), ("by", Number), ("is_private", Flag), ("status", Count), ("created_at", Number), ("next_try", Number), ("attempts", Count), ("meeting_id", Number));
    private static readonly RowShape NewContent = RowShape.Insert("mail_contents", ("mail_key", Words), ("text", Words), ("html", Words), ("calendar_method", Count), ("calendar", Words));
    private static readonly RowShape NewFile = RowShape.Insert("mail_files", ("mail_key", Words), ("number", Count), ("name", Words), ("content_type", Words), ("content", Bytes));

    public static void Write(MailWritten written, RowBatch rows)
    {
        var mail = OutgoingMail.Of(written.Mail, written.At);
        rows.Add(NewMail, mail.Key, mail.Kind, mail.MessageId, mail.Address, mail.Name, mail.Person?.Value, mail.Subject, mail.DealId?.Value, mail.By?.Value, mail.IsPrivate, (int)mail.Status,
            Stored.Micros(mail.CreatedAt), Stored.Micros(mail.NextTry), 0, mail.MeetingId?.Value);
        var content = MailContent.Of(written.Mail);
        rows.Add(NewContent, content.MailKey, content.Text, content.Html, content.CalendarMethod is { } method ? (int)method : null, content.Calendar);
        for (var index = 0; index < written.Mail.Attachments.Length; index++)
            rows.Add(NewFile, content.MailKey, index + 1, written.Mail.Attachments[index].Name, written.Mail.Attachments[index].ContentType, written.Mail.Attachments[index].Content);
    }
}
