using System.Collections.Immutable;
using SalesFlow.Engine;
using SalesFlow.Engine.Definitions;
using SalesFlow.Runtime;
using SalesFlow.Sales.Activities;
using SalesFlow.Sales.Deals;

namespace SalesFlow.Sales.Pipelines;

/// <summary>Whether a running deal goes on with another version of its process, and why it does not.</summary>
public static class Following
{
    /// <summary>The turn that lets the deal go on with version <paramref name="to"/>; null when it stands where that version has no place, or needs no turn.</summary>
    internal static TurnRequest? Decide(InstanceState state, DealFacts facts, WorkflowDefinition from, WorkflowDefinition to, UserId? by, DateTimeOffset now)
    {
        if (facts.Deal.State is not DealState.Open || from.VersionId == to.VersionId || VersionChange.Check(state, from, to).Length > 0)
            return null;
        var standing = state.Bookmarks.Find(waiting => waiting.Name == StageActivity.BookmarkName);
        var stage = standing is null ? null : Pipeline.Of(to).Stages.FirstOrDefault(stage => stage.ActivityId == standing.ActivityId);
        return new(new Stimulus.Follow(to), [new DefinitionFollowed(facts.Deal.Id, now, by, from.Version, to.Version, to.VersionId, stage?.Key, stage?.Name)]);
    }

    /// <summary>Why an instance stays on its version, in words; null when nothing keeps it.</summary>
    public static Text? Obstacle(InstanceState state, WorkflowDefinition from, WorkflowDefinition to)
    {
        if (VersionChange.Check(state, from, to) is not [var misfit, ..])
            return null;
        return from.Nodes.GetValueOrDefault(misfit.NodeId)?.Plan is Stage stage && Pipeline.Of(to).Stages.All(other => other.ActivityId != stage.ActivityId)
            ? new($"It stands in the stage '{stage.Name.En}', which the new version does not have.", $"Она на этапе «{stage.Name.Ru}», которого в новой версии нет.") : misfit.Reason;
    }
}
