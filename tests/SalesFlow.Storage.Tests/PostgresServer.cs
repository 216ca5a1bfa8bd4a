using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace SalesFlow.Storage.Tests;

/// <summary>A throwaway PostgreSQL server of this run, in a folder of its own; null when none is installed.</summary>
public static partial class PostgresServer
{
    private static readonly Lazy<string?> Address = new(Start);
    private static int databases;

    /// <summary>Waits for the disk as a server of a company does; tests need not.</summary>
    public static bool Durable { get; set; }

    /// <summary>The connection string of a new database, empty or a copy of another one; null when there is no server.</summary>
    public static async Task<string?> TryNewDatabaseAsync(string template = "template1")
    {
        if (Address.Value is not { } server)
            return null;
        var name = $"salesflow_{Environment.ProcessId}_{Interlocked.Increment(ref databases)}";
        await using var connection = new NpgsqlConnection(server);
        await connection.OpenAsync();
        await using var create = new NpgsqlCommand($"CREATE DATABASE {name} TEMPLATE {template}", connection);
        await create.ExecuteNonQueryAsync();
        return new NpgsqlConnectionStringBuilder(server) { Database = name, Pooling = true, MaxPoolSize = 40 }.ToString();
    }

    private static string? Start()
    {
        if (Environment.GetEnvironmentVariable("SALESFLOW_TEST_POSTGRES") is { Length: > 0 } given)
            return given;
        if (Directory.Exists("/usr/lib/postgresql") is false || Directory.GetDirectories("/usr/lib/postgresql").Select(version => $"{version}/bin").LastOrDefault(bin => File.Exists($"{bin}/initdb")) is not { } programs)
            return null;
        var folder = Directory.CreateTempSubdirectory("salesflow-postgres-").FullName;
        // PostgreSQL refuses to run as root.
        var asRoot = Environment.UserName == "root";
        if (asRoot)
            Run("chown", "postgres", folder);
        string[] user = asRoot ? ["runuser", "-u", "postgres", "--"] : [];
        Run([.. user, $"{programs}/initdb", "-D", $"{folder}/data", "-U", "postgres", "-A", "trust", "--no-sync"]);
        var port = FreePort();
        Run([.. user, $"{programs}/pg_ctl", "-D", $"{folder}/data", "-w", "-l", $"{folder}/log", "-o", $"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c max_connections=500 -c fsync={(Durable ? "on" : "off")}", "start"]);
        // The runner gives its process ten seconds to end, and many databases are many files: a child of its own clears up.
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
            Process.Start(new ProcessStartInfo("sh", ["-c", $"{string.Join(' ', user)} {programs}/pg_ctl -D {folder}/data -m immediate stop >{folder}/stopped 2>&1; rm -rf {folder}"]) { WorkingDirectory = "/" });
        return $"Host=127.0.0.1;Port={port};Username=postgres;Database=postgres;Pooling=false";
    }

    private static void Run(params string[] command)
    {
        // The server inherits the pipes of pg_ctl, so nothing may wait for their end.
        using var process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { WorkingDirectory = "/" })!;
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"'{string.Join(' ', command)}' ended with {process.ExitCode}.");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
