using System.Collections.Immutable;
using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using SalesFlow.Sales.Deals;
using SalesFlow.Sales.People;

namespace SalesFlow.Sales.Documents;

/// <summary>What pages and the API read of documents; every answer holds only what the actor may see.</summary>
public sealed class DocumentQueries(IDbContextFactory<SalesFlowDb> databases, TemplateQueries templates)
{
    private static readonly Expression<Func<IssuedDocument, DocumentView>> View = d => new DocumentView(d.Id.ToString(), d.DealId.ToString(), d.Kind, d.Number,
        d.TemplateKey, d.TemplateVersion, d.TemplateHash, d.Hash, d.Language, d.At, d.VoidedAt, d.VoidReason, d.SentAt);

    /// <summary>Documents of a deal, newest first.</summary>
    public async Task<ImmutableArray<DocumentView>> ListAsync(DealId deal, Actor actor, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await DealQueries.DemandAsync(db, deal, actor, cancel);
        return [.. await db.Documents.AsNoTracking().Where(d => d.DealId == deal).OrderByDescending(d => d.Id).Select(View).ToListAsync(cancel)];
    }

    /// <summary>One document without its text.</summary>
    public async Task<DocumentView> GetAsync(DocumentId id, Actor actor, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await Seen(db, id, actor).Select(View).SingleOrDefaultAsync(cancel) ?? throw NotFound(id);
    }

    /// <summary>Its text as it was issued.</summary>
    public async Task<string> HtmlAsync(DocumentId id, Actor actor, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await Seen(db, id, actor).Join(db.DocumentTexts, d => d.Id, t => t.DocumentId, (d, t) => t.Html).SingleOrDefaultAsync(cancel) ?? throw NotFound(id);
    }

    /// <summary>Makes a document again of what was kept with it, and compares. Throws a sentence for one from before anything was kept.</summary>
    public async Task<DocumentProof> ProveAsync(DocumentId id, Actor actor, CancellationToken cancel)
    {
        var issued = await GetAsync(id, actor, cancel);
        await using var db = await databases.CreateDbContextAsync(cancel);
        var kept = await db.DocumentTexts.Where(text => text.DocumentId == id).Select(text => text.Making).SingleAsync(cancel);
        if (DocumentMaking.Read(kept) is not { } making)
            throw new NotFoundException($"What document {issued.Number} was made of has not been kept.");
        var template = await templates.GetAsync($"{issued.Template}.{issued.Language}", making.Templates, cancel);
        var rendered = template.Render(making.Data, issued.Language, TimeZoneInfo.FindSystemTimeZoneById(making.Zone));
        return new(rendered.Hash == issued.Hash, issued.Hash, rendered.Hash, making.Templates, making.Zone, System.Text.Json.JsonElement.Parse(making.Data.Json));
    }

    private static IQueryable<IssuedDocument> Seen(SalesFlowDb db, DocumentId id, Actor actor)
    {
        var deals = DealQueries.Visible(db, actor);
        return db.Documents.AsNoTracking().Where(d => d.Id == id && deals.Any(s => s.Id == d.DealId));
    }

    private static NotFoundException NotFound(DocumentId id) => new($"There is no document {id}, or you may not see it.");
}
