namespace SalesFlow.Benchmarks;

/// <summary>How thoroughly to measure, and where the figures go.</summary>
internal sealed record Setting(bool Quick, Report Report)
{
    /// <summary>How long the runtime runs before anything is measured.</summary>
    public static TimeSpan WarmUp => TimeSpan.FromSeconds(6);
    /// <summary>How long one figure is measured.</summary>
    public TimeSpan Time => TimeSpan.FromSeconds(Quick ? 1 : 3);
    /// <summary>How often each figure is measured; the middle one counts, since the machine is not ours alone.</summary>
    public int Rounds => Quick ? 1 : 3;
    /// <summary>Instances that wait in the large database.</summary>
    public int Many => Quick ? 10_000 : 100_000;
}
