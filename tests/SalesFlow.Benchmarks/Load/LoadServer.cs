using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace SalesFlow.Benchmarks.Load;

/// <summary>The server's executable on a data folder of its own.</summary>
internal sealed class LoadServer : IDisposable
{
    /// <summary>An administrator's key.</summary>
    public const string Key = "key-of-the-load-program";
    private readonly string folder = Directory.CreateTempSubdirectory("salesflow-load-").FullName;
    private readonly Process process;

    private LoadServer(Uri address) => (Address, process) = (address, new Process { StartInfo = Start(address, folder), EnableRaisingEvents = true });

    public Uri Address { get; }

    /// <summary>Processor time that it has used, in seconds.</summary>
    public double CpuSeconds
    {
        get
        {
            process.Refresh();
            return process.TotalProcessorTime.TotalSeconds;
        }
    }

    /// <summary>The most memory that it held, in megabytes, as the system counts it; and what it holds now.</summary>
    public (double Peak, double Now) Megabytes
    {
        get
        {
            var lines = File.ReadAllLines($"/proc/{process.Id}/status").Where(line => line.StartsWith("Vm", StringComparison.Ordinal)).Select(line => line.Split([':', ' ', '\t'], StringSplitOptions.RemoveEmptyEntries)).ToLookup(words => words[0], words => words[^2]);
            return (Kilobytes(lines["VmHWM"].First()) / 1024, Kilobytes(lines["VmRSS"].First()) / 1024);
        }
    }

    /// <summary>Lines that it logged as errors or warnings.</summary>
    public List<string> Complaints { get; } = [];

    public static async Task<LoadServer> StartAsync()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var server = new LoadServer(new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/"));
        listener.Stop();
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        server.process.OutputDataReceived += (_, line) => server.Hear(line.Data, ready);
        server.process.ErrorDataReceived += (_, line) => server.Hear(line.Data ?? "", ready);
        server.process.Start();
        server.process.BeginOutputReadLine();
        server.process.BeginErrorReadLine();
        await ready.Task.WaitAsync(TimeSpan.FromMinutes(2));
        return server;
    }

    public void Dispose()
    {
        process.Kill();
        process.WaitForExit();
        process.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private static ProcessStartInfo Start(Uri address, string folder)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])[Path.Combine(AppContext.BaseDirectory, "SalesFlow.Server.dll"), "--data", folder, "--urls", address.ToString()])
            start.ArgumentList.Add(argument);
        start.Environment["SALESFLOW_API_KEY"] = Key;
        start.Environment["SALESFLOW_ADMIN_PASSWORD"] = "correct horse battery";
        return start;
    }

    private void Hear(string? line, TaskCompletionSource ready)
    {
        if (line is null)
            ready.TrySetException(new InvalidOperationException($"The server ended before it was ready. {string.Join('\n', Complaints)}"));
        else if (line.StartsWith("SalesFlow is ready", StringComparison.Ordinal))
            ready.TrySetResult();
        else if (line.Contains(" ERR]", StringComparison.Ordinal) || line.Contains(" WRN]", StringComparison.Ordinal) && !line.Contains("XML encryptor", StringComparison.Ordinal))
            lock (Complaints)
                Complaints.Add(line);
    }

    private static double Kilobytes(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
