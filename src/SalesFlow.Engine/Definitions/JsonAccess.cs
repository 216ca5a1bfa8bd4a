using System.Text.Json;

namespace SalesFlow.Engine.Definitions;

/// <summary>Reads members whatever their case, as Elsa does.</summary>
internal static class JsonAccess
{
    /// <summary>A member that is there and not null.</summary>
    public static JsonElement? Member(this JsonElement json, string name)
    {
        if (json.ValueKind != JsonValueKind.Object)
            return null;
        if (json.TryGetProperty(name, out var exact))
            return exact.ValueKind is JsonValueKind.Null ? null : exact;
        foreach (var member in json.EnumerateObject())
            if (member.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
                return member.Value.ValueKind is JsonValueKind.Null ? null : member.Value;
        return null;
    }

    /// <summary>A member that is text and not empty.</summary>
    public static string? Text(this JsonElement json, string name) =>
        json.Member(name) is { ValueKind: JsonValueKind.String } text && text.GetString() is { Length: > 0 } value ? value : null;

    /// <summary>The elements of a member that is a list, or an old document's wrapper around one; any other shape is reported.</summary>
    public static IEnumerable<JsonElement> Items(this JsonElement json, string name, Action<string, string> report)
    {
        if (json.Member(name) is not { } list)
            return [];
        if (list.ValueKind == JsonValueKind.Object && (list.Member("items") ?? list.Member("values") ?? list.Member("$values")) is { } wrapped)
            list = wrapped;
        if (list.ValueKind == JsonValueKind.Array)
            return list.EnumerateArray();
        report(name, $"is a JSON {list.ValueKind.ToString().ToLowerInvariant()}; expected a list.");
        return [];
    }

    /// <summary>A member that is a flag; false when absent.</summary>
    public static bool Flag(this JsonElement json, string name) => json.Member(name) is { ValueKind: JsonValueKind.True };

    /// <summary>A member that is a whole number.</summary>
    public static int? Whole(this JsonElement json, string name) =>
        json.Member(name) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt32(out var value) ? value : null;
}
