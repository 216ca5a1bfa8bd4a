using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using SalesFlow.Server.Tests;

namespace SalesFlow.Benchmarks.Load;

/// <summary>What came of one act: which, how long its answer took, when it was given, and what went wrong.</summary>
internal sealed record Act(string What, double Milliseconds, long At, string? Problem);

/// <summary>A rep who is signed in, has a page open and does a task or moves a deal now and then.</summary>
internal sealed class LoadPerson : IAsyncDisposable
{
    private readonly HttpClient client;
    private readonly CookieContainer cookies = new();
    private readonly List<string> deals = [];
    private int acts;

    /// <summary>Everybody comes from an address of their own, as sign-ins are limited for each address.</summary>
    public LoadPerson(Uri server, int number)
    {
        var handler = new SocketsHttpHandler
        {
            CookieContainer = cookies, AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromHours(1),
            ConnectCallback = async (context, cancel) =>
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                socket.Bind(new IPEndPoint(new IPAddress([127, 0, (byte)(1 + (number / 200)), (byte)(1 + (number % 200))]), 0));
                await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, cancel);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        client = new HttpClient(handler) { BaseAddress = server };
        Number = number;
    }

    /// <summary>Hires so many reps and signs each in.</summary>
    public static async Task<List<LoadPerson>> HireAsync(LoadServer server, int count)
    {
        using var admin = new HttpClient { BaseAddress = server.Address };
        admin.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("ApiKey", LoadServer.Key);
        var people = new List<LoadPerson>();
        for (var i = 0; i < count; i++)
        {
            using var answer = await admin.PostAsJsonAsync("/api/users", new { name = $"rep{i}", displayName = $"Rep {i}", roles = new[] { "rep" }, language = i % 2 == 0 ? "ru" : "en" });
            var hired = (await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonObject>())!;
            var person = new LoadPerson(server.Address, i);
            await person.SignInAsync($"rep{i}", hired["password"]!.GetValue<string>());
            people.Add(person);
        }
        return people;
    }

    public int Number { get; }
    public Circuit? Page { get; private set; }

    private async Task SignInAsync(string name, string password)
    {
        using var answer = await client.PostAsJsonAsync("/api/sign-in", new { userName = name, password });
        answer.EnsureSuccessStatusCode();
    }

    public async Task CreateDealsAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            using var answer = await client.PostAsJsonAsync("/api/deals", Given.Deal($"Load {Number}-{i}"));
            deals.Add((await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonObject>())!["id"]!.GetValue<string>());
        }
    }

    /// <summary>A third looks at the day's work, a third at the board, a third at a deal.</summary>
    public async Task OpenPageAsync() => Page = await Circuit.OpenAsync(client, cookies, (Number % 3) switch { 0 => "/", 1 => $"/board?pipeline={Given.Pipeline}", _ => $"/deals/{deals[0]}" });

    /// <summary>Every third act moves a deal where one may be moved; all others do a task.</summary>
    public async Task<Act> ActAsync()
    {
        try
        {
            return (acts++ % 3 == 2 ? await MoveAsync() : null) ?? await CompleteAsync();
        }
        catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException)
        {
            return new("fail", 0, Stopwatch.GetTimestamp(), failure.Message);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Page is not null)
            await Page.DisposeAsync();
        client.Dispose();
    }

    private async Task<Act?> MoveAsync()
    {
        var deal = deals[acts % deals.Count];
        var moves = (await client.GetFromJsonAsync<JsonObject>($"/api/deals/{deal}/moves"))!["items"]!.AsArray();
        return moves.FirstOrDefault(move => move!["allowed"]!.GetValue<bool>()) is { } free ? await PostAsync("move", $"/api/deals/{deal}/move", new { stage = free["stage"]!.GetValue<string>() }) : null;
    }

    private async Task<Act> CompleteAsync()
    {
        var tasks = (await client.GetFromJsonAsync<JsonObject>("/api/tasks?assignee=me&limit=20"))!["items"]!.AsArray();
        if (tasks.Count == 0)
            return new("complete", 0, Stopwatch.GetTimestamp(), "There is no task left to do.");
        var task = tasks[acts % tasks.Count]!.AsObject();
        return await PostAsync("complete", $"/api/tasks/{task["id"]}/complete", Given.Completion(task));
    }

    private async Task<Act> PostAsync(string what, string path, object body)
    {
        var begin = Stopwatch.GetTimestamp();
        using var answer = await client.PostAsJsonAsync(path, body);
        var text = await answer.Content.ReadAsStringAsync();
        return new(what, Stopwatch.GetElapsedTime(begin).TotalMilliseconds, Stopwatch.GetTimestamp(), answer.IsSuccessStatusCode ? null : $"{path}: {(int)answer.StatusCode} {text}");
    }
}
