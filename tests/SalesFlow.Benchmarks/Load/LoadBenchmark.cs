using System.Collections.Concurrent;
using System.Diagnostics;

namespace SalesFlow.Benchmarks.Load;

/// <summary>
/// A company at work: people who are signed in, each with a live page open, each doing a task or moving a deal every ten seconds. The server is a process of its own;
/// the program that plays the people shares the machine with it.
/// </summary>
internal static class LoadBenchmark
{
    private const int Deals = 2_000;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    public static Task RunAsync(Setting setting) => RunAsync(setting.Report, setting.Quick ? 10 : 100, setting.Quick ? 200 : Deals, TimeSpan.FromSeconds(setting.Quick ? 20 : 120));

    private static async Task RunAsync(Report report, int count, int deals, TimeSpan length)
    {
        Console.WriteLine();
        Console.WriteLine($"{count} people with a live page each, an act every {Pause.TotalSeconds:0} s, {deals:N0} open deals, {length.TotalSeconds:0} s");
        using var server = await LoadServer.StartAsync();
        var people = await LoadPerson.HireAsync(server, count);
        await Task.WhenAll(people.Select(person => person.CreateDealsAsync(deals / count)));
        foreach (var person in people)
            await person.OpenPageAsync();
        var (cpu, idle) = (server.CpuSeconds, server.Megabytes.Now);
        var acts = await WorkAsync(people, length);
        Tell(report, server, people, acts, (server.CpuSeconds - cpu) / length.TotalSeconds, idle);
        foreach (var person in people)
            await person.DisposeAsync();
    }

    /// <summary>Everybody begins at another moment of the first ten seconds. Beside each act: after how many milliseconds its page showed something new, where it did within five seconds.</summary>
    private static async Task<List<(Act Act, double? Shown)>> WorkAsync(List<LoadPerson> people, TimeSpan length)
    {
        var (done, clock) = (new ConcurrentBag<(Act, double?)>(), Stopwatch.StartNew());
        await Task.WhenAll(people.Select(async (person, index) =>
        {
            await Task.Delay(Pause * index / people.Count);
            while (clock.Elapsed < length)
            {
                var next = clock.Elapsed + Pause;
                var act = await person.ActAsync();
                done.Add((act, await person.Page!.NextAfterAsync(act.At, TimeSpan.FromSeconds(5))));
                if (next > clock.Elapsed)
                    await Task.Delay(next - clock.Elapsed);
            }
        }));
        return [.. done];
    }

    private static void Tell(Report report, LoadServer server, List<LoadPerson> people, List<(Act Act, double? Shown)> acts, double cores, double idle)
    {
        foreach (var kind in acts.Where(act => act.Act.Problem is null).GroupBy(act => act.Act.What))
        {
            var times = kind.Select(act => act.Act.Milliseconds).Order().ToList();
            Console.WriteLine($"{kind.Key,-12}{times.Count,6} times, p50 {At(times, 0.5):0.0}, p95 {At(times, 0.95):0.0}, p99 {At(times, 0.99):0.0}, longest {times[^1]:0.0} ms");
        }
        var shown = acts.Select(act => act.Shown).OfType<double>().Order().ToList();
        Console.WriteLine($"the page of whoever acted shows something new {shown.Count} times of {acts.Count}: p50 {At(shown, 0.5):0}, p95 {At(shown, 0.95):0} ms after the answer");
        var problems = acts.Select(act => act.Act.Problem).OfType<string>().Concat(people.Select(person => person.Page?.Failure).OfType<string>()).Concat(server.Complaints).ToList();
        foreach (var problem in problems.Take(10))
            Console.WriteLine($"  {problem[..Math.Min(400, problem.Length)]}");
        Console.WriteLine($"pages: {people.Sum(person => person.Page!.Batches):N0} pictures, {people.Sum(person => person.Page!.Bytes) / 1e6:0.0} MB; scripts: {string.Join(", ", people.SelectMany(person => person.Page!.Scripts.Keys).Distinct().Order())}");
        Console.WriteLine($"server: {cores:0.00} cores, {idle:0} MB before, {server.Megabytes.Now:0} MB after, {server.Megabytes.Peak:0} MB at most");
        var completions = acts.Where(act => act.Act is { What: "complete", Problem: null }).Select(act => act.Act.Milliseconds).Order().ToList();
        report.AtMost("load", $"{people.Count} people: a task is completed, p95, ms", At(completions, 0.95), 150, 100, "0.0");
        report.AtMost("load", $"{people.Count} people: errors", problems.Count, 0, 0, "0");
        report.AtMost("load", $"{people.Count} people: memory of the server at most, MB", server.Megabytes.Peak, 1536, 1024, "0");
    }

    private static double At(List<double> sorted, double share) => sorted.Count == 0 ? double.NaN : sorted[Math.Min(sorted.Count - 1, (int)(sorted.Count * share))];
}
