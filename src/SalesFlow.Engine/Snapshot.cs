using System.Text.Json;
using System.Text.Json.Serialization;
using SalesFlow.Engine.Expressions;

namespace SalesFlow.Engine;

/// <summary>
/// Named values as they were at one moment, for the journal. The JSON is written when it is first asked for, since most snapshots of a turn that is
/// only computed are never read; values that somebody could still change are written at once.
/// </summary>
[JsonConverter(typeof(SnapshotConverter))]
public sealed class Snapshot
{
    /// <summary>Characters that one value may have; a longer one is replaced by a text that says how long it was.</summary>
    public const int MaxValue = 32_768;

    private KeyValuePair<string, object?>[]? _values;
    private string? _json;

    private Snapshot(KeyValuePair<string, object?>[] values) => _values = values;

    /// <summary>A snapshot read back from its JSON object.</summary>
    public Snapshot(string json) => _json = json;

    /// <summary>The values as a compact JSON object.</summary>
    public string Json
    {
        get
        {
            if (_json is { } known)
                return known;
            // Another thread may have written it in between; both come to the same text.
            _json = _values is { } values ? Write(values) : _json!;
            _values = null;
            return _json;
        }
    }

    /// <inheritdoc />
    public override string ToString() => Json;

    /// <summary>Writes the JSON object, without making a text of it first.</summary>
    public void WriteTo(Utf8JsonWriter json)
    {
        // Taken once: another thread may be asking for the text, which takes the values away.
        if (_values is { } values)
            WriteAll(json, values);
        else
            json.WriteRawValue(Json, skipInputValidation: true);
    }

    /// <summary>A snapshot of <paramref name="values"/>, which must not be changed any more; null when there are none.</summary>
    internal static Snapshot? Of(KeyValuePair<string, object?>[] values)
    {
        if (values.Length == 0)
            return null;
        foreach (var (_, value) in values)
            if (value is not (null or string or System.ValueType))
                return new Snapshot(Write(values));
        return new Snapshot(values);
    }

    private static string Write(KeyValuePair<string, object?>[] values) => JsonBytes.Write(values, WriteAll, static bytes => System.Text.Encoding.UTF8.GetString(bytes));

    private static void WriteAll(Utf8JsonWriter json, KeyValuePair<string, object?>[] values)
    {
        json.WriteStartObject();
        foreach (var (name, value) in values)
        {
            json.WritePropertyName(name);
            Write(json, value);
        }
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, object? value)
    {
        if (value is null)
            json.WriteNullValue();
        else if (value is string text)
            json.WriteStringValue(Within(text) ?? text);
        else if (Text(value) is var written)
            json.WriteRawValue(Within(written) is { } refused ? $"\"{refused}\"" : written, skipInputValidation: true);
    }

    private static string? Within(string text) => text.Length <= MaxValue ? null : $"({text.Length:N0} characters are too many for the journal)";

    /// <summary>JSON of a value; a text naming its type when it has none (an endless number, something that holds itself).</summary>
    private static string Text(object value)
    {
        try
        {
            return value is JsonElement element ? element.GetRawText() : Expressions.Json.Text(value);
        }
        catch (Exception mistake) when (mistake is JsonException or NotSupportedException or ArgumentException or InvalidOperationException)
        {
            return $"\"({value.GetType().Name} cannot be written as JSON)\"";
        }
    }
}

/// <summary>A snapshot is a JSON object among the journal's other members, not a text with JSON in it.</summary>
internal sealed class SnapshotConverter : JsonConverter<Snapshot>
{
    public override Snapshot Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        return new Snapshot(document.RootElement.GetRawText());
    }

    public override void Write(Utf8JsonWriter writer, Snapshot value, JsonSerializerOptions options) => value.WriteTo(writer);
}
