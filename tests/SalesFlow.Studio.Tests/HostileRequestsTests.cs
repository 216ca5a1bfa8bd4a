using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using SalesFlow.Server;

namespace SalesFlow.Studio.Tests;

/// <summary>Whatever is sent to whichever endpoint of the API, the answer is a problem that a person can read; nothing breaks and nothing changes.</summary>
public sealed partial class HostileRequestsTests(StudioServer server) : IClassFixture<StudioServer>
{
    private const string Json = "application/json";

    /// <summary>These take no body, so there is none that they could refuse.</summary>
    private static readonly string[] Bodiless = ["POST /elsa/api/actions/workflow-definitions/reload"];

    private static readonly string[] Strangers = ["nope", "999999999", "1-1", "-1", "9223372036854775808", "%2e%2e%2fetc", "%F0%9F%98%80", "a:b:c", new('x', 3_000)];

    private static readonly string[] Queries =
    [
        "page=-1&pageSize=-1", "page=2147483647&pageSize=2147483647", "page=banana", "pageSize=1e9", "skip=-1&take=-1", "skip=2147483647&take=2147483647", "take=99999999999999999999", "versionOptions=banana", "version=banana",
        "orderBy=banana", "orderDirection=sideways", "isSystem=perhaps", "status=banana", "subStatuses=banana", "hasIncidents=7", "updatesSince=yesterday", "completed=7", "includeConsumingWorkflows=7", "range=forever",
        "ids=%00&definitionIds=%00&searchTerm=%00&name=%00&id=%00&workflowInstanceId=%00&activityNodeId=%00&parentNodeId=%00", "searchTerm=%25_%5B'\"--;DROP TABLE instances", "id=1-1-1&workflowInstanceId=-7", "=&&==&?",
    ];

    /// <summary>No object at all.</summary>
    private static readonly byte[][] Unreadable = [.. new[] { "{bad", "{\"a\":", "[]", "[{}]", "7", "\"text\"", "true", "null", "{}{}", new string('[', 5_000), string.Concat(Enumerable.Repeat("{\"a\":", 5_000)) }.Select(text => Encoding.UTF8.GetBytes(text)), [0xFF, 0xFE, 0x7B, 0x00]];

    /// <summary>Objects whose members are never what was expected.</summary>
    private static readonly string[] Mistyped =
    [
        Members("7"), Members("\"text\""), Members("[7,{},null]"), Members("{\"a\":{}}"), Members("null"), Members("\"\\u0000\""), Members("1e400"), Members($"\"{new string('x', 100_000)}\""), "{\"model\":{\"root\":7}}",
        "{\"model\":{\"root\":{\"type\":7,\"activities\":{}}}}", "{\"timestampFilters\":[{\"column\":\"CreatedAt\",\"operator\":\"Is\",\"timestamp\":\"0001-01-01T00:00:00+14:00\"}]}", "{\"timestampFilters\":[null]}", "{\"variables\":[{\"id\":null,\"value\":1}]}",
        "{\"filter\":{\"activityIds\":[null],\"eventNames\":[7]}}", "{\"page\":2147483647,\"pageSize\":2147483647}", "{\"page\":-5,\"pageSize\":-5}", "{\"ids\":[null,\"\",\"x\"],\"definitionIds\":[null]}", "{\"alterations\":[{\"type\":\"Nope\"},{}],\"workflowInstanceIds\":[\"x\"]}",
    ];

