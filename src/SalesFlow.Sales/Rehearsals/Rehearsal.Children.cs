using System.Collections.Immutable;
using SalesFlow.Engine;
using SalesFlow.Engine.Definitions;
using SalesFlow.Engine.Expressions;
using SalesFlow.Runtime;
using SalesFlow.Sales.Assignments;
using SalesFlow.Sales.Deals;

namespace SalesFlow.Sales.Rehearsals;

/// <summary>What a rehearsed company does with other definitions: children that an instance starts, and instances that an event starts.</summary>
public sealed partial class Rehearsal
{
    private const int MostInstances = 1_000;
    private static readonly UserId Somebody = new(1);

    private WorkflowDefinition? Published(string definitionId) => (setting.Published ?? []).FirstOrDefault(known => known.DefinitionId == definitionId);

    private void Dispatch(RehearsedInstance parent, EffectRequest request, WorkflowsDispatched asked)
    {
        if (Published(asked.DefinitionId) is not { } definition)
        {
            Answer(parent, request, new ChildAnswer.Refused($"There is no definition '{asked.DefinitionId}' here. Give --definitions a folder that has it."));
            return;
        }
        RehearsedInstance? last = null;
        foreach (var child in asked.Children)
            last = Begin(definition, new Stimulus.Start(child.Input, CorrelationId: child.CorrelationId, Parent: new ParentLink(parent.Id, asked.Bookmark, asked.Depth)));
        // The child runs as far as it can before the parent hears of its start, as it does for whoever asked for it at once.
        if (asked.Bookmark is null)
            Answer(parent, request, last is null ? null : new ChildAnswer.Started(last.Id, last.State.Status, last.State.SubStatus, last.State.Output));
    }

    private void Tell(RehearsedInstance child, ChildFinished finished)
    {
        if (_instances.Find(instance => instance.Id == finished.ParentId) is { } parent)
            Turn(parent, new Stimulus.Resume(finished.Bookmark, new ChildAnswer.Finished(child.Id, finished.SubStatus, finished.Output)), []);
    }

    private void CancelChildren(RehearsedInstance parent)
    {
        foreach (var child in _instances.Where(instance => instance.State.Parent?.InstanceId == parent.Id && instance.State.Status == WorkflowStatus.Running).ToList())
            Turn(child, new Stimulus.Cancel(), []);
    }

    /// <summary>Starts instances of the other definitions that the event triggers; true when there were any.</summary>
    private bool Trigger(EventPublished told)
    {
        var started = false;
        // The definition that is rehearsed has begun already.
        foreach (var definition in (setting.Published ?? []).Where(known => known.DefinitionId != _instances[0].Definition.DefinitionId))
            foreach (var trigger in Triggers.Of(definition, Now).Found.Where(trigger => trigger.Name == "Elsa.Event" && trigger.Stimulus == told.EventName))
            {
                Begin(definition, new Stimulus.Start(new Dictionary<string, object?> { ["Result"] = told.Payload }, trigger.ActivityId, told.CorrelationId));
                started = true;
            }
        return started;
    }

    /// <summary>The company of a rehearsal has one person, who is always there: picked unless a team or a skill is asked for that nobody has.</summary>
    private void Pick(RehearsedInstance instance, EffectRequest request, PickOwner wanted)
    {
        if (instance.Facts is not DealFacts facts)
            return;
        var free = string.IsNullOrWhiteSpace(wanted.Team);
        var why = free ? new Text("the one person of the rehearsal", "единственный сотрудник репетиции") : new Text($"the rehearsal has nobody in the team '{wanted.Team}'", $"в репетиции никого нет в команде «{wanted.Team}»");
        Noted?.Invoke($"{wanted.Step} picks {(free ? "the one person of the rehearsal" : "nobody: the rehearsal has no teams")}.");
        Answer(instance, request, new Dictionary<string, object?> { ["outcome"] = free ? Outcomes.Done : AssignActivity.Nobody },
            new OwnerAssigned(facts.Deal.Id, Now, wanted.Step, free ? Somebody : null, why, []));
    }

    private RehearsedInstance Begin(WorkflowDefinition definition, Stimulus.Start start)
    {
        if (_instances.Count >= MostInstances || ++_turns > MostTurns)
            throw new EndlessRehearsalException(_turns);
        // A child works on no deal of its own: only a sales process that is started as one has a sample deal.
        var sells = SampleDeal.IsNeededBy(definition);
        var child = new RehearsedInstance { Id = _instances.Count + 1, Definition = definition, Facts = sells ? SampleDeal.Facts(definition, setting.Calendar) : Facts.None };
        ImmutableArray<Change> created = sells ? [SampleDeal.Created(new DealId(child.Id), definition, ImmutableDictionary<string, object?>.Empty, Now)] : [];
        _instances.Add(child);
        Keep(child, _interpreter.Run(definition, null, child.Id, start, child.Facts, Now, created));
        return child;
    }
}
