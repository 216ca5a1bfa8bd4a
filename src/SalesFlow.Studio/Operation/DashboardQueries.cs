using Microsoft.EntityFrameworkCore;
using SalesFlow.Engine;
using SalesFlow.Runtime;
using SalesFlow.Studio.Instances;

namespace SalesFlow.Studio.Operation;

/// <summary>Counts and latest instances for a glance at the whole.</summary>
internal sealed class DashboardQueries(IDbContextFactory<WorkflowDb> databases)
{
    /// <summary>What is under way now, and how what ended since <paramref name="from"/> ended.</summary>
    public async Task<InstanceCounts> CountAsync(DateTimeOffset from, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var open = await CountAsync(db.Instances.Where(row => row.Status == (int)WorkflowStatus.Running), cancel);
        var over = await CountAsync(db.Instances.Where(row => row.Status == (int)WorkflowStatus.Finished && row.UpdatedAt >= from), cancel);
        return new InstanceCounts(open.Sum(group => group.Count), Of(over, SubStatus.Finished), Of(over, SubStatus.Faulted), Of(open, SubStatus.Suspended), Of(open, SubStatus.Interrupted), open.Concat(over).Sum(group => group.WithIncidents))
        {
            AverageDuration = await AverageAsync(db, from, cancel),
        };
    }

    /// <summary>The instances that did something last.</summary>
    public async Task<IReadOnlyList<InstanceRow>> LatestAsync(DateTimeOffset from, int most, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await db.Instances.AsNoTracking().Where(row => row.UpdatedAt >= from).OrderByDescending(row => row.UpdatedAt).ThenByDescending(row => row.Id).Take(most).ToListAsync(cancel);
    }

    /// <summary>Times are integers in both databases, which EF Core does not subtract.</summary>
    private static async Task<TimeSpan?> AverageAsync(WorkflowDb db, DateTimeOffset from, CancellationToken cancel)
    {
        var (finished, since) = ((int)SubStatus.Finished, Stored.Micros(from));
        var micros = await db.Database.SqlQuery<double?>($"SELECT CAST(AVG(finished_at - created_at) AS double precision) AS \"Value\" FROM instances WHERE sub_status = {finished} AND finished_at >= {since}").SingleAsync(cancel);
        return micros is { } value ? TimeSpan.FromMicroseconds(value) : null;
    }

    private static async Task<List<Group>> CountAsync(IQueryable<InstanceRow> rows, CancellationToken cancel) =>
        await rows.GroupBy(row => row.SubStatus).Select(group => new Group(group.Key, group.Count(), group.Sum(row => row.Incidents > 0 ? 1 : 0))).ToListAsync(cancel);

    private static int Of(List<Group> groups, SubStatus wanted) => groups.Where(group => group.SubStatus == (int)wanted).Sum(group => group.Count);

    private sealed record Group(int SubStatus, int Count, int WithIncidents);
}

/// <summary>How many instances are how far.</summary>
internal sealed record InstanceCounts(int Running, int Completed, int Faulted, int Suspended, int Interrupted, int IncidentBearing)
{
    /// <summary>How long those that completed took.</summary>
    public TimeSpan? AverageDuration { get; init; }
}
