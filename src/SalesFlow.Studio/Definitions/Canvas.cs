using System.Text.Json;
using System.Text.Json.Nodes;
using SalesFlow.Engine.Definitions;
using SalesFlow.Runtime;
using SalesFlow.Studio.Wire;

namespace SalesFlow.Studio.Definitions;

/// <summary>Makes the activities of a document such that Studio can draw them, and takes back from Studio's answer what was made for it alone.</summary>
internal static class Canvas
{
    private const string NotFound = "Elsa.NotFoundActivity";

    /// <summary>
    /// Gives every activity its path of ids, the properties that Studio reads without asking, and a type that is listed: the inner ones first, because an unknown
    /// one is folded up. Definitions that are used are dressed where they have been unfolded.
    /// </summary>
    public static void Dress(JsonObject document, IEnumerable<Node> outline, KnownTypes types)
    {
        foreach (var node in outline.Where(node => node.Path.Length > 0).OrderByDescending(node => node.Path.Length))
            if (NodePath.Find(document, node.Path) is { } activity)
                Dress(activity, node, types);
    }

    /// <summary>Paths of ids and what connections lack, and nothing else: for files.</summary>
    public static void Number(JsonObject document, IEnumerable<Node> outline)
    {
        foreach (var node in outline.Where(node => node.Path.Length > 0))
            if (NodePath.Find(document, node.Path) is { } activity)
            {
                (activity["id"], activity["nodeId"]) = (node.Id, node.NodeId);
                Connect(activity);
            }
    }

    /// <summary>Puts unknown activities back in the place of what stood in for them.</summary>
    public static void Undress(JsonNode? json)
    {
        if (json is JsonArray list)
            for (var i = 0; i < list.Count; i++)
                if (Original(list[i]) is { } original)
                    list[i] = original;
                else
                    Undress(list[i]);
        if (json is not JsonObject node)
            return;
        foreach (var (name, member) in node.ToList())
            if (Original(member) is { } original)
                node[name] = original;
            else if (member is JsonArray or JsonObject)
                Undress(member);
    }

    private static void Dress(JsonObject activity, Node node, KnownTypes types)
    {
        if (types.Find(activity) is not { } type)
        {
            StandIn(activity, node);
            return;
        }
        (activity["id"], activity["nodeId"], activity["type"], activity["version"]) = (node.Id, node.NodeId, type.TypeName, type.Version);
        foreach (var (name, value) in type.ConstructionProperties)
            if (name is not "Version")
                activity[Camel(name)] = JsonSerializer.SerializeToNode(value, ElsaJson.Options);
        Complete(activity);
        // As Elsa writes them: a naked flag is a flag, anything else that is not set is null.
        foreach (var flag in type.Inputs.Where(input => input is { IsWrapped: false, TypeName: "Boolean" }).Select(input => Camel(input.Name)))
            activity[flag] ??= false;
        foreach (var name in type.Inputs.Select(input => input.Name).Concat(type.Outputs.Select(output => output.Name)).Select(Camel).Append("name"))
            if (!activity.ContainsKey(name))
                activity[name] = null;
        if (type.IsContainer)
        {
            activity["activities"] ??= new JsonArray();
            activity["variables"] ??= new JsonArray();
        }
        if (type.TypeName == "Elsa.Flowchart")
        {
            activity["connections"] ??= new JsonArray();
            ((JsonObject)activity["customProperties"]!)["notFoundConnections"] ??= new JsonArray();
            Connect(activity);
        }
        foreach (var input in type.Inputs.Where(input => input.UIHint == "dynamic-outcomes"))
            ListTexts(activity, Camel(input.Name));
        foreach (var input in type.Inputs.Where(input => input is { TypeName: "String", UIHint: "checklist" or "multitext" }))
            ListWords(activity, Camel(input.Name));
    }

    private static string Camel(string name) => char.ToLowerInvariant(name[0]) + name[1..];

    private static void Complete(JsonObject activity)
    {
        if (activity["customProperties"] is not JsonObject custom)
            activity["customProperties"] = custom = [];
        custom["canStartWorkflow"] ??= activity.Flag("canStartWorkflow");
        custom["runAsynchronously"] ??= activity.Flag("runAsynchronously");
        if (activity["metadata"] is not JsonObject)
            activity["metadata"] = new JsonObject();
    }

