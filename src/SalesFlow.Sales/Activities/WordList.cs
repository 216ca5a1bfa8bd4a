using System.Collections.Immutable;
using System.Text.Json;

namespace SalesFlow.Sales.Activities;

/// <summary>A list of words as designers write it: a JSON list of texts, which Studio's check lists save, or words separated by commas.</summary>
internal static class WordList
{
    /// <summary>The words without the blanks around them; a list that is broken JSON is taken for words.</summary>
    public static ImmutableArray<string> Read(string? written)
    {
        if (written?.TrimStart().StartsWith('[') == true)
            try
            {
                return [.. (JsonSerializer.Deserialize<string?[]>(written) ?? []).OfType<string>().Select(word => word.Trim()).Where(word => word.Length > 0)];
            }
            catch (JsonException)
            {
                // Whoever looks the words over says so.
            }
        return [.. (written ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
    }

    /// <summary>The words as people read them; as JSON when one of them holds a comma.</summary>
    public static string Write(ImmutableArray<string> words) =>
        words.Any(word => word.Contains(',', StringComparison.Ordinal) || word.StartsWith('[')) ? JsonSerializer.Serialize(words) : string.Join(", ", words);
}
