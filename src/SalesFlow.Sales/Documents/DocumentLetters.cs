using System.Collections.Immutable;
using System.Globalization;
using SalesFlow.Engine;
using SalesFlow.Runtime;
using SalesFlow.Sales.Deals;
using SalesFlow.Sales.Mails;
using SalesFlow.Sales.People;

namespace SalesFlow.Sales.Documents;

/// <summary>Decides on letters that carry a document to the client.</summary>
public static class DocumentLetters
{
    /// <summary>The format of a document that is printed.</summary>
    public const string Pdf = "pdf";
    /// <summary>The format of a document as it was issued.</summary>
    public const string Html = "html";
    private const int LongestSubject = 250, LongestText = 10_000;

    /// <summary>A letter to begin with, in the language of the document.</summary>
    public static DocumentLetter Draft(DocumentView document, ClientView client, string sender, string format)
    {
        var kind = DocumentKinds.Name(document.Kind).In(document.Language);
        var name = char.ToUpper(kind[0], CultureInfo.InvariantCulture) + kind[1..];
        var (hello, text) = (client.Contact is { Length: > 0 } contact ? new Text($"Dear {contact},", $"Здравствуйте, {contact}!") : new("Dear Sir or Madam,", "Здравствуйте!"),
            new Text($"Please find attached the {kind} {document.Number}.\n\nKind regards,\n{sender}", $"Во вложении {kind} {document.Number}.\n\nС уважением,\n{sender}"));
        return new(client.Email ?? "", $"{name} {document.Number}", $"{hello.In(document.Language)}\n\n{text.In(document.Language)}", format);
    }

    /// <summary>The address, when the letter can be sent; throws <see cref="ValidationException"/> about everything that is wrong.</summary>
    internal static EmailAddress Check(DocumentLetter letter, string language)
    {
        var errors = new Dictionary<string, string[]>();
        if (letter.Subject.Trim().Length is 0 or > LongestSubject)
            errors["subject"] = [new Text($"A subject has 1 to {LongestSubject} characters.", $"В теме от 1 до {LongestSubject} знаков.").In(language)];
        if (letter.Text.Trim().Length is 0 or > LongestText)
            errors["text"] = [new Text($"A text has 1 to {LongestText} characters.", $"В тексте от 1 до {LongestText} знаков.").In(language)];
        if (letter.Format is not (Pdf or Html))
            errors["format"] = [new Text($"'{letter.Format}' is no format of a document; expected pdf or html.", $"«{letter.Format}» — не формат документа; ожидается pdf или html.").In(language)];
        if (!EmailAddress.TryParse(letter.To, out var to))
            errors["to"] = [EmailAddress.Refusal(letter.To).In(language)];
        return to is not null && errors.Count == 0 ? to : throw new ValidationException(errors);
    }

    /// <summary>What is true once the letter is written. Throws <see cref="RefusedException"/> for a document that was voided meanwhile.</summary>
    internal static ImmutableArray<Change> Send(Deal deal, DocumentId id, DocumentLetter letter, EmailAddress to, MailAttachment file, Actor actor, DateTimeOffset now)
    {
        var document = deal.Documents.Find(one => one.Id == id) ?? throw DealAccess.NotFound(deal.Id);
        if (document.VoidedAt is not null)
            throw IsVoid(document.Number, document.VoidReason, actor.Language);
        // The same document may go out again, to somebody else or with other words.
        var mail = new MailDraft($"document-{id}-{document.TimesSent + 1}", MailKinds.Document, new MailRecipient.Outside(to, deal.Client.Email == to.Value ? deal.Client.Contact : null), letter.Subject, letter.Text.Trim())
        { Attachments = [file], Deal = deal.Id, By = actor.Id };
        return [new DocumentSent(deal.Id, now, actor.Id, id, to.Value), new MailWritten(mail, now)];
    }

    internal static RefusedException IsVoid(string number, string? reason, string language)
    {
        var message = new Text($"{number} is voided and cannot be sent: {reason}", $"{number} аннулирован, его нельзя отправить: {reason}").In(language);
        return new(message, [new("voided", message)]);
    }
}
