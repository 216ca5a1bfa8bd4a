using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;

namespace SalesFlow.Studio.Wire;

/// <summary>Elsa's JSON: camel case exactly, enums in Pascal case, no nulls; what comes in is read leniently, as Elsa reads it.</summary>
internal static class ElsaJson
{
    /// <summary>An activity inside an activity costs two or three levels.</summary>
    public const int MaxDepth = 256;

    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        MaxDepth = MaxDepth,
        // Only quotes, backslashes and control characters are escaped: the answers are JSON, never part of a page.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new Words(), new PlainText(), new PlainObject() },
    };

    /// <summary>200 with a body.</summary>
    public static IResult Ok<T>(T body) => Results.Json(body, Options);

    /// <summary>A list that is not paged.</summary>
    public static IResult List<T>(IReadOnlyCollection<T> items) => Ok(new Listed<T>(items, items.Count));

    /// <summary>One page of a list.</summary>
    public static IResult Page<T>(IReadOnlyCollection<T> items, long totalCount) => Ok(new Paged<T>(items, totalCount));

    /// <summary>The body; a missing or broken one is answered with 400, another content type with 415.</summary>
    public static async Task<T> ReadAsync<T>(HttpRequest request, CancellationToken cancel) where T : class
    {
        if (!request.HasJsonContentType())
            throw new ElsaProblemException(StatusCodes.Status415UnsupportedMediaType);
        try
        {
            return await JsonSerializer.DeserializeAsync<T>(request.Body, Options, cancel) ?? throw new ElsaProblemException("The body is null; a JSON object was expected.");
        }
        catch (JsonException broken)
        {
            throw new ElsaProblemException(broken.Path is null or "" or "$" ? "serializerErrors" : broken.Path.TrimStart('$', '.'), Plainly(broken.Message));
        }
    }

    /// <summary>The serializer names types of C#, which tell whoever sent the request nothing.</summary>
    private static string Plainly(string message)
    {
        if (!message.StartsWith("The JSON value could not be converted to ", StringComparison.Ordinal))
            return message;
        var type = message.Split(". Path:")[0];
        var kind = type.Contains("Int32", StringComparison.Ordinal) || type.Contains("Int64", StringComparison.Ordinal) ? "a whole number" : type.Contains("Boolean", StringComparison.Ordinal) ? "true or false"
            : type.Contains("List", StringComparison.Ordinal) || type.Contains("[]", StringComparison.Ordinal) ? "a list" : type.Contains("DateTime", StringComparison.Ordinal) ? "a time such as 2026-11-24T09:00:00Z" : "an object";
        return $"The value is of another kind than expected: {kind}.";
    }

    /// <summary>The body, or <paramref name="absent"/> when there is none.</summary>
    public static async Task<T> ReadAsync<T>(HttpRequest request, T absent, CancellationToken cancel) where T : class =>
        request.ContentLength is 0 || request.ContentType is null ? absent : await ReadAsync<T>(request, cancel);

    /// <summary>The same where Elsa says only that the body is bad, not where.</summary>
    public static async Task<T> ReadWholeAsync<T>(HttpRequest request, T absent, CancellationToken cancel) where T : class
    {
        try
        {
            return await ReadAsync(request, absent, cancel);
        }
        catch (ElsaProblemException broken) when (broken.Errors is not null)
        {
            throw new ElsaProblemException($"Invalid request body. {broken.Message}");
        }
    }
}

/// <summary>Words of the protocol: read in any case, or by number; one that there is not is answered with those that there are.</summary>
internal sealed class Words : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) => typeToConvert.IsEnum;

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) => (JsonConverter)Activator.CreateInstance(typeof(Word<>).MakeGenericType(typeToConvert))!;

    private sealed class Word<T> : JsonConverter<T> where T : struct, Enum
    {
        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            var written = reader.TokenType == JsonTokenType.String ? reader.GetString() : reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var number) ? $"{number}" : $"{reader.TokenType}";
            return Enum.TryParse<T>(written, ignoreCase: true, out var word) && Enum.IsDefined(word) ? word : throw new JsonException($"'{written}' is unknown; expected {string.Join(", ", Enum.GetNames<T>())}.");
        }

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
    }
}

/// <summary>A text without the NUL character, which PostgreSQL cannot keep.</summary>
internal sealed class PlainText : JsonConverter<string>
{
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.PropertyName))
            throw new JsonException("A text was expected.");
        return reader.GetString() is { } text && text.Contains('\0', StringComparison.Ordinal) ? throw new JsonException("The text holds a NUL character (\\u0000); remove it.") : reader.GetString();
    }

    public override string ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Read(ref reader, typeToConvert, options)!;

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);

    public override void WriteAsPropertyName(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WritePropertyName(value);
}

/// <summary>A JSON object whose texts can all be written again: none holds half a character.</summary>
internal sealed class PlainObject : JsonConverter<JsonObject>
{
    public override JsonObject Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var value = JsonElement.ParseValue(ref reader);
        try
        {
            _ = value.ValueKind == JsonValueKind.Object ? JsonSerializer.SerializeToUtf8Bytes(JsonObject.Create(value)) : throw new JsonException("An object was expected.");
        }
        catch (InvalidOperationException)
        {
            throw new JsonException("A text holds half a character (a surrogate such as \\ud800 without its other half); remove it.");
        }
        return JsonObject.Create(value)!;
    }

    public override void Write(Utf8JsonWriter writer, JsonObject value, JsonSerializerOptions options) => value.WriteTo(writer, options);
}

/// <summary>A list and its length.</summary>
internal sealed record Listed<T>(IReadOnlyCollection<T> Items, int Count);

/// <summary>A page and the length of the whole list.</summary>
internal sealed record Paged<T>(IReadOnlyCollection<T> Items, long TotalCount);
