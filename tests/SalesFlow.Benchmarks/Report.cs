using System.Globalization;

namespace SalesFlow.Benchmarks;

/// <summary>Prints figures as they come, and at the end what became of the goals.</summary>
internal sealed class Report
{
    private readonly List<(string Goal, string What, double Value, string Format, double? Floor, double Aim, bool AtMost)> _goals = [];

    /// <summary>Begins a table of figures.</summary>
    public void Title(string title)
    {
        Console.WriteLine();
        Console.WriteLine($"{title,-58}{"per s",9}{"per CPU-s",11}{"turns/commit",14}{"p50 ms",9}{"p99 ms",9}{"of ceiling",12}");
    }

    /// <summary>One line of it; the ratio compares with a ceiling of the same run, in wall time and in CPU time.</summary>
    public void Line(string what, Rate rate, Rate? ceiling = null)
    {
        var ratio = ceiling is null ? "" : string.Create(CultureInfo.InvariantCulture, $"{rate.PerSecond / ceiling.PerSecond:0.00} ({rate.PerCpuSecond / ceiling.PerCpuSecond:0.00})");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{what,-58}{rate.PerSecond,9:N0}{rate.PerCpuSecond,11:N0}{(rate.Commits > 0 ? rate.Done / (double)rate.Commits : double.NaN),14:0.0}{rate.P50,9:0.00}{rate.P99,9:0.00}{ratio,14}").Replace("NaN", "   ", StringComparison.Ordinal));
    }

    /// <summary>A figure that is no rate.</summary>
    public void Line(string what, double value, string unit) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what,-58}{value,9:#,0.##} {unit}"));

    /// <summary>A goal with a floor that must be reached and what we aim at.</summary>
    public void AtLeast(string goal, string what, double value, double floor, double aim) => _goals.Add((goal, what, value, "0.00", floor, aim, false));

    /// <summary>A goal with a limit.</summary>
    public void AtMost(string goal, string what, double value, double limit, double aim, string format = "0.00") => _goals.Add((goal, what, value, format, limit, aim, true));

    /// <summary>What became of the goals.</summary>
    public void PrintGoals()
    {
        if (_goals.Count == 0)
            return;
        Console.WriteLine();
        Console.WriteLine($"{"Goal",-6}{"What",-74}{"measured",10}{"floor",9}{"aim",9}");
        foreach (var (goal, what, value, format, floor, aim, atMost) in _goals)
        {
            var (reached, aimed) = atMost ? (value <= floor, value <= aim) : (value >= floor, value >= aim);
            Console.WriteLine($"{goal,-6}{what,-74}{Text(value, format),10}{Text(floor, format),9}{Text(aim, format),9}  {(aimed ? "aim reached" : reached ? "floor reached" : "MISSED")}");
        }
    }

    private static string Text(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? "";
}
