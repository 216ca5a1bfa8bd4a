using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using SalesFlow.Engine;
using SalesFlow.Runtime;
using SalesFlow.Sales.Deals;
using SalesFlow.Sales.People;

namespace SalesFlow.Sales.Assignments;

/// <summary>Looks at who is there and how much everybody carries, picks an owner, and stores why.</summary>
public sealed class PickOwnerHandler(IDbContextFactory<SalesFlowDb> databases, SalesFactsQueries facts, UserQueries users, TimeProvider clock) : EffectHandler, IDisposable
{
    // Whom each step chose last, also before that choice is written: two deals that come at once go to two people.
    private readonly ConcurrentDictionary<string, UserId> _last = new();
    private readonly SemaphoreSlim _alone = new(1, 1);

    /// <inheritdoc />
    public override Type EffectType => typeof(PickOwner);

    /// <inheritdoc />
    public override async Task<EffectAnswer> PerformAsync(InstanceId instance, EffectRequest request, CancellationToken cancel)
    {
        var wanted = (PickOwner)request.Effect;
        var known = await facts.FindAsync(new DealId(instance.Value), cancel) ?? throw new InvalidOperationException($"Instance {instance} has no deal to assign.");
        await _alone.WaitAsync(cancel);
        try
        {
            return await PickAsync(wanted, known.Deal, cancel);
        }
        finally
        {
            _alone.Release();
        }
    }

    /// <inheritdoc />
    public void Dispose() => _alone.Dispose();

    private async Task<EffectAnswer> PickAsync(PickOwner wanted, Deal deal, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var now = clock.GetUtcNow();
        var people = await users.ByIdAsync(cancel);
        var open = await db.Deals.Where(d => d.WonAt == null && d.LostAt == null && d.Owner != null && d.Id != deal.Id).GroupBy(d => d.Owner).Select(group => new { group.Key, Count = group.Count() })
            .ToDictionaryAsync(row => row.Key!.Value, row => row.Count, cancel);
        var candidates = people.Where(person => person.Value.Active && person.Value.Roles.Contains(wanted.Role) && (string.IsNullOrWhiteSpace(wanted.Team) || person.Value.Team == wanted.Team))
            .Select(person => new Candidate(person.Key, person.Value.DisplayName, person.Value.AwayAt(now) is null, Skills.Fit(deal, wanted.MatchFields, person.Value.Skills), open.GetValueOrDefault(person.Key), person.Value.Capacity));
        var decision = AssignmentDecision.Of(wanted.Strategy, candidates, await LastAsync(db, wanted.Step, cancel));
        if (decision.Chosen is { } chosen)
            _last[wanted.Step] = chosen;
        ImmutableArray<Change> changes = [new OwnerAssigned(deal.Id, now, wanted.Step, decision.Chosen, decision.Why, decision.Candidates)];
        return new(new Dictionary<string, object?> { ["outcome"] = decision.Chosen is null ? AssignActivity.Nobody : Outcomes.Done }, changes, []);
    }

    private async Task<UserId?> LastAsync(SalesFlowDb db, string step, CancellationToken cancel) => _last.TryGetValue(step, out var last) ? last
        : await db.Assignments.Where(a => a.Step == step && a.Chosen != null).OrderByDescending(a => a.Id).Select(a => a.Chosen).FirstOrDefaultAsync(cancel);
}
