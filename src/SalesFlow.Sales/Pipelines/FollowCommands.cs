using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using SalesFlow.Engine;
using SalesFlow.Engine.Definitions;
using SalesFlow.Runtime;
using SalesFlow.Sales.Deals;
using SalesFlow.Sales.People;

namespace SalesFlow.Sales.Pipelines;

/// <summary>Lets running deals go on with another version of their process. Each is one turn; what a crash leaves over is done by asking again.</summary>
public sealed class FollowCommands(IDbContextFactory<SalesFlowDb> databases, WorkflowRuntime runtime, DefinitionStore definitions, TimeProvider clock)
{
    private const int AtOnce = 200, MostListed = 100;

    /// <summary>Which running deals have their place in that version; nothing is changed.</summary>
    public async Task<AffectedDeals> AffectedAsync(WorkflowDefinition to, string language, CancellationToken cancel)
    {
        var (deals, stay) = (0, ImmutableArray.CreateBuilder<StayingDeal>());
        var staying = 0;
        for (var last = new DealId(0); ;)
        {
            await using var db = await databases.CreateDbContextAsync(cancel);
            var rows = await (from deal in Open(db, to.DefinitionId)
                              where deal.Id > last
                              orderby deal.Id
                              select deal).Take(AtOnce).ToListAsync(cancel);
            if (rows.Count == 0)
                return new(deals, deals - staying, stay.ToImmutable());
            var ids = rows.Select(deal => deal.Id.Value).ToList();
            var states = await db.States.AsNoTracking().Where(row => ids.Contains(row.InstanceId)).ToDictionaryAsync(row => row.InstanceId, row => row.State, cancel);
            foreach (var deal in rows)
            {
                deals++;
                if (Following.Obstacle(InstanceState.FromBytes(states[deal.Id.Value]), await definitions.VersionAsync(deal.DefinitionVersionId, cancel), to) is not { } why)
                    continue;
                if (++staying <= MostListed)
                    stay.Add(new(deal.Id.ToString(), deal.Number, deal.Title, deal.StageName?.In(language), why.In(language)));
            }
            last = rows[^1].Id;
        }
    }

    /// <summary>Lets every running deal that has its place there go on with that version; answers how many did.</summary>
    public async Task<int> FollowAsync(WorkflowDefinition to, UserId? by, CancellationToken cancel)
    {
        var followed = 0;
        for (var last = new DealId(0); ;)
        {
            List<(DealId Id, string Version)> rows;
            await using (var db = await databases.CreateDbContextAsync(cancel))
                rows = [.. (await Open(db, to.DefinitionId).Where(deal => deal.Id > last && deal.DefinitionVersionId != to.VersionId).OrderBy(deal => deal.Id)
                    .Select(deal => new { deal.Id, deal.DefinitionVersionId }).Take(AtOnce).ToListAsync(cancel)).Select(deal => (deal.Id, deal.DefinitionVersionId))];
            if (rows.Count == 0)
                return followed;
            await Parallel.ForEachAsync(rows, new ParallelOptions { MaxDegreeOfParallelism = 32, CancellationToken = cancel }, async (row, stop) =>
            {
                await definitions.VersionAsync(row.Version, stop);
                if ((await runtime.RunAsync(new InstanceId(row.Id.Value), (state, facts) => Decide(state, facts, to, by), stop)).Turn.State.DefinitionVersionId == to.VersionId)
                    Interlocked.Increment(ref followed);
            });
            last = rows[^1].Id;
        }
    }

    private TurnRequest Decide(InstanceState state, Facts facts, WorkflowDefinition to, UserId? by) =>
        facts is DealFacts deal && Following.Decide(state, deal, definitions.Known(state.DefinitionVersionId), to, by, clock.GetUtcNow()) is { } request
            ? request : new TurnRequest(new Stimulus.None(), []);

    private static IQueryable<Deal> Open(SalesFlowDb db, string definitionId) => db.Deals.AsNoTracking().Where(deal => deal.PipelineKey == definitionId && deal.WonAt == null && deal.LostAt == null);
}
