using Microsoft.AspNetCore.DataProtection;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using SalesFlow.Runtime;
using SalesFlow.Sales;
using SalesFlow.Sales.Calendars;
using SalesFlow.Sales.Seeds;
using SalesFlow.Storage;

namespace SalesFlow.Server;

/// <summary>The company's memory and its process: the database, the runtime and the sales domain.</summary>
internal static class Company
{
    public static string SqliteFile(ServerOptions options) => options.InData("salesflow.db");

    /// <summary>VACUUM INTO reads one consistent snapshot, whatever is being written meanwhile.</summary>
    public static async Task CopySqliteAsync(ServerOptions options, string target, CancellationToken cancel)
    {
        await using var connection = new SqliteConnection($"Data Source={SqliteFile(options)};Mode=ReadWrite");
        await connection.OpenAsync(cancel);
        await using var copy = connection.CreateCommand();
        copy.CommandText = "VACUUM INTO $target";
        copy.Parameters.AddWithValue("$target", target);
        await copy.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>Fires what is due now on the services' clock; for a history that is lived on a moved one.</summary>
    public static Task FireTimersAsync(IServiceProvider services, CancellationToken cancel) => services.GetRequiredService<Workers>().CatchUpAsync(cancel);

    public static async Task OpenAsync(IServiceProvider services, CancellationToken cancel)
    {
        await using var db = await services.GetRequiredService<IDbContextFactory<SalesFlowDb>>().CreateDbContextAsync(cancel);
        await Schema.UpdateAsync(db, cancel);
        await services.GetRequiredService<SeedCommands>().ImportNewAsync(cancel);
        await services.GetRequiredService<CalendarQueries>().UseSavedAsync(cancel);
    }

    public static IServiceCollection AddCompany(this IServiceCollection services, ServerOptions options)
    {
        // One set of keys for cookies and for what is sealed in the tables.
        services.AddDataProtection().SetApplicationName("SalesFlow").PersistKeysToFileSystem(new DirectoryInfo(options.InData("keys")));
        services.AddSales(new SalesOptions { Workflows = options.WorkflowsFolder });
        return options.Database is { } postgres ? services.AddPostgres(postgres) : services.AddSqlite(SqliteFile(options));
    }
}
