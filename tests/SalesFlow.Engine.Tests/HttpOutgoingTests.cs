using System.Text;

namespace SalesFlow.Engine.Tests;

/// <summary>Requests to other systems: what is asked for, and where the answers lead.</summary>
public sealed class HttpOutgoingTests
{
    [Fact]
    public void A_request_says_what_is_sent()
    {
        var sent = Sent(Given.Instance(Send("Elsa.SendHttpRequest", $"\"method\":{Given.Literal("post")},\"content\":{Given.Script("({ a: 'ü' })")},\"contentType\":{Given.Literal("application/json")},\"authorization\":{Given.Literal("Bearer abc")},\"requestHeaders\":{Given.Script("({ 'X-A': '1' })")}")));

        Assert.Equal(("https://crm.example/orders?x=1", "POST", """{"a":"ü"}""", "application/json", "Bearer abc", "1"), (sent.Url, sent.Method, Encoding.UTF8.GetString(sent.Content!), sent.ContentType, sent.Authorization, sent.Headers["X-A"].Single()));
        Assert.Null(sent.Retry);
    }

    [Fact]
    public void A_body_is_sent_only_with_its_type() =>
        Assert.Null(Sent(Given.Instance(Send("Elsa.SendHttpRequest", $"\"content\":{Given.Literal("text")}"))).Content);

