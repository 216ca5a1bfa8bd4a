using System.Diagnostics;
using Npgsql;
using SalesFlow.Runtime;
using SalesFlow.Storage.Postgres;

namespace SalesFlow.Benchmarks;

/// <summary>Ceilings: what PostgreSQL itself can take of recorded turns, from loops that do nothing else. A deal's turns stay on one connection, in their order.</summary>
internal sealed class RawPostgres(string database, IReadOnlyList<RowBatch> bursts, Func<TimeSpan> cpu)
{
    private readonly PostgresStatements _statements = new();

    /// <summary>So many bursts a transaction, in one round trip: as one statement for each shape of row, or, where it is a single burst, for each row.</summary>
    public async Task<Rate> RunAsync(int connections, int group, TimeSpan time)
    {
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(database) { MaxAutoPrepare = 200, AutoPrepareMinUsages = 2, MaxPoolSize = connections });
        // The instance's row is the first of a burst: its key says whose it is.
        var shares = bursts.GroupBy(burst => Convert.ToInt64(burst.Rows[0].Values[0]) % connections).Select(share => share.ToList()).ToList();
        var (started, used) = (Stopwatch.GetTimestamp(), cpu());
        var done = await Task.WhenAll(shares.Select(share => Task.Run(() => WriteAsync(source, share, group, started, time))));
        return new Rate(done.Sum(share => share.Bursts), Stopwatch.GetElapsedTime(started), cpu() - used, done.Sum(share => share.Commits), double.NaN, double.NaN);
    }

    private async Task<(long Bursts, long Commits)> WriteAsync(NpgsqlDataSource source, List<RowBatch> share, int group, long started, TimeSpan time)
    {
        await using var connection = await source.OpenConnectionAsync();
        var (bursts, commits) = (0L, 0L);
        for (var i = 0; i < share.Count && Stopwatch.GetElapsedTime(started) < time; i += group, commits++)
        {
            var steps = new RowSteps();
            foreach (var burst in share.Skip(i).Take(group))
            {
                steps.Add(burst);
                bursts++;
            }
            await using var transaction = await connection.BeginTransactionAsync();
            await using var batch = new NpgsqlBatch(connection, transaction);
            foreach (var step in steps.Steps)
                batch.BatchCommands.Add(_statements.Command(step));
            await batch.ExecuteNonQueryAsync();
            await transaction.CommitAsync();
        }
        return (bursts, commits);
    }
}
