using System.Text.Json;
using System.Text.Json.Serialization;

namespace SalesFlow.Server.Http;

/// <summary>Reads texts of requests and refuses the NUL character, which PostgreSQL cannot store and nobody means.</summary>
internal sealed class PlainText : JsonConverter<string>
{
    public const string Refusal = "holds a NUL character", HalfACharacter = "holds half a character";

    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetString() is { } text && text.Contains('\0', StringComparison.Ordinal) ? throw new JsonException(Refusal) : reader.GetString();

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);

    // Keys of dictionaries are texts too.
    public override string ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Read(ref reader, typeToConvert, options)!;

    public override void WriteAsPropertyName(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WritePropertyName(value);
}
