using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using SalesFlow.Engine.Definitions;
using SalesFlow.Runtime;
using SalesFlow.Sales.People;
using Xunit;
using static SalesFlow.Server.Tests.Endpoints;

namespace SalesFlow.Server.Tests;

/// <summary>A server whose administrator opened endpoints to everybody and the local network to workflows.</summary>
public sealed class OpenServer : RunningServer
{
    /// <summary>The server, not yet started.</summary>
    public OpenServer() => Settings = """{"Workflows":{"Incoming":{"AllowAnonymous":true,"MaxRequestBytes":20000},"Outgoing":{"AllowedNetworks":["127.0.0.0/8"]}}}""";
}

/// <summary>Workflows answer HTTP requests.</summary>
public sealed class WorkflowEndpointTests(OpenServer server) : IClassFixture<OpenServer>
{
    [Fact]
    public async Task A_request_starts_an_instance_and_is_answered_by_it()
    {
        await server.PublishAsync("echo", Endpoint("echo/{name}/{more?}"), Respond("({name: getRoute().name, x: getBody().x + 1, q: getQuery().q, tags: getQuery().tag, from: getHeaders()['X-From']})",
            $"\"statusCode\":{Literal("Created", "HttpStatusCode")},\"responseHeaders\":{Object("{\"X-Answer\":\"42\"}", "HttpHeaders")}"));
        var request = new HttpRequestMessage(HttpMethod.Post, "/workflows/Echo/Ann?q=z&tag=a&tag=b") { Content = JsonContent.Create(new { x = 1 }), Headers = { { "X-From", "test" } } };

        var answer = await server.Anonymous().SendAsync(request);

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.Equal("""{"name":"Ann","x":2,"q":"z","tags":["a","b"],"from":"test"}""", await answer.Content.ReadAsStringAsync());
        Assert.Equal("application/json", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal("42", answer.Headers.GetValues("X-Answer").Single());
        Assert.StartsWith("sandbox", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text/plain", "hello", "\"hello\"")]
    [InlineData("application/json", "[1,{\"a\":null}]", "[1,{\"a\":null}]")]
    [InlineData("application/json", "{broken", "\"{broken\"")]
    [InlineData("application/xml", "<a/>", "\"<a/>\"")]
    [InlineData("application/x-www-form-urlencoded", "a=1&b=2&b=3", "{\"a\":\"1\",\"b\":[\"2\",\"3\"]}")]
    [InlineData("application/json", "", "null")]
    public async Task A_body_is_read_by_its_type(string type, string body, string expected)
    {
        await server.PublishAsync("bodies", Endpoint("bodies"), Respond("JSON.stringify(getBody() ?? null)"));

        var answer = await server.Anonymous().PostAsync("/workflows/bodies", new StringContent(body, new MediaTypeHeaderValue(type)));

        Assert.Equal(expected, await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Files_of_a_form_arrive_with_their_names_and_are_answered_as_downloads()
    {
        await server.PublishAsync("files", Endpoint("files"), $$$"""{"id":"file","type":"Elsa.WriteFileHttpResponse","content":{{{Script("getFiles()[0]")}}},"entityTag":{{{Literal("v1")}}},"enableResumableDownloads":{{{Literal("true", "Boolean")}}}}""");
        HttpRequestMessage Upload() => new(HttpMethod.Post, "/workflows/files") { Content = new MultipartFormDataContent { { new ByteArrayContent("0123456789"u8.ToArray()) { Headers = { ContentType = new("text/csv") } }, "price", "../price.csv" } } };
        var part = Upload();
        part.Headers.Range = new RangeHeaderValue(2, 4);

        var whole = await server.Anonymous().SendAsync(Upload());
        var some = await server.Anonymous().SendAsync(part);

        Assert.Equal(("0123456789", "text/csv", "price.csv"), (await whole.Content.ReadAsStringAsync(), whole.Content.Headers.ContentType!.MediaType, whole.Content.Headers.ContentDisposition!.FileName));
        Assert.Equal("\"v1\"", whole.Headers.ETag!.Tag);
        Assert.Equal((HttpStatusCode.OK, "attachment"), (whole.StatusCode, whole.Content.Headers.ContentDisposition.DispositionType));
        Assert.Contains(some.StatusCode, new[] { HttpStatusCode.OK, HttpStatusCode.PartialContent });
    }

    [Fact]
    public async Task An_endpoint_in_the_middle_is_reached_by_the_instances_id_or_its_correlation()
    {
        await server.PublishAsync("orders", Endpoint("orders"), Respond("getWorkflowInstanceId()"), Endpoint("orders/{nr}/paid", more: "\"name\":\"paid\"", id: "paid"), Respond("'thanks for ' + getRoute().nr", id: "thanks"));
        var client = server.Anonymous();
        var first = await (await client.PostAsync("/workflows/orders?correlationId=A-1", null)).Content.ReadAsStringAsync();
        var second = await (await client.PostAsync("/workflows/orders?correlationId=A-2", null)).Content.ReadAsStringAsync();
        Assert.NotEqual(first, second);

        await HttpFacts.AssertProblemAsync(await client.PostAsync("/workflows/orders/7/paid", null), HttpStatusCode.Conflict);
        Assert.Equal("thanks for 7", await (await client.PostAsync($"/workflows/orders/7/paid?workflowInstanceId={first}", null)).Content.ReadAsStringAsync());
        await HttpFacts.AssertProblemAsync(await client.PostAsync($"/workflows/orders/7/paid?workflowInstanceId={first}", null), HttpStatusCode.NotFound);
        var byHeader = new HttpRequestMessage(HttpMethod.Post, "/workflows/orders/8/paid") { Headers = { { "X-Correlation-Id", "A-2" } } };
        Assert.Equal("thanks for 8", await (await client.SendAsync(byHeader)).Content.ReadAsStringAsync());
        await HttpFacts.AssertProblemAsync(await client.PostAsync("/workflows/orders/8/paid?workflowInstanceId=x", null), HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Only_the_published_address_and_method_answer()
    {
        await server.PublishAsync("gone", Endpoint("gone"), Respond("'here'"));
        var client = server.Anonymous();

        var other = await client.GetAsync("/workflows/gone");
        await HttpFacts.AssertProblemAsync(other, HttpStatusCode.MethodNotAllowed);
        Assert.Equal(["POST"], other.Content.Headers.Allow);
        await HttpFacts.AssertProblemAsync(await client.PostAsync("/workflows/gone/further", null), HttpStatusCode.NotFound);
        await HttpFacts.AssertProblemAsync(await client.PostAsync("/workflows", null), HttpStatusCode.NotFound);
        Assert.Equal("here", await (await client.PostAsync("/workflows/gone/", null)).Content.ReadAsStringAsync());

        await server.App.Services.GetRequiredService<DefinitionStore>().RetractAnyAsync("gone", new Editor("1", "Tester"), CancellationToken.None);

        await HttpFacts.AssertProblemAsync(await client.PostAsync("/workflows/gone", null), HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task The_more_specific_address_is_meant()
    {
        await server.PublishAsync("any", Endpoint("kinds/{kind}"), Respond("'any'"));
        await server.PublishAsync("one", Endpoint("kinds/special"), Respond("'special'"));

        Assert.Equal("special", await (await server.Anonymous().PostAsync("/workflows/kinds/special", null)).Content.ReadAsStringAsync());
        Assert.Equal("any", await (await server.Anonymous().PostAsync("/workflows/kinds/other", null)).Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_second_workflow_for_the_same_address_is_refused_by_the_name_of_the_first()
    {
        await server.PublishAsync("taken", Endpoint("taken/{id}"), Respond("'here'"));

        var refused = await Assert.ThrowsAsync<BrokenDefinitionException>(() => server.PublishAsync("thief", Endpoint("taken/{other}"), Respond("'there'")));

        Assert.Contains("The /taken/{other} path and post method are already in use by another workflow! It is 'Process taken'.", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_policy_that_the_server_does_not_have_is_refused()
    {
        var refused = await Assert.ThrowsAsync<BrokenDefinitionException>(() => server.PublishAsync("typo", Endpoint("typo", more: $"{Starts},\"policy\":{Literal("sellDeal")}"), Respond("1")));

        Assert.Contains("There is no policy 'sellDeal'", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_over_the_limit_is_refused_before_anything_starts_unless_the_workflow_deals_with_it()
    {
        await server.PublishAsync("small", Endpoint("small", more: $"{Starts},\"requestSizeLimit\":{Literal("10", "Int64")}"), Respond("'fine'"));
        await server.PublishAsync("host", Endpoint("host"), Respond("'fine'"));
        var client = server.Anonymous();

        await HttpFacts.AssertProblemAsync(await client.PostAsync("/workflows/small", new StringContent("12345678901")), HttpStatusCode.RequestEntityTooLarge);
        await HttpFacts.AssertProblemAsync(await client.SendAsync(new HttpRequestMessage(HttpMethod.Post, "/workflows/small") { Content = new StringContent("12345678901"), Headers = { TransferEncodingChunked = true } }), HttpStatusCode.RequestEntityTooLarge);
        await HttpFacts.AssertProblemAsync(await client.PostAsync("/workflows/host", new StringContent(new string('x', 20001))), HttpStatusCode.RequestEntityTooLarge);
        Assert.Equal("fine", await (await client.PostAsync("/workflows/small", new StringContent("1234567890"))).Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Files_that_the_endpoint_does_not_take_are_refused()
    {
        await server.PublishAsync("pdf", Endpoint("pdf", more: $"{Starts},\"allowedFileExtensions\":{Object("[\"pdf\"]", "List<String>")},\"fileSizeLimit\":{Literal("3", "Int64")}"), Respond("'fine'"));
        Task<HttpResponseMessage> SendAsync(string name, string content) => server.Anonymous().PostAsync("/workflows/pdf", new MultipartFormDataContent { { new StringContent(content), "file", name } });

        await HttpFacts.AssertProblemAsync(await SendAsync("a.exe", "x"), HttpStatusCode.UnsupportedMediaType);
        await HttpFacts.AssertProblemAsync(await SendAsync("a.pdf", "long"), HttpStatusCode.RequestEntityTooLarge);
        Assert.Equal("fine", await (await SendAsync("a.PDF", "x")).Content.ReadAsStringAsync());
        await HttpFacts.AssertProblemAsync(await server.Anonymous().PostAsync("/workflows/pdf", new StringContent("--x", new MediaTypeHeaderValue("multipart/form-data") { Parameters = { new("boundary", "x") } })), HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Without_a_response_the_caller_hears_that_the_request_was_taken()
    {
        await server.PublishAsync("silent", Endpoint("silent"));
        await server.PublishAsync("sleeper", Endpoint("sleeper"), $$$"""{"id":"wait","type":"Elsa.Delay","timeSpan":{{{Literal("01:00:00", "TimeSpan")}}}}""", Respond("'late'"));

        foreach (var path in new[] { "silent", "sleeper" })
        {
            var answer = await server.Anonymous().PostAsync($"/workflows/{path}", null);
            Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
            Assert.NotEmpty((await answer.Content.ReadFromJsonAsync<JsonObject>())!["workflowInstanceId"]!.GetValue<string>());
        }
    }

    [Fact]
    public async Task A_fault_before_the_response_is_a_problem_that_says_nothing_of_the_inside()
    {
        await server.PublishAsync("faulty", Endpoint("faulty"), Respond("(() => { throw new Error('password is 123') })()"));

        var problem = await HttpFacts.AssertProblemAsync(await server.Anonymous().PostAsync("/workflows/faulty", null), HttpStatusCode.InternalServerError);

        Assert.DoesNotContain("123", problem.ToJsonString(), StringComparison.Ordinal);
        Assert.NotNull(problem["workflowInstanceId"]);
    }

    [Fact]
    public async Task A_response_may_come_after_work_in_the_background_but_not_after_the_callers_time()
    {
        using var slow = new SlowServer();
        await server.PublishAsync("asks", Endpoint("asks"), Send(slow.Url), Respond("'asked'"));
        await server.PublishAsync("hurries", Endpoint("hurries", more: $"{Starts},\"requestTimeout\":{Literal("00:00:00.2", "TimeSpan")}"), Send(slow.Url), Respond("'asked'"));

        var asked = server.Anonymous().PostAsync("/workflows/asks", null);
        var late = await server.Anonymous().PostAsync("/workflows/hurries", null);
        slow.Answer();

        await HttpFacts.AssertProblemAsync(late, HttpStatusCode.GatewayTimeout);
        Assert.Equal("asked", await (await asked).Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_singleton_that_runs_is_not_started_again()
    {
        await server.PublishAsync("single", "\"options\":{\"activationStrategyType\":\"Elsa.Workflows.ActivationValidators.SingletonStrategy, Elsa.Workflows.Core\"},",
            [Endpoint("single"), Respond("'first'"), """{"id":"event","type":"Elsa.Event","eventName":{"typeName":"String","expression":{"type":"Literal","value":"never"}}}"""]);

        Assert.Equal("first", await (await server.Anonymous().PostAsync("/workflows/single", null)).Content.ReadAsStringAsync());
        await HttpFacts.AssertProblemAsync(await server.Anonymous().PostAsync("/workflows/single", null), HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task How_the_caller_signed_in_is_not_written_down()
    {
        await server.PublishAsync("secretive", Endpoint("secretive"), Respond("Object.keys(getHeaders()).join() + getWorkflowInstanceId()"));
        var client = await server.SignedInAsync(Roles.Rep);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "token-of-a-partner");

        var answer = await (await client.PostAsync("/workflows/secretive", null)).Content.ReadAsStringAsync();

        Assert.DoesNotContain("Authorization", answer, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("Cookie", answer, StringComparison.OrdinalIgnoreCase);
        var id = long.Parse(answer.Split(',')[^1].TrimStart("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-".ToCharArray()), System.Globalization.CultureInfo.InvariantCulture);
        var journal = System.Text.Json.JsonSerializer.Serialize(await server.App.Services.GetRequiredService<WorkflowRuntime>().JournalAsync(new InstanceId(id), CancellationToken.None));
        Assert.Contains("Accept-Language", journal, StringComparison.Ordinal);
        Assert.DoesNotContain("token-of-a-partner", journal, StringComparison.Ordinal);
    }
}
