using System.Collections;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace SalesFlow.Engine.Expressions;

/// <summary>JSON text to plain values (scalars, lists, string-keyed dictionaries) and back.</summary>
public static class Json
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Converters = { new FiniteDouble(), new FiniteSingle() } };
    private static readonly JsonDocumentOptions Reading = new() { MaxDepth = 64 };

    /// <summary>Parses text; throws <see cref="JsonException"/> when it is not JSON.</summary>
    public static object? Parse(string text)
    {
        using var document = JsonDocument.Parse(text, Reading);
        return Plain(document.RootElement);
    }

    /// <summary>A JSON element as plain values. Whole numbers become long, others decimal, what fits neither double.</summary>
    public static object? Plain(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => PlainObject(element),
        JsonValueKind.Array => PlainList(element),
        JsonValueKind.String => element.GetString(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Number => Number(element),
        _ => null,
    };

    /// <summary>JSON text of plain values.</summary>
    public static string Text(object? value) => JsonSerializer.Serialize(value, Readable);

    /// <summary>A dictionary's members whatever its value type; null when the value is no dictionary.</summary>
    internal static IEnumerable<KeyValuePair<string, object?>>? Members(object? value) => value switch
    {
        IReadOnlyDictionary<string, object?> members => members,
        IDictionary<string, object?> members => members,
        IDictionary dictionary => Entries(dictionary),
        _ => null,
    };

    private static IEnumerable<KeyValuePair<string, object?>> Entries(IDictionary dictionary)
    {
        foreach (DictionaryEntry entry in dictionary)
            yield return new(Convert.ToString(entry.Key, CultureInfo.InvariantCulture) ?? "", entry.Value);
    }

    private static Dictionary<string, object?> PlainObject(JsonElement element)
    {
        var members = new Dictionary<string, object?>();
        foreach (var member in element.EnumerateObject())
            members[member.Name] = Plain(member.Value);
        return members;
    }

    private static List<object?> PlainList(JsonElement element)
    {
        var list = new List<object?>(element.GetArrayLength());
        foreach (var item in element.EnumerateArray())
            list.Add(Plain(item));
        return list;
    }

    private static object Number(JsonElement element) =>
        element.TryGetInt64(out var whole) ? whole : element.TryGetDecimal(out var exact) ? exact : element.GetDouble();

    /// <summary>Writes a value as it is; numbers that JSON has no form for (a script divides by zero) become null, as in JavaScript.</summary>
    internal static void Write(Utf8JsonWriter json, object? value) => JsonSerializer.Serialize(json, value, Readable);

    private sealed class FiniteDouble : JsonConverter<double>
    {
        public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDouble();

        public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
        {
            if (double.IsFinite(value))
                writer.WriteNumberValue(value);
            else
                writer.WriteNullValue();
        }
    }

    private sealed class FiniteSingle : JsonConverter<float>
    {
        public override float Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetSingle();

        public override void Write(Utf8JsonWriter writer, float value, JsonSerializerOptions options)
        {
            if (float.IsFinite(value))
                writer.WriteNumberValue(value);
            else
                writer.WriteNullValue();
        }
    }
}
