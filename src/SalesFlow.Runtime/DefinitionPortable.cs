using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using SalesFlow.Engine.Definitions;

namespace SalesFlow.Runtime;

/// <summary>
/// A document without what one installation alone knows: version ids, numbers, times, and the versions that its activities were bound to. Its text is the same
/// wherever it says the same.
/// </summary>
public static class DefinitionPortable
{
    private static readonly string[] OfTheServer = ["$schema", "links", "materializerName", "providerName", "isMaterializerAvailable", "id", "version", "createdAt", "isLatest", "isPublished"];
    private static readonly string[] OfTheVersionUsed = ["workflowDefinitionVersionId", "latestAvailablePublishedVersion", "latestAvailablePublishedVersionId"];
    private static readonly JsonSerializerOptions Readable = new()
    { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = DefinitionReader.MaxDepth, WriteIndented = true, NewLine = "\n" };

    /// <summary>The portable copy of a document.</summary>
    public static JsonObject Of(JsonObject document)
    {
        var portable = (JsonObject)document.DeepClone();
        foreach (var name in OfTheServer)
            portable.Remove(name);
        foreach (var name in (string[])["isReadonly", "isSystem"])
            if (!portable.Flag(name))
                portable.Remove(name);
        DefinitionDocument.Visit(portable["root"], Unbind);
        return portable;
    }

    /// <summary>Its text, the same for documents that say the same: names in order, nothing where there is nothing.</summary>
    public static string Write(JsonObject document) => WriteSorted(Of(document));

    /// <summary>Any JSON in that form.</summary>
    public static string WriteSorted(JsonObject json) => Sorted(json)!.ToJsonString(Readable) + "\n";

    /// <summary>The versions to which the activities of a document are bound, by the id of their definition.</summary>
    public static ILookup<string, string> Bound(JsonObject document)
    {
        var bound = new HashSet<(string Id, string Version)>();
        DefinitionDocument.Visit(document["root"], node =>
        {
            if (node.Text("workflowDefinitionId") is { } id && node.Text("workflowDefinitionVersionId") is { } version)
                bound.Add((id, version));
        });
        return bound.ToLookup(one => one.Id, one => one.Version);
    }

    /// <summary>Ids of the definitions that a document needs: as activities, and those that it starts by a name written in it.</summary>
    public static IReadOnlyCollection<string> Needs(JsonObject document)
    {
        var needs = new SortedSet<string>(DefinitionDocument.UsedIds(document), StringComparer.Ordinal);
        DefinitionDocument.Visit(document["root"], node =>
        {
            if (node["workflowDefinitionId"] is JsonObject input && input["expression"] is JsonObject expression && expression.Text("type") == "Literal" && expression.Text("value") is { } started)
                needs.Add(started);
        });
        return needs;
    }

    private static void Unbind(JsonObject node)
    {
        if (node.Text("workflowDefinitionId") is null)
            return;
        foreach (var name in OfTheVersionUsed)
            node.Remove(name);
        node["version"] = 1;
    }

    private static JsonNode? Sorted(JsonNode? json) => json switch
    {
        JsonObject node => new JsonObject(node.Where(member => member.Value is not null).OrderBy(member => member.Key, StringComparer.Ordinal).Select(member => KeyValuePair.Create(member.Key, Sorted(member.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Sorted)]),
        _ => json?.DeepClone(),
    };
}
