using System.Globalization;
using System.Text.Json;

namespace SalesFlow.Web.Tasks;

/// <summary>Turns what the database holds of a field into what its input edits: text, decimal, yyyy-MM-dd or bool.</summary>
public static class FieldValue
{
    /// <summary>The value for an input of the type; null when there is none or it doesn't fit.</summary>
    public static object? For(string type, object? stored)
    {
        var plain = stored is JsonElement json ? Plain(json) : stored;
        return type switch
        {
            "bool" => plain as bool?,
            "number" or "money" => plain is IConvertible number and not (string or bool or DateTime) ? (object)Convert.ToDecimal(number, CultureInfo.InvariantCulture) : Number(plain as string),
            "date" => plain is string text && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out var day) ? day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : null,
            _ => plain is null ? null : Convert.ToString(plain, CultureInfo.InvariantCulture),
        };
    }

    private static object? Plain(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.String => json.GetString(),
        JsonValueKind.Number => json.GetDecimal(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Null or JsonValueKind.Undefined => null,
        _ => json.GetRawText(),
    };

    private static decimal? Number(string? text) =>
        decimal.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out var number) ? number : null;
}
