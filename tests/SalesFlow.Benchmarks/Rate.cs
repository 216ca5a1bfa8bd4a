using System.Collections.Concurrent;
using System.Diagnostics;

namespace SalesFlow.Benchmarks;

/// <summary>What a load came to.</summary>
internal sealed record Rate(long Done, TimeSpan Wall, TimeSpan Cpu, long Commits, double P50, double P99)
{
    public double PerSecond => Done / Wall.TotalSeconds;
    public double PerCpuSecond => Done / Math.Max(Cpu.TotalSeconds, 1e-9);

    /// <summary>Several callers, each doing one thing after the other, for a while.</summary>
    public static async Task<Rate> OfAsync(int callers, TimeSpan time, Func<int, int, Task> doAsync, Func<TimeSpan>? cpu = null, Func<long>? commits = null)
    {
        await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(() => doAsync(caller, 0))));
        var (started, usedBefore, committedBefore) = (Stopwatch.GetTimestamp(), (cpu ?? Machine.OwnCpu)(), commits?.Invoke() ?? 0);
        var latencies = await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
        {
            var taken = new List<float>();
            for (var i = 1; Stopwatch.GetElapsedTime(started) < time; i++)
            {
                var begun = Stopwatch.GetTimestamp();
                await doAsync(caller, i);
                taken.Add((float)Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
            }
            return taken;
        })));
        return Sum(latencies.SelectMany(taken => taken), started, usedBefore, committedBefore, cpu, commits);
    }

    /// <summary>Callers that come at a steady rate, whether the earlier ones have been answered or not.</summary>
    public static async Task<Rate> PacedAsync(double perSecond, TimeSpan time, Func<int, Task> doAsync, Func<TimeSpan>? cpu = null)
    {
        var (started, usedBefore) = (Stopwatch.GetTimestamp(), (cpu ?? Machine.OwnCpu)());
        var (latencies, running) = (new ConcurrentBag<float>(), new List<Task>());
        for (var i = 0; Stopwatch.GetElapsedTime(started) < time; i++)
        {
            // Measured from when the caller came, not from when there was time for it.
            var due = started + (long)(i / perSecond * Stopwatch.Frequency);
            while (Stopwatch.GetTimestamp() < due)
                await Task.Delay(1);
            var number = i;
            running.Add(Task.Run(async () =>
            {
                await doAsync(number);
                latencies.Add((float)Stopwatch.GetElapsedTime(due).TotalMilliseconds);
            }));
        }
        await Task.WhenAll(running);
        return Sum(latencies, started, usedBefore, 0, cpu, null);
    }

    /// <summary>The middle one of several measurements.</summary>
    public static Rate Middle(IEnumerable<Rate> rates)
    {
        var ordered = rates.OrderBy(rate => rate.PerSecond).ToList();
        return ordered[ordered.Count / 2];
    }

    private static Rate Sum(IEnumerable<float> taken, long started, TimeSpan usedBefore, long committedBefore, Func<TimeSpan>? cpu, Func<long>? commits)
    {
        var wall = Stopwatch.GetElapsedTime(started);
        float[] latencies = [.. taken.Order()];
        return new Rate(latencies.Length, wall, (cpu ?? Machine.OwnCpu)() - usedBefore, (commits?.Invoke() ?? 0) - committedBefore, At(latencies, 0.5), At(latencies, 0.99));
    }

    private static double At(float[] ordered, double share) => ordered.Length == 0 ? double.NaN : ordered[(int)Math.Min(ordered.Length - 1, ordered.Length * share)];
}
