using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using SalesFlow.Engine;
using SalesFlow.Engine.Definitions;
using SalesFlow.Runtime;

namespace SalesFlow.Studio.Descriptors;

/// <summary>Definitions that stand as activities in others. Old versions are listed too: a canvas with an unlisted type and version stays empty.</summary>
internal sealed class UsableDefinitions(IDbContextFactory<WorkflowDb> databases)
{
    // A version's document may change while it is a draft; its revision tells.
    private readonly ConcurrentDictionary<(string VersionId, int Revision), Arguments> _read = new();

    /// <summary>Every usable version as a type; of two with one name and number the published one is taken.</summary>
    public async Task<IReadOnlyList<ActivityView>> ListAsync(string language, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var heads = await db.Definitions.AsNoTracking().Where(row => row.UsableAsActivity).OrderByDescending(row => row.IsPublished).ThenBy(row => row.Search).ThenByDescending(row => row.Version)
            .Select(row => new Head(row.VersionId, row.DefinitionId, row.Version, row.Name, row.Description, row.IsPublished, row.Revision)).ToListAsync(cancel);
        var published = heads.Where(head => head.IsPublished).ToDictionary(head => head.DefinitionId);
        var views = new List<ActivityView>(heads.Count);
        foreach (var head in heads)
            views.Add(View(head, published.GetValueOrDefault(head.DefinitionId), await ArgumentsAsync(db, head, cancel), language));
        return [.. views.DistinctBy(view => (view.TypeName, view.Version))];
    }

    private async Task<Arguments> ArgumentsAsync(WorkflowDb db, Head head, CancellationToken cancel)
    {
        if (_read.TryGetValue((head.VersionId, head.Revision), out var known))
            return known;
        var document = DefinitionDocument.Parse(await db.Definitions.Where(row => row.VersionId == head.VersionId).Select(row => row.Document).SingleAsync(cancel));
        return _read[(head.VersionId, head.Revision)] = new Arguments((document["options"] as JsonObject)?.Text("activityCategory"),
            [.. Objects(document, "inputs")], [.. Objects(document, "outputs")], [.. (document["outcomes"] as JsonArray ?? []).Select(outcome => outcome?.ToString()).OfType<string>()]);
    }

    private static IEnumerable<JsonObject> Objects(JsonObject document, string member) => (document[member] as JsonArray ?? []).OfType<JsonObject>().Where(argument => argument.Text("name") is not null);

    private static ActivityView View(Head head, Head? published, Arguments arguments, string language)
    {
        var identity = ImmutableDictionary<string, object>.Empty.Add("WorkflowDefinitionId", head.DefinitionId).Add("WorkflowDefinitionVersionId", head.VersionId);
        var newest = published ?? head;
        var name = DefinitionHead.TypeNameOf(head.Name) ?? head.DefinitionId;
        return new(name, name, head.Version, arguments.Category ?? new Text("Workflows", "Подпроцессы").In(language), head.Name ?? head.DefinitionId)
        {
            Description = head.Description ?? "", IsBrowsable = head.IsPublished,
            Inputs = [.. arguments.Inputs.Select((input, order) => new InputView(input.Text("name")!, input.Text("type") ?? "Object", input.Text("displayName") ?? input.Text("name")!, order)
            {
                Description = input.Text("description") ?? "", Category = input.Text("category") ?? "", UIHint = Hint(input.Text("uiHint")), IsSynthetic = true,
            })],
            Outputs = [.. arguments.Outputs.Select((output, order) => new OutputView(output.Text("name")!, output.Text("type") ?? "Object", output.Text("displayName") ?? output.Text("name")!, order)
            {
                Description = output.Text("description") ?? "", IsSynthetic = true,
            })],
            Ports = [new("Root", "Root", "Embedded") { IsBrowsable = false }, .. arguments.Outcomes.Select(outcome => new PortView(outcome, outcome, "Flow"))],
            CustomProperties = identity.Add("RootType", "WorkflowDefinitionActivity"),
            ConstructionProperties = identity.Add("Version", head.Version).Add("LatestAvailablePublishedVersion", newest.Version).Add("LatestAvailablePublishedVersionId", newest.VersionId),
        };
    }

    /// <summary>Old documents spell the hints with a dash, which this Studio does not know.</summary>
    private static string Hint(string? written) => written switch
    {
        null => "singleline",
        "single-line" or "multi-line" => written.Replace("-", "", StringComparison.Ordinal),
        "date-time-picker" => "datetime-picker",
        _ => written,
    };

    private sealed record Head(string VersionId, string DefinitionId, int Version, string? Name, string? Description, bool IsPublished, int Revision);

    private sealed record Arguments(string? Category, ImmutableArray<JsonObject> Inputs, ImmutableArray<JsonObject> Outputs, ImmutableArray<string> Outcomes);
}
