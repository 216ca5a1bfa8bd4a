namespace SalesFlow.Sales;

/// <summary>One page of a list and where the next one begins; no cursor means that it was the last.</summary>
public sealed record Page<T>(IReadOnlyList<T> Items, string? NextCursor);

/// <summary>Reads and writes the cursors of lists: the sort key of the last row, so that rows that come and go neither repeat nor hide others.</summary>
internal static class Cursor
{
    private const int LargestPage = 200;

    /// <summary>A single key.</summary>
    public static long? Read(string? cursor)
    {
        if (string.IsNullOrEmpty(cursor)) return null;
        return long.TryParse(cursor, out var key) ? key
            : throw new ValidationException("cursor", $"'{cursor}' is not a cursor of this list. Send back what nextCursor said, or nothing.");
    }

    /// <summary>A key and the id that tells equal keys apart.</summary>
    public static (long Key, long Id)? ReadPair(string? cursor)
    {
        if (string.IsNullOrEmpty(cursor)) return null;
        var dash = cursor.IndexOf('-', StringComparison.Ordinal);
        return dash > 0 && long.TryParse(cursor.AsSpan(0, dash), out var key) && long.TryParse(cursor.AsSpan(dash + 1), out var id) ? (key, id)
            : throw new ValidationException("cursor", $"'{cursor}' is not a cursor of this list. Send back what nextCursor said, or nothing.");
    }

    /// <summary>A pair that names something; null when the text is none.</summary>
    public static (long Key, int Id)? ReadId(string text)
    {
        var dash = text.IndexOf('-', StringComparison.Ordinal);
        return dash > 0 && long.TryParse(text.AsSpan(0, dash), out var key) && int.TryParse(text.AsSpan(dash + 1), out var id) ? (key, id) : null;
    }

    /// <summary>The page of the first <paramref name="limit"/> of the rows read; one more was asked for to know whether there is a next page.</summary>
    public static Page<TView> Page<T, TView>(List<T> rows, int limit, Func<T, TView> view, Func<T, string> cursor)
    {
        var more = rows.Count > limit;
        var shown = more ? rows.Take(limit) : rows;
        return new([.. shown.Select(view)], more ? cursor(rows[limit - 1]) : null);
    }

    /// <summary>The limit, if it is one.</summary>
    public static int Limit(int limit) => limit is >= 1 and <= LargestPage ? limit
        : throw new ValidationException("limit", $"A page has 1 to {LargestPage} items, not {limit}.");
}
