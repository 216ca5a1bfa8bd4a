using System.Collections.Immutable;
using SalesFlow.Engine;
using SalesFlow.Engine.Definitions;
using SalesFlow.Runtime;
using SalesFlow.Sales.Approvals;
using SalesFlow.Sales.People;
using SalesFlow.Sales.Pipelines;
using SalesFlow.Sales.Requests;

namespace SalesFlow.Sales.Deals;

/// <summary>What a command may look at when it decides: the deal's instance and facts, its pipeline, and the time.</summary>
internal sealed record DealMoment(InstanceState State, DealFacts Facts, Pipeline Pipeline, DateTimeOffset Now);

/// <summary>Runs one turn of a deal's instance for somebody: finds the deal, lets the command decide, remembers a repeatable request with it.</summary>
public sealed class DealTurnCommands(WorkflowRuntime runtime, DefinitionStore definitions, ApprovalMatrixQueries matrices, TimeProvider clock)
{
    /// <summary>One turn. <paramref name="decide"/> is pure and may refuse by throwing; <paramref name="resource"/> is the address of what it changes.</summary>
    internal async Task RunAsync(DealId id, Actor actor, string resource, Func<DealMoment, TurnRequest> decide, CancellationToken cancel)
    {
        await matrices.RefreshAsync(cancel);
        try
        {
            await runtime.RunAsync(new InstanceId(id.Value), (state, facts) =>
            {
                if (facts is not DealFacts deal)
                    throw DealAccess.NotFound(id);
                var now = clock.GetUtcNow();
                var request = decide(new DealMoment(state, deal, Pipeline.Of(definitions.Known(state.DefinitionVersionId)), now));
                return Done(actor, resource, now) is { } done ? request with { Changes = request.Changes.Add(done) } : request;
            }, cancel);
        }
        catch (KeyNotFoundException)
        {
            throw DealAccess.NotFound(id);
        }
    }

    /// <summary>The mark of a repeatable request; null for one that is not.</summary>
    internal static RequestDone? Done(Actor actor, string resource, DateTimeOffset now) =>
        actor.Request is { } request ? new(request.KeyHash, actor.Id, request.RequestHash, resource, now) : null;

    /// <summary>Refuses when the process has stopped at a fault: what a person does would be written and lead nowhere.</summary>
    internal static void DemandRunning(DealMoment moment, string language)
    {
        if (moment.State.Status == WorkflowStatus.Running)
            return;
        var fault = moment.State.Incidents.LastOrDefault()?.Message ?? "";
        throw new RefusedException(new Text("The process of this deal has stopped.", "Процесс этой сделки остановлен.").In(language),
        [
            new("stopped", new Text($"The process of this deal has stopped: {fault}", $"Процесс этой сделки остановлен: {fault}").In(language),
                new Text("Retry the failed step of its instance, or close the deal.", "Повторите сбойный шаг её экземпляра или закройте сделку.").In(language),
                new Text("The process owner or an administrator", "Владелец процесса или администратор").In(language), $"/studio/instances/{moment.State.InstanceId}"),
        ]);
    }
}
