using System.Collections.Concurrent;
using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using SalesFlow.Runtime;
using static SalesFlow.Runtime.ColumnType;

namespace SalesFlow.Sales.Documents;

/// <summary>
/// Gives out the numbers of documents: without gap and without repeat within a legal entity, a kind and a year. A number is bound to the effect that asks
/// for it, so that an effect that is repeated after a crash gets its number again.
/// </summary>
public sealed class NumberCommands(IDbContextFactory<SalesFlowDb> databases, TurnStore store, SalesOptions options)
{
    private static readonly RowShape Last = RowShape.Update("number_series", [("id", Number)], ("last", Number));
    private static readonly RowShape Drawn = RowShape.Insert("drawn_numbers", ("instance_id", Number), ("effect", Count), ("series_id", Number), ("number", Number));
    private readonly ConcurrentDictionary<(string Kind, int Year), SemaphoreSlim> _alone = new();

    /// <summary>The number for that effect of that instance.</summary>
    public async Task<long> DrawAsync(string kind, int year, InstanceId instance, int effect, CancellationToken cancel)
    {
        // One at a time in this process; the guard on the row keeps other servers from drawing the same number.
        var alone = _alone.GetOrAdd((kind, year), _ => new SemaphoreSlim(1, 1));
        await alone.WaitAsync(cancel);
        try
        {
            while (true)
                if (await TryDrawAsync(kind, year, instance, effect, cancel) is { } number)
                    return number;
        }
        finally
        {
            alone.Release();
        }
    }

    private async Task<long?> TryDrawAsync(string kind, int year, InstanceId instance, int effect, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        if (await DrawnAsync(db, instance, effect, cancel) is { } known)
            return known;
        var series = await db.NumberSeries.AsNoTracking().SingleOrDefaultAsync(s => s.LegalEntity == options.LegalEntity && s.Kind == kind && s.Year == year, cancel)
            ?? await BeginAsync(db, kind, year, cancel);
        if (series is null)
            return null;
        var rows = new RowBatch();
        rows.Guard(new RowGuard("number_series", "id", series.Id, "last", series.Last));
        rows.Add(Last, series.Id, series.Last + 1);
        rows.Add(Drawn, instance.Value, effect, series.Id, series.Last + 1);
        try
        {
            await store.CommitAsync(rows);
            return series.Last + 1;
        }
        catch (ConflictException)
        {
            return null;
        }
        catch (DbException)
        {
            // Another server performs the same effect, and has drawn its number a moment ago.
            if (await DrawnAsync(db, instance, effect, cancel) is { } drawn)
                return drawn;
            throw;
        }
    }

    private static Task<long?> DrawnAsync(SalesFlowDb db, InstanceId instance, int effect, CancellationToken cancel) =>
        db.DrawnNumbers.Where(d => d.InstanceId == instance.Value && d.Effect == effect).Select(d => (long?)d.Number).SingleOrDefaultAsync(cancel);

    private async Task<NumberSeries?> BeginAsync(SalesFlowDb db, string kind, int year, CancellationToken cancel)
    {
        var series = new NumberSeries { LegalEntity = options.LegalEntity, Kind = kind, Year = year };
        db.NumberSeries.Add(series);
        try
        {
            await db.SaveChangesAsync(cancel);
            return series;
        }
        catch (DbUpdateException)
        {
            // Another server was first; its series is found on the next look.
            return null;
        }
    }
}
