using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Migrations.Operations;

namespace SalesFlow.Storage.Sqlite;

/// <summary>
/// Creates the tables that turns write in the shape that costs SQLite least: those with a compound key are kept in its order (WITHOUT ROWID), so that a row is
/// written once and not a second time into an index. Tasks are long, stay, and are opened all over the order of their keys: they are kept as they come, with an index,
/// because a row that is put between others splits their pages.
/// </summary>
#pragma warning disable EF1001 // The generator's arguments are the provider's own; a new version of it is built and tested before it is shipped.
internal sealed class KeyOrderSql(MigrationsSqlGeneratorDependencies dependencies, IRelationalAnnotationProvider annotations) : SqliteMigrationsSqlGenerator(dependencies, annotations)
#pragma warning restore EF1001
{
    // Rows that are short or soon gone: long ones that stay would spread the key too thinly over the tree's inner pages.
    private static readonly HashSet<string> _inKeyOrder = ["bookmarks", "incidents", "outbox", "user_roles", "visits"];

    /// <inheritdoc />
    protected override void Generate(CreateTableOperation operation, IModel? model, MigrationCommandListBuilder builder, bool terminate = true)
    {
        // A key that is declared as INTEGER would be the row's place itself.
        if (operation.Name == "tasks")
            operation.Columns.Single(column => column.Name == "id").ColumnType = "BIGINT";
        base.Generate(operation, model, builder, terminate: false);
        if (_inKeyOrder.Contains(operation.Name))
            builder.Append(" WITHOUT ROWID");
        if (!terminate)
            return;
        builder.AppendLine(Dependencies.SqlGenerationHelper.StatementTerminator);
        EndStatement(builder);
    }
}
