using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using SalesFlow.Runtime;
using SalesFlow.Sales.People;

namespace SalesFlow.Server.Tests;

/// <summary>Terms go before those whom the shipped matrix names, and bind what is sent.</summary>
public sealed class ApprovalTests : IAsyncLifetime
{
    private const string Pipeline = "approved-first";
    private readonly RunningServer server = new();

    public async ValueTask InitializeAsync()
    {
        await server.InitializeAsync();
        await server.App.Services.GetRequiredService<DefinitionStore>().PublishAsync("""
            {"definitionId":"approved-first","id":"approved-first-1","version":1,"name":"Approved first","root":{"id":"fc","type":"Elsa.Flowchart","activities":[
              {"id":"go","type":"SalesFlow.DealStarted"},
              {"id":"s1","type":"SalesFlow.Stage","stage":"first","nameEn":"First","rules":"[{\"kind\":\"approvalValid\"}]","body":{"id":"b1","type":"Elsa.Flowchart","activities":[
                {"id":"ask","type":"SalesFlow.Approval","subject":{"typeName":"String","expression":{"type":"Literal","value":"Approve"}}},
                {"id":"call","type":"SalesFlow.Task","outcomes":["Done"],"subject":{"typeName":"String","expression":{"type":"Literal","value":"Call"}}},
                {"id":"offer","type":"SalesFlow.Document","kind":{"typeName":"String","expression":{"type":"Literal","value":"offer"}},"language":{"typeName":"String","expression":{"type":"Literal","value":"en"}}},
                {"id":"wait","type":"SalesFlow.Task","outcomes":["Done"],"subject":{"typeName":"String","expression":{"type":"Literal","value":"Wait"}}}],
                "connections":[{"source":{"activity":"ask","port":"Approved"},"target":{"activity":"call"}},{"source":{"activity":"call","port":"Done"},"target":{"activity":"offer"}},{"source":{"activity":"offer","port":"Done"},"target":{"activity":"wait"}}]}}],
             "connections":[{"source":{"activity":"go","port":"Done"},"target":{"activity":"s1"}}]}}
            """, CancellationToken.None);
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task Each_level_is_asked_in_turn_nobody_decides_on_their_own_deal_and_both_the_terms_and_the_names_are_kept()
    {
        var deal = await CreateAsync(discount: 15);
        var sales = await TaskAsync(deal);
        Assert.Equal("Approve: Head of sales", sales["title"]!.GetValue<string>());
        await HttpFacts.AssertProblemAsync(await DecideAsync(Roles.Rep, sales, "Approved"), HttpStatusCode.Forbidden);
        await HttpFacts.AssertProblemAsync(await DecideAsync(Roles.HeadOfSales, sales, "Changes"), HttpStatusCode.BadRequest);
        await SucceedAsync(DecideAsync(Roles.HeadOfSales, sales, "Approved"));

        var finance = await TaskAsync(deal);
        await HttpFacts.AssertProblemAsync(await DecideAsync(Roles.HeadOfSales, finance, "Approved"), HttpStatusCode.Forbidden);
        await SucceedAsync(DecideAsync(Roles.Approver, finance, "Approved"));

        var approval = (await ApprovalsAsync(deal))[0]!;
        Assert.Equal(("approved", true), (approval["status"]!.GetValue<string>(), approval["valid"]!.GetValue<bool>()));
        Assert.Equal(["Test headOfSales", "Test approver"], approval["levels"]!.AsArray().Select(level => level!["votes"]![0]!["by"]!.GetValue<string>()));
        var discount = approval["terms"]!.AsArray().Single(term => term!["term"]!.GetValue<string>() == "discount")!;
        Assert.Equal((15m, 0m, "worse"), (discount["value"]!.GetValue<decimal>(), discount["standard"]!.GetValue<decimal>(), discount["fromStandard"]!.GetValue<string>()));
    }

    [Fact]
    public async Task A_document_with_worse_terms_than_those_approved_is_not_sent_and_one_with_better_terms_is()
    {
        async Task<HttpResponseMessage> SendAsync(decimal discount)
        {
            var deal = await CreateAsync(discount: 10);
            await SucceedAsync(DecideAsync(Roles.Approver, await TaskAsync(deal), "Approved"));
            await SucceedAsync(server.As(Roles.Rep).PatchAsJsonAsync($"/api/deals/{deal}", new { fields = new { discount } }));
            await SucceedAsync(server.As(Roles.Rep).PostAsJsonAsync($"/api/tasks/{(await TaskAsync(deal))["id"]}/complete", new { outcome = "Done" }));
            JsonArray documents;
            var patience = DateTimeOffset.UtcNow.AddSeconds(30);
            do
                documents = (await server.As(Roles.Rep).GetFromJsonAsync<JsonObject>($"/api/documents?deal={deal}"))!["items"]!.AsArray();
            while (documents.Count == 0 && DateTimeOffset.UtcNow < patience);
            return await server.As(Roles.Rep).PostAsJsonAsync($"/api/documents/{documents[0]!["id"]}/send", new { to = "client@example.com", subject = "Offer", text = "Hello", format = "html" });
        }

        var problem = await HttpFacts.AssertProblemAsync(await SendAsync(12), HttpStatusCode.Conflict);
        Assert.Equal("termsNotApproved", problem["obstacles"]![0]!["code"]!.GetValue<string>());
        Assert.Contains("Discount", problem["obstacles"]![0]!["message"]!.GetValue<string>(), StringComparison.Ordinal);
        await SucceedAsync(SendAsync(8));
    }

    [Fact]
    public async Task An_approver_finds_what_is_asked_with_its_history_passes_it_on_and_finds_what_was_decided()
    {
        var first = await CreateAsync(discount: 4);
        await SucceedAsync(DecideAsync(Roles.Approver, await TaskAsync(first), "Approved"));
        var deal = await CreateAsync(discount: 6);
        await SucceedAsync(server.As(Roles.Rep).PatchAsJsonAsync($"/api/deals/{deal}", new { fields = new { discount = 5 } }));
        var task = (await TaskAsync(deal))["id"]!.GetValue<string>();

        var inbox = await ReadAsync(Roles.Approver, "/api/approvals");
        Assert.Equal(task, inbox["open"]!.AsArray().Single()!["task"]!.GetValue<string>());
        Assert.Equal(["Approved"], inbox["decided"]!.AsArray().Select(item => item!["outcome"]!.GetValue<string>()));
        Assert.Empty((await ReadAsync(Roles.Rep, "/api/approvals"))["open"]!.AsArray());
        var desk = await ReadAsync(Roles.Approver, $"/api/approvals/{task}");
        var discount = desk["approval"]!["terms"]!.AsArray().Single(term => term!["term"]!.GetValue<string>() == "discount")!;
        Assert.Equal((5m, 6m, "better", 0m, "worse"), (discount["value"]!.GetValue<decimal>(), discount["before"]!.GetValue<decimal>(), discount["change"]!.GetValue<string>(), discount["standard"]!.GetValue<decimal>(), discount["fromStandard"]!.GetValue<string>()));
        Assert.Equal("withdrawn", desk["earlier"]!.AsArray().Single()!["status"]!.GetValue<string>());
        var other = desk["client"]!.AsArray().Single(one => one!["dealId"]!.GetValue<string>() == first)!;
        Assert.Equal((4m, 4m, true), (other["discount"]!.GetValue<decimal>(), other["approved"]!.GetValue<decimal>(), other["maySee"]!.GetValue<bool>()));

        await HttpFacts.AssertProblemAsync(await server.As("rep2").GetAsync($"/api/approvals/{task}"), HttpStatusCode.NotFound);
        await SucceedAsync(server.As(Roles.Approver).PostAsync($"/api/tasks/{task}/claim", null));
        await HttpFacts.AssertProblemAsync(await server.As(Roles.Administrator).PostAsJsonAsync($"/api/tasks/{task}/reassign", new { user = "rep" }), HttpStatusCode.BadRequest);
        await SucceedAsync(server.As(Roles.Approver).PostAsJsonAsync($"/api/tasks/{task}/reassign", new { user = "headOfSales" }));
        Assert.Empty((await ReadAsync(Roles.Approver, "/api/approvals"))["open"]!.AsArray());
        Assert.Contains(task, (await ReadAsync(Roles.HeadOfSales, "/api/approvals"))["open"]!.AsArray().Select(item => item!["task"]!.GetValue<string>()));
    }

    private async Task<JsonObject> ReadAsync(string person, string path) => (await server.As(person).GetFromJsonAsync<JsonObject>(path))!;

    private async Task<string> CreateAsync(decimal discount)
    {
        var answer = await server.As(Roles.Rep).PostAsJsonAsync("/api/deals", new { pipeline = Pipeline, title = "Racks", client = new { name = "Vector LLC" }, amount = 1000, currency = "RUB", fields = new { discount } });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonObject>())!["id"]!.GetValue<string>();
    }

    private async Task<JsonObject> TaskAsync(string deal) => (await server.As(Roles.Administrator).GetFromJsonAsync<JsonObject>($"/api/tasks?deal={deal}&assignee=any"))!["items"]!.AsArray().Single()!.AsObject();

    private async Task<JsonArray> ApprovalsAsync(string deal) => (await server.As(Roles.Rep).GetFromJsonAsync<JsonObject>($"/api/deals/{deal}/approvals"))!["items"]!.AsArray();

    private Task<HttpResponseMessage> DecideAsync(string person, JsonObject task, string outcome) => server.As(person).PostAsJsonAsync($"/api/tasks/{task["id"]}/complete", new { outcome });

    private static async Task SucceedAsync(Task<HttpResponseMessage> asked)
    {
        var answer = await asked;
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }
}
