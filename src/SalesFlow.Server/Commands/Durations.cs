using System.Globalization;
using System.Text.RegularExpressions;

namespace SalesFlow.Server.Commands;

/// <summary>Durations as people type them: 1h, 90s, 1h30m, 2d, or 00:30:00 and 1.02:00:00.</summary>
internal static partial class Durations
{
    /// <summary>The duration, or null when the text is none or a negative one.</summary>
    public static TimeSpan? Read(string text)
    {
        if (text.Contains(':', StringComparison.Ordinal))
            return TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var clock) && clock >= TimeSpan.Zero ? clock : null;
        if (text.Length == 0 || Parts().Match(text) is not { Success: true } parts)
            return null;
        var seconds = Part(parts, "d") * 86_400 + Part(parts, "h") * 3_600 + Part(parts, "m") * 60 + Part(parts, "s");
        return seconds <= TimeSpan.MaxValue.TotalSeconds / 2 ? TimeSpan.FromSeconds(seconds) : null;
    }

    private static double Part(Match match, string unit) =>
        match.Groups[unit] is { Success: true, Value: var number } ? double.Parse(number, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(@"^(?:(?<d>\d+(?:\.\d+)?)d)?(?:(?<h>\d+(?:\.\d+)?)h)?(?:(?<m>\d+(?:\.\d+)?)m)?(?:(?<s>\d+(?:\.\d+)?)s)?$", RegexOptions.CultureInvariant)]
    private static partial Regex Parts();
}
