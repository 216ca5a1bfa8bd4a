using Npgsql;
using NpgsqlTypes;
using SalesFlow.Runtime;

namespace SalesFlow.Storage.Postgres;

/// <summary>Writes turns to PostgreSQL: guards are locked in key order, then all rows of the group go in one batch, one round trip.</summary>
public sealed class PostgresTurnStore(string connectionString) : TurnStore
{
    private readonly NpgsqlDataSource _source = NpgsqlDataSource.Create(connectionString);
    private readonly Dictionary<RowShape, string> _sql = [];

    /// <inheritdoc />
    public override async Task<long> ReserveAsync(string sequence, int count, CancellationToken cancel)
    {
        await using var command = _source.CreateCommand("INSERT INTO id_blocks (name, next) VALUES ($1, 1 + $2) ON CONFLICT (name) DO UPDATE SET next = id_blocks.next + $2 RETURNING next - $2");
        command.Parameters.AddWithValue(sequence);
        command.Parameters.AddWithValue((long)count);
        return (long)(await command.ExecuteScalarAsync(cancel))!;
    }

    /// <inheritdoc />
    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _source.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc />
    protected override async Task WriteAsync(IReadOnlyList<PendingTurn> group)
    {
        await using var connection = await _source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await CheckAsync(group, connection, transaction);
        await using var batch = new NpgsqlBatch(connection, transaction);
        foreach (var turn in group)
            if (turn.Failed is null)
                foreach (var (shape, values) in turn.Batch.Rows)
                    batch.BatchCommands.Add(Command(shape, values));
        if (batch.BatchCommands.Count > 0)
            await batch.ExecuteNonQueryAsync();
        try
        {
            await transaction.CommitAsync();
        }
        catch (Exception failure)
        {
            throw new CommitUncertainException(failure);
        }
    }

    private static async Task CheckAsync(IReadOnlyList<PendingTurn> group, NpgsqlConnection connection, NpgsqlTransaction transaction)
    {
        var guards = group.SelectMany(turn => turn.Batch.Guards.Select(guard => (Turn: turn, Guard: guard)))
            .GroupBy(pair => (pair.Guard.Table, pair.Guard.KeyColumn, pair.Guard.VersionColumn)).OrderBy(table => table.Key.Table, StringComparer.Ordinal);
        foreach (var table in guards)
        {
            // Locked in key order, so that two servers never wait for each other in a ring.
            await using var command = new NpgsqlCommand($"SELECT {table.Key.KeyColumn}, {table.Key.VersionColumn} FROM {table.Key.Table} WHERE {table.Key.KeyColumn} = ANY($1) ORDER BY 1 FOR UPDATE", connection, transaction);
            command.Parameters.AddWithValue(table.Select(pair => pair.Guard.Key).Distinct().ToArray());
            var versions = new Dictionary<long, long>();
            await using (var reader = await command.ExecuteReaderAsync())
                while (await reader.ReadAsync())
                    versions[reader.GetInt64(0)] = reader.GetInt64(1);
            var taken = new HashSet<long>();
            foreach (var (turn, guard) in table)
                // The second turn of a group that guards the same row comes too late by definition.
                if (!versions.TryGetValue(guard.Key, out var version) || version != guard.Expected || !taken.Add(guard.Key))
                    turn.Failed ??= guard;
        }
    }

    private NpgsqlBatchCommand Command(RowShape shape, object?[] values)
    {
        if (!_sql.TryGetValue(shape, out var sql))
            _sql[shape] = sql = shape.Sql(i => $"${i + 1}");
        var command = new NpgsqlBatchCommand(sql);
        var columns = shape.Keys.Concat(shape.Values);
        foreach (var ((_, type), value) in columns.Zip(values))
            command.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value, NpgsqlDbType = TypeOf(type) });
        return command;
    }

    private static NpgsqlDbType TypeOf(ColumnType type) => type switch
    {
        ColumnType.Number => NpgsqlDbType.Bigint,
        ColumnType.Count => NpgsqlDbType.Integer,
        ColumnType.Flag => NpgsqlDbType.Boolean,
        ColumnType.Words => NpgsqlDbType.Text,
        _ => NpgsqlDbType.Bytea,
    };
}
