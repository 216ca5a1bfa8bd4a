using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using SalesFlow.Runtime;
using SalesFlow.Sales;
using SalesFlow.Storage.Sqlite;

namespace SalesFlow.Storage.Tests.Sales;

/// <summary>An empty database with the product's tables, in memory; each test has its own.</summary>
public sealed class SqliteInMemory : IDbContextFactory<SalesFlowDb>, IDbContextFactory<WorkflowDb>, IDisposable
{
    private readonly SqliteConnection connection = new("Data Source=:memory:");

    public SqliteInMemory()
    {
        connection.Open();
        using var db = CreateDbContext();
        db.Database.Migrate();
    }

    public SalesFlowDb CreateDbContext() => new SqliteSalesFlowDb(new DbContextOptionsBuilder<SqliteSalesFlowDb>().UseSqlite(connection).Options);

    WorkflowDb IDbContextFactory<WorkflowDb>.CreateDbContext() => CreateDbContext();

    public void Execute(string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public void Dispose() => connection.Dispose();
}
