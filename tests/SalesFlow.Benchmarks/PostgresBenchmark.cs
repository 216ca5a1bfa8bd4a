namespace SalesFlow.Benchmarks;
internal static class PostgresBenchmark { public static Task RunAsync(Setting setting) => Task.CompletedTask; }
internal static class TimerBenchmark { public static Task RunAsync(Setting setting) => Task.CompletedTask; }
