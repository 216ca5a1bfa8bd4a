using System.Data.Common;
using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.DependencyInjection;
using SalesFlow.Runtime;
using SalesFlow.Sales;
using SalesFlow.Storage.Postgres;
using SalesFlow.Storage.Sqlite;
using SQLitePCL;

namespace SalesFlow.Storage;

/// <summary>Adds one of the two databases to a host.</summary>
public static class Registration
{
    /// <summary>SQLite in a file.</summary>
    public static IServiceCollection AddSqlite(this IServiceCollection services, string file)
    {
        var connection = new SqliteConnectionStringBuilder { DataSource = file, DefaultTimeout = 30 }.ToString();
        return services.AddPooledDbContextFactory<SqliteSalesFlowDb>(options => options.UseSqlite(connection).AddInterceptors(new DurableConnections()).ReplaceService<IMigrationsSqlGenerator, KeyOrderSql>())
            .AddSingleton<TurnStore>(_ => new SqliteTurnStore(file)).AddCommon<SqliteSalesFlowDb>();
    }

    /// <summary>A PostgreSQL server.</summary>
    public static IServiceCollection AddPostgres(this IServiceCollection services, string connection) =>
        services.AddPooledDbContextFactory<PostgresSalesFlowDb>(options => options.UseNpgsql(connection))
            .AddSingleton<TurnStore>(_ => new PostgresTurnStore(connection)).AddCommon<PostgresSalesFlowDb>();

    private static IServiceCollection AddCommon<TDb>(this IServiceCollection services) where TDb : SalesFlowDb => services
        .AddSingleton<Databases<TDb>>()
        .AddSingleton<IDbContextFactory<SalesFlowDb>>(provider => provider.GetRequiredService<Databases<TDb>>())
        .AddSingleton<IDbContextFactory<WorkflowDb>>(provider => provider.GetRequiredService<Databases<TDb>>())
        .AddScoped(provider => provider.GetRequiredService<IDbContextFactory<SalesFlowDb>>().CreateDbContext());

    /// <summary>The chosen database under the name that the product knows.</summary>
    private sealed class Databases<TDb>(IDbContextFactory<TDb> databases) : IDbContextFactory<SalesFlowDb>, IDbContextFactory<WorkflowDb>
        where TDb : SalesFlowDb
    {
        public SalesFlowDb CreateDbContext() => databases.CreateDbContext();

        WorkflowDb IDbContextFactory<WorkflowDb>.CreateDbContext() => databases.CreateDbContext();
    }

    /// <summary>An acknowledged commit survives power loss, and readers do not wait for writers.</summary>
    private sealed class DurableConnections : DbConnectionInterceptor
    {
        // The turns' checkpoints keep the log short. Here a checkpoint, which would hold up whoever happens to commit, is only a last resort.
        private const string Settings = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=30000; PRAGMA wal_autocheckpoint=131072;";

        // The pool gives the same handles again and again, and they remember.
        private readonly ConditionalWeakTable<sqlite3, object> _known = [];

        public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
        {
            if (!_known.TryAdd(((SqliteConnection)connection).Handle!, this))
                return;
            using var command = connection.CreateCommand();
            command.CommandText = Settings;
            command.ExecuteNonQuery();
        }

        public override Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
        {
            ConnectionOpened(connection, eventData);
            return Task.CompletedTask;
        }
    }
}