    [Fact]
    public void A_secret_is_not_in_the_journal()
    {
        var instance = Given.Instance(Send("Elsa.FlowSendHttpRequest", $"\"authorization\":{Given.Literal("Bearer hush-hush")}"));

        var turn = instance.Start();
        instance.Resume(instance.State.Bookmarks.Single(), Answer(200));

        var journal = System.Text.Json.JsonSerializer.Serialize(instance.Journal);
        Assert.Contains("crm.example", journal, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", journal, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", Encoding.UTF8.GetString(turn.State.ToBytes()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/orders")]
    [InlineData("file:///etc/passwd")]
    [InlineData("ftp://crm.example/a")]
    public void An_address_that_is_no_http_address_faults(string url) =>
        Assert.Contains("is no address", Given.Instance(Given.Activity("send", "Elsa.SendHttpRequest", $"\"url\":{Given.Literal(url, "Uri")}")).Start().Incidents.Single().Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("nothing but words", "false", true)]
    [InlineData("nothing but words", "true", false)]
    [InlineData("Bearer a\\nX-Evil: 1", "true", true)]
    public void The_authorization_header_is_looked_at(string header, string unchecked_, bool faults)
    {
        var instance = Given.Instance(Send("Elsa.SendHttpRequest", $"\"authorization\":{Given.Literal(header.Replace("nothing but", "@ nothing,=", StringComparison.Ordinal))},\"disableAuthorizationHeaderValidation\":{unchecked_}"));

        Assert.Equal(faults, instance.Start().Incidents.Length == 1);
    }

    [Theory]
    [InlineData(200, "ok sent")]
    [InlineData(404, "missing sent")]
    [InlineData(500, "other sent")]
    public void A_request_runs_the_activity_of_the_status(int status, string expected)
    {
        var instance = Cases();
        instance.Start();

        instance.Resume(instance.State.Bookmarks.Single(), Answer(status));

        Assert.Equal(expected, string.Join(' ', instance.Lines));
    }

    [Fact]
    public void A_request_without_an_answer_runs_the_slot_for_that()
    {
        var instance = Cases();
        instance.Start();
        instance.Resume(instance.State.Bookmarks.Single(), new HttpSendAnswer.FailedToConnect("no route"));
        Assert.Equal("unreachable sent", string.Join(' ', instance.Lines));

        var slow = Cases();
        slow.Start();
        slow.Resume(slow.State.Bookmarks.Single(), new HttpSendAnswer.TimedOut());
        Assert.Equal("slow sent", string.Join(' ', slow.Lines));
    }

    [Fact]
    public void What_has_no_activity_completes_the_request()
    {
        var instance = Given.Instance(Given.Sequence("steps", Send("Elsa.SendHttpRequest"), Given.Line("after")));
        instance.Start();

        instance.Resume(instance.State.Bookmarks.Single(), new HttpSendAnswer.TimedOut());

        Assert.Equal(["after"], instance.Lines);
    }

    [Fact]
    public void A_request_that_the_host_refuses_to_send_faults_with_the_reason()
    {
        var instance = Given.Instance(Send("Elsa.SendHttpRequest"));
        instance.Start();

        Assert.Equal("Not to that host.", instance.Resume(instance.State.Bookmarks.Single(), new HttpSendAnswer.Refused("Not to that host.")).Incidents.Single().Message);
    }

    [Theory]
    [InlineData("[200,201]", 201, "201 Done")]
    [InlineData("[200,201]", 404, "Unmatched status code Done")]
    [InlineData("[]", 404, "Done")]
    [InlineData(null, 200, "200 Done")]
    public void A_flow_request_leaves_by_the_status_and_by_done(string? expected, int status, string outcomes) => Assert.Equal(outcomes, Outcomes("Elsa.FlowSendHttpRequest", expected, Answer(status)));

    [Fact]
    public void A_flow_request_and_a_download_leave_by_what_kept_them_from_an_answer()
    {
        foreach (var type in new[] { "Elsa.FlowSendHttpRequest", "Elsa.DownloadHttpFile" })
        {
            Assert.Equal("Failed to connect", Outcomes(type, null, new HttpSendAnswer.FailedToConnect("no")));
            Assert.Equal("Timeout", Outcomes(type, null, new HttpSendAnswer.TimedOut()));
        }
    }

    [Theory]
    [InlineData("application/json; charset=utf-8", """{"a":[1,2]}""", """{"a":[1,2]}""")]
    [InlineData("application/problem+json", """{"a":1}""", """{"a":1}""")]
    [InlineData("application/json", "{broken", "\"{broken\"")]
    [InlineData("text/plain", "hello", "\"hello\"")]
    [InlineData("application/octet-stream", "AB", "\"QUI=\"")]
    [InlineData("application/json", "", "null")]
    public void An_answer_is_parsed_by_its_type(string type, string content, string expected)
    {
        var instance = Given.Instance(Send("Elsa.FlowSendHttpRequest", "\"parsedContent\":{\"typeName\":\"Object\",\"memoryReference\":{\"id\":\"Parsed\"}}")
            .Insert(0, "{\"id\":\"steps\",\"type\":\"Elsa.Sequence\",\"activities\":[") + "," + Given.Activity("hold", "Elsa.Event", $"\"eventName\":{Given.Literal("Go")}") + "]}", $"[{Given.Variable("Parsed", "Object", "")}]");
        instance.Start();

        instance.Resume(instance.State.Bookmarks.Single(), Answer(200, type, content));

        Assert.Contains($"\"Parsed\",\"v\":{expected}", Encoding.UTF8.GetString(instance.Bytes!), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("attachment; filename=\"a/b/offer.pdf\"", "offer.pdf")]
    [InlineData("attachment; filename*=UTF-8''%D0%9A%D0%9F.pdf", "КП.pdf")]
    [InlineData(null, "orders")]
    public void A_download_is_a_file_with_a_name(string? disposition, string expected)
    {
        var instance = Given.Instance(Given.Sequence("steps", Send("Elsa.DownloadHttpFile", "\"result\":{\"typeName\":\"Object\",\"memoryReference\":{\"id\":\"File\"}}"),
            Given.Activity("line", "Elsa.WriteLine", $"\"text\":{Given.Script("getFile().fileName + ' ' + getFile().contentType + ' ' + getFile().length", "String")}")), $"[{Given.Variable("File", "Object", "")}]");
        Assert.True(Sent(instance).IsDownload);

        instance.Resume(instance.State.Bookmarks.Single(), new HttpSendAnswer.Response(200, "OK", new Dictionary<string, object?>(),
            disposition is null ? new Dictionary<string, object?>() : new Dictionary<string, object?> { ["Content-Disposition"] = disposition }, "application/pdf", [1, 2, 3]));

        Assert.Equal([$"{expected} application/pdf 3"], instance.Lines);
    }

    [Fact]
    public void A_retry_strategy_is_named_or_made_by_an_expression_or_Elsas_own()
    {
        Assert.Equal("careful", Sent(Given.Instance(Send("Elsa.SendHttpRequest", Strategy("""{"mode":"Identifier","strategyId":"careful"}""")))).StrategyId);
        Assert.Equal(new RetryRules { MaxRetryAttempts = 5, Delay = TimeSpan.FromSeconds(2), Backoff = RetryBackoff.Linear, UseJitter = false },
            Sent(Given.Instance(Send("Elsa.FlowSendHttpRequest", Strategy("""{"mode":"Expression","expression":{"type":"JavaScript","value":"({maxRetryAttempts: 5, delay: '00:00:02', backoffType: 'Linear', useJitter: false})"}}""")))).Retry);
        Assert.Equal(new RetryRules(), Sent(Given.Instance(Send("Elsa.SendHttpRequest", "\"enableResiliency\":true"))).Retry);
    }

    [Fact]
    public void Pauses_grow_as_the_strategy_says()
    {
        var rules = new RetryRules { UseJitter = false };

        Assert.Equal([1, 2, 4], Enumerable.Range(1, 3).Select(n => rules.DelayBefore(n, 0.3).TotalSeconds));
        Assert.Equal([1, 2, 3], Enumerable.Range(1, 3).Select(n => (rules with { Backoff = RetryBackoff.Linear }).DelayBefore(n, 0.3).TotalSeconds));
        Assert.Equal([1, 1, 1], Enumerable.Range(1, 3).Select(n => (rules with { Backoff = RetryBackoff.Constant }).DelayBefore(n, 0.3).TotalSeconds));
        Assert.Equal([0.5, 1.5], new[] { 0d, 1d }.Select(chance => new RetryRules().DelayBefore(1, chance).TotalSeconds));
    }

    private static string Strategy(string json) => $"\"customProperties\":{{\"resilienceStrategy\":{json}}}";

    private static Instance Cases() => Given.Instance(Given.Sequence("steps", Send("Elsa.SendHttpRequest",
        $"\"expectedStatusCodes\":[{{\"statusCode\":200,\"activity\":{Given.Line("ok")}}},{{\"statusCode\":404,\"activity\":{Given.Line("missing")}}}],\"unmatchedStatusCode\":{Given.Line("other")},\"failedToConnect\":{Given.Line("unreachable")},\"timeout\":{Given.Line("slow")}"), Given.Line("sent")));

    private static string Outcomes(string type, string? expected, HttpSendAnswer answer)
    {
        var instance = Given.Instance(Send(type, expected is null ? "" : $"\"expectedStatusCodes\":{{\"typeName\":\"List<Int32>\",\"expression\":{{\"type\":\"Object\",\"value\":\"{expected}\"}}}}"));
        instance.Start();
        instance.Resume(instance.State.Bookmarks.Single(), answer);
        return string.Join(' ', instance.Journal.Single(entry => entry is { ActivityId: "send", Event: "Completed" }).Outcomes!);
    }

    private static HttpSendAnswer.Response Answer(int status, string type = "text/plain", string content = "x") =>
        new HttpSendAnswer.Response(status, null, new Dictionary<string, object?>(), new Dictionary<string, object?>(), type, Encoding.UTF8.GetBytes(content));

    private static HttpRequestSent Sent(Instance instance) => Assert.IsType<HttpRequestSent>(instance.Start().Effects.Single().Effect);

    private static string Send(string type, string more = "") => Given.Activity("send", type, $"\"url\":{Given.Literal("https://crm.example/orders?x=1", "Uri")}{(more.Length > 0 ? "," + more : "")}");
}
