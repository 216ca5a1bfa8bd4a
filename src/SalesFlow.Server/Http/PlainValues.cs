using System.Text.Json;
using System.Text.Json.Serialization;

namespace SalesFlow.Server.Http;

/// <summary>What <see cref="PlainText"/> is for texts, for values of any kind: their texts are checked however deep they lie.</summary>
internal static class PlainValues
{
    /// <summary>Throws for a text that no database keeps: one with a NUL, or with half a character.</summary>
    public static void Check(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                Check(value.GetRawText(), value.GetString);
                break;
            case JsonValueKind.Array:
                foreach (var item in value.EnumerateArray())
                    Check(item);
                break;
            case JsonValueKind.Object:
                foreach (var member in value.EnumerateObject())
                {
                    Check(member.Name, () => member.Name);
                    Check(member.Value);
                }
                break;
        }
    }

    private static void Check(string raw, Func<string?> read)
    {
        // Only an escape can stand for what is refused here.
        if (!raw.Contains('\\', StringComparison.Ordinal) && !raw.Contains('\0', StringComparison.Ordinal))
            return;
        try
        {
            if (read()!.Contains('\0', StringComparison.Ordinal))
                throw new JsonException(PlainText.Refusal);
        }
        catch (InvalidOperationException)
        {
            throw new JsonException(PlainText.HalfACharacter);
        }
    }
}

/// <summary>Reads values of any kind, such as those of a deal's fields.</summary>
internal sealed class PlainObject : JsonConverter<object>
{
    public override object? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var value = JsonElement.ParseValue(ref reader);
        PlainValues.Check(value);
        return value;
    }

    public override void Write(Utf8JsonWriter writer, object value, JsonSerializerOptions options)
    {
        if (value.GetType() == typeof(object))
        {
            writer.WriteStartObject();
            writer.WriteEndObject();
        }
        else
            JsonSerializer.Serialize(writer, value, value.GetType(), options);
    }
}

/// <summary>Reads JSON that is kept as it came.</summary>
internal sealed class PlainElement : JsonConverter<JsonElement>
{
    public override JsonElement Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var value = JsonElement.ParseValue(ref reader);
        PlainValues.Check(value);
        return value;
    }

    public override void Write(Utf8JsonWriter writer, JsonElement value, JsonSerializerOptions options) => value.WriteTo(writer);
}
