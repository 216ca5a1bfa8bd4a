using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SalesFlow.Studio.Tests;

/// <summary>One call that a real Elsa server answered: what was asked, what it said.</summary>
public sealed record Golden(string Name, string Method, string Path, string? ContentType, JsonNode? Body, string? RawBody, int Status, JsonObject Headers, JsonNode? Answer)
{
    private static readonly string Folder = System.IO.Path.Combine(AppContext.BaseDirectory, "elsa-golden");

    /// <summary>The file whose name begins with this number.</summary>
    public static Golden Load(string number)
    {
        var file = Directory.EnumerateFiles(Folder, $"{number}-*.json").Single();
        var (request, response) = JsonNode.Parse(File.ReadAllText(file)) is JsonObject json ? (json["request"]!.AsObject(), json["response"]!.AsObject()) : throw new InvalidDataException(file);
        return new(System.IO.Path.GetFileNameWithoutExtension(file), Text(request["method"])!, Text(request["path"])!, Text(request["contentType"]), request["body"], Text(request["rawBody"]),
            response["status"]!.GetValue<int>(), response["headers"]!.AsObject(), response["body"] is JsonValue value && value.GetValueKind() == JsonValueKind.String ? null : response["body"]);
    }

    private static string? Text(JsonNode? node) => node?.GetValue<string>();
}

/// <summary>Asks our server what a real Elsa was asked, in the same order; ids of the recording are replaced by those that our answers gave.</summary>
public sealed class Replay(HttpClient client)
{
    private readonly Dictionary<string, string> _ids = [];

    /// <summary>Makes a call that is only a preparation.</summary>
    public async Task<JsonNode?> PrepareAsync(string number)
    {
        var (golden, answer, body) = await SendAsync(number);
        Assert.True(answer == (HttpStatusCode)golden.Status, $"{golden.Name}: {(int)answer} {body}");
        return body;
    }

    /// <summary>Makes a call and answers where our answer has another shape than Elsa's; paths ending like <paramref name="except"/> may differ.</summary>
    public async Task<IReadOnlyList<string>> DifferencesAsync(string number, HttpStatusCode? instead = null, params string[] except)
    {
        var (golden, status, body) = await SendAsync(number);
        var differences = new List<string>();
        if (status != (instead ?? (HttpStatusCode)golden.Status))
            differences.Add($"status is {(int)status}, expected {(int)(instead ?? (HttpStatusCode)golden.Status)}: {body}");
        else if (instead is null && golden.Answer is { } expected)
            Shape.Compare(expected, body, "", differences);
        return [.. differences.Where(difference => !except.Any(part => difference.Contains(part + " is ", StringComparison.Ordinal))).Select(difference => $"{golden.Name}: {difference}")];
    }

    private async Task<(Golden, HttpStatusCode, JsonNode?)> SendAsync(string number)
    {
        var golden = Golden.Load(number);
        using var request = new HttpRequestMessage(new HttpMethod(golden.Method), Ours(golden.Path));
        if ((golden.RawBody ?? golden.Body?.ToJsonString()) is { } body)
            request.Content = new StringContent(Ours(body), Encoding.UTF8, golden.ContentType ?? "application/json");
        using var answer = await client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        var json = text.Length > 0 && answer.Content.Headers.ContentType?.MediaType is { } media && (media.Contains("json", StringComparison.Ordinal) || media == "application/octet-stream") ? JsonNode.Parse(text) : null;
        Learn(golden.Answer, json);
        foreach (var (name, value) in golden.Headers)
            if (name.StartsWith("x-elsa", StringComparison.Ordinal))
                Know(value!.GetValue<string>(), answer.Headers.TryGetValues(name, out var values) ? values.Single() : null);
        return (golden, answer.StatusCode, json);
    }

    /// <summary>Longest first, because an id may be the beginning of another.</summary>
    private string Ours(string text) => _ids.OrderByDescending(pair => pair.Key.Length).Aggregate(text, (replaced, pair) => replaced.Replace(pair.Key, pair.Value, StringComparison.Ordinal));

    private void Learn(JsonNode? theirs, JsonNode? ours)
    {
        if (theirs is JsonObject left && ours is JsonObject right)
            foreach (var (name, value) in left)
                Learn(value, right[name]);
        else if (theirs is JsonArray lefts && ours is JsonArray rights)
            foreach (var (value, other) in lefts.Zip(rights))
                Learn(value, other);
        else if (theirs is JsonValue text && text.GetValueKind() == JsonValueKind.String && ours is JsonValue our && our.GetValueKind() == JsonValueKind.String)
            Know(text.GetValue<string>(), our.GetValue<string>());
    }

