using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using SalesFlow.Sales.People;
using Xunit;

namespace SalesFlow.Server.Tests;

/// <summary>What holds for every resource: problem documents, headers, guards.</summary>
[Collection(OneServer.Name)]
public sealed class HttpFacts(RunningServer server)
{
    [Theory]
    [InlineData("GET", "/api/deals", HttpStatusCode.Unauthorized)]
    [InlineData("GET", "/openapi/v1.json", HttpStatusCode.Unauthorized)]
    public async Task Who_is_not_signed_in_is_told_so(string method, string path, HttpStatusCode expected)
    {
        var answer = await server.Anonymous().SendAsync(new HttpRequestMessage(new HttpMethod(method), path));

        await AssertProblemAsync(answer, expected);
    }

    [Theory]
    [InlineData("GET", "/api/no-such-thing", HttpStatusCode.NotFound)]
    [InlineData("DELETE", "/api/deals", HttpStatusCode.MethodNotAllowed)]
    [InlineData("GET", "/api/deals/abc", HttpStatusCode.NotFound)]
    [InlineData("GET", "/api/deals/999999999", HttpStatusCode.NotFound)]
    [InlineData("GET", "/api/tasks/999999999", HttpStatusCode.NotFound)]
    [InlineData("GET", "/api/documents/999999999", HttpStatusCode.NotFound)]
    [InlineData("GET", "/api/pipelines/none", HttpStatusCode.NotFound)]
    [InlineData("GET", "/api/deals?limit=0", HttpStatusCode.BadRequest)]
    [InlineData("GET", "/api/deals?limit=x", HttpStatusCode.BadRequest)]
    [InlineData("GET", "/api/tasks?status=later", HttpStatusCode.BadRequest)]
    [InlineData("GET", "/api/metrics/funnel?pipeline=b2b-new-clients&from=yesterday", HttpStatusCode.BadRequest)]
    public async Task Each_failure_is_a_problem_document(string method, string path, HttpStatusCode expected)
    {
        var answer = await server.As(Roles.Administrator).SendAsync(new HttpRequestMessage(new HttpMethod(method), path));

        await AssertProblemAsync(answer, expected);
    }

    [Fact]
    public async Task A_body_of_another_type_is_refused()
    {
        var answer = await server.As(Roles.Rep).PostAsync("/api/deals", new StringContent("pipeline=x", Encoding.UTF8, "text/plain"));

        await AssertProblemAsync(answer, HttpStatusCode.UnsupportedMediaType);
    }

    [Theory]
    [InlineData("""{"pipeline":"p","title":"t","client":{"name":"c"},"amount":1,"currency":"RUB","colour":"red"}""", "colour")]
    [InlineData("""{"pipeline":"p","title":"t","client":{"name":"c","size":9},"amount":1,"currency":"RUB"}""", "size")]
    [InlineData("""{"pipeline":"p","title":"t","client":{"name":"c"},"amount":"much","currency":"RUB"}""", "amount")]
    [InlineData("""{"pipeline":"p","title":null,"client":{"name":"c"},"amount":1,"currency":"RUB"}""", "title")]
    [InlineData("""{"pipeline":"p","client":{"name":"c"},"amount":1,"currency":"RUB"}""", "title")]
    [InlineData("""{"pipeline":"p",""", "body")]
    [InlineData("", "body")]
    public async Task A_body_that_does_not_fit_is_refused_by_the_name_of_the_property(string body, string property)
    {
        var answer = await server.As(Roles.Rep).PostAsync("/api/deals", new StringContent(body, Encoding.UTF8, "application/json"));

        var problem = await AssertProblemAsync(answer, HttpStatusCode.BadRequest);
        Assert.Contains(property, Assert.IsType<JsonObject>(problem["errors"]).Select(error => error.Key.Split('.')[^1]));
    }

    [Fact]
    public async Task A_body_that_is_too_large_is_refused()
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/api/deals")
        {
            Content = new StringContent($"{{\"title\":\"{new string('x', 13_000_000)}\"}}", Encoding.UTF8, "application/json"),
            Headers = { ExpectContinue = true },
        };

        var answer = await server.As(Roles.Rep).SendAsync(request);

        await AssertProblemAsync(answer, HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task Another_sites_page_cannot_act_with_a_persons_cookie()
    {
        var browser = await server.SignedInAsync(Roles.Rep);
        var request = new HttpRequestMessage(HttpMethod.Post, "/api/deals") { Content = JsonContent.Create(Given.Deal("Forged")) };
        request.Headers.Add("Sec-Fetch-Site", "cross-site");

        await AssertProblemAsync(await browser.SendAsync(request), HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_wrong_password_locks_the_account_after_five_attempts()
    {
        HttpResponseMessage answer = null!;
        for (var attempt = 0; attempt < 6; attempt++)
            answer = await server.Anonymous().PostAsJsonAsync("/api/sign-in", new { userName = "rep2", password = "guess number x" });

        var problem = await AssertProblemAsync(answer, HttpStatusCode.Unauthorized);
        Assert.Contains("locked", problem["detail"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_answer_carries_the_security_headers()
    {
        var answer = await server.Anonymous().GetAsync("/health/live");

        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Contains("frame-ancestors", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.False(answer.Headers.Contains("Server"));
    }

    [Fact]
    public async Task The_contract_is_described_for_whoever_signed_in()
    {
        var document = await server.As(Roles.Rep).GetFromJsonAsync<JsonObject>("/openapi/v1.json");

        Assert.Contains("/api/tasks/{id}/complete", document!["paths"]!.AsObject().Select(path => path.Key));
    }

    /// <summary>Refused as what a person can mend, with nothing of the program's inside.</summary>
    internal static async Task AssertRefusedAsync(HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.UnsupportedMediaType or HttpStatusCode.RequestEntityTooLarge, $"{(int)answer.StatusCode} {text}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.DoesNotContain("   at ", text, StringComparison.Ordinal);
    }

    internal static async Task<JsonObject> AssertProblemAsync(HttpResponseMessage answer, HttpStatusCode expected)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(expected == answer.StatusCode, $"{(int)answer.StatusCode} {text}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = JsonNode.Parse(text)!.AsObject();
        Assert.Equal((int)expected, problem["status"]!.GetValue<int>());
        Assert.All(["type", "title", "detail", "traceId"], name => Assert.False(string.IsNullOrEmpty(problem[name]?.GetValue<string>()), name));
        Assert.DoesNotContain("   at ", text, StringComparison.Ordinal);
        return problem;
    }
}
