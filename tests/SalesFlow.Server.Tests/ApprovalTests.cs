using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using SalesFlow.Runtime;
using SalesFlow.Sales;
using SalesFlow.Sales.Deals;
using SalesFlow.Sales.People;
using SalesFlow.Sales.Tasks;

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
    public async Task Two_people_who_decide_at_the_same_instant_a_thousand_times_one_wins_and_the_other_is_told_who_and_when()
    {
        const int times = 1_000;
        var (deals, tasks, queries) = (server.App.Services.GetRequiredService<DealCommands>(), server.App.Services.GetRequiredService<TaskCommands>(), server.App.Services.GetRequiredService<TaskQueries>());
        var users = server.App.Services.GetRequiredService<UserQueries>();
        async Task<Actor> PersonAsync(string name) => (await users.ActorAsync((await users.FindAsync(name, CancellationToken.None))!.Value, CancellationToken.None))!;
        var (rep, one, other) = (await PersonAsync(Roles.Rep), await PersonAsync(Roles.Approver), await PersonAsync(Roles.Administrator));
        var told = new ConcurrentBag<string>();

        await Parallel.ForEachAsync(Enumerable.Range(0, times), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (number, cancel) =>
        {
            var deal = await deals.CreateAsync(new NewDeal(Pipeline, $"Race {number}", new NewClient("Vector LLC"), 100, "RUB", null, null), rep, cancel);
            _ = DealId.TryParse(deal.Id, out var id);
            _ = TaskId.TryParse((await queries.ListAsync(new TaskFilter("open", "any", id), Actor.Engine, cancel)).Items.Single().Id, out var task);
            using var together = new Barrier(2);
            async Task<string?> DecideAsync(Actor actor, string outcome)
            {
                together.SignalAndWait(cancel);
                try
                {
                    await tasks.CompleteAsync(task, outcome, new Dictionary<string, object?> { ["approvalComment"] = "no" }, null, actor, cancel);
                    return null;
                }
                catch (RefusedException refused)
                {
                    return refused.Message;
                }
            }

            var answers = await Task.WhenAll(Task.Run(() => DecideAsync(one, "Approved"), cancel), Task.Run(() => DecideAsync(other, "Rejected"), cancel));

            told.Add(Assert.Single(answers.OfType<string>()));
            var done = await queries.GetAsync(task, Actor.Engine, cancel);
            Assert.Equal(answers[0] is null ? "Approved" : "Rejected", done.Outcome);
        });

        Assert.Equal(times, told.Count);
        Assert.All(told, message => Assert.Matches(@"^(Test approver|Test administrator|admin) completed this task at \d{4}-\d\d-\d\d \d\d:\d\d UTC: (Approved|Rejected)\.$", message));
    }

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
