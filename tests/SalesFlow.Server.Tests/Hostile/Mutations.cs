using System.Text.Json;
using System.Text.Json.Nodes;

namespace SalesFlow.Server.Tests.Hostile;

/// <summary>A body that fits, spoilt in one place at a time.</summary>
internal static class Mutations
{
    // Each leaf is replaced by this text first, and the text by what is to stand there: JSON of any kind, valid or not.
    private const string Here = "\"@HERE@\"";

    public static IEnumerable<(string Place, string Body)> Of(JsonObject body, string longText)
    {
        foreach (var path in Paths(body, ""))
        {
            var spoilt = body.DeepClone();
            var kind = Put(spoilt, path);
            var text = spoilt.ToJsonString();
            foreach (var (name, value) in Values(kind, IsFree(path), longText))
                yield return ($"{name} in {path}", text.Replace(Here, value, StringComparison.Ordinal));
        }
        yield return ("an unknown property", body.ToJsonString().TrimEnd('}') + ",\"zzzUnknown\":1}");
    }

    // Values of these are of the process's making: another type may be right, a megabyte never is.
    private static bool IsFree(string path) => path.Contains("/fields", StringComparison.Ordinal) || path.StartsWith("/rules", StringComparison.Ordinal) || path.StartsWith("/name", StringComparison.Ordinal) || path.StartsWith("/ways", StringComparison.Ordinal);

    private static IEnumerable<(string, string)> Values(JsonValueKind kind, bool free, string longText)
    {
        if (kind == JsonValueKind.String)
        {
            yield return ("a megabyte", $"\"{longText}\"");
            yield return ("half a character", "\"\\ud800\"");
            yield return ("a NUL character", "\"a\\u0000b\"");
        }
        if (free)
            yield break;
        if (kind != JsonValueKind.Object)
            yield return ("an object", """{"x":1}""");
        if (kind != JsonValueKind.Array)
            yield return ("a list", "[[1]]");
        if (kind != JsonValueKind.Number)
            yield return ("a number", "5");
        if (kind is JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False or JsonValueKind.Array or JsonValueKind.Object)
            yield return ("a text", "\"x\"");
        if (kind == JsonValueKind.Number)
        {
            yield return ("too large a number", "1e400");
            yield return ("a number far below nothing", "-1e28");
        }
        if (kind == JsonValueKind.Array)
            yield return ("a hundred thousand texts", $"[{string.Join(',', Enumerable.Repeat("\"7\"", 100_000))}]");
    }

    private static IEnumerable<string> Paths(JsonNode? node, string path) => node switch
    {
        JsonObject one => [.. path.Length > 0 ? [path] : Array.Empty<string>(), .. one.SelectMany(member => Paths(member.Value, $"{path}/{member.Key}"))],
        JsonArray list => [path, .. list.SelectMany((item, i) => Paths(item, $"{path}/{i}"))],
        _ => [path],
    };

    private static JsonValueKind Put(JsonNode root, string path)
    {
        var (node, steps) = (root, path.Split('/', StringSplitOptions.RemoveEmptyEntries));
        foreach (var step in steps[..^1])
            node = node is JsonArray list ? list[int.Parse(step, System.Globalization.CultureInfo.InvariantCulture)]! : node[step]!;
        if (node is JsonArray items)
        {
            var at = int.Parse(steps[^1], System.Globalization.CultureInfo.InvariantCulture);
            var was = items[at]!.GetValueKind();
            items[at] = "@HERE@";
            return was;
        }
        var kind = node[steps[^1]]!.GetValueKind();
        node[steps[^1]] = "@HERE@";
        return kind;
    }
}
