using System.Text.Json;
using SalesFlow.Engine;

namespace SalesFlow.Sales;

/// <summary>Reads texts that designers wrote in one language or in both.</summary>
internal static class Texts
{
    /// <summary>Plain text, or the JSON object {"ru", "en"} as text.</summary>
    public static Text Read(string? text)
    {
        if (text is null || !text.TrimStart().StartsWith('{'))
            return new(text ?? "", text ?? "");
        try
        {
            using var document = JsonDocument.Parse(text);
            return Read(document.RootElement);
        }
        catch (JsonException)
        {
            return new(text, text);
        }
    }

    /// <summary>A JSON string or {"ru", "en"}; a missing language speaks the other.</summary>
    public static Text Read(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object)
            return new(json.ToString(), json.ToString());
        var ru = json.TryGetProperty("ru", out var russian) ? russian.ToString() : null;
        var en = json.TryGetProperty("en", out var english) ? english.ToString() : null;
        return new(en ?? ru ?? "", ru ?? en ?? "");
    }
}
