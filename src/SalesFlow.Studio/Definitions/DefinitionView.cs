using System.Text.Json;
using System.Text.Json.Nodes;
using SalesFlow.Engine.Definitions;
using SalesFlow.Runtime;
using SalesFlow.Studio.Wire;

namespace SalesFlow.Studio.Definitions;

/// <summary>A definition as Studio reads and sends it: the kept document, and what belongs to the server.</summary>
internal static class DefinitionView
{
    public const string Schema = "https://elsaworkflows.io/schemas/workflow-definition/v3.0.0/schema.json";

    // Studio sends its custom properties back as they were: the only way to learn what it had seen.
    private const string Revision = "salesFlowRevision";
    private static readonly string[] Lists = ["variables", "inputs", "outputs", "outcomes"];

    /// <summary>The whole definition. It carries the revision that was seen, until <see cref="Received"/> takes it out again.</summary>
    public static JsonObject Full(DefinitionRow row, IReadOnlyCollection<Node> outline, KnownTypes types)
    {
        var document = DefinitionDocument.Parse(row.Document);
        Canvas.Dress(document, outline, types);
        foreach (var name in Lists)
            if (document[name] is not JsonArray)
                document[name] = new JsonArray();
        foreach (var variable in ((JsonArray)document["variables"]!).OfType<JsonObject>())
            variable["isArray"] ??= false;
        Describe((JsonArray)document["inputs"]!);
        Describe((JsonArray)document["outputs"]!);
        var view = new JsonObject(new JsonNodeOptions { PropertyNameCaseInsensitive = true }) { ["links"] = JsonSerializer.SerializeToNode(Links.Of(row.DefinitionId, row.IsReadonly), ElsaJson.Options) };
        if (document["customProperties"] is not JsonObject)
            document["customProperties"] = new JsonObject();
        if (document["options"] is not JsonObject options)
            document["options"] = options = [];
        options["autoUpdateConsumingWorkflows"] ??= false;
        ((JsonObject)document["customProperties"]!)[Revision] = row.Revision;
        Stamp(document, row);
        foreach (var (name, value) in document.ToList())
        {
            document.Remove(name);
            if (value is not null)
                view[name] = value;
        }
        return view;
    }

    /// <summary>The definition as a file: the document as it was received, with ids that are right here.</summary>
    public static JsonObject File(DefinitionRow row, IReadOnlyCollection<Node> outline)
    {
        var document = DefinitionDocument.Parse(row.Document);
        Canvas.Number(document, outline);
        Stamp(document, row);
        document.Insert(0, "$schema", Schema);
        return document;
    }

    /// <summary>What Studio or a file brings, without what was added for the way; the revision that the editor had seen comes beside it.</summary>
    public static (JsonObject Document, int? Seen) Received(JsonObject model)
    {
        foreach (var (name, value) in model)
            if (value is JsonValue && value.GetValueKind() == JsonValueKind.String && value.GetValue<string>().Contains('\0', StringComparison.Ordinal))
                throw new ElsaProblemException(name, "The text holds a NUL character (\\u0000); remove it.");
        int? seen = null;
        if (model["customProperties"] is JsonObject custom && custom[Revision] is { } revision)
        {
            seen = revision is JsonValue value && value.TryGetValue(out int number) ? number : null;
            custom.Remove(Revision);
        }
        Canvas.Undress(model["root"]);
        return (model, seen);
    }

    /// <summary>Elsa's inputs and outputs are never without a description and a category.</summary>
    public static void Describe(JsonArray arguments)
    {
        foreach (var argument in arguments.OfType<JsonObject>())
            foreach (var name in (ReadOnlySpan<string>)["description", "category"])
                argument[name] ??= "";
    }

    private static void Stamp(JsonObject document, DefinitionRow row)
    {
        (document["id"], document["definitionId"], document["version"]) = (row.VersionId, row.DefinitionId, row.Version);
        (document["createdAt"], document["isLatest"], document["isPublished"]) = (row.CreatedAt, row.IsLatest, row.IsPublished);
        (document["isReadonly"], document["isSystem"]) = (row.IsReadonly, row.IsSystem);
    }
}

/// <summary>What may be done, as Studio counts permissions: by the names of the links.</summary>
internal static class Links
{
    public static IReadOnlyList<Link> Of(string definitionId, bool isReadonly)
    {
        var self = $"/workflow-definitions/{definitionId}";
        Link[] reading =
        [
            new(self, "self", "GET"), new($"/workflow-definitions/by-definition-id/{definitionId}", "self", "GET"), new($"{self}/versions", "versions", "GET"),
            new($"{self}/bulk-dispatch", "bulk-dispatch", "POST"), new($"{self}/dispatch", "dispatch", "POST"), new($"{self}/execute", "execute", "POST"), new($"{self}/export", "export", "POST"),
        ];
        return isReadonly ? reading :
        [
            .. reading, new($"{self}/publish", "publish", "POST"), new($"{self}/retract", "retract", "POST"), new(self, "delete", "DELETE"), new($"{self}/import", "import", "PUT"),
            new($"{self}/update-references", "update-references", "POST"),
        ];
    }

    public static IReadOnlyList<Link> OfList { get; } =
    [
        new("/workflow-definitions", "self", "GET"), new("/workflow-definitions/validation/is-name-unique", "is-name-unique", "GET"), new("/workflow-definitions/query/count", "count", "GET"),
        new("/workflow-definitions/many-by-id", "many-by-id", "GET"), new("/bulk-actions/delete/workflow-definitions/by-definition-id", "bulk-delete-by-definition-id", "POST"),
        new("/bulk-actions/delete/workflow-definitions/by-id", "bulk-delete-by-id", "POST"), new("/bulk-actions/publish/workflow-definitions/by-definition-ids", "bulk-publish", "POST"),
        new("/bulk-actions/retract/workflow-definitions/by-definition-ids", "bulk-retract", "POST"), new("/workflow-definitions/import", "import", "POST"),
        new("/workflow-definitions/import-files", "import-files", "POST"), new("/workflow-definitions", "create", "POST"),
    ];
}

/// <summary>One thing that may be done.</summary>
internal sealed record Link(string Href, string Rel, string Method);
