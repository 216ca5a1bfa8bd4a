using Microsoft.EntityFrameworkCore;
using SalesFlow.Engine;
using SalesFlow.Sales.Approvals;
using SalesFlow.Sales.Deals;
using SalesFlow.Sales.Mails;
using SalesFlow.Sales.People;

namespace SalesFlow.Sales.Documents;

/// <summary>Sends documents to clients and voids them. The number of a voided one stays in the register and is never given again.</summary>
public sealed class DocumentCommands(DealTurnCommands turns, DocumentQueries documents, PdfQueries pdf, IDbContextFactory<SalesFlowDb> databases)
{
    /// <summary>
    /// Sends a document to somebody outside: the letter is written with the deal's turn. Whoever may change the deal may; a voided document is refused, and so is one with other terms than those approved. Throws <see cref="UnavailableException"/> where
    /// it cannot be printed.
    /// </summary>
    public async Task<DocumentView> SendAsync(DocumentId id, DocumentLetter letter, Actor actor, CancellationToken cancel)
    {
        var to = DocumentLetters.Check(letter, actor.Language);
        var deal = await DealAsync(id, actor, cancel);
        var before = await documents.GetAsync(id, actor, cancel);
        if (before.VoidedAt is not null)
            throw DocumentLetters.IsVoid(before.Number, before.VoidReason, actor.Language);
        var html = await documents.HtmlAsync(id, actor, cancel);
        MailAttachment file = letter.Format == DocumentLetters.Pdf ? new($"{before.Number}.pdf", "application/pdf", await pdf.PrintPageAsync(html, actor.Language, cancel))
            : new($"{before.Number}.html", "text/html; charset=utf-8", System.Text.Encoding.UTF8.GetBytes(html));
        var terms = DocumentTerms.Of(await MakingAsync(id, cancel));
        await turns.RunAsync(deal, actor, $"/api/documents/{id}", moment =>
        {
            DealAccess.DemandChange(moment.Facts.Deal, actor);
            if (DocumentTerms.Refusal(moment.Facts, before.Number, terms, actor.Language) is { } refusal)
                throw refusal;
            return new(new Stimulus.None(), DocumentLetters.Send(moment.Facts.Deal, id, letter, to, file, actor, moment.Now));
        }, cancel);
        return await documents.GetAsync(id, actor, cancel);
    }

    /// <summary>Voids a document with a reason. Whoever may change its deal may; voiding twice is refused.</summary>
    public async Task<DocumentView> VoidAsync(DocumentId id, string reason, Actor actor, CancellationToken cancel)
    {
        if (string.IsNullOrWhiteSpace(reason) || reason.Length > 500)
            throw new ValidationException("reason", new Text("Say why, in at most 500 characters.", "Напишите причину, не больше 500 символов.").In(actor.Language));
        var deal = await DealAsync(id, actor, cancel);
        await turns.RunAsync(deal, actor, $"/api/documents/{id}", moment =>
        {
            DealAccess.DemandChange(moment.Facts.Deal, actor);
            var document = moment.Facts.Deal.Documents.Find(one => one.Id == id) ?? throw DealAccess.NotFound(deal);
            return document.VoidedAt is null ? new(new Stimulus.None(), [new DocumentVoided(deal, moment.Now, actor.Id, id, reason.Trim())]) : throw Twice(document, actor);
        }, cancel);
        return await documents.GetAsync(id, actor, cancel);
    }

    private async Task<string> MakingAsync(DocumentId id, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await db.DocumentTexts.Where(text => text.DocumentId == id).Select(text => text.Making).SingleAsync(cancel);
    }

    private async Task<DealId> DealAsync(DocumentId id, Actor actor, CancellationToken cancel)
    {
        // Also refuses what the actor may not see.
        await documents.GetAsync(id, actor, cancel);
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await db.Documents.Where(document => document.Id == id).Select(document => document.DealId).SingleAsync(cancel);
    }

    private static Runtime.RefusedException Twice(IssuedDocument document, Actor actor)
    {
        var message = new Text($"{document.Number} is voided already: {document.VoidReason}", $"{document.Number} уже аннулирован: {document.VoidReason}").In(actor.Language);
        return new(message, [new("voided", message)]);
    }
}
