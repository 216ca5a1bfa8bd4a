using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using SalesFlow.Storage.Postgres;
using SalesFlow.Storage.Sqlite;

namespace SalesFlow.Storage;

/// <summary>Shows dotnet-ef the SQLite model when migrations are written; no database is opened.</summary>
internal sealed class SqliteDesign : IDesignTimeDbContextFactory<SqliteSalesFlowDb>
{
    public SqliteSalesFlowDb CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<SqliteSalesFlowDb>().UseSqlite("Data Source=design.db").Options);
}

/// <summary>Shows dotnet-ef the PostgreSQL model when migrations are written; no server is asked.</summary>
internal sealed class PostgresDesign : IDesignTimeDbContextFactory<PostgresSalesFlowDb>
{
    public PostgresSalesFlowDb CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<PostgresSalesFlowDb>().UseNpgsql("Host=design").Options);
}
