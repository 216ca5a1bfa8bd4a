using Microsoft.EntityFrameworkCore;
using SalesFlow.Runtime;
using SalesFlow.Studio.Wire;

namespace SalesFlow.Studio.Instances;

/// <summary>
/// Pages of a list of very many instances. The table has no indexes for filters, because every turn would pay for them: rows are looked at one by one. So the page is first looked
/// for where it most likely is, at the end of the table, and no row is looked at twice where once is enough. On SQLite the parts of the table are looked at beside each other, as
/// PostgreSQL does by itself.
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
        // All rows together are counted in an index, and the key sorts them.
        var all = ReferenceEquals(fitting, db.Instances);
        if (size == 0 || skip + size > LargestPage || all && order.IsByAge)
            return (await order.Apply(fitting).AsNoTracking().Skip((int)skip).Take(size).ToListAsync(cancel), await fitting.LongCountAsync(cancel));
        if (await db.Instances.MinAsync(row => (long?)row.Id, cancel) is not { } first || await db.Instances.MaxAsync(row => (long?)row.Id, cancel) is not { } last)
            return ([], 0);
        var near = await order.Apply(order.Near(fitting, first, last)).AsNoTracking().Take((int)skip + size).ToListAsync(cancel);
        var asked = new Asked(filter, order, near, (int)skip + size, !all);
        var (rows, total) = db.Database.ProviderName?.EndsWith("Sqlite", StringComparison.Ordinal) == true ? await SlicedAsync(asked, first, last, cancel) : await WholeAsync(asked, fitting, cancel);
        return ([.. rows.Skip((int)skip)], all ? await fitting.LongCountAsync(cancel) : total);
    }

    private async Task<Found> SlicedAsync(Asked asked, long first, long last, CancellationToken cancel)
    {
        var width = (last - first) / Threads + 1;
        // SQLite knows no waiting without a thread.
        var slices = await Task.WhenAll(Enumerable.Range(0, Threads).Select(slice => Task.Run(() => SliceAsync(asked, first + slice * width, first + (slice + 1) * width, cancel), cancel)));
        var rows = asked.IsFound ? asked.Near : asked.Order.Sorted(slices.SelectMany(slice => slice.Rows)).Take(asked.Count);
        return new([.. rows], slices.Sum(slice => slice.Total));
    }

    /// <summary>The first rows that fit of those whose ids are in a range, and how many there fit. After rows were found by age only what lies beyond them is counted.</summary>
    private async Task<Found> SliceAsync(Asked asked, long from, long to, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await db.Database.OpenConnectionAsync(cancel);
        // Without it each page of the file is copied to be looked at.
        await db.Database.ExecuteSqlRawAsync("PRAGMA mmap_size=1073741824", cancel);
        var fitting = (await asked.Filter.ApplyAsync(db, cancel)).Where(row => row.Id >= from && row.Id < to);
        if (asked.IsFound || !asked.Order.IsByAge)
            return new(asked.IsFound ? [] : await asked.RowsAsync(fitting, cancel), asked.Counts ? await fitting.LongCountAsync(cancel) : 0);
        var rows = await asked.RowsAsync(fitting, cancel);
        return new(rows, rows.Count < asked.Count ? rows.Count : rows.Count + await asked.Order.Beyond(fitting, rows[^1].Id).LongCountAsync(cancel));
    }

    private static async Task<Found> WholeAsync(Asked asked, IQueryable<InstanceRow> fitting, CancellationToken cancel)
    {
        if (asked.IsFound)
            return new(asked.Near, await fitting.LongCountAsync(cancel));
        if (!asked.Order.IsByAge)
            return new(await asked.RowsAsync(fitting, cancel), asked.Counts ? await fitting.LongCountAsync(cancel) : 0);
        // Few rows fit, or old ones: by its key PostgreSQL would look at one row after the other, and by several processes in no order.
        var rows = await asked.Order.Unindexed(fitting).AsNoTracking().Take(LargestPage).ToListAsync(cancel);
        return new([.. rows.Take(asked.Count)], rows.Count < LargestPage ? rows.Count : await fitting.LongCountAsync(cancel));
    }

    /// <summary>The first rows up to the end of the page, and how many fit.</summary>
    private sealed record Found(IReadOnlyList<InstanceRow> Rows, long Total);

    /// <summary>What is looked for: so many rows in that order; <paramref name="Near"/> are those that the end of the table has.</summary>
    private sealed record Asked(InstanceFilter Filter, InstanceOrder Order, IReadOnlyList<InstanceRow> Near, int Count, bool Counts)
    {
        /// <summary>The rows are known, only the others have to be counted.</summary>
        public bool IsFound => Order.IsByAge && Near.Count == Count;

        /// <summary>No row after the last of so many near ones can be among the first, so it need not be sorted.</summary>
        public async Task<IReadOnlyList<InstanceRow>> RowsAsync(IQueryable<InstanceRow> fitting, CancellationToken cancel) =>
            await Order.Apply(Near.Count == Count ? Order.UpTo(fitting, Near[^1]) : fitting).AsNoTracking().Take(Count).ToListAsync(cancel);
    }
}
