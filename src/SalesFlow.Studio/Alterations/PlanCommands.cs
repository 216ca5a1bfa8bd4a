using System.Text.Json;
using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SalesFlow.Runtime;
using SalesFlow.Studio.Instances;
using SalesFlow.Studio.Wire;

namespace SalesFlow.Studio.Alterations;

/// <summary>How far a plan, or one instance of it, has come.</summary>
internal enum PlanStatus { Pending, Running, Completed, Failed }

/// <summary>Runs plans one after the other. Each instance of a plan is taken once, whichever server takes it; a plan outlives a restart.</summary>
internal sealed class PlanCommands(IDbContextFactory<WorkflowDb> databases, WorkflowRuntime runtime, InstanceQueries instances, AlterationCommands alterations, TimeProvider clock, ILogger<PlanCommands> log) : BackgroundService
{
    private readonly Channel<long> _submitted = Channel.CreateUnbounded<long>();

    /// <summary>Ids of the instances that the filter meets now.</summary>
    public async Task<IReadOnlyList<InstanceId>> FindAsync(PlanFilter filter, CancellationToken cancel)
    {
        if (filter.IsEmpty && !filter.EmptyFilterSelectsAll)
            return [];
        var ids = await instances.IdsAsync(filter.Rows(), cancel);
        if (filter.ActivityFilters is not { Count: > 0 } wanted)
            return ids;
        var met = new List<InstanceId>();
        foreach (var id in ids)
            if (await instances.FindAsync(id, cancel) is { } instance && wanted.Any(activity => activity.Accepts(instance)))
                met.Add(id);
        return met;
    }

    /// <summary>Writes the plan and its instances down and answers its id; it is run afterwards.</summary>
    public async Task<long> SubmitAsync(JsonElement steps, PlanFilter filter, CancellationToken cancel)
    {
        AlterationStep.Read(steps);
        var (id, now) = (await runtime.NextIdAsync(cancel), clock.GetUtcNow());
        await using var db = await databases.CreateDbContextAsync(cancel);
        db.Add(new AlterationPlanRow(id, steps.GetRawText(), JsonSerializer.Serialize(filter, ElsaJson.Options), now, null, null));
        db.AddRange((await FindAsync(filter, cancel)).Select(instance => new AlterationJobRow(id, instance.Value, (int)PlanStatus.Pending, null, now, null, null)));
        await db.SaveChangesAsync(cancel);
        _submitted.Writer.TryWrite(id);
        return id;
    }

    /// <summary>A plan with its instances, or null.</summary>
    public async Task<(AlterationPlanRow Plan, IReadOnlyList<AlterationJobRow> Jobs)?> FindAsync(long id, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await db.AlterationPlans.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, cancel) is { } plan
            ? (plan, await db.AlterationJobs.AsNoTracking().Where(row => row.PlanId == id).OrderBy(row => row.InstanceId).ToListAsync(cancel)) : null;
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await using (var db = await databases.CreateDbContextAsync(stoppingToken))
                foreach (var id in await db.AlterationPlans.Where(row => row.CompletedAt == null).OrderBy(row => row.Id).Select(row => row.Id).ToListAsync(stoppingToken))
                    _submitted.Writer.TryWrite(id);
            await foreach (var id in _submitted.Reader.ReadAllAsync(stoppingToken))
                await RunAsync(id, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // What is left is taken up by the next start.
        }
    }

    private async Task RunAsync(long id, CancellationToken cancel)
    {
        try
        {
            await using var db = await databases.CreateDbContextAsync(cancel);
            var plan = await db.AlterationPlans.AsNoTracking().SingleAsync(row => row.Id == id, cancel);
            var now = clock.GetUtcNow();
            await db.AlterationPlans.Where(row => row.Id == id && row.StartedAt == null).ExecuteUpdateAsync(set => set.SetProperty(row => row.StartedAt, now), cancel);
            var steps = AlterationStep.Read(JsonDocument.Parse(plan.Alterations).RootElement);
            foreach (var instance in await db.AlterationJobs.Where(row => row.PlanId == id && row.Status == (int)PlanStatus.Pending).Select(row => row.InstanceId).ToListAsync(cancel))
                await RunAsync(db, id, new InstanceId(instance), steps, cancel);
            if (!await db.AlterationJobs.AnyAsync(row => row.PlanId == id && row.Status == (int)PlanStatus.Pending, cancel))
            {
                var done = clock.GetUtcNow();
                await db.AlterationPlans.Where(row => row.Id == id).ExecuteUpdateAsync(set => set.SetProperty(row => row.CompletedAt, done), cancel);
            }
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            log.LogError(failure, "Alteration plan {Plan} stopped; it goes on when the server is started again.", id);
        }
    }

    /// <summary>Taken before it is done: what a crash leaves taken is not done twice.</summary>
    private async Task RunAsync(WorkflowDb db, long plan, InstanceId instance, IReadOnlyList<AlterationStep> steps, CancellationToken cancel)
    {
        var started = clock.GetUtcNow();
        var job = db.AlterationJobs.Where(row => row.PlanId == plan && row.InstanceId == instance.Value);
        if (await job.Where(row => row.Status == (int)PlanStatus.Pending).ExecuteUpdateAsync(set => set.SetProperty(row => row.Status, (int)PlanStatus.Running).SetProperty(row => row.StartedAt, started), cancel) == 0)
            return;
        var result = await alterations.RunAsync(instance, steps, cancel);
        var (ended, text, status) = (clock.GetUtcNow(), JsonSerializer.Serialize(result.Log.LogEntries, ElsaJson.Options), (int)(result.IsSuccessful ? PlanStatus.Completed : PlanStatus.Failed));
        await job.ExecuteUpdateAsync(set => set.SetProperty(row => row.Status, status).SetProperty(row => row.Log, text).SetProperty(row => row.CompletedAt, ended), cancel);
    }
}
