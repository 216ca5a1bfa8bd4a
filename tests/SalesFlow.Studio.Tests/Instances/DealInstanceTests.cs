using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using SalesFlow.Sales.People;
using SalesFlow.Storage.Tests;

namespace SalesFlow.Studio.Tests.Instances;

/// <summary>A deal's instance is the deal's life: nobody ends or deletes it behind the deal's back. On both databases.</summary>
public abstract class DealInstanceFacts : IAsyncLifetime
{
    private StudioServer _server = null!;

    protected abstract Task<string?> DatabaseAsync();

    public async ValueTask InitializeAsync()
    {
        _server = new StudioServer { Database = await DatabaseAsync() };
        await _server.InitializeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task It_is_neither_deleted_nor_cancelled_alone_or_among_others()
    {
        var client = _server.Client();
        var (deal, other) = (await DealAsync("Twelve pumps"), await OtherAsync(client));

        foreach (var (method, path, body) in new (HttpMethod, string, object?)[]
        {
            (HttpMethod.Delete, $"workflow-instances/{deal}", null), (HttpMethod.Post, $"cancel/workflow-instances/{deal}", null), (HttpMethod.Post, "bulk-actions/delete/workflow-instances/by-id", new { ids = new[] { other, deal } }),
            (HttpMethod.Post, "bulk-actions/cancel/workflow-instances", new { ids = new[] { other, deal } }), (HttpMethod.Post, "bulk-actions/delete/workflow-instances", new { workflowDefinitionId = "b2b-new-clients" }),
            (HttpMethod.Post, "bulk-actions/cancel/workflow-instances", new { definitionId = "b2b-new-clients" }),
        })
        {
            using var request = new HttpRequestMessage(method, "/elsa/api/" + path) { Content = body is null ? null : JsonContent.Create(body) };
            using var answer = await client.SendAsync(request);
            var text = await answer.Content.ReadAsStringAsync();
            Assert.True(answer.StatusCode == HttpStatusCode.BadRequest && text.Contains("Twelve pumps", StringComparison.Ordinal), $"{path}: {(int)answer.StatusCode} {text}");
            foreach (var id in new[] { deal, other })
                Assert.Equal("Running", JsonNode.Parse(await client.GetStringAsync($"/elsa/api/workflow-instances/{id}"))!["status"]!.GetValue<string>());
        }
    }

    [Fact]
    public async Task What_is_no_deal_is_cancelled_and_deleted()
    {
        var client = _server.Client();
        await DealAsync("Twelve pumps");
        var other = await OtherAsync(client);

        Assert.Equal(HttpStatusCode.OK, (await client.PostAsync($"/elsa/api/cancel/workflow-instances/{other}", null)).StatusCode);
        Assert.Equal("Cancelled", JsonNode.Parse(await client.GetStringAsync($"/elsa/api/workflow-instances/{other}"))!["subStatus"]!.GetValue<string>());
        Assert.Equal(HttpStatusCode.NoContent, (await client.DeleteAsync($"/elsa/api/workflow-instances/{other}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync($"/elsa/api/workflow-instances/{other}")).StatusCode);
    }

    private async Task<string> DealAsync(string title)
    {
        using var answer = await _server.As(Roles.HeadOfSales).PostAsJsonAsync("/api/deals", new { pipeline = "b2b-new-clients", title, client = new { name = "Vector LLC", inn = "7700000000" }, amount = 120000.50m, currency = "RUB", channel = "site" });
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!["id"]!.GetValue<string>();
    }

    private static async Task<string> OtherAsync(HttpClient client)
    {
        using var saved = await client.PostAsJsonAsync("/elsa/api/workflow-definitions", new
        {
            publish = true,
            model = new { definitionId = "waits", name = "Waits", root = new { id = "wait", type = "Elsa.Event", version = 1, eventName = new { typeName = "String", expression = new { type = "Literal", value = "Never" } } } },
        });
        Assert.True(saved.IsSuccessStatusCode, await saved.Content.ReadAsStringAsync());
        using var run = await client.PostAsync("/elsa/api/workflow-definitions/waits/execute", null);
        return run.Headers.GetValues("x-elsa-workflow-instance-id").Single();
    }
}

public sealed class DealInstancesOnSqlite : DealInstanceFacts
{
    protected override Task<string?> DatabaseAsync() => Task.FromResult<string?>(null);
}

public sealed class DealInstancesOnPostgres : DealInstanceFacts
{
    protected override async Task<string?> DatabaseAsync() => await PostgresServer.NewDatabaseAsync();
}
