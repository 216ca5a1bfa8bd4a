using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using SalesFlow.Runtime;
using SalesFlow.Sales.People;
using Xunit;

namespace SalesFlow.Server.Tests;

/// <summary>The process picks the owners of new deals.</summary>
[Collection(OneServer.Name)]
public sealed class AssignTests(RunningServer server)
{
    [Fact]
    public async Task Deals_go_in_turn_to_those_who_have_the_skill_and_the_timeline_says_why()
    {
        foreach (var name in new[] { "assign.a", "assign.b", "assign.c" })
            await server.As(Roles.Administrator).PostAsJsonAsync("/api/users", new { name, displayName = name, roles = new[] { Roles.Rep }, team = "assign", skills = new[] { name == "assign.c" ? "mail" : "site" } });
        await PublishAsync("assigned-in-turn", "assign");

        var deals = new List<JsonObject>();
        for (var i = 0; i < 4; i++)
            deals.Add(await CreateAsync("assigned-in-turn"));

        Assert.Equal(["assign.a", "assign.b", "assign.a", "assign.b"], deals.Select(deal => deal["owner"]!.GetValue<string>()));
        var timeline = (await server.As(Roles.HeadOfSales).GetFromJsonAsync<JsonObject>($"/api/deals/{deals[0]["id"]}/timeline"))!["items"]!.AsArray();
        Assert.Contains(timeline, entry => entry!["text"]!.GetValue<string>() == "Assigned to assign.a: next in turn among 2 of 3");
        var task = (await server.As(Roles.HeadOfSales).GetFromJsonAsync<JsonObject>($"/api/tasks?deal={deals[0]["id"]}"))!["items"]![0]!;
        Assert.Equal("assign.a", task["assignee"]!.GetValue<string>());
    }

    [Fact]
    public async Task When_nobody_can_be_picked_the_head_of_sales_gets_a_task_and_the_deal_goes_on_after_it()
    {
        await PublishAsync("assigned-to-nobody", "no such team");

        var deal = await CreateAsync("assigned-to-nobody");

        Assert.Null(deal["owner"]);
        var task = (await server.As(Roles.HeadOfSales).GetFromJsonAsync<JsonObject>($"/api/tasks?deal={deal["id"]}"))!["items"]![0]!.AsObject();
        Assert.Equal(("Assign an owner", Roles.HeadOfSales), (task["title"]!.GetValue<string>(), task["candidates"]![0]!.GetValue<string>()));
        await server.As(Roles.HeadOfSales).PatchAsJsonAsync($"/api/deals/{deal["id"]}", new { owner = "rep" });
        await server.As(Roles.HeadOfSales).PostAsJsonAsync($"/api/tasks/{task["id"]}/complete", new { outcome = "Done" });
        var next = (await server.As(Roles.Rep).GetFromJsonAsync<JsonObject>($"/api/tasks?deal={deal["id"]}"))!["items"]![0]!;
        Assert.Equal(("Call", "rep"), (next["title"]!.GetValue<string>(), next["assignee"]!.GetValue<string>()));
    }

    private Task<SalesFlow.Engine.Definitions.WorkflowDefinition> PublishAsync(string id, string team) => server.App.Services.GetRequiredService<DefinitionStore>().PublishAsync("""
        {"definitionId":"ID","id":"ID-1","version":1,"name":"ID","root":{"id":"fc","type":"Elsa.Flowchart","activities":[
          {"id":"go","type":"SalesFlow.DealStarted"},
          {"id":"s1","type":"SalesFlow.Stage","stage":"first","nameEn":"First","body":{"id":"b1","type":"Elsa.Flowchart","activities":[
            {"id":"pick-ID","type":"SalesFlow.Assign","team":{"typeName":"String","expression":{"type":"Literal","value":"TEAM"}},"matchFields":{"typeName":"String","expression":{"type":"Literal","value":"channel"}}},
            {"id":"call","type":"SalesFlow.Task","outcomes":["Done"],"subject":{"typeName":"String","expression":{"type":"Literal","value":"Call"}}}],
            "connections":[{"source":{"activity":"pick-ID","port":"Done"},"target":{"activity":"call"}}]}}],
         "connections":[{"source":{"activity":"go","port":"Done"},"target":{"activity":"s1"}}]}}
        """.Replace("ID", id, StringComparison.Ordinal).Replace("TEAM", team, StringComparison.Ordinal), CancellationToken.None);

    private async Task<JsonObject> CreateAsync(string pipeline)
    {
        var answer = await server.As(Roles.HeadOfSales).PostAsJsonAsync("/api/deals", new { pipeline, title = "New one", client = new { name = "Vector LLC" }, amount = 1, currency = "RUB", channel = "site" });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonObject>())!;
    }
}
