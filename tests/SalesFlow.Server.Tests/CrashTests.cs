using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Xunit;

namespace SalesFlow.Server.Tests;

/// <summary>The real server is killed at random moments under load; what it acknowledged stays, and nothing is done twice.</summary>
public sealed class CrashTests
{
    private static int Rounds => int.TryParse(Environment.GetEnvironmentVariable("SALESFLOW_CRASH_ROUNDS"), out var rounds) ? rounds : 20;

    [Fact]
    public async Task A_killed_server_keeps_what_it_acknowledged_and_repeats_nothing()
    {
        using var server = new ServerProcess();
        var chance = new Random(20261124);
        var said = new Acknowledged();

        for (var round = 0; round < Rounds; round++)
        {
            await server.StartAsync();
            await CheckAsync(server, said, round);
            // In every fourth round the server dies while it is still warming up, in the others while it works.
            await LoadUntilKilledAsync(server, said, TimeSpan.FromMilliseconds(chance.Next(200, 2500)), round % 4 == 3);
        }

        await server.StartAsync();
        await CheckAsync(server, said, Rounds);
        Assert.NotEmpty(said.Created);
        Assert.NotEmpty(said.Completed);
        Assert.NotEmpty(said.Moved);
    }

    // How long a server's first answers take depends on the machine; a kill at a fixed time would come before all of them on a slow one.
    private static async Task LoadUntilKilledAsync(ServerProcess server, Acknowledged said, TimeSpan until, bool cold)
    {
        using var stop = new CancellationTokenSource();
        var begun = cold ? Task.CompletedTask : said.NextCompletion();
        var load = Enumerable.Range(0, 8).Select(seller => Task.Run(() => SellAsync(server, said, seller, stop.Token))).ToArray();
        await Task.WhenAny(Task.WhenAll(load), DelayAsync(begun, until));
        server.Kill();
        await stop.CancelAsync();
        await Task.WhenAll(load);
    }

    private static async Task DelayAsync(Task begun, TimeSpan time)
    {
        await begun.WaitAsync(TimeSpan.FromMinutes(1));
        await Task.Delay(time);
    }

    private static async Task SellAsync(ServerProcess server, Acknowledged said, int seller, CancellationToken stop)
    {
        using var client = server.Client();
        try
        {
            while (!stop.IsCancellationRequested)
                await SellOneAsync(client, said, seller, stop);
        }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException or IOException)
        {
            // The server died under this request: it was not acknowledged, so either outcome is right.
        }
    }

    private static async Task SellOneAsync(HttpClient client, Acknowledged said, int seller, CancellationToken stop)
    {
        var title = $"Deal {seller} {Guid.NewGuid():N}";
        said.Tried.Add(title);
        var created = await client.PostAsJsonAsync("/api/deals", Given.Deal(title), stop);
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        var deal = (await created.Content.ReadFromJsonAsync<JsonObject>(stop))!;
        var id = deal["id"]!.GetValue<string>();
        said.Created[id] = title;
        for (var step = 0; step < 12; step++)
        {
            var open = await client.GetFromJsonAsync<JsonObject>($"/api/tasks?deal={id}&status=open", stop);
            if (open!["items"]!.AsArray().FirstOrDefault() is not JsonObject task)
                return;
            var taskId = task["id"]!.GetValue<string>();
            var done = await client.PostAsJsonAsync($"/api/tasks/{taskId}/complete", Given.Completion(task), stop);
            if (done.StatusCode != HttpStatusCode.OK)
                return;
            var answer = (await done.Content.ReadFromJsonAsync<JsonObject>(stop))!;
            said.Completed[taskId] = answer["task"]!["outcome"]!.GetValue<string>();
            said.TellCompletion();
            said.Version[id] = answer["deal"]!["version"]!.GetValue<long>();
            if (step == 1)
                await MoveBackAsync(client, said, id, stop);
        }
    }

    /// <summary>A move carries a reason that only it has, so that a lost one and a repeated one both show.</summary>
    private static async Task MoveBackAsync(HttpClient client, Acknowledged said, string id, CancellationToken stop)
    {
        var reason = $"Back {Guid.NewGuid():N}";
        var moved = await client.PostAsJsonAsync($"/api/deals/{id}/move", new { stage = "qualification", reason }, stop);
        if (moved.StatusCode == HttpStatusCode.OK)
            said.Moved[reason] = id;
    }

    private static async Task CheckAsync(ServerProcess server, Acknowledged said, int round)
    {
        using var client = server.Client();
        foreach (var (id, title) in said.Created)
        {
            var deal = await client.GetFromJsonAsync<JsonObject>($"/api/deals/{id}");
            Assert.Equal(title, deal!["title"]!.GetValue<string>());
            Assert.True(deal["version"]!.GetValue<long>() >= said.Version.GetValueOrDefault(id), $"round {round}: deal {id} went back to an older version");
            CheckVisits(await client.GetFromJsonAsync<JsonArray>($"/api/deals/{id}/visits"), deal, round);
        }
        foreach (var (id, outcome) in said.Completed)
        {
            var task = await client.GetFromJsonAsync<JsonObject>($"/api/tasks/{id}");
            Assert.Equal(("done", outcome), (task!["status"]!.GetValue<string>(), task["outcome"]!.GetValue<string>()));
        }
        foreach (var (reason, id) in said.Moved)
            Assert.Equal(1, (await EntriesAsync(client, id)).Count(text => text == reason));
        server.CheckTables(said.Tried);
    }

    private static async Task<IEnumerable<string>> EntriesAsync(HttpClient client, string id) =>
        (await client.GetFromJsonAsync<JsonObject>($"/api/deals/{id}/timeline?limit=200"))!["items"]!.AsArray().Select(entry => entry!["text"]!.GetValue<string>());

    // Each stay begins when the one before ended; an open deal's last stay is still open.
    private static void CheckVisits(JsonArray? visits, JsonObject deal, int round)
    {
        DateTimeOffset? left = null;
        for (var i = 0; i < visits!.Count; i++)
        {
            var entered = At(visits[i]!["enteredAt"]);
            Assert.True(left is null || left == entered, $"round {round}: deal {deal["id"]} has a gap or an overlap before visit {i + 1}");
            left = At(visits[i]!["leftAt"]);
            Assert.True(left is not null || i == visits.Count - 1, $"round {round}: deal {deal["id"]} has an open visit {i + 1} before its last");
        }
        if (deal["state"]!.GetValue<string>() == "open" && visits.Count > 0)
            Assert.Null(left);
    }

    private static DateTimeOffset? At(JsonNode? time) => time is null ? null : DateTimeOffset.Parse(time.GetValue<string>(), CultureInfo.InvariantCulture);

    /// <summary>What the clients were told, over all rounds.</summary>
    private sealed class Acknowledged
    {
        private volatile TaskCompletionSource completion = new();

        public ConcurrentBag<string> Tried { get; } = [];
        public ConcurrentDictionary<string, string> Created { get; } = new();
        public ConcurrentDictionary<string, string> Completed { get; } = new();
        public ConcurrentDictionary<string, string> Moved { get; } = new();
        public ConcurrentDictionary<string, long> Version { get; } = new();

        /// <summary>Ends when the next completion is acknowledged.</summary>
        public Task NextCompletion() => (completion = new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

        public void TellCompletion() => completion.TrySetResult();
    }
}
