using System.IO.Compression;
using System.Text;

namespace SalesFlow.Engine.Tests;

/// <summary>HTTP endpoints and the responses that workflows give.</summary>
public sealed class HttpIncomingTests
{
    private const string Starts = "\"customProperties\":{\"canStartWorkflow\":true}";

    [Fact]
    public void An_endpoint_that_may_start_the_workflow_is_a_trigger_for_each_method_and_shape()
    {
        var definition = Given.Definition(Given.Document(Endpoint("Orders/{id?}", $"{Starts},{Methods("GET", "post")},\"authorize\":true,\"policy\":{Given.Literal("leadTeam")},\"requestSizeLimit\":10")));

        var (found, problems) = Triggers.Of(definition, Given.Monday);

        Assert.Empty(problems);
        Assert.Equal(["get /orders/{}", "get /orders", "post /orders/{}", "post /orders"], found.Select(trigger => trigger.Stimulus));
        var rules = HttpEndpointRules.FromJson(found[0].Tag!);
        Assert.Equal(("/orders/{id?}", true, "leadTeam", 10L), (rules.Template, rules.Authorize, rules.Policy, rules.RequestSizeLimit));
    }

    [Theory]
    [InlineData("", "has no path")]
    [InlineData("a//b", "empty segment")]
    public void An_endpoint_that_cannot_be_reached_is_a_problem(string path, string why) =>
        Assert.Contains(why, Triggers.Of(Given.Definition(Given.Document(Endpoint(path, Starts))), Given.Monday).Problems.Single().Message, StringComparison.Ordinal);

    [Fact]
    public void The_request_that_started_the_workflow_fills_the_outputs()
    {
        var instance = Given.Instance(Given.Sequence("steps", Endpoint("hello/{name}", $"{Starts},{Bound("routeData", "Route")},{Bound("parsedContent", "Body")},{Bound("queryStringData", "Query")},{Bound("headers", "Headers")}"),
            Given.Activity("line", "Elsa.WriteLine", $"\"text\":{Given.Script("[getRoute().name, getBody().x, getQuery().q, getHeaders().Accept].join(' ')", "String")}")), Variables("Route", "Body", "Query", "Headers"));

        instance.Start(new() { [HttpEndpointRules.RequestInput] = Request() }, trigger: "http");

        Assert.Equal(["ann 1 z text/html"], instance.Lines);
        Assert.Equal("request-1", instance.State.HttpRequest);
    }

    [Fact]
    public void An_endpoint_in_the_middle_waits_under_each_method_and_leaves_nothing_behind()
    {
        var instance = Given.Instance(Given.Sequence("steps", Endpoint("paid", Methods("GET", "POST")), Given.Event("later")));
        var waiting = instance.Start().Bookmarked;
        Assert.Equal(["get /paid", "post /paid"], waiting.Select(bookmark => bookmark.Stimulus));
        Assert.Equal("/paid", HttpEndpointRules.FromJson(waiting[0].Tag!).Template);

        var turn = instance.Resume(waiting[1], Request());

        Assert.Equal(2, turn.Burned.Length);
        Assert.Equal(["later"], instance.State.Bookmarks.Select(bookmark => bookmark.Stimulus));
    }

    [Fact]
    public void A_path_in_the_middle_may_be_computed()
    {
        var instance = Given.Instance(Given.Activity("http", "Elsa.HttpEndpoint", $"\"path\":{Given.Script("'paid/' + getWorkflowInstanceId()", "String")}"));

        Assert.Equal("get /paid/7", instance.Start().Bookmarked.Single().Stimulus);
    }

    [Fact]
    public void A_refusal_with_an_outcome_of_its_own_leaves_by_it()
    {
        var instance = Given.Instance(Given.Flowchart($"{Endpoint("up", $"{Starts},\"exposeFileTooLargeOutcome\":true")},{Given.Line("big")},{Given.Line("fine")}", "http:File too large->big", "http->fine"));
        var rules = HttpEndpointRules.FromJson(Triggers.Of(Given.Definition(Given.Document(Endpoint("up", $"{Starts},\"exposeFileTooLargeOutcome\":true"))), Given.Monday).Found.Single().Tag!);

        instance.Start(new() { [HttpEndpointRules.RequestInput] = Request() with { Refusal = HttpRefusal.FileTooLarge } }, trigger: "http");

        Assert.Equal([HttpRefusal.FileTooLarge], rules.Outcomes);
        Assert.Equal(["big"], instance.Lines);
    }

