using Microsoft.EntityFrameworkCore;
using SalesFlow.Sales;

namespace SalesFlow.Storage;

/// <summary>Brings the tables of a database up to date.</summary>
public static class Schema
{
    /// <summary>Runs the migrations that are missing; nothing happens when none is.</summary>
    public static async Task UpdateAsync(SalesFlowDb db, CancellationToken cancel)
    {
        if (!(await db.Database.GetPendingMigrationsAsync(cancel)).Any())
            return;
        // A file has one server. A lock that is there belongs to one that was killed half way, and EF Core would wait for it for ever.
        if (db.Database.IsSqlite())
            await db.Database.ExecuteSqlRawAsync("DROP TABLE IF EXISTS \"__EFMigrationsLock\"", cancel);
        await db.Database.MigrateAsync(cancel);
    }
}
