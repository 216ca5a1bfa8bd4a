namespace SalesFlow.Server.Demo;

/// <summary>A clock that stands still until the history moves it on.</summary>
internal sealed class DemoClock(DateTimeOffset start) : TimeProvider
{
    private long ticks = start.UtcTicks;

    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref ticks), TimeSpan.Zero);

    /// <summary>Moves on; never back.</summary>
    public void MoveTo(DateTimeOffset time) => Interlocked.Exchange(ref ticks, Math.Max(Interlocked.Read(ref ticks), time.UtcTicks));
}
