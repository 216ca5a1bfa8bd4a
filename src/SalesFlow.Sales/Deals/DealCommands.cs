using System.Collections.Immutable;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using SalesFlow.Engine;
using SalesFlow.Engine.Definitions;
using SalesFlow.Runtime;
using SalesFlow.Sales.Activities;
using SalesFlow.Sales.Mentions;
using SalesFlow.Sales.People;
using SalesFlow.Sales.Pipelines;

namespace SalesFlow.Sales.Deals;

/// <summary>Everything people and machines may do to a deal. Each call is one turn of the deal's instance.</summary>
public sealed class DealCommands(DealTurnCommands turns, WorkflowRuntime runtime, TurnStore store, SalesFactsQueries facts, PipelineQueries pipelines,
    DealQueries queries, UserQueries users, IDbContextFactory<SalesFlowDb> databases, TimeProvider clock)
{
    /// <summary>Creates the deal and starts its process; the first tasks exist when it answers.</summary>
    public async Task<DealView> CreateAsync(NewDeal deal, Actor actor, CancellationToken cancel)
    {
        DealInput.Check(deal);
        var definition = await pipelines.DefinitionAsync(deal.Pipeline, cancel);
        var owner = await OwnerAsync(deal.Owner, actor, cancel);
        var id = new DealId((await runtime.NextIdAsync(cancel)));
        var client = await ClientAsync(deal.Client, cancel);
        var number = await store.ReserveAsync("deals", 1, cancel);
        var created = new DealCreated(id, clock.GetUtcNow(), actor.Id, string.Create(CultureInfo.InvariantCulture, $"D-{number}"), deal.Title.Trim(), definition.DefinitionId, definition.DefinitionId,
            client, deal.Amount, deal.Currency, deal.Channel, owner, DealInput.Plain(deal.Fields));
        var trigger = definition.Root.Children.First(node => node.Activity is DealStarted).Id;
        ImmutableArray<Change> changes = DealTurnCommands.Done(actor, $"/api/deals/{id}", created.At) is { } done ? [created, done] : [created];
        await runtime.StartAsync(definition.DefinitionId, new Stimulus.Start(TriggerActivityId: trigger, CorrelationId: id.ToString(), Name: created.Number), await facts.BlankAsync(cancel), changes,
            new InstanceId(id.Value), cancel);
        return await queries.ReadAsync(id, actor.Language, cancel);
    }

    /// <summary>Changes what the patch names; <paramref name="expectedVersion"/> is what If-Match said.</summary>
    public async Task<DealView> ChangeAsync(DealId id, DealPatch patch, long? expectedVersion, Actor actor, CancellationToken cancel)
    {
        DealInput.Check(patch);
        var people = await users.ByIdAsync(cancel);
        await turns.RunAsync(id, actor, $"/api/deals/{id}", moment => new(new Stimulus.None(), DealInput.Changes(patch, expectedVersion, moment, actor, people)), cancel);
        return await queries.ReadAsync(id, actor.Language, cancel);
    }

    /// <summary>Moves the deal to a stage, or refuses with every obstacle. Breaking the glass needs the right to and a reason.</summary>
    public Task<DealView> MoveAsync(DealId id, string stage, string? reason, bool breakGlass, Actor actor, CancellationToken cancel) => MoveAsync(id, new DealMove(stage, reason, breakGlass), actor, cancel);

    /// <summary>The same; of two who move the deal out of one stage one does it, and the other hears who did and when.</summary>
    public async Task<DealView> MoveAsync(DealId id, DealMove move, Actor actor, CancellationToken cancel)
    {
        DealInput.CheckReason(move.Reason);
        var people = await users.ByIdAsync(cancel);
        try
        {
            await turns.RunAsync(id, actor, $"/api/deals/{id}", moment =>
            {
                DealAccess.DemandChange(moment.Facts.Deal, actor);
                Moves.DemandStillIn(moment.Facts.Deal, move.From, actor.Language);
                var decided = Moves.Decide(moment.State, new(moment.Facts, moment.Pipeline, moment.Now, actor, people), move.Stage, move.Reason, move.BreakGlass);
                DealTurnCommands.DemandRunning(moment, actor.Language);
                return new(decided.Stimulus, decided.Changes);
            }, cancel);
        }
        catch (RefusedException refused) when (refused.Obstacles is [{ Code: Moves.MovedMeanwhile or Moves.SameStage or Moves.ClosedDeal }])
        {
            throw await queries.WhoWasFirstAsync(id, refused, actor, cancel);
        }
        return await queries.ReadAsync(id, actor.Language, cancel);
    }

    /// <summary>Closes the deal as won or, with a reason, as lost.</summary>
    public async Task<DealView> CloseAsync(DealId id, bool won, string? reason, Actor actor, CancellationToken cancel)
    {
        DealInput.CheckReason(reason);
        var people = await users.ByIdAsync(cancel);
        await turns.RunAsync(id, actor, $"/api/deals/{id}", moment =>
        {
            DealAccess.DemandChange(moment.Facts.Deal, actor);
            return new(new Stimulus.Cancel(), [Moves.Close(new(moment.Facts, moment.Pipeline, moment.Now, actor, people), won, reason)]);
        }, cancel);
        return await queries.ReadAsync(id, actor.Language, cancel);
    }

    /// <summary>Adds a note to the timeline; who is named in it (@name) finds it among their mentions.</summary>
    public async Task<DealView> CommentAsync(DealId id, string text, Actor actor, CancellationToken cancel)
    {
        DealInput.CheckComment(text);
        var mentions = MentionedPeople.Of(text, await users.ByIdAsync(cancel));
        await turns.RunAsync(id, actor, $"/api/deals/{id}/timeline", moment => DealAccess.MaySee(moment.Facts.Deal, actor)
            ? new(new Stimulus.None(), [new Commented(id, moment.Now, actor.Id, text.Trim()) { Mentions = mentions }]) : throw DealAccess.NotFound(id), cancel);
        return await queries.ReadAsync(id, actor.Language, cancel);
    }

    private async Task<UserId?> OwnerAsync(string? name, Actor actor, CancellationToken cancel)
    {
        if (string.IsNullOrWhiteSpace(name))
            return actor.Is(Roles.Rep) ? actor.Id : null;
        return DealInput.Owner(name, actor, await users.ByIdAsync(cancel));
    }

    private async Task<ClientData> ClientAsync(NewClient given, CancellationToken cancel)
    {
        var name = given.Name.Trim();
        await using var db = await databases.CreateDbContextAsync(cancel);
        var known = await db.Clients.AsNoTracking().Where(c => c.Name == name && (given.Inn == null || c.Inn == null || c.Inn == given.Inn)).OrderBy(c => c.Id).FirstOrDefaultAsync(cancel);
        return known is null
            ? new(new ClientId(await runtime.NextIdAsync(cancel)), name, given.Inn, given.Contact, given.Email, given.Phone)
            : new(known.Id, known.Name, given.Inn ?? known.Inn, given.Contact ?? known.Contact, given.Email ?? known.Email, given.Phone ?? known.Phone);
    }
}
