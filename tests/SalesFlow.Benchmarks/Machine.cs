using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace SalesFlow.Benchmarks;

/// <summary>The machine that the figures are of, and the time its processors have spent.</summary>
internal static class Machine
{
    public static void Describe()
    {
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1024.0 * 1024 * 1024);
        using var database = new Microsoft.Data.Sqlite.SqliteConnection("Data Source=:memory:");
        database.Open();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{Environment.ProcessorCount} cores ({Processor()}), {memory:0} GB, {RuntimeInformation.FrameworkDescription}, SQLite {database.ServerVersion}, a flush to disk takes {Flush().TotalMicroseconds:0} µs."));
#if DEBUG
        Console.WriteLine("This is a debug build: its figures mean nothing. Use -c Release.");
#endif
    }

    public static TimeSpan OwnCpu()
    {
        using var process = Process.GetCurrentProcess();
        return process.TotalProcessorTime;
    }

    /// <summary>Our own time and that of a server's process with its children.</summary>
    public static TimeSpan CpuWith(int server)
    {
        long ticks = 0;
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
            if (int.TryParse(Path.GetFileName(folder), out var process) && Stat(process) is { } stat && (process == server || stat.Parent == server))
                ticks += stat.Ticks;
        return OwnCpu() + TimeSpan.FromSeconds(ticks / 100.0);
    }

    /// <summary>The process that started that one.</summary>
    public static int ParentOf(int process) => Stat(process)?.Parent ?? throw new InvalidOperationException($"There is no process {process}.");

    private static (int Parent, long Ticks)? Stat(int process)
    {
        try
        {
            // The name in brackets may hold spaces; what is counted comes after it.
            var text = File.ReadAllText($"/proc/{process}/stat");
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return (int.Parse(fields[1], CultureInfo.InvariantCulture), long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture));
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static string Processor() => !File.Exists("/proc/cpuinfo") ? RuntimeInformation.ProcessArchitecture.ToString()
        : File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() ?? "";

    private static TimeSpan Flush()
    {
        var file = Path.GetTempFileName();
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
        var taken = new List<TimeSpan>();
        for (var i = 0; i < 100; i++)
        {
            var started = Stopwatch.GetTimestamp();
            stream.Write(new byte[4096]);
            stream.Flush(flushToDisk: true);
            taken.Add(Stopwatch.GetElapsedTime(started));
        }
        return taken.Order().ElementAt(50);
    }
}