    [Theory]
    [InlineData("scan.pdf", "application/pdf", 10, null)]
    [InlineData("scan.pdf", "application/pdf", 11, HttpRefusal.FileTooLarge)]
    [InlineData("scan.exe", "application/pdf", 1, HttpRefusal.InvalidFileExtension)]
    [InlineData("scan.old.PDF", "application/pdf", 1, null)]
    [InlineData("scan.draft.pdf", "application/pdf", 1, HttpRefusal.InvalidFileExtension)]
    [InlineData("scan.pdf", "text/html; charset=utf-8", 1, HttpRefusal.InvalidFileMimeType)]
    public void Files_are_measured_by_the_rules(string name, string type, int size, HttpRefusal? expected)
    {
        var rules = new HttpEndpointRules("/up") { FileSizeLimit = 10, AllowedFileExtensions = [".pdf"], BlockedFileExtensions = ["draft.pdf"], AllowedMimeTypes = ["application/pdf"], RequestSizeLimit = 100 };

        Assert.Equal(expected, rules.RefusalOf(50, [new HttpFormFile("file", name, type, new byte[size])]));
        Assert.Equal(HttpRefusal.RequestTooLarge, rules.RefusalOf(101, []));
    }

    [Theory]
    [InlineData("'hi'", null, "text/plain; charset=utf-8", "hi")]
    [InlineData("({a: 1})", null, "application/json", """{"a":1}""")]
    [InlineData("({a: 1})", "application/x-www-form-urlencoded", "application/x-www-form-urlencoded", "a=1")]
    [InlineData("({a: 1})", "application/json", "application/json", """{"a":1}""")]
    [InlineData("'<a/>'", "application/xml", "application/xml", "<a/>")]
    [InlineData("null", null, null, "")]
    public void A_response_is_written_in_the_form_of_its_content(string script, string? type, string? expectedType, string expected)
    {
        var response = Written(Respond($"\"content\":{Given.Script(script)}{(type is null ? "" : $",\"contentType\":{Given.Literal(type)}")}"));

        Assert.Equal(("request-1", 200, expectedType, expected), (response.RequestId, response.StatusCode, response.ContentType, Encoding.UTF8.GetString(response.Content)));
    }

    [Theory]
    [InlineData("NotFound", 404)]
    [InlineData("201", 201)]
    public void A_status_is_a_name_or_a_number(string status, int expected) =>
        Assert.Equal(expected, Written(Respond($"\"statusCode\":{Given.Literal(status, "HttpStatusCode")}")).StatusCode);

    [Fact]
    public void Headers_are_a_dictionary_or_the_text_of_one()
    {
        var response = Written(Respond("\"responseHeaders\":{\"typeName\":\"HttpHeaders\",\"expression\":{\"type\":\"Object\",\"value\":\"{\\\"X-A\\\":\\\"1\\\",\\\"X-B\\\":[\\\"2\\\",\\\"3\\\"]}\"}}"));

        Assert.Equal(["X-A: 1", "X-B: 2,3"], response.Headers.Select(header => $"{header.Key}: {string.Join(',', header.Value)}"));
    }