    public static TheoryData<string> Endpoints
    {
        get
        {
            var folder = Directory.CreateTempSubdirectory("salesflow-endpoints-");
            var app = ServerHost.Build(new ServerOptions { DataFolder = folder.FullName });
            using (app as IDisposable)
            {
                var endpoints = ((IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>().Where(endpoint => endpoint.RoutePattern.RawText!.StartsWith("/elsa/api/", StringComparison.Ordinal));
                TheoryData<string> calls = [.. endpoints.SelectMany(endpoint => (endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? []).Select(method => $"{method} {endpoint.RoutePattern.RawText}")).Distinct().Order()];
                folder.Delete(recursive: true);
                return calls;
            }
        }
    }

    [Theory]
    [MemberData(nameof(Endpoints))]
    public async Task Nothing_that_is_sent_breaks_an_endpoint_or_leaves_a_trace(string endpoint)
    {
        using var client = server.Client();
        var (method, path) = (endpoint.Split(' ')[0], endpoint.Split(' ')[1]);
        var before = await CountsAsync(client);

        foreach (var stranger in Strangers)
            await RefusedAsync(client, method, Fill(path, stranger), null, null);
        foreach (var query in Queries)
            await RefusedAsync(client, method, Fill(path, "nope") + "?" + query, null, null);
        if (method is "POST" or "PUT")
        {
            foreach (var body in Unreadable)
                Assert.True(await RefusedAsync(client, method, Fill(path, "nope"), body, Json) >= 400 || Bodiless.Contains(endpoint), $"{endpoint} took {Encoding.Latin1.GetString(body.AsSpan()[..Math.Min(body.Length, 40)])}");
        }

        Assert.Equal(before, await CountsAsync(client));
        if (method is not ("POST" or "PUT"))
            return;
        // Any object may be a draft, so some of these may be taken; none breaks anything.
        foreach (var body in Mistyped)
            await RefusedAsync(client, method, Fill(path, "nope"), Encoding.UTF8.GetBytes(body), Json);
        foreach (var type in new[] { "text/plain", "application/xml", "multipart/form-data", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded", "application/json; charset=utf-16" })
            await RefusedAsync(client, method, Fill(path, "nope"), "{\"a\":1}"u8.ToArray(), type);
    }

    [Theory]
    [MemberData(nameof(Endpoints))]
    public async Task Nothing_that_is_sent_about_something_real_breaks(string endpoint)
    {
        var (method, path) = (endpoint.Split(' ')[0], endpoint.Split(' ')[1]);
        if (method is not ("POST" or "PUT"))
            return;
        using var client = server.Client();
        using var saved = await client.PostAsync("/elsa/api/workflow-definitions", new StringContent(Waiting, Encoding.UTF8, Json));
        Assert.True(saved.IsSuccessStatusCode, await saved.Content.ReadAsStringAsync());
        using var run = await client.PostAsync("/elsa/api/workflow-definitions/hostile/execute", null);
        var real = path.Contains("workflow-instances", StringComparison.Ordinal) ? run.Headers.GetValues("x-elsa-workflow-instance-id").Single() : path.Contains("activity-executions", StringComparison.Ordinal) ? "1-1" : "hostile";

        foreach (var body in Unreadable.Concat(Mistyped.Select(text => Encoding.UTF8.GetBytes(text))).Append([0x7B, 0x22, 0xC3, 0x28, 0x22, 0x3A, 0x31, 0x7D]))
            await RefusedAsync(client, method, Fill(path, real), body, Json);
    }

    [Theory]
    [InlineData("POST", "/elsa/api/workflow-definitions")]
    [InlineData("POST", "/elsa/api/workflow-definitions/import")]
    [InlineData("POST", "/elsa/api/workflow-instances")]
    [InlineData("POST", "/elsa/api/tests/activities")]
    [InlineData("POST", "/elsa/api/bulk-actions/import/workflow-instances")]
    public async Task A_body_without_end_is_refused_before_it_is_read(string method, string path)
    {
        using var client = server.Client();
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = new ByteArrayContent(new byte[13 << 20]) };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(path.EndsWith("import/workflow-instances", StringComparison.Ordinal) ? "multipart/form-data; boundary=x" : Json);
        request.Headers.ExpectContinue = true;

        using var answer = await client.SendAsync(request);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
    }

    private const string Waiting = """
        {"publish":true,"model":{"definitionId":"hostile","name":"Hostile","variables":[{"id":"v","name":"V","typeName":"String"}],"root":{"id":"flow","type":"Elsa.Flowchart","version":1,"activities":[
        {"id":"wait","type":"Elsa.Event","version":1,"eventName":{"typeName":"String","expression":{"type":"Literal","value":"Never"}}}],"connections":[]}}}
        """;

    private static string Members(string value) => "{" + string.Join(",", new[]
    {
        "model", "publish", "ids", "definitionIds", "definitionId", "definitionVersionId", "page", "pageSize", "searchTerm", "status", "statuses", "subStatuses", "timestampFilters", "hasIncidents", "orderBy", "variables", "input", "count", "correlationId",
        "versionOptions", "triggerActivityId", "result", "bookmarkId", "workflowInstanceId", "workflowInstanceIds", "activityInstanceId", "activityNodeIds", "filter", "alterations", "consumingWorkflowDefinitionIds", "workflowDefinitionHandle", "activityHandle",
        "activityTypeName", "propertyName", "context", "includeConsumingWorkflows", "workflowDefinitionId", "workflowDefinitionIds", "root", "name", "id",
    }.Select(name => $"\"{name}\":{value}")) + "}";

    private static string Fill(string path, string id) => Parameters().Replace(path, id);

    /// <summary>How many definitions and instances there are: what a request half done would change.</summary>
    private static async Task<string> CountsAsync(HttpClient client) =>
        $"{await client.GetStringAsync("/elsa/api/workflow-definitions/query/count")} {JsonNode.Parse(await client.GetStringAsync("/elsa/api/workflow-instances?pageSize=0"))!["totalCount"]}";

    private static async Task<int> RefusedAsync(HttpClient client, string method, string path, byte[]? body, string? type)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = type is null ? null : MediaTypeHeaderValue.Parse(type);
        }
        using var answer = await client.SendAsync(request);
        var status = (int)answer.StatusCode;
        var text = await answer.Content.ReadAsStringAsync();
        var what = $"{method} {path[..Math.Min(path.Length, 200)]} {(body is null ? "" : Encoding.Latin1.GetString(body.AsSpan()[..Math.Min(body.Length, 200)]))} -> {status} {text[..Math.Min(text.Length, 300)]}";
        Assert.True(status < 500, what);
        if (status >= 400)
        {
            Assert.True(answer.Content.Headers.ContentType?.MediaType == "application/problem+json", what);
            Assert.True(JsonNode.Parse(text) is JsonObject problem && (problem["status"] ?? problem["statusCode"])!.GetValue<int>() == status, what);
        }
        return status;
    }

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Parameters();
}
