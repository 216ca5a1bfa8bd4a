using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using SalesFlow.Engine;

namespace SalesFlow.Runtime.Tests;

/// <summary>Requests of workflows to other systems: what they may reach, and what they come to.</summary>
public sealed class OutgoingTests
{
    private static readonly OutgoingOptions Loopback = new() { AllowedNetworks = ["127.0.0.0/8"] };

    [Theory]
    [InlineData("http://127.0.0.1")]
    [InlineData("http://localhost")]
    [InlineData("http://[::1]")]
    [InlineData("http://[::ffff:127.0.0.1]")]
    [InlineData("http://2130706433")]
    [InlineData("http://0x7f.0.0.1")]
    [InlineData("http://0.0.0.0")]
    [InlineData("http://10.1.2.3")]
    [InlineData("http://172.31.255.255")]
    [InlineData("http://192.168.0.1")]
    [InlineData("http://169.254.169.254/latest/meta-data")]
    [InlineData("http://100.64.0.1")]
    [InlineData("http://224.0.0.1")]
    [InlineData("http://255.255.255.255")]
    [InlineData("http://[fd00::1]")]
    [InlineData("http://[fe80::1]")]
    [InlineData("http://[ff02::1]")]
    [InlineData("http://[64:ff9b::7f00:1]")]
    [InlineData("http://[2002:7f00:1::]")]
    [InlineData("http://[::]")]
    [InlineData("https://127.0.0.1")]
    public async Task No_inner_address_is_reached_unless_it_is_allowed(string url)
    {
        var refused = Assert.IsType<HttpSendAnswer.Refused>(await SendAsync(new OutgoingOptions(), url));

        Assert.Contains("is not a public address", refused.Reason, StringComparison.Ordinal);
        Assert.Contains("Workflows:Outgoing:AllowedNetworks", refused.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("8.8.8.8")]
    [InlineData("172.32.0.1")]
    [InlineData("100.128.0.1")]
    [InlineData("2a00:1450:4001:800::200e")]
    public void Public_addresses_are_allowed(string address) => Assert.True(new OutgoingGuard(new OutgoingOptions()).AllowsAddress(IPAddress.Parse(address)));

    [Fact]
    public async Task An_allowed_network_is_reached_by_address_and_by_name()
    {
        using var server = new HttpServer(context => Write(context, "hello"));

        Assert.Equal("hello", Text(await SendAsync(Loopback, server.Url())));
        Assert.Equal("hello", Text(await SendAsync(Loopback, server.Url(host: "localhost"))));
    }

    [Fact]
    public async Task A_redirect_to_an_address_that_is_not_allowed_is_refused()
    {
        using var server = new HttpServer(context => context.Response.Redirect($"http://127.0.0.2:{context.Request.LocalEndPoint!.Port}/inside"));

        var refused = Assert.IsType<HttpSendAnswer.Refused>(await SendAsync(new OutgoingOptions { AllowedNetworks = ["127.0.0.1/32"] }, server.Url()));

        Assert.Contains("127.0.0.2", refused.Reason, StringComparison.Ordinal);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_redirect_to_a_name_that_is_not_allowed_is_refused_even_when_its_address_is()
    {
        using var server = new HttpServer(context => context.Response.Redirect($"http://localhost:{context.Request.LocalEndPoint!.Port}/inside"));

        var refused = Assert.IsType<HttpSendAnswer.Refused>(await SendAsync(new OutgoingOptions { AllowedNetworks = ["127.0.0.0/8"], AllowedHosts = ["127.0.0.1"] }, server.Url()));

        Assert.Contains("'localhost' is not among the hosts", refused.Reason, StringComparison.Ordinal);
        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData("crm.example", "crm.example", true)]
    [InlineData("crm.example", "CRM.example.", true)]
    [InlineData("crm.example", "evil-crm.example", false)]
    [InlineData("*.example", "crm.example", true)]
    [InlineData("*.example", "a.crm.example", true)]
    [InlineData("*.example", "example", false)]
    [InlineData("*.example", "crm.example.org", false)]
    public void Hosts_are_allowed_by_name_or_by_what_they_are_below(string allowed, string host, bool expected) =>
        Assert.Equal(expected, new OutgoingGuard(new OutgoingOptions { AllowedHosts = [allowed] }).AllowsHost(host));

    [Fact]
    public void A_network_that_cannot_be_read_is_named() =>
        Assert.Contains("'10.0.0.300/8'", Assert.Throws<InvalidOperationException>(() => new OutgoingGuard(new OutgoingOptions { AllowedNetworks = ["10.0.0.300/8"] })).Message, StringComparison.Ordinal);

    [Fact]
    public async Task A_request_carries_its_body_headers_and_a_key_that_a_repeat_would_carry_too()
    {
        using var server = new HttpServer(context => Write(context, "ok"));

        await SendAsync(Loopback, new HttpRequestSent(server.Url("/orders?x=1"), "POST", Encoding.UTF8.GetBytes("{\"a\":\"ü\"}"), "application/json", "Bearer abc", new Dictionary<string, string[]> { ["X-A"] = ["1"] }));

        var (line, headers, body) = Assert.Single(server.Requests);
        Assert.Equal(("POST 127.0.0.1/orders?x=1", "application/json", "Bearer abc", "1", "7-3", "{\"a\":\"ü\"}"), (line, headers["Content-Type"], headers["Authorization"], headers["X-A"], headers["Idempotency-Key"], body));
    }

    [Fact]
    public async Task Credentials_do_not_follow_a_redirect()
    {
        using var other = new HttpServer(context => Write(context, "there"));
        using var server = new HttpServer(context => context.Response.Redirect(other.Url("/there", "localhost")));

        var answer = await SendAsync(Loopback, new HttpRequestSent(server.Url(), "GET", null, null, "Bearer abc", new Dictionary<string, string[]>()));

        Assert.Equal("there", Text(answer));
        Assert.Null(Assert.Single(other.Requests).Headers["Authorization"]);
    }

    [Fact]
    public async Task Redirects_are_followed_only_so_often()
    {
        using var server = new HttpServer(context => context.Response.Redirect("/again"));

        var answer = Assert.IsType<HttpSendAnswer.Response>(await SendAsync(new OutgoingOptions { AllowedNetworks = ["127.0.0.0/8"], MaxRedirects = 3 }, server.Url()));

        Assert.Equal((302, 4), (answer.StatusCode, server.Requests.Count));
    }

    [Fact]
    public async Task An_answer_that_is_too_large_is_refused_and_a_download_has_a_limit_of_its_own()
    {
        using var server = new HttpServer(context => context.Response.OutputStream.Write(new byte[5000]));
        var options = new OutgoingOptions { AllowedNetworks = ["127.0.0.0/8"], MaxResponseBytes = 4999, MaxDownloadBytes = 5000 };
        var sent = Get(server.Url());

        Assert.Contains("larger than 4,999 bytes", Assert.IsType<HttpSendAnswer.Refused>(await SendAsync(options, sent)).Reason, StringComparison.Ordinal);
        Assert.Equal(5000, Assert.IsType<HttpSendAnswer.Response>(await SendAsync(options, sent with { IsDownload = true })).Content.Length);
    }

    [Fact]
    public async Task An_answer_that_unpacks_to_more_than_is_allowed_is_refused()
    {
        using var packed = new MemoryStream();
        using (var zip = new System.IO.Compression.GZipStream(packed, System.IO.Compression.CompressionLevel.Optimal, leaveOpen: true))
            zip.Write(new byte[4 << 20]);
        using var server = new HttpServer(context =>
        {
            context.Response.Headers["Content-Encoding"] = "gzip";
            context.Response.OutputStream.Write(packed.ToArray());
        });

        Assert.IsType<HttpSendAnswer.Refused>(await SendAsync(Loopback, server.Url()));
    }

    [Fact]
    public async Task Who_does_not_answer_in_time_is_given_up()
    {
        var clock = new FakeTimeProvider();
        var arrived = new TaskCompletionSource();
        var never = new TaskCompletionSource();
        using var server = new HttpServer(async _ =>
        {
            arrived.SetResult();
            await never.Task;
        });
        using var effects = new HttpEffects(Loopback, clock, NullLogger<HttpEffects>.Instance);

        var sending = effects.SendAsync(Get(server.Url()), "7-3", default);
        await arrived.Task.WaitAsync(TimeSpan.FromSeconds(10));
        clock.Advance(TimeSpan.FromSeconds(31));

        Assert.IsType<HttpSendAnswer.TimedOut>(await sending.WaitAsync(TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task Where_nobody_listens_there_is_no_connection()
    {
        int port;
        using (var server = new HttpServer(_ => { }))
            port = server.Port;

        Assert.IsType<HttpSendAnswer.FailedToConnect>(await SendAsync(Loopback, $"http://127.0.0.1:{port}/"));
        Assert.IsType<HttpSendAnswer.FailedToConnect>(await SendAsync(Loopback, "http://no-such-host.invalid/"));
    }

    [Fact]
    public async Task A_strategy_repeats_what_may_be_better_next_time()
    {
        var count = 0;
        using var server = new HttpServer(context =>
        {
            context.Response.StatusCode = ++count < 3 ? 503 : 200;
            Write(context, count.ToString(CultureInfo.InvariantCulture));
        });
        var options = new OutgoingOptions { AllowedNetworks = ["127.0.0.0/8"], Strategies = new Dictionary<string, RetryRules> { ["quick"] = new() { MaxRetryAttempts = 5, Delay = TimeSpan.FromMilliseconds(1) } } };

        Assert.Equal("3", Text(await SendAsync(options, Get(server.Url()) with { StrategyId = "quick" })));
        Assert.Equal(3, server.Requests.Count);
    }

    [Theory]
    [InlineData(404, 2, 1)]
    [InlineData(500, 2, 3)]
    [InlineData(429, 0, 1)]
    public async Task A_strategy_ends_with_its_attempts_and_repeats_nothing_final(int status, int most, int expected)
    {
        using var server = new HttpServer(context => context.Response.StatusCode = status);

        var answer = await SendAsync(Loopback, Get(server.Url()) with { Retry = new RetryRules { MaxRetryAttempts = most, Delay = TimeSpan.FromMilliseconds(1) } });

        Assert.Equal((status, expected), (Assert.IsType<HttpSendAnswer.Response>(answer).StatusCode, server.Requests.Count));
    }

    [Fact]
    public async Task Repetitions_end_when_the_time_for_all_of_them_is_up()
    {
        using var server = new HttpServer(context => context.Response.StatusCode = 503);

        await SendAsync(Loopback, Get(server.Url()) with { Retry = new RetryRules { MaxRetryAttempts = 9, Delay = TimeSpan.FromMinutes(2) } });

        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task What_no_request_can_be_made_of_is_refused() =>
        Assert.Contains("cannot be sent", Assert.IsType<HttpSendAnswer.Refused>(await SendAsync(Loopback, Get("http://127.0.0.1/") with { Method = "NO METHOD" })).Reason, StringComparison.Ordinal);

    private static HttpRequestSent Get(string url) => new(url, "GET", null, null, null, new Dictionary<string, string[]>());

    private static Task<HttpSendAnswer> SendAsync(OutgoingOptions options, string url) => SendAsync(options, Get(url));

    private static async Task<HttpSendAnswer> SendAsync(OutgoingOptions options, HttpRequestSent sent)
    {
        using var effects = new HttpEffects(options, TimeProvider.System, NullLogger<HttpEffects>.Instance);
        return await effects.SendAsync(sent, "7-3", default);
    }

    private static string Text(HttpSendAnswer answer) => Encoding.UTF8.GetString(Assert.IsType<HttpSendAnswer.Response>(answer).Content);

    private static void Write(HttpListenerContext context, string text) => context.Response.OutputStream.Write(Encoding.UTF8.GetBytes(text));
}
