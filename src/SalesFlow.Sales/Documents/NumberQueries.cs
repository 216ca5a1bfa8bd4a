using System.Collections.Immutable;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using SalesFlow.Engine;
using SalesFlow.Sales.Deals;
using SalesFlow.Sales.People;

namespace SalesFlow.Sales.Documents;

/// <summary>The register of documents' numbers, for heads of sales and administrators: every number that was given out, with what became of it.</summary>
public sealed class NumberQueries(IDbContextFactory<SalesFlowDb> databases, UserQueries users)
{
    /// <summary>The series there are, of the latest year first.</summary>
    public async Task<ImmutableArray<NumberSeriesView>> SeriesAsync(Actor actor, CancellationToken cancel)
    {
        DemandLead(actor);
        await using var db = await databases.CreateDbContextAsync(cancel);
        var series = await db.NumberSeries.AsNoTracking().Where(s => s.Last > 0).OrderByDescending(s => s.Year).ThenBy(s => s.LegalEntity).ThenBy(s => s.Kind).ToListAsync(cancel);
        return [.. series.Select(s => new NumberSeriesView(s.Id.ToString(CultureInfo.InvariantCulture), s.LegalEntity, s.Kind, DocumentKinds.Name(s.Kind).In(actor.Language), s.Year, s.Last))];
    }

    /// <summary>The numbers of a series, the last one first.</summary>
    public async Task<Page<RegisteredNumber>> ListAsync(long series, int limit, string? cursor, Actor actor, CancellationToken cancel)
    {
        DemandLead(actor);
        var most = Cursor.Limit(limit);
        await using var db = await databases.CreateDbContextAsync(cancel);
        var of = await db.NumberSeries.AsNoTracking().SingleOrDefaultAsync(s => s.Id == series, cancel) ?? throw new NotFoundException($"There is no series {series}.");
        var before = Cursor.Read(cursor) ?? long.MaxValue;
        var drawn = await db.DrawnNumbers.AsNoTracking().Where(d => d.SeriesId == series && d.Number < before).OrderByDescending(d => d.Number).Take(most + 1).ToListAsync(cancel);
        // A number is written in the language of its document.
        var written = drawn.SelectMany(one => Written(of, one.Number)).ToList();
        var documents = await db.Documents.AsNoTracking().Where(d => written.Contains(d.Number)).ToDictionaryAsync(d => d.Number, cancel);
        var deals = drawn.Select(one => new DealId(one.InstanceId)).Distinct().ToList();
        var sold = await db.Deals.AsNoTracking().Where(d => deals.Contains(d.Id)).Select(d => new { d.Id, d.Number, d.Title, Client = d.Client.Name }).ToDictionaryAsync(d => d.Id, cancel);
        var people = await users.ByIdAsync(cancel);
        return Cursor.Page(drawn, most, one =>
        {
            var document = Written(of, one.Number).Select(number => documents.GetValueOrDefault(number)).FirstOrDefault(known => known is not null);
            var deal = sold.GetValueOrDefault(new DealId(one.InstanceId));
            return new RegisteredNumber(one.Number, document?.Number ?? Written(of, one.Number)[0], document?.Id.ToString(), one.InstanceId.ToString(CultureInfo.InvariantCulture), deal?.Number ?? "", deal?.Title ?? "", deal?.Client ?? "",
                document?.At, document?.SentAt, document?.VoidedAt, DealQueries.NameOf(document?.VoidedBy, people)?.DisplayName, document?.VoidReason);
        }, one => one.Number.ToString(CultureInfo.InvariantCulture));
    }

    private static string[] Written(NumberSeries series, long number) => [DocumentNumber.Of(series.Kind, series.Year, number, "ru"), DocumentNumber.Of(series.Kind, series.Year, number, "en")];

    private static void DemandLead(Actor actor)
    {
        if (!DealAccess.Leads(actor))
            throw new ForbiddenException(new Text("Only the head of sales or an administrator reads the register of numbers.", "Реестр номеров доступен руководителю отдела продаж и администратору.").In(actor.Language));
    }
}
