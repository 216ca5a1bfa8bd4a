namespace SalesFlow.Sales.Meetings;

/// <summary>A quarter of an hour of a member's time. The database holds each at most once: that is what makes double booking impossible.</summary>
public readonly record struct MeetingCell(UserId Member, long Quarter);

/// <summary>Numbers the quarters of an hour since 1970, in UTC.</summary>
public static class MeetingCells
{
    private const long Seconds = SlotRules.Quarter * 60;

    /// <summary>The quarter that an instant lies in.</summary>
    public static long Of(DateTimeOffset at) => (long)Math.Floor((double)at.ToUnixTimeSeconds() / Seconds);

    /// <summary>When a quarter begins.</summary>
    public static DateTimeOffset BeginOf(long quarter) => DateTimeOffset.FromUnixTimeSeconds(quarter * Seconds);

    /// <summary>The quarters that a span touches, the earliest first.</summary>
    public static IEnumerable<long> Between(DateTimeOffset from, DateTimeOffset to)
    {
        for (var quarter = Of(from); BeginOf(quarter) < to; quarter++)
            yield return quarter;
    }

    /// <summary>What a meeting keeps busy, buffers included.</summary>
    public static IEnumerable<long> Of(SlotRules rules, DateTimeOffset start, DateTimeOffset end) => Between(start.AddMinutes(-rules.BufferBefore), end.AddMinutes(rules.BufferAfter));
}
