using System.Text;
using MimeKit;
using MimeKit.Text;
using SalesFlow.Sales.Mails;

namespace SalesFlow.Server.Mails;

/// <summary>Puts a letter into the form that mail servers and mail programs expect.</summary>
internal static class MailForm
{
    /// <summary>The message. Throws <see cref="UnsendableException"/> for a reader without an address.</summary>
    public static MimeMessage Of(MailToSend whole, MailboxAddress from)
    {
        if (!EmailAddress.TryParse(whole.Address, out var to))
            throw new UnsendableException(whole.Address is { Length: > 0 } wrong ? $"'{wrong}' is no e-mail address." : $"{whole.Name ?? "The person"} has no e-mail address; an administrator can add one on the page People.");
        var message = new MimeMessage { Subject = whole.Mail.Subject, Date = whole.Mail.CreatedAt, MessageId = $"{whole.Mail.MessageId}@{from.Domain}" };
        message.From.Add(from);
        message.To.Add(new MailboxAddress(Encoding.UTF8, whole.Name ?? "", to.Value));
        if (whole.Mail.Person is null && EmailAddress.TryParse(whole.ReplyTo, out var author))
            message.ReplyTo.Add(new MailboxAddress(Encoding.UTF8, whole.ReplyToName ?? "", author.Value));
        if (whole.Mail.Person is not null)
            message.Headers.Add("Auto-Submitted", "auto-generated");
        message.Body = Body(whole);
        return message;
    }

    private static MimeEntity Body(MailToSend whole)
    {
        var content = whole.Content;
        MimeEntity text = new TextPart(TextFormat.Plain) { Text = content.Text };
        if (content.Html is not null || content.Calendar is not null)
        {
            var alternative = new MultipartAlternative { text };
            if (content.Html is { } html)
                alternative.Add(new TextPart(TextFormat.Html) { Text = html });
            // Mail programs show an invitation when it is the last alternative.
            if (content.Calendar is { } calendar)
                alternative.Add(Calendar(calendar, content.CalendarMethod ?? CalendarMethod.Request));
            text = alternative;
        }
        if (whole.Files.Length == 0)
            return text;
        var mixed = new Multipart("mixed") { text };
        foreach (var file in whole.Files)
            mixed.Add(Attachment(file));
        return mixed;
    }

    private static TextPart Calendar(string calendar, CalendarMethod method)
    {
        var part = new TextPart("calendar") { ContentTransferEncoding = ContentEncoding.Base64 };
        part.SetText(Encoding.UTF8, calendar);
        part.ContentType.Parameters.Add("method", method.ToString().ToUpperInvariant());
        return part;
    }

    private static MimePart Attachment(MailFile file) => new(ContentType.TryParse(file.ContentType, out var type) ? type : new ContentType("application", "octet-stream"))
    {
        Content = new MimeContent(new MemoryStream(file.Content)), ContentDisposition = new ContentDisposition(ContentDisposition.Attachment), ContentTransferEncoding = ContentEncoding.Base64, FileName = file.Name,
    };
}

/// <summary>A letter that no attempt can send, and why.</summary>
internal sealed class UnsendableException(string message) : Exception(message);
