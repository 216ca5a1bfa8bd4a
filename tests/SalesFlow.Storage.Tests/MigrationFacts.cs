using System.Reflection;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using SalesFlow.Runtime;
using SalesFlow.Sales;
using SalesFlow.Storage.Postgres;

namespace SalesFlow.Storage.Tests;

/// <summary>What the migrations of both databases must come to; written once.</summary>
public abstract class MigrationFacts
{
    protected abstract Task<Action<IServiceCollection>> DatabaseAsync();

    [Fact]
    public async Task The_migrations_make_the_model_and_may_run_again()
    {
        await using var company = await OpenAsync();

        await Schema.UpdateAsync(company.Db, default);
        await company.Db.Database.MigrateAsync();
        await Schema.UpdateAsync(company.Db, default);

        Assert.False(company.Db.Database.HasPendingModelChanges(), "The model has changed since the migrations were written: run src/SalesFlow.Storage/add-migration.sh.");
        Assert.Equal(company.Db.Database.GetMigrations(), await company.Db.Database.GetAppliedMigrationsAsync());
    }

    [Fact]
    public async Task Every_hand_written_statement_fits_the_migrated_tables()
    {
        await using var company = await OpenAsync();
        await Schema.UpdateAsync(company.Db, default);
        var connection = company.Db.Database.GetDbConnection();
        await connection.OpenAsync();

        Assert.NotEmpty(Shapes);
        foreach (var shape in Shapes)
        {
            // EXPLAIN resolves tables, columns, types and conflict keys, and does nothing.
            await using var command = connection.CreateCommand();
            var types = shape.Keys.Concat(shape.Values).Select(column => column.Type).ToArray();
            command.CommandText = "EXPLAIN " + shape.Sql(i => TypedNull(types[i]));
            var problem = await Record.ExceptionAsync(command.ExecuteNonQueryAsync);
            Assert.True(problem is null, $"{shape.Operation} of '{shape.Table}': {problem?.Message}");
        }
    }

    [Fact]
    public async Task Every_new_row_has_all_the_columns_that_must_be_filled()
    {
        await using var company = await OpenAsync();
        var tables = company.Db.Model.GetEntityTypes().GroupBy(entity => entity.GetTableName()!).ToDictionary(table => table.Key);

        var missing = from shape in Shapes
                      where shape.Operation is RowOperation.Insert or RowOperation.Upsert
                      from property in tables[shape.Table].SelectMany(entity => entity.GetProperties())
                      where !property.IsNullable && property.ValueGenerated == ValueGenerated.Never && property.GetDefaultValueSql() is null && property.GetDefaultValue() is null
                      where !shape.Keys.Concat(shape.Values).Any(column => column.Name == property.GetColumnName())
                      select $"{shape.Table}.{property.GetColumnName()}";

        Assert.Empty(missing);
    }

    protected abstract string TypedNull(ColumnType type);

    /// <summary>Every statement of the runtime and of the product: they are static fields by the rule of <see cref="RowShape"/>.</summary>
    protected static IReadOnlyList<RowShape> Shapes { get; } = [..
        from assembly in new[] { typeof(WorkflowDb).Assembly, typeof(SalesFlowDb).Assembly }
        from type in assembly.GetTypes()
        where !type.ContainsGenericParameters
        from field in type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
        where field.FieldType == typeof(RowShape)
        select (RowShape)field.GetValue(null)!];

    protected async Task<Company> OpenAsync()
    {
        var services = new ServiceCollection();
        (await DatabaseAsync())(services);
        return new Company(services.BuildServiceProvider());
    }

    protected sealed class Company(ServiceProvider services) : IAsyncDisposable
    {
        public SalesFlowDb Db { get; } = services.GetRequiredService<IDbContextFactory<SalesFlowDb>>().CreateDbContext();

        public async ValueTask DisposeAsync()
        {
            await Db.DisposeAsync();
            await services.DisposeAsync();
        }
    }
}

