using System.Collections.Immutable;

namespace SalesFlow.Sales.Documents;

/// <summary>What happened to a line between two texts.</summary>
public enum DiffMark
{
    /// <summary>It is in both.</summary>
    Same,
    /// <summary>It is only in the newer one.</summary>
    Added,
    /// <summary>It is only in the older one.</summary>
    Removed,
}

/// <summary>A line of a comparison with its numbers from 1 in the older and in the newer text; null where it is not there.</summary>
public sealed record DiffLine(DiffMark Mark, int? Before, int? After, string Text);

/// <summary>Compares two texts by lines: the longest common subsequence stays.</summary>
public static class LineDiff
{
    // Above this many cells the middle counts as replaced as a whole: a comparison must not take the server's memory.
    private const long MaxCells = 4_000_000;

    /// <summary>Every line of both texts in order.</summary>
    public static ImmutableArray<DiffLine> Between(string before, string after)
    {
        var (old, now) = (Lines(before), Lines(after));
        var head = 0;
        while (head < old.Length && head < now.Length && old[head] == now[head])
            head++;
        var tail = 0;
        while (tail < old.Length - head && tail < now.Length - head && old[^(tail + 1)] == now[^(tail + 1)])
            tail++;
        var lines = ImmutableArray.CreateBuilder<DiffLine>();
        for (var i = 0; i < head; i++)
            lines.Add(new(DiffMark.Same, i + 1, i + 1, old[i]));
        Middle(old[head..^tail], now[head..^tail], head, lines);
        for (var i = tail; i > 0; i--)
            lines.Add(new(DiffMark.Same, old.Length - i + 1, now.Length - i + 1, old[^i]));
        return lines.DrainToImmutable();
    }

    /// <summary>The lines that differ, each with that many around it; null stands for lines left out.</summary>
    public static ImmutableArray<DiffLine?> Near(ImmutableArray<DiffLine> lines, int around)
    {
        var near = ImmutableArray.CreateBuilder<DiffLine?>();
        for (var i = 0; i < lines.Length; i++)
            if (Enumerable.Range(Math.Max(0, i - around), Math.Min(lines.Length, i + around + 1) - Math.Max(0, i - around)).Any(at => lines[at].Mark != DiffMark.Same))
                near.Add(lines[i]);
            else if (near is not [.., null])
                near.Add(null);
        return near.DrainToImmutable();
    }

    private static void Middle(string[] old, string[] now, int offset, ImmutableArray<DiffLine>.Builder lines)
    {
        var common = (long)old.Length * now.Length <= MaxCells ? Common(old, now) : null;
        for (var (i, j) = (0, 0); i < old.Length || j < now.Length;)
            if (common is not null && i < old.Length && j < now.Length && old[i] == now[j])
                lines.Add(new(DiffMark.Same, offset + ++i, offset + ++j, old[i - 1]));
            else if (i < old.Length && (common is null || j == now.Length || common[i + 1, j] >= common[i, j + 1]))
                lines.Add(new(DiffMark.Removed, offset + ++i, null, old[i - 1]));
            else
                lines.Add(new(DiffMark.Added, null, offset + ++j, now[j - 1]));
    }

    /// <summary>How many lines the rests of both texts have in common, from each pair of places on.</summary>
    private static int[,] Common(string[] old, string[] now)
    {
        var common = new int[old.Length + 1, now.Length + 1];
        for (var i = old.Length - 1; i >= 0; i--)
            for (var j = now.Length - 1; j >= 0; j--)
                common[i, j] = old[i] == now[j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);
        return common;
    }

    private static string[] Lines(string text) => text.Length == 0 ? [] : text.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
}