    private void Know(string theirs, string? ours)
    {
        // Elsa's ids are 64 bits in hexadecimal digits.
        if (ours is not null && theirs.Length is >= 13 and <= 16 && theirs.All(char.IsAsciiHexDigitLower))
            _ids.TryAdd(theirs, ours);
    }
}

/// <summary>Compares the shape of an answer with Elsa's: nothing may be missing, renamed, of another type, or spelled otherwise. Additions do not matter.</summary>
internal static class Shape
{
    /// <summary>Members whose very value matters: words of the protocol, and numbers that the same run must come to.</summary>
    private static readonly HashSet<string> Exact =
    [
        "status", "subStatus", "eventName", "activityId", "activityType", "activityTypeVersion", "activityName", "activityNodeId", "nodeId", "scheduledActivityNodeId", "ownerActivityNodeId", "childNodeId",
        "methodName", "definitionId", "isSystem", "isExecuting", "autoBurn", "autoComplete", "hasBookmarks", "isBlocked", "isFaulted", "startedCount", "completedCount", "uncompletedCount", "faultCount",
        "aggregateFaultCount", "callStackDepth", "incidentCount", "correlationId", "name", "schedulingActivityId", "sequence", "executionLogSequence",
        "Outcomes", "_type", "isAuthenticated", "reason", "isAcceptingNewWork", "cancelled", "deleted",
        "kind", "uiHint", "defaultSyntax", "isWrapped", "appliedRange",
    ];

    /// <summary>Where lists of things that have a name of their own are not sorted the same way, they are matched by it.</summary>
    private static readonly string[] Keys = ["eventName", "activityNodeId", "nodeId", "scheduledActivityNodeId", "childNodeId", "name"];

    public static void Compare(JsonNode? expected, JsonNode? actual, string path, List<string> differences)
    {
        if (expected is null)
            return;
        if (actual is null)
            differences.Add($"{path} is missing; Elsa says {Short(expected)}");
        else if (Kind(expected) != Kind(actual))
            differences.Add($"{path} is a {Kind(actual)}, Elsa's a {Kind(expected)}: {Short(actual)} instead of {Short(expected)}");
        else if (expected is JsonObject members)
            foreach (var (name, value) in members)
                Compare(name, value, actual.AsObject(), $"{path}.{name}", differences);
        else if (expected is JsonArray items)
            CompareItems(items, actual.AsArray(), path, differences);
        else if (IsTime(expected) && !IsTime(actual))
            differences.Add($"{path} is no time: {Short(actual)}");
    }

    private static void Compare(string name, JsonNode? expected, JsonObject actual, string path, List<string> differences)
    {
        if (!actual.TryGetPropertyValue(name, out var value))
            differences.Add($"{path} is missing; Elsa says {Short(expected)}");
        else if ((Exact.Contains(name) || name == "type" && path.Contains(".ports[", StringComparison.Ordinal)) && expected is not null && (expected is JsonValue || name == "Outcomes") && !IsId(expected) && !JsonNode.DeepEquals(expected, value))
            differences.Add($"{path} is {Short(value)}, Elsa says {Short(expected)}");
        else
            Compare(expected, value, path, differences);
    }

    private static void CompareItems(JsonArray expected, JsonArray actual, string path, List<string> differences)
    {
        var left = actual.ToList();
        for (var i = 0; i < expected.Count; i++)
        {
            var match = left.FindIndex(item => KeyOf(item) == KeyOf(expected[i]));
            if (match < 0)
                differences.Add($"{path}[{i}] is missing; Elsa says {Short(expected[i])}");
            else
            {
                Compare(expected[i], left[match], $"{path}[{i}]", differences);
                left.RemoveAt(match);
            }
        }
    }

    private static string KeyOf(JsonNode? item) => item is JsonObject members
        ? string.Join("|", Keys.Where(key => members[key] is JsonValue value && !IsId(value)).Select(key => members[key]!.ToString())) : "";

    private static bool IsId(JsonNode node) => node.GetValueKind() == JsonValueKind.String && node.GetValue<string>() is { Length: >= 13 and <= 17 } text && text.All(char.IsAsciiHexDigitLower) && text.Any(char.IsAsciiDigit);

    private static bool IsTime(JsonNode node) => node.GetValueKind() == JsonValueKind.String && node.GetValue<string>() is { Length: > 18 } text && text[4] == '-' && text[10] == 'T' && DateTimeOffset.TryParse(text, out _);

    private static JsonValueKind Kind(JsonNode node) => node.GetValueKind() switch { JsonValueKind.False => JsonValueKind.True, var kind => kind };

    private static string Short(JsonNode? node) => node?.ToJsonString() is { } text ? text.Length > 160 ? text[..160] + "…" : text : "null";
}
