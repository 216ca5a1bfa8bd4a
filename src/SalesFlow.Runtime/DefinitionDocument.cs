using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using SalesFlow.Engine.Definitions;

namespace SalesFlow.Runtime;

/// <summary>
/// The JSON of a definition as a tree. It is kept as it was received; only what belongs to the server is written over: ids, version, flags.
/// </summary>
public static class DefinitionDocument
{
    // Cyrillic stays readable in the table and in exported files.
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = DefinitionReader.MaxDepth };
    private static readonly JsonDocumentOptions Lenient = new() { MaxDepth = DefinitionReader.MaxDepth, AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    /// <summary>What designers write into a document for the server alone; never kept.</summary>
    private static readonly string[] Passing = ["$schema", "links", "materializerName", "providerName", "isMaterializerAvailable"];

    /// <summary>The tree of a text; throws <see cref="BrokenDefinitionException"/> when it is not a JSON object.</summary>
    public static JsonObject Parse(string json)
    {
        try
        {
            if (JsonNode.Parse(json, new JsonNodeOptions { PropertyNameCaseInsensitive = true }, Lenient) is JsonObject document)
            {
                // Doubled names show themselves only when they are looked at.
                Visit(document, _ => { });
                return document;
            }
            throw new BrokenDefinitionException("?", [new Problem("$", "is not a JSON object; expected a workflow definition with \"root\".")]);
        }
        catch (Exception broken) when (broken is JsonException or ArgumentException)
        {
            throw new BrokenDefinitionException("?", [new Problem("$", $"is not JSON that can be kept: {broken.Message}")]);
        }
    }

    /// <summary>The tree of a text, or null.</summary>
    public static JsonObject? TryParse(string json)
    {
        try
        {
            return Parse(json);
        }
        catch (BrokenDefinitionException)
        {
            return null;
        }
    }

    /// <summary>The text of a tree.</summary>
    public static string Write(JsonObject document) => document.ToJsonString(Readable);

    /// <summary>A member that is text and not empty.</summary>
    public static string? Text(this JsonObject json, string name) =>
        json[name] is JsonValue value && value.TryGetValue(out string? text) && text.Length > 0 ? text : null;

    /// <summary>A member that is true.</summary>
    public static bool Flag(this JsonObject json, string name) => json[name] is JsonValue value && value.TryGetValue(out bool flag) && flag;

    /// <summary>The document as it is kept: without what is said to the server only, with the identity that the server gives it.</summary>
    internal static JsonObject Kept(JsonObject received, string versionId, string definitionId, int version)
    {
        var document = (JsonObject)received.DeepClone();
        foreach (var name in Passing)
            document.Remove(name);
        (document["id"], document["definitionId"], document["version"]) = (versionId, definitionId, version);
        // Elsa's own answer to a definition without a root.
        document["root"] ??= new JsonObject { ["id"] = "Sequence1", ["type"] = "Elsa.Sequence", ["version"] = 1, ["activities"] = new JsonArray() };
        if (document["root"] is not JsonObject)
            throw new BrokenDefinitionException(definitionId, [new Problem("root", "is not an object; expected an activity such as {\"type\": \"Elsa.Flowchart\", ...}.")]);
        return document;
    }

    /// <summary>A problem as a designer reads it: the name of the innermost activity that its path leads through, or whose id it is, then what is wrong.</summary>
    public static string InWords(JsonObject? document, Problem problem)
    {
        JsonObject? activity = null;
        JsonNode? json = document;
        // What lies inside a used definition is told of the activity that uses it.
        var path = problem.Path.Split('<');
        foreach (var step in path[0].Split('.', '['))
        {
            json = step.EndsWith(']') ? int.TryParse(step[..^1], out var index) && json is JsonArray list && index < list.Count ? list[index] : null : (json as JsonObject)?[step];
            if (json is null)
                break;
            if (json is JsonObject node && node.Text("type") is not null && node.Text("id") is not null)
                activity = node;
        }
        if (activity is null)
            Visit(document?["root"], node => activity ??= node.Text("id") == problem.Path ? node : null);
        return activity is null ? problem.ToString() : $"{(activity["metadata"] as JsonObject)?.Text("displayText") ?? activity.Text("name") ?? activity.Text("id")}: {(path.Length > 1 ? problem : problem.Message)}";
    }

    /// <summary>True when both say the same, whatever the server has written over.</summary>
    internal static bool SaysTheSame(JsonObject one, JsonObject other)
    {
        return JsonNode.DeepEquals(Said(one), Said(other));

        static JsonObject Said(JsonObject document)
        {
            var said = Kept(document, "", "", 0);
            foreach (var name in (string[])["isLatest", "isPublished", "createdAt", "isReadonly", "isSystem"])
                said.Remove(name);
            // A file is numbered on its way out, and its connections are given a list of bends.
            Visit(said["root"], node =>
            {
                node.Remove("nodeId");
                if (node["vertices"] is JsonArray { Count: 0 })
                    node.Remove("vertices");
            });
            return said;
        }
    }

    /// <summary>Ids of the definitions that activities of this document stand for.</summary>
    internal static IReadOnlyCollection<string> UsedIds(JsonObject document)
    {
        var uses = new SortedSet<string>(StringComparer.Ordinal);
        Visit(document["root"], node =>
        {
            // Elsa's own activities start another definition; they do not contain it.
            if (node.Text("workflowDefinitionId") is { } used && node.Text("type")?.StartsWith("Elsa.", StringComparison.Ordinal) != true)
                uses.Add(used);
        });
        return uses;
    }

    /// <summary>
    /// Lets every activity that stands for the definition of <paramref name="published"/> use that version, or those alone that name none; false when nothing changed.
    /// </summary>
    internal static bool Follow(JsonObject document, DefinitionRow published, bool onlyUnpinned = false)
    {
        var changed = false;
        Visit(document["root"], node =>
        {
            var pinned = node.Text("workflowDefinitionVersionId");
            if (node.Text("workflowDefinitionId") != published.DefinitionId || pinned == published.VersionId || onlyUnpinned && pinned is not null)
                return;
            // The type is made of the name, which may have changed as well.
            (node["type"], node["version"], node["workflowDefinitionVersionId"]) = (DefinitionHead.TypeNameOf(published.Name), published.Version, published.VersionId);
            (node["latestAvailablePublishedVersion"], node["latestAvailablePublishedVersionId"]) = (published.Version, published.VersionId);
            changed = true;
        });
        return changed;
    }

    /// <summary>Looks at every JSON object from there down.</summary>
    public static void Visit(JsonNode? json, Action<JsonObject> visit)
    {
        if (json is JsonArray list)
            foreach (var item in list)
                Visit(item, visit);
        if (json is not JsonObject node)
            return;
        visit(node);
        foreach (var (_, member) in node)
            if (member is JsonArray or JsonObject)
                Visit(member, visit);
    }
}
