using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.DependencyInjection;

namespace SalesFlow.Benchmarks.Load;

/// <summary>
/// A page that somebody has open: a genuine circuit of the server, with everything that a browser says to it, but drawn nowhere. Each batch is confirmed at once, and calls of scripts
/// are answered with what an idle browser would.
/// </summary>
internal sealed partial class Circuit : IAsyncDisposable
{
    private readonly HubConnection connection;
    private readonly ConcurrentDictionary<string, int> scripts = new();
    private readonly TaskCompletionSource drawn = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource next = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int batches, callbacks;
    private long bytes, lastBatch;

    private Circuit(HubConnection connection)
    {
        this.connection = connection;
        connection.On("JS.RenderBatch", async (int id, byte[] batch) =>
        {
            Interlocked.Add(ref bytes, batch.Length);
            Volatile.Write(ref lastBatch, Stopwatch.GetTimestamp());
            // The first batches draw an empty frame; whoever has had three sees the page.
            if (Interlocked.Increment(ref batches) == 3)
                drawn.TrySetResult();
            Interlocked.Exchange(ref next, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
            await connection.SendAsync("OnRenderCompleted", id, (string?)null);
        });
        connection.On<long, string, string?, int, long, int>("JS.BeginInvokeJS", AnswerAsync);
        connection.On<int, string>("JS.AttachComponent", (_, _) => { });
        connection.On<string, bool, string>("JS.EndInvokeDotNet", (_, _, _) => { });
        connection.On<int>("JS.EndUpdateRootComponents", _ => { });
        connection.On<string>("JS.Error", said => Failure ??= said);
        connection.Closed += failure =>
        {
            Failure ??= failure?.Message ?? (Over ? null : "The server closed the circuit.");
            return Task.CompletedTask;
        };
    }

    /// <summary>What ended it before its time; null while all is well.</summary>
    public string? Failure { get; private set; }
    /// <summary>Pictures that it was sent.</summary>
    public int Batches => Volatile.Read(ref batches);
    /// <summary>How large they were together.</summary>
    public long Bytes => Interlocked.Read(ref bytes);
    /// <summary>The scripts that were called, and how often.</summary>
    public IReadOnlyDictionary<string, int> Scripts => scripts;
    private bool Over { get; set; }

    /// <summary>Opens a page as a browser does: its HTML, then the circuit for the components that it marks.</summary>
    public static async Task<Circuit> OpenAsync(HttpClient client, CookieContainer cookies, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.ParseAdd("text/html");
        using var answer = await client.SendAsync(request);
        var html = await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync();
        var markers = Marker().Matches(html).Select(match => JsonNode.Parse(match.Groups[1].Value)!).Where(marker => marker["type"] is not null).ToList();
        if (markers.Count == 0)
            throw new InvalidOperationException($"The page {path} holds no component of a circuit: {html[..Math.Min(500, html.Length)]}");
        var builder = new HubConnectionBuilder().WithUrl(new Uri(client.BaseAddress!, "_blazor"), options => options.Cookies = cookies);
        builder.Services.AddSingleton<IHubProtocol>(new BlazorPack());
        var circuit = new Circuit(builder.Build());
        await circuit.StartAsync(client.BaseAddress!, path, markers, State().Match(html).Groups[1].Value);
        return circuit;
    }

    /// <summary>After how many milliseconds since that moment (in ticks of the stopwatch) it was sent something new; null when the patience ends before.</summary>
    public async Task<double?> NextAfterAsync(long since, TimeSpan patience)
    {
        using var over = new CancellationTokenSource(patience);
        for (var wait = Volatile.Read(ref next); Volatile.Read(ref lastBatch) <= since; wait = Volatile.Read(ref next))
            try
            {
                await wait.Task.WaitAsync(over.Token);
            }
            catch (OperationCanceledException)
            {
                return null;
            }
        return Stopwatch.GetElapsedTime(since, Volatile.Read(ref lastBatch)).TotalMilliseconds;
    }

    public async ValueTask DisposeAsync()
    {
        Over = true;
        await connection.DisposeAsync();
    }

    private async Task StartAsync(Uri address, string path, List<JsonNode> markers, string state)
    {
        await connection.StartAsync();
        _ = await connection.InvokeAsync<string>("StartCircuit", address.ToString(), new Uri(address, path).ToString(), "[]", state)
            ?? throw new InvalidOperationException($"The server started no circuit for {path}.");
        var operations = new JsonArray([.. markers.Select((marker, i) => (JsonNode)new JsonObject { ["type"] = "add", ["ssrComponentId"] = i + 1, ["marker"] = marker.DeepClone() })]);
        await connection.SendAsync("UpdateRootComponents", new JsonObject { ["batchId"] = 1, ["operations"] = operations }.ToJsonString(), state);
        await drawn.Task.WaitAsync(TimeSpan.FromSeconds(60));
    }

    private async Task AnswerAsync(long call, string script, string? arguments, int resultType, long target, int callType)
    {
        scripts.AddOrUpdate(script, 1, (_, count) => count + 1);
        // A list whose end comes into view asks for what is to be seen of it.
        if (script == "Blazor._internal.Virtualize.init" && arguments is not null && Reference().Match(arguments) is { Success: true } list)
            await connection.SendAsync("BeginInvokeDotNetFromJS", (++callbacks).ToString(CultureInfo.InvariantCulture), (string?)null, "OnSpacerAfterVisible", long.Parse(list.Groups[1].Value, CultureInfo.InvariantCulture), "[1000,1000,700]");
        if (call != 0)
            await connection.SendAsync("EndInvokeJSFromDotNet", call, true, $"[{call},true,{Result(script, resultType)}]");
    }

    private static string Result(string script, int resultType) => (script, resultType) switch
    {
        (_, 1) => """{"__jsObjectId":1}""",
        ("salesFlow.timeZone", _) => "\"Europe/Moscow\"",
        _ when script.Contains("getBoundingClientRect", StringComparison.Ordinal) || script.Contains("Size", StringComparison.Ordinal) => """{"width":1440,"height":900,"top":0,"left":0}""",
        _ => "null",
    };

    [GeneratedRegex("<!--Blazor:(\\{.*?\\})-->")]
    private static partial Regex Marker();
    [GeneratedRegex("<!--Blazor-Server-Component-State:(.*?)-->")]
    private static partial Regex State();
    [GeneratedRegex("__dotNetObject\\\\?\":\\s*(\\d+)")]
    private static partial Regex Reference();
}
