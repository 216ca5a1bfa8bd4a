namespace SalesFlow.Sales.Metrics;

/// <summary>One stay: how long it has lasted, and whether it ended or is still going on (censored).</summary>
public readonly record struct Stay(double Seconds, bool Ended);

/// <summary>
/// The Kaplan-Meier estimate of how long stays last. Leaving the open ones out would make a stage look quicker than it is,
/// because the slow ones are those still open.
/// </summary>
public sealed class Survival
{
    private readonly List<(double Seconds, double Remaining)> steps = [];

    /// <summary>Estimates from stays in any order.</summary>
    public Survival(IEnumerable<Stay> stays)
    {
        var sorted = stays.OrderBy(s => s.Seconds).ToArray();
        var remaining = 1.0;
        for (var i = 0; i < sorted.Length;)
        {
            var next = i;
            var ended = 0;
            for (; next < sorted.Length && sorted[next].Seconds == sorted[i].Seconds; next++)
                if (sorted[next].Ended)
                    ended++;
            if (ended > 0)
                steps.Add((sorted[i].Seconds, remaining *= 1 - (double)ended / (sorted.Length - i)));
            i = next;
        }
    }

    /// <summary>The share of stays that last longer than <paramref name="seconds"/>.</summary>
    public double Beyond(double seconds)
    {
        var remaining = 1.0;
        foreach (var step in steps)
        {
            if (step.Seconds > seconds) break;
            remaining = step.Remaining;
        }
        return remaining;
    }

    /// <summary>The shortest time within which a share of <paramref name="share"/> has ended; null when so many are open that it isn't reached.</summary>
    public double? Quantile(double share)
    {
        if (share is <= 0 or >= 1) throw new ArgumentOutOfRangeException(nameof(share), share, "A quantile lies strictly between 0 and 1.");
        // Products of fractions end a few ulps beside the round number that was meant.
        foreach (var step in steps)
            if (step.Remaining <= 1 - share + 1e-12)
                return step.Seconds;
        return null;
    }
}
