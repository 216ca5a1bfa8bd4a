using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using SalesFlow.Sales.People;
using Xunit;

namespace SalesFlow.Server.Tests;

/// <summary>A client that did not hear the answer may ask again without doing it twice.</summary>
[Collection(OneServer.Name)]
public sealed class IdempotencyTests(RunningServer server)
{
    [Fact]
    public async Task The_same_request_under_the_same_key_gets_the_first_answer()
    {
        var key = Guid.NewGuid().ToString();

        var first = await PostAsync(key, "Once");
        var second = await PostAsync(key, "Once");

        Assert.Equal(HttpStatusCode.Created, first.StatusCode);
        Assert.Equal(HttpStatusCode.Created, second.StatusCode);
        Assert.Equal(await first.Content.ReadAsStringAsync(), await second.Content.ReadAsStringAsync());
        Assert.Equal(first.Headers.Location, second.Headers.Location);
    }

    [Fact]
    public async Task Another_request_under_the_same_key_is_refused()
    {
        var key = Guid.NewGuid().ToString();
        await PostAsync(key, "First");

        await HttpFacts.AssertProblemAsync(await PostAsync(key, "Second"), HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task Concurrent_requests_under_one_key_do_it_once()
    {
        var key = Guid.NewGuid().ToString();
        var title = $"Concurrent {key}";

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => PostAsync(key, title)));

        var ids = await Task.WhenAll(answers.Select(async answer => (await answer.Content.ReadFromJsonAsync<JsonObject>())!["id"]!.GetValue<string>()));
        Assert.Single(ids.Distinct());
        var found = await server.As(Roles.Rep).GetFromJsonAsync<JsonObject>($"/api/deals?q={Uri.EscapeDataString(title)}");
        Assert.Single(found!["items"]!.AsArray());
    }

    [Fact]
    public async Task A_refusal_is_repeated_too()
    {
        var key = Guid.NewGuid().ToString();
        var deal = await server.CreateDealAsync();
        var path = $"/api/deals/{deal["id"]}/move";

        var first = await PostAsync(key, path, new { stage = "contract" });
        var second = await PostAsync(key, path, new { stage = "contract" });

        await HttpFacts.AssertProblemAsync(first, HttpStatusCode.Conflict);
        Assert.Equal(await first.Content.ReadAsStringAsync(), await second.Content.ReadAsStringAsync());
    }

    private Task<HttpResponseMessage> PostAsync(string key, string title) => PostAsync(key, "/api/deals", Given.Deal(title));

    private Task<HttpResponseMessage> PostAsync(string key, string path, object body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        request.Headers.Add("Idempotency-Key", key);
        return server.As(Roles.Rep).SendAsync(request);
    }
}
