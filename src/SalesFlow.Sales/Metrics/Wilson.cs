namespace SalesFlow.Sales.Metrics;

/// <summary>A share and the Wilson score interval around it: sound for small counts, never outside 0..1.</summary>
public readonly record struct Share(double Rate, double Low, double High)
{
    // The 97.5th percentile of the normal distribution: two-sided 95 %.
    private const double Z = 1.959963984540054;

    /// <summary>The share of <paramref name="hits"/> in <paramref name="trials"/>; null when there were no trials.</summary>
    public static Share? Of(int hits, int trials)
    {
        if (hits < 0 || hits > trials)
            throw new ArgumentOutOfRangeException(nameof(hits), hits, $"Hits must lie between 0 and the number of trials ({trials}).");
        if (trials == 0) return null;
        double n = trials, rate = hits / n, z2 = Z * Z;
        var centre = (rate + z2 / (2 * n)) / (1 + z2 / n);
        var half = Z / (1 + z2 / n) * Math.Sqrt(rate * (1 - rate) / n + z2 / (4 * n * n));
        // At 0 and n the bound is exactly 0 and 1; rounding would leave it a hair beside.
        return new(rate, hits == 0 ? 0 : centre - half, hits == trials ? 1 : centre + half);
    }
}