    /// <summary>The flat connections of old files become objects, and each has a list of bends.</summary>
    private static void Connect(JsonObject flowchart)
    {
        foreach (var connection in (flowchart["connections"] as JsonArray ?? []).OfType<JsonObject>())
        {
            foreach (var (end, port, usual) in (ReadOnlySpan<(string, string, string)>)[("source", "sourcePort", "Done"), ("target", "targetPort", "In")])
                if (connection[end] is JsonValue id)
                {
                    connection[end] = new JsonObject { ["activity"] = id.ToString(), ["port"] = connection.Text(port) ?? usual };
                    connection.Remove(port);
                }
            connection["vertices"] ??= new JsonArray();
        }
    }

    /// <summary>Free outcomes must be a JSON list of texts, written as text: anything else leaves the canvas empty.</summary>
    private static void ListTexts(JsonObject activity, string input)
    {
        if (activity[input] is not { } written)
            return;
        var expression = (written as JsonObject)?["expression"] as JsonObject;
        var value = expression is null ? written : expression["value"];
        if (expression?.Text("type") is null or "Object" or "Literal" && Texts(value) is { } texts)
            activity[input] = new JsonObject
            {
                ["typeName"] = "String[]", ["memoryReference"] = (written as JsonObject)?["memoryReference"]?.DeepClone(),
                ["expression"] = new JsonObject { ["type"] = "Object", ["value"] = JsonSerializer.Serialize(texts, ElsaJson.Options) },
            };
        else
            activity.Remove(input);
    }

    /// <summary>Words separated by commas become the list that the editor ticks off; what is computed stays.</summary>
    private static void ListWords(JsonObject activity, string input)
    {
        if ((activity[input] as JsonObject)?["expression"] is JsonObject expression && expression.Text("type") == "Literal" && expression.Text("value") is { } words && !words.TrimStart().StartsWith('['))
            (expression["type"], expression["value"]) = ("Object", JsonSerializer.Serialize(words.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries), ElsaJson.Options));
    }

    private static List<string>? Texts(JsonNode? value)
    {
        try
        {
            var list = value is JsonValue text && text.TryGetValue(out string? json) ? JsonNode.Parse(json) : value;
            return (list as JsonArray)?.Select(item => item?.ToString() ?? "").Where(item => item.Length > 0).ToList();
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Elsa's placeholder: keeps the whole activity as text.</summary>
    private static void StandIn(JsonObject activity, Node node)
    {
        var original = activity.ToJsonString(ElsaJson.Options);
        var (type, name, custom) = (activity.Text("type") ?? "?", activity["name"]?.DeepClone(), activity["customProperties"]?.DeepClone());
        var metadata = activity["metadata"]?.DeepClone() as JsonObject ?? [];
        var version = activity["version"] is JsonValue number && number.TryGetValue(out int written) ? written : 0;
        (metadata["displayText"], metadata["description"]) = ($"Not Found: {type}", $"Could not find activity type {type} with version {version}");
        activity.Clear();
        (activity["missingTypeName"], activity["missingTypeVersion"], activity["originalActivityJson"]) = (type, version, original);
        (activity["id"], activity["nodeId"], activity["name"], activity["type"], activity["version"]) = (node.Id, node.NodeId, name, NotFound, 1);
        (activity["customProperties"], activity["metadata"]) = (custom, metadata);
        Complete(activity);
    }

    /// <summary>The activity that a placeholder stands for, where the designer has moved it to; null for anything else.</summary>
    private static JsonObject? Original(JsonNode? json)
    {
        if (json is not JsonObject stand || stand.Text("type") != NotFound || stand.Text("originalActivityJson") is not { } text || DefinitionDocument.TryParse(text) is not { } original)
            return null;
        if ((stand["metadata"] as JsonObject)?["designer"] is { } designer)
        {
            if (original["metadata"] is not JsonObject metadata)
                original["metadata"] = metadata = [];
            metadata["designer"] = designer.DeepClone();
        }
        return original;
    }
}
