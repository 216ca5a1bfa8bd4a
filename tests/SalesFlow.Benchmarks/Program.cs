using SalesFlow.Benchmarks;
using SalesFlow.Benchmarks.Load;

var suites = new Dictionary<string, Func<Setting, Task>>
{
    ["engine"] = EngineBenchmark.RunAsync,
    ["sqlite"] = SqliteBenchmark.RunAsync,
    ["postgres"] = PostgresBenchmark.RunAsync,
    ["studio"] = StudioBenchmark.RunAsync,
    ["overdue"] = OverdueBenchmark.RunAsync,
    ["load"] = LoadBenchmark.RunAsync,
};
var unknown = args.Where(arg => arg != "--quick" && !suites.ContainsKey(arg)).ToList();
if (unknown.Count > 0)
{
    Console.Error.WriteLine($"'{unknown[0]}' is no benchmark. Known: {string.Join(", ", suites.Keys)}, and --quick for shorter and rougher runs. Without a name all of them run.");
    return 2;
}
var setting = new Setting(args.Contains("--quick"), new Report());
Machine.Describe();
foreach (var (name, run) in suites)
    if (args.All(arg => arg.StartsWith('-')) || args.Contains(name))
        await run(setting);
setting.Report.PrintGoals();
return 0;
