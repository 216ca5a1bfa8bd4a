using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using SalesFlow.Engine;
using SalesFlow.Engine.Checks;
using SalesFlow.Engine.Definitions;
using SalesFlow.Runtime;
using SalesFlow.Sales.Activities;
using SalesFlow.Sales.Approvals;
using SalesFlow.Sales.Calendars;
using SalesFlow.Sales.Documents;
using SalesFlow.Sales.People;
using SalesFlow.Sales.Pipelines;

namespace SalesFlow.Sales.Sets;

/// <summary>Gathers what pipelines need, to be carried elsewhere.</summary>
public sealed class SetQueries(DefinitionStore definitions, PipelineQueries pipelines, IDbContextFactory<SalesFlowDb> databases, SalesOptions options)
{
    /// <summary>The published pipelines of those keys, or all of them when none is named, with everything they need.</summary>
    public async Task<SalesSet> GatherAsync(IReadOnlyCollection<string> keys, Actor actor, CancellationToken cancel)
    {
        ImmutableSortedSet<string> chosen = keys.Count > 0 ? [.. keys] : [.. (await pipelines.ListAsync(actor.Language, cancel)).Select(pipeline => pipeline.Key)];
        var (found, open) = (new SortedDictionary<string, WorkflowDefinition>(StringComparer.Ordinal), new Queue<WorkflowDefinition>());
        foreach (var key in chosen)
            open.Enqueue(await pipelines.PublishedAsync(key, cancel));
        while (open.TryDequeue(out var definition))
        {
            if (found.TryGetValue(definition.DefinitionId, out var known) && known.VersionId != definition.VersionId)
                throw TwoVersions(known, definition, actor);
            if (known is not null)
                continue;
            found[definition.DefinitionId] = definition;
            foreach (var used in await UsedAsync(definition, cancel))
                open.Enqueue(used);
        }
        await using var db = await databases.CreateDbContextAsync(cancel);
        return new(chosen, found.ToImmutableSortedDictionary(one => one.Key, one => DefinitionDocument.Parse(one.Value.Document), StringComparer.Ordinal),
            await TemplatesAsync(db, found.Values, cancel), await CalendarsAsync(db, cancel))
        {
            Matrices = found.Values.Any(definition => definition.Nodes.Values.Any(node => node.Type == ApprovalMatrixQueries.UsedBy)) ? await ApprovalMatrixQueries.TextsAsync(db, cancel) : ImmutableSortedDictionary<string, string>.Empty,
        };
    }

    /// <summary>The versions that a definition is bound to, and the published ones of those that it starts by name.</summary>
    private async Task<List<WorkflowDefinition>> UsedAsync(WorkflowDefinition definition, CancellationToken cancel)
    {
        var document = DefinitionDocument.Parse(definition.Document);
        var (used, bound) = (new List<WorkflowDefinition>(), DefinitionPortable.Bound(document));
        foreach (var id in DefinitionPortable.Needs(document))
            if (bound.Contains(id))
                foreach (var version in bound[id])
                    used.Add(await definitions.VersionAsync(version, cancel));
            else if (await PublishedAsync(id, cancel) is { } published)
                used.Add(published);
        return used;
    }

    private async Task<WorkflowDefinition?> PublishedAsync(string id, CancellationToken cancel)
    {
        try
        {
            return await definitions.PublishedAsync(id, cancel);
        }
        catch (KeyNotFoundException)
        {
            // Nothing of that name is published: the process would wait or fault here as well, and the set says no more than that.
            return null;
        }
    }

    private static async Task<ImmutableSortedDictionary<string, string>> TemplatesAsync(SalesFlowDb db, IEnumerable<WorkflowDefinition> found, CancellationToken cancel)
    {
        var documents = found.SelectMany(DefinitionChecks.Own).Where(node => node.Activity is DocumentActivity).ToList();
        // Null where the name is computed: then any template may be meant.
        var keys = documents.Select(node => node.Inputs.ContainsKey("Template") ? ActivityChecks.Text(node, "Template") : ActivityChecks.Text(node, "Kind")).ToHashSet();
        var texts = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var name in await TemplateQueries.NamesAsync(db, cancel))
            if (keys.Contains(null) || keys.Contains(name.Split('.')[0]) || name[0] == PartUses.Mark)
                texts[name] = (await TemplateQueries.LatestAsync(db, name, cancel))!.Text;
        return texts.ToImmutable();
    }

    private async Task<ImmutableSortedDictionary<string, string>> CalendarsAsync(SalesFlowDb db, CancellationToken cancel) =>
        await CalendarQueries.TextAsync(db, options.Calendar, cancel) is { } text ? ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal).Add(options.Calendar, text) : ImmutableSortedDictionary<string, string>.Empty;

    private static RefusedException TwoVersions(WorkflowDefinition one, WorkflowDefinition other, Actor actor)
    {
        var message = new Text($"The set would need versions {one.Version} and {other.Version} of '{one.Name}' at once.", $"Набору нужны сразу две версии процесса «{one.Name}»: {one.Version} и {other.Version}.").In(actor.Language);
        return new(message, [new Obstacle("twoVersions", message, new Text("Let everything use the same version: in Studio, 'Update references' of that definition.", "Переведите всё на одну версию: в Studio, «Обновить ссылки» этого процесса.").In(actor.Language))]);
    }
}
