using System.Net;
using SalesFlow.Sales.People;
using Xunit;
using static SalesFlow.Server.Tests.Endpoints;

namespace SalesFlow.Server.Tests;

/// <summary>Who may call the endpoints of workflows on a server that opened them to everybody.</summary>
public sealed class OpenEndpointAccessTests(OpenServer server) : IClassFixture<OpenServer>
{
    [Fact]
    public async Task What_asks_for_authorization_is_closed_to_strangers_and_what_names_a_policy_to_others()
    {
        await server.PublishAsync("guarded", Endpoint("guarded", "GET", $"{Starts},\"authorize\":{Literal("true", "Boolean")}"), Respond("'in'"));
        await server.PublishAsync("designers", Endpoint("designers", "GET", $"{Starts},\"authorize\":{Literal("true", "Boolean")},\"policy\":{Literal("designProcess")}"), Respond("'in'"));

        await HttpFacts.AssertProblemAsync(await server.Anonymous().GetAsync("/workflows/guarded"), HttpStatusCode.Unauthorized);
        await HttpFacts.AssertProblemAsync(await server.Anonymous().GetAsync("/workflows/designers"), HttpStatusCode.Unauthorized);
        Assert.Equal("in", await server.As(Roles.Rep).GetStringAsync("/workflows/guarded"));
        Assert.Equal("in", await (await server.SignedInAsync(Roles.Rep)).GetStringAsync("/workflows/guarded"));
        await HttpFacts.AssertProblemAsync(await server.As(Roles.Rep).GetAsync("/workflows/designers"), HttpStatusCode.Forbidden);
        Assert.Equal("in", await server.As(Roles.ProcessOwner).GetStringAsync("/workflows/designers"));
    }

    [Fact]
    public async Task Another_sites_link_does_not_act_with_a_persons_cookie()
    {
        await server.PublishAsync("linked", Endpoint("linked", "GET"), Respond("'in'"));
        var browser = await server.SignedInAsync(Roles.Rep);
        browser.DefaultRequestHeaders.Add("Sec-Fetch-Site", "cross-site");

        await HttpFacts.AssertProblemAsync(await browser.GetAsync("/workflows/linked"), HttpStatusCode.Forbidden);
    }
}

/// <summary>Who may call the endpoints of workflows when the administrator set nothing.</summary>
[Collection(OneServer.Name)]
public sealed class EndpointAccessByDefaultTests(RunningServer server)
{
    [Fact]
    public async Task Strangers_learn_nothing_about_addresses_and_everybody_who_works_here_is_let_in()
    {
        await server.PublishAsync("plain", Endpoint("plain", "GET"), Respond("'in'"));

        foreach (var path in new[] { "plain", "no-such-thing", "" })
            await HttpFacts.AssertProblemAsync(await server.Anonymous().GetAsync($"/workflows/{path}"), HttpStatusCode.Unauthorized);
        Assert.Equal("in", await server.As(Roles.Approver).GetStringAsync("/workflows/plain"));
        await HttpFacts.AssertProblemAsync(await server.As(Roles.Approver).GetAsync("/workflows/no-such-thing"), HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Requests_of_one_address_are_limited()
    {
        await using var limited = new RunningServer { Settings = """{"Workflows":{"Incoming":{"RequestsPerMinute":2}}}""" };
        await limited.InitializeAsync();
        var client = limited.As(Roles.Rep);

        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("/workflows/x")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("/workflows/x")).StatusCode);
        await HttpFacts.AssertProblemAsync(await client.GetAsync("/workflows/x"), HttpStatusCode.TooManyRequests);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/api/deals")).StatusCode);
    }
}