    [Theory]
    [InlineData("({'Set-Cookie': 'a=b'})", "set by the server itself")]
    [InlineData("({'content-security-policy': ''})", "set by the server itself")]
    [InlineData("({'X-A': '1\\\\r\\\\nX-B: 2'})", "more than one line")]
    [InlineData("({'X A': '1'})", "other letters")]
    public void Headers_that_are_not_the_workflows_fault_the_activity(string headers, string why)
    {
        var instance = Respond($"\"responseHeaders\":{Given.Script(headers)}");

        Assert.Contains(why, instance.Start(new() { [HttpEndpointRules.RequestInput] = Request() }, trigger: "http").Incidents.Single().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_status_that_is_none_faults_the_activity() =>
        Assert.Contains("'Fine' is no HTTP status", Respond($"\"statusCode\":{Given.Literal("Fine")}").Start(new() { [HttpEndpointRules.RequestInput] = Request() }, trigger: "http").Incidents.Single().Message, StringComparison.Ordinal);

    [Fact]
    public void A_response_completes_when_it_is_on_its_way_and_is_given_once()
    {
        var instance = Given.Instance(Given.Sequence("steps", Endpoint("hello", Starts), Response("first"), Response("second")));
        instance.Start(new() { [HttpEndpointRules.RequestInput] = Request() }, trigger: "http");

        var turn = instance.Resume(instance.State.Bookmarks.Single(), true);

        Assert.StartsWith("The HTTP context was lost during workflow execution", turn.Incidents.Single().Message, StringComparison.Ordinal);
        Assert.Equal("second", turn.Incidents.Single().ActivityId);
    }

    [Fact]
    public void A_response_that_nobody_waits_for_faults()
    {
        var started = Given.Instance(Response("answer"));
        Assert.StartsWith("The HTTP context was lost", started.Start().Incidents.Single().Message, StringComparison.Ordinal);

        var late = Respond("\"content\":\"late\"");
        late.Start(new() { [HttpEndpointRules.RequestInput] = Request() }, trigger: "http");
        Assert.StartsWith("The HTTP context was lost", late.Resume(late.State.Bookmarks.Single(), false).Incidents.Single().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_is_answered_with_its_name_and_type()
    {
        var response = Written(File("({fileName: '../offer.pdf', contentType: 'application/pdf', content: 'QUJD'})", $",\"enableResumableDownloads\":true,\"entityTag\":{Given.Literal("v1")}"));

        Assert.Equal(("offer.pdf", "application/pdf", "ABC", true, "v1"), (response.FileName, response.ContentType, Encoding.UTF8.GetString(response.Content), response.Ranges, response.EntityTag));
    }

    [Fact]
    public void Several_files_are_answered_as_a_zip_that_loses_none()
    {
        var response = Written(File("[{fileName: 'a.txt', content: 'QQ=='}, {fileName: 'a.txt', content: 'Qg=='}]"));

        using var zip = new ZipArchive(new MemoryStream(response.Content));
        Assert.Equal(["a.txt", "a (2).txt"], zip.Entries.Select(entry => entry.FullName));
        Assert.All(zip.Entries, entry => Assert.Equal(Given.Monday.UtcDateTime, entry.LastWriteTime.DateTime));
        Assert.Equal("application/zip", response.ContentType);
    }

    private static HttpRequestReceived Request() => new("request-1", "GET", "/hello/ann", new Dictionary<string, object?> { ["name"] = "ann" }, new Dictionary<string, object?> { ["q"] = "z" },
        new Dictionary<string, object?> { ["Accept"] = "text/html" }, new Dictionary<string, object?> { ["x"] = 1L }, []);

    private static HttpResponseWritten Written(Instance instance) => Assert.IsType<HttpResponseWritten>(instance.Start(new() { [HttpEndpointRules.RequestInput] = Request() }, trigger: "http").Effects.Single().Effect);

    private static Instance Respond(string inputs) => Given.Instance(Given.Sequence("steps", Endpoint("hello", Starts), Given.Activity("answer", "Elsa.WriteHttpResponse", inputs)));

    private static Instance File(string content, string more = "") => Given.Instance(Given.Sequence("steps", Endpoint("hello", Starts), Given.Activity("answer", "Elsa.WriteFileHttpResponse", $"\"content\":{Given.Script(content)}{more}")));

    private static string Response(string id) => Given.Activity(id, "Elsa.WriteHttpResponse", "\"content\":\"text\"");

    private static string Endpoint(string path, string more = "") => Given.Activity("http", "Elsa.HttpEndpoint", $"\"path\":{Given.Literal(path)}{(more.Length > 0 ? "," + more : "")}");

    private static string Methods(params string[] methods) => $$$"""
        "supportedMethods":{"typeName":"List<String>","expression":{"type":"Object","value":"[{{{string.Join(",", methods.Select(method => $"\\\"{method}\\\""))}}}]"}}
        """;

    private static string Bound(string output, string variable) => $$$"""
        "{{{output}}}":{"typeName":"Object","memoryReference":{"id":"{{{variable}}}"}}
        """;

    private static string Variables(params string[] names) => $"[{string.Join(",", names.Select(name => Given.Variable(name, "Object", "")))}]";
}
