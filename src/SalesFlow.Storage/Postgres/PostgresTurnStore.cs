using Npgsql;
using NpgsqlTypes;
using SalesFlow.Runtime;

namespace SalesFlow.Storage.Postgres;

/// <summary>
/// Writes turns to PostgreSQL. Guards are locked in key order, then the rows of the whole group go as one statement for each shape of row, all in one
/// round trip. Several groups are on their way at once, each on a connection of its own.
/// </summary>
public sealed class PostgresTurnStore : TurnStore
{
    // More lanes make smaller groups, a single one leaves the server idle while it waits for its disk. Four made groups half as large and nearly halved what two cores got done.
    private const int Lanes = 2;
    private readonly NpgsqlDataSource _source;
    private readonly PostgresStatements _statements = new();

    /// <summary>Commits over connections of its own to that server.</summary>
    public PostgresTurnStore(string connectionString) : base(Lanes) =>
        _source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString) { MaxAutoPrepare = 200, AutoPrepareMinUsages = 2 });

    /// <inheritdoc />
    public override TimeSpan Lease => TimeSpan.FromMinutes(2);

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
        var steps = new RowSteps();
        foreach (var turn in group)
            if (turn.Failed is null)
                steps.Add(turn.Batch);
        if (steps.Steps.Count > 0)
        {
            await using var batch = new NpgsqlBatch(connection, transaction);
            foreach (var step in steps.Steps)
                batch.BatchCommands.Add(_statements.Command(step));
            await batch.ExecuteNonQueryAsync();
        }
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
        // Tables by name and rows by key, so that two servers never wait for each other in a ring.
        var tables = group.SelectMany(turn => turn.Batch.Guards).GroupBy(guard => (guard.Table, guard.KeyColumn, guard.VersionColumn))
            .OrderBy(table => table.Key.Table, StringComparer.Ordinal).ToList();
        if (tables.Count == 0)
            return;
        await using var batch = new NpgsqlBatch(connection, transaction);
        foreach (var table in tables)
            batch.BatchCommands.Add(Lock(table.Key.Table, table.Key.KeyColumn, table.Key.VersionColumn, [.. table.Select(guard => guard.Key).Distinct()]));
        await using var reader = await batch.ExecuteReaderAsync();
        var versions = new Dictionary<(string, long), long>();
        foreach (var table in tables)
        {
            while (await reader.ReadAsync())
                versions[(table.Key.Table, reader.GetInt64(0))] = reader.GetInt64(1);
            await reader.NextResultAsync();
        }
        foreach (var turn in group)
        {
            turn.Failed = turn.Batch.Guards.FirstOrDefault(guard => !versions.TryGetValue((guard.Table, guard.Key), out var version) || version != guard.Expected);
            if (turn.Failed is null)
                // The second turn of a group that guards the same row comes too late by definition.
                foreach (var guard in turn.Batch.Guards)
                    versions.Remove((guard.Table, guard.Key));
        }
    }

    private static NpgsqlBatchCommand Lock(string table, string key, string version, long[] keys)
    {
        var command = new NpgsqlBatchCommand($"SELECT {key}, {version} FROM {table} WHERE {key} = ANY($1) ORDER BY 1 FOR UPDATE");
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = keys, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint });
        return command;
    }
}