public sealed class MigrationsOnSqlite : MigrationFacts, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("salesflow-migrations-").FullName;

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_server_that_was_killed_while_it_migrated_does_not_keep_the_next_one_out()
    {
        await using var company = await OpenAsync();
        await company.Db.Database.ExecuteSqlRawAsync("CREATE TABLE \"__EFMigrationsLock\" (\"Id\" INTEGER PRIMARY KEY, \"Timestamp\" TEXT NOT NULL); INSERT INTO \"__EFMigrationsLock\" VALUES (1, '2026-11-24 09:00:00+00:00')");

        await Schema.UpdateAsync(company.Db, default).WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(0, await company.Db.Deals.CountAsync());
    }

    [Theory]
    [InlineData("bookmarks")]
    [InlineData("incidents")]
    [InlineData("outbox")]
    [InlineData("visits")]
    public async Task Tables_with_a_compound_key_that_turns_write_are_kept_in_its_order(string table)
    {
        await using var company = await OpenAsync();
        await Schema.UpdateAsync(company.Db, default);

        var created = await company.Db.Database.SqlQuery<string>($"SELECT sql AS Value FROM sqlite_master WHERE type = 'table' AND name = {table}").SingleAsync();

        Assert.EndsWith("WITHOUT ROWID", created, StringComparison.Ordinal);
    }

    protected override Task<Action<IServiceCollection>> DatabaseAsync() =>
        Task.FromResult<Action<IServiceCollection>>(services => services.AddSqlite(Path.Combine(_folder, "test.db")));

    protected override string TypedNull(ColumnType type) => "NULL";
}

public sealed class MigrationsOnPostgres : MigrationFacts
{
    [Fact]
    public async Task Two_servers_that_start_at_once_migrate_once()
    {
        var connection = await PostgresServer.NewDatabaseAsync();
        await using var services = new ServiceCollection().AddPostgres(connection).BuildServiceProvider();
        var databases = services.GetRequiredService<IDbContextFactory<SalesFlowDb>>();
        await using var one = databases.CreateDbContext();
        await using var other = databases.CreateDbContext();

        await Task.WhenAll(Schema.UpdateAsync(one, default), Schema.UpdateAsync(other, default));

        Assert.Equal(one.Database.GetMigrations(), await one.Database.GetAppliedMigrationsAsync());
    }

    [Fact]
    public async Task Every_statement_over_many_rows_fits_the_migrated_tables()
    {
        await using var company = await OpenAsync();
        await Schema.UpdateAsync(company.Db, default);
        var connection = (NpgsqlConnection)company.Db.Database.GetDbConnection();
        await connection.OpenAsync();
        var statements = new PostgresStatements();

        foreach (var shape in Shapes)
        {
            object?[] nothing = new object?[shape.Keys.Length + shape.Values.Length];
            var written = statements.Command(new RowSteps.Step(shape, [nothing, nothing]));
            await using var command = new NpgsqlCommand("EXPLAIN " + written.CommandText, connection);
            var parameters = written.Parameters.ToList();
            written.Parameters.Clear();
            command.Parameters.AddRange(parameters.ToArray());
            var problem = await Record.ExceptionAsync(command.ExecuteNonQueryAsync);
            Assert.True(problem is null, $"{shape.Operation} of '{shape.Table}': {problem?.Message}");
        }
    }

    protected override async Task<Action<IServiceCollection>> DatabaseAsync()
    {
        var connection = await PostgresServer.NewDatabaseAsync();
        return services => services.AddPostgres(connection);
    }

    protected override string TypedNull(ColumnType type) => type switch
    {
        ColumnType.Number => "NULL::bigint",
        ColumnType.Count => "NULL::integer",
        ColumnType.Flag => "NULL::boolean",
        ColumnType.Words => "NULL::text",
        _ => "NULL::bytea",
    };
}
