using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using SalesFlow.Runtime;
using SalesFlow.Sales.People;

namespace SalesFlow.Server.Tests;

/// <summary>Notifications over the API, and the step of a process that gives them.</summary>
[Collection(OneServer.Name)]
public sealed class NotificationTests(RunningServer server)
{
    [Fact]
    public async Task Everybody_reads_their_own_and_chooses_how_to_be_told()
    {
        var deal = (await server.CreateDealAsync())["id"]!.GetValue<string>();
        await server.As(Roles.Rep).PostAsJsonAsync($"/api/deals/{deal}/comments", new { text = "@headOfSales, please look at NOTE" });
        var head = server.As(Roles.HeadOfSales);

        var told = (await ItemsAsync(Roles.HeadOfSales, "?onlyNew=true")).First(one => one["dealId"]?.GetValue<string>() == deal);
        Assert.Equal("You were mentioned: @headOfSales, please look at NOTE", told["text"]!.GetValue<string>());
        await HttpFacts.AssertProblemAsync(await server.As("rep2").PostAsync($"/api/notifications/{told["id"]}/seen", null), HttpStatusCode.NotFound);
        Assert.Equal(HttpStatusCode.NoContent, (await head.PostAsync($"/api/notifications/{told["id"]}/seen", null)).StatusCode);
        Assert.DoesNotContain(await ItemsAsync(Roles.HeadOfSales, "?onlyNew=true"), one => one["id"]!.GetValue<string>() == told["id"]!.GetValue<string>());

        var settings = await head.PutAsJsonAsync("/api/notifications/settings", new { ways = new { mention = "both" }, digest = true, quiet = false });
        Assert.True(settings.IsSuccessStatusCode, await settings.Content.ReadAsStringAsync());
        var kept = (await head.GetFromJsonAsync<JsonObject>("/api/notifications/settings"))!;
        Assert.Equal(("both", true, false), (kept["ways"]!["mention"]!.GetValue<string>(), kept["digest"]!.GetValue<bool>(), kept["quiet"]!.GetValue<bool>()));
        await HttpFacts.AssertProblemAsync(await head.PutAsJsonAsync("/api/notifications/settings", new { ways = new { gossip = "mail" }, digest = false, quiet = true }), HttpStatusCode.BadRequest);
        await HttpFacts.AssertProblemAsync(await head.PutAsJsonAsync("/api/notifications/settings", new { ways = new { mention = "pigeon" }, digest = false, quiet = true }), HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_step_of_a_process_tells_colleagues_and_writes_to_the_client_from_a_template()
    {
        await PublishAsync("notifies");
        var answer = await server.As(Roles.HeadOfSales).PostAsJsonAsync("/api/deals", new { pipeline = "notifies", title = "New one", client = new { name = "Told LLC", email = "told@example.com" }, amount = 1, currency = "RUB", owner = "rep" });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        var deal = (await answer.Content.ReadFromJsonAsync<JsonObject>())!["id"]!.GetValue<string>();

        var told = (await ItemsAsync(Roles.Rep)).Single(one => one["dealId"]?.GetValue<string>() == deal && one["kind"]!.GetValue<string>() == "process");
        Assert.Equal(("About New one", "For Told LLC"), (told["text"]!.GetValue<string>(), told["details"]!.GetValue<string>()));
        var mails = (await server.As(Roles.Administrator).GetFromJsonAsync<JsonObject>($"/api/mails?deal={deal}"))!["items"]!.AsArray();
        Assert.Equal(["Hello Told LLC", "About New one"], mails.Select(mail => mail!["subject"]!.GetValue<string>()));
        Assert.Equal(["told@example.com", "Test rep"], mails.Select(mail => mail!["to"]!.GetValue<string>()));
        var timeline = (await server.As(Roles.Rep).GetFromJsonAsync<JsonObject>($"/api/deals/{deal}/timeline"))!["items"]!.AsArray();
        Assert.Contains(timeline, entry => entry!["text"]!.GetValue<string>() == "Colleagues were told: About New one");
    }

    private async Task<IReadOnlyList<JsonNode>> ItemsAsync(string person, string query = "") =>
        [.. (await server.As(person).GetFromJsonAsync<JsonObject>($"/api/notifications{query}"))!["items"]!.AsArray().Select(one => one!)];

    private Task<SalesFlow.Engine.Definitions.WorkflowDefinition> PublishAsync(string id) => server.App.Services.GetRequiredService<DefinitionStore>().PublishAsync("""
        {"definitionId":"ID","id":"ID-1","version":1,"name":"ID","root":{"id":"fc","type":"Elsa.Flowchart","activities":[
          {"id":"go","type":"SalesFlow.DealStarted"},
          {"id":"s1","type":"SalesFlow.Stage","stage":"first","nameEn":"First","body":{"id":"b1","type":"Elsa.Flowchart","activities":[
            {"id":"tell","type":"SalesFlow.Notify","way":{"typeName":"String","expression":{"type":"Literal","value":"both"}},
             "subject":{"typeName":"String","expression":{"type":"Scriban","value":"About {{ deal.title }}"}},"text":{"typeName":"String","expression":{"type":"Scriban","value":"For {{ client.name }}"}}},
            {"id":"write","type":"SalesFlow.Notify","to":{"typeName":"String","expression":{"type":"Literal","value":"client"}},
             "subject":{"typeName":"String","expression":{"type":"Scriban","value":"Hello {{ client.name }}"}},"text":{"typeName":"String","expression":{"type":"Literal","value":"Text"}}},
            {"id":"call","type":"SalesFlow.Task","outcomes":["Done"],"subject":{"typeName":"String","expression":{"type":"Literal","value":"Call"}}}],
            "connections":[{"source":{"activity":"tell","port":"Done"},"target":{"activity":"write"}},{"source":{"activity":"write","port":"Done"},"target":{"activity":"call"}}]}}],
         "connections":[{"source":{"activity":"go","port":"Done"},"target":{"activity":"s1"}}]}}
        """.Replace("ID", id, StringComparison.Ordinal), CancellationToken.None);
}
