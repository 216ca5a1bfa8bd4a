using System.Collections.Immutable;
using System.Text.Json.Nodes;
using SalesFlow.Engine;
using SalesFlow.Runtime;

namespace SalesFlow.Sales.Sets;

/// <summary>What one document of a definition says otherwise than another, by activities, in sentences.</summary>
public static class DefinitionDiff
{
    private const int Most = 20;

    /// <summary>Activities gone, new and changed, then what else differs.</summary>
    public static ImmutableArray<Text> Between(JsonObject before, JsonObject after)
    {
        var (old, now) = (Activities(DefinitionPortable.Of(before)), Activities(DefinitionPortable.Of(after)));
        List<Text> sentences =
        [
            .. old.Where(activity => !now.ContainsKey(activity.Key)).Select(activity => new Text($"'{activity.Value.Name}' is taken out.", $"«{activity.Value.Name}» убрано.")),
            .. now.Where(activity => !old.ContainsKey(activity.Key)).Select(activity => new Text($"'{activity.Value.Name}' is put in.", $"«{activity.Value.Name}» добавлено.")),
            .. now.Where(activity => old.TryGetValue(activity.Key, out var was) && !JsonNode.DeepEquals(was.Own, activity.Value.Own)).Select(activity => new Text($"'{activity.Value.Name}' is changed.", $"«{activity.Value.Name}» изменено.")),
        ];
        if (!JsonNode.DeepEquals(Head(before), Head(after)))
            sentences.Add(new("Name, variables or options of the definition are changed.", "Изменены название, переменные или настройки процесса."));
        return sentences.Count <= Most ? [.. sentences]
            : [.. sentences.Take(Most), new Text($"And {sentences.Count - Most} more.", $"И ещё {sentences.Count - Most}.")];
    }

    private static JsonObject Head(JsonObject document)
    {
        var head = DefinitionPortable.Of(document);
        head.Remove("root");
        return head;
    }

    private static SortedDictionary<string, (string Name, JsonObject Own)> Activities(JsonObject document)
    {
        var found = new SortedDictionary<string, (string, JsonObject)>(StringComparer.Ordinal);
        DefinitionDocument.Visit(document["root"], node =>
        {
            if (node.Text("type") is not null && node.Text("id") is { } id)
                found.TryAdd(id, ((node["metadata"] as JsonObject)?.Text("displayText") ?? node.Text("name") ?? id, Own(node)));
        });
        return found;
    }

    /// <summary>The activity without those inside it: a change of theirs is told of them.</summary>
    private static JsonObject Own(JsonObject activity)
    {
        var own = (JsonObject)activity.DeepClone();
        Prune(own);
        return own;
    }

    private static void Prune(JsonNode node)
    {
        foreach (var (name, member) in node is JsonObject json ? json.ToArray() : [])
            if (member is JsonObject inner && IsActivity(inner))
                node[name] = inner.Text("id");
            else if (member is not null)
                Prune(member);
        if (node is JsonArray list)
            for (var i = 0; i < list.Count; i++)
                if (list[i] is JsonObject inner && IsActivity(inner))
                    list[i] = inner.Text("id");
                else if (list[i] is { } item)
                    Prune(item);
    }

    private static bool IsActivity(JsonObject json) => json.Text("type") is not null && json.Text("id") is not null;
}
