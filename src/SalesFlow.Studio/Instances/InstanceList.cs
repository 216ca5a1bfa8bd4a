using Microsoft.EntityFrameworkCore;
using SalesFlow.Runtime;
using SalesFlow.Studio.Wire;

namespace SalesFlow.Studio.Instances;

/// <summary>
/// Pages of a list of very many instances. The table has no indexes for filters, because every turn would pay for them: rows are looked at one by one. So none is
/// looked at twice, to find the page and to count the list, and on SQLite the parts of the table are looked at beside each other, as PostgreSQL does by itself.
/// </summary>
internal sealed class InstanceList(IDbContextFactory<WorkflowDb> databases)
{
    /// <summary>Nobody reads more rows than these at once; a script asks for the next page.</summary>
    private const int LargestPage = 1_000;
    private static readonly int Threads = Math.Clamp(Environment.ProcessorCount, 1, 4);

    /// <summary>A page of the instances that fit, and how many fit.</summary>
    public async Task<(IReadOnlyList<InstanceRow> Rows, long Total)> PageAsync(InstanceFilter filter, InstanceOrder order, PageAsked page, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var fitting = await filter.ApplyAsync(db, cancel);
        var size = Math.Clamp(page.Size ?? LargestPage, 0, LargestPage);
        var skip = Math.Max(0, page.Page) * (long)size;
        if (skip > int.MaxValue)
            return ([], await fitting.LongCountAsync(cancel));
        // All rows together are counted in an index, and sorting by another column gains nothing by parts.
        if (skip + size <= LargestPage && order.IsByAge && !ReferenceEquals(fitting, db.Instances))
            return await SlicedAsync(db, filter, order, (int)skip, size, cancel);
        return (await order.Apply(fitting).AsNoTracking().Skip((int)skip).Take(size).ToListAsync(cancel), await fitting.LongCountAsync(cancel));
    }

    private async Task<(IReadOnlyList<InstanceRow> Rows, long Total)> SlicedAsync(WorkflowDb db, InstanceFilter filter, InstanceOrder order, int skip, int size, CancellationToken cancel)
    {
        if (await db.Instances.MinAsync(row => (long?)row.Id, cancel) is not { } first || await db.Instances.MaxAsync(row => (long?)row.Id, cancel) is not { } last)
            return ([], 0);
        var count = db.Database.ProviderName?.EndsWith("Sqlite", StringComparison.Ordinal) == true ? Threads : 1;
        var width = (last - first) / count + 1;
        // SQLite knows no waiting without a thread.
        var slices = await Task.WhenAll(Enumerable.Range(0, count).Select(slice => Task.Run(() => SliceAsync(filter, order, first + slice * width, first + (slice + 1) * width, skip + size, cancel), cancel)));
        var rows = order.Apply(slices.SelectMany(slice => slice.Rows).AsQueryable());
        return ([.. rows.Skip(skip).Take(size)], slices.Sum(slice => slice.Total));
    }

    /// <summary>The first rows that fit of those whose ids are in a range, and how many there fit. After the rows were found only what lies beyond them is counted.</summary>
    private async Task<(IReadOnlyList<InstanceRow> Rows, long Total)> SliceAsync(InstanceFilter filter, InstanceOrder order, long from, long to, int size, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var fitting = (await filter.ApplyAsync(db, cancel)).Where(row => row.Id >= from && row.Id < to);
        var rows = await order.Apply(fitting).AsNoTracking().Take(size).ToListAsync(cancel);
        return (rows, rows.Count < size ? rows.Count : size == 0 ? await fitting.LongCountAsync(cancel) : rows.Count + await order.Beyond(fitting, rows[^1].Id).LongCountAsync(cancel));
    }
}
