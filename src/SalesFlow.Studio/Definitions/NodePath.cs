using System.Text.Json.Nodes;

namespace SalesFlow.Studio.Definitions;

/// <summary>Paths of activities in a document, such as root.activities[3].body; inside a used definition <c>&lt;id&gt;</c> stands for the workflow that wraps its root.</summary>
internal static class NodePath
{
    /// <summary>The object at a path, or null when the document does not go that far.</summary>
    public static JsonObject? Find(JsonObject document, string path)
    {
        JsonNode? json = document;
        foreach (var step in Steps(path))
            json = step switch
            {
                ['[', ..] => Items(json) is { } list && int.Parse(step[1..], System.Globalization.CultureInfo.InvariantCulture) is var index && index < list.Count ? list[index] : null,
                ['<', ..] => (json as JsonObject)?["root"],
                _ => (json as JsonObject)?[step],
            };
        return json as JsonObject;
    }

    /// <summary>True when an activity at <paramref name="inner"/> lies inside the one at <paramref name="outer"/>.</summary>
    public static bool IsInside(string inner, string outer) =>
        outer.Length > 0 && inner.Length > outer.Length && inner.StartsWith(outer, StringComparison.Ordinal) && inner[outer.Length] is '.' or '<';

    /// <summary>The first step from an activity towards one inside it: the property, or the id of the used definition with its bracket.</summary>
    public static string FirstStep(string inner, string outer) => Steps(inner[outer.Length..].TrimStart('.')).First();

    private static IEnumerable<string> Steps(string path)
    {
        var start = 0;
        for (var at = 0; at <= path.Length; at++)
        {
            if (at < path.Length && path[at] is not ('.' or '[' or ']' or '<' or '>'))
                continue;
            // An id in angle brackets may hold dots of its own.
            if (at < path.Length && path[at] == '<')
            {
                if (at > start)
                    yield return path[start..at];
                var end = path.IndexOf('>', at);
                yield return path[at..(end < 0 ? path.Length : end)];
                at = end < 0 ? path.Length : end;
                start = at + 1;
                continue;
            }
            if (at > start)
                yield return path[start..at];
            start = at < path.Length && path[at] == '[' ? at : at + 1;
        }
    }

    /// <summary>A list, or an old document's wrapper around one.</summary>
    private static JsonArray? Items(JsonNode? json) => json as JsonArray ?? (json as JsonObject) switch
    {
        { } wrapper => (wrapper["items"] ?? wrapper["values"] ?? wrapper["$values"]) as JsonArray,
        null => null,
    };
}
