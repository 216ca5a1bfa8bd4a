using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Migrations.Operations;

namespace SalesFlow.Storage.Sqlite;

/// <summary>
/// Creates the tables that turns write in the shape that costs SQLite least: those with a compound key are kept in its order (WITHOUT ROWID), so that a row is
/// written once and not a second time into an index; ids of the timeline are not reserved for ever, since its rows are never deleted.
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
        if (operation.Name == "timeline")
            foreach (var column in operation.Columns)
                column.RemoveAnnotation("Sqlite:Autoincrement");
        base.Generate(operation, model, builder, terminate: false);
        if (_inKeyOrder.Contains(operation.Name))
            builder.Append(" WITHOUT ROWID");
        if (!terminate)
            return;
        builder.AppendLine(Dependencies.SqlGenerationHelper.StatementTerminator);
        EndStatement(builder);
    }
}
