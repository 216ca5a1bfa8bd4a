using Microsoft.EntityFrameworkCore;
using SalesFlow.Engine;
using SalesFlow.Engine.Definitions;

namespace SalesFlow.Runtime;

/// <summary>Which triggers are in force: those of published versions. Written in the transaction that publishes, retracts or deletes.</summary>
public static class TriggerIndex
{
    /// <summary>Why a version cannot be published for its triggers' sake: what cannot be indexed, and addresses that another definition has.</summary>
    public static async Task<IReadOnlyList<Problem>> ProblemsAsync(WorkflowDb db, WorkflowDefinition definition, DateTimeOffset now, CancellationToken cancel)
    {
        var (found, problems) = Triggers.Of(definition, now);
        var addresses = found.Where(trigger => trigger is { Name: HttpEndpointRules.EndpointType, Stimulus: not null, Tag: not null }).ToList();
        var stimuli = addresses.Select(trigger => trigger.Stimulus).Distinct().ToList();
        var taken = await db.Triggers.Where(row => row.Name == HttpEndpointRules.EndpointType && row.DefinitionId != definition.DefinitionId && stimuli.Contains(row.Stimulus))
            .Select(row => new { row.Stimulus, row.DefinitionId, db.Definitions.First(version => version.VersionId == row.VersionId).Name }).ToListAsync(cancel);
        var twice = addresses.GroupBy(trigger => trigger.Stimulus).Where(same => same.Count() > 1).Select(same => same.Key);
        return
        [
            .. problems,
            .. addresses.SelectMany(trigger => taken.Where(other => other.Stimulus == trigger.Stimulus).Take(1).Select(other => new Problem(trigger.ActivityId,
                $"The {Path(trigger)} path and {Method(trigger)} method are already in use by another workflow! It is '{other.Name ?? other.DefinitionId}'."))),
            .. addresses.Where(trigger => twice.Contains(trigger.Stimulus)).Select(trigger => new Problem(trigger.ActivityId, $"The {Path(trigger)} path and {Method(trigger)} method are used twice in this workflow; one request could not choose between them.")),
        ];
    }

    /// <summary>Puts the triggers of a version in the place of those of its definition's other versions. Save the changes yourself.</summary>
    public static async Task ReplaceAsync(WorkflowDb db, WorkflowDefinition definition, DateTimeOffset now, CancellationToken cancel)
    {
        await RemoveAsync(db, definition.DefinitionId, cancel);
        db.AddRange(Triggers.Of(definition, now).Found.Select(trigger =>
            new TriggerRow(0, definition.DefinitionId, definition.VersionId, trigger.ActivityId, trigger.Name, trigger.Stimulus, trigger.Tag, trigger.DueAt, 0)));
    }

    /// <summary>Nothing starts instances of that definition any more (retracted, deleted).</summary>
    public static Task<int> RemoveAsync(WorkflowDb db, string definitionId, CancellationToken cancel) =>
        db.Triggers.Where(row => row.DefinitionId == definitionId).ExecuteDeleteAsync(cancel);

    private static string Method(Trigger trigger) => trigger.Stimulus!.Split(' ')[0];

    private static string Path(Trigger trigger) => HttpEndpointRules.FromJson(trigger.Tag!).Template;
}
