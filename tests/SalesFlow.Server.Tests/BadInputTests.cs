using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using SalesFlow.Sales.People;
using Xunit;

namespace SalesFlow.Server.Tests;

/// <summary>What a client gets wrong is named, with what was expected; the server lives, and nothing is half done.</summary>
[Collection(OneServer.Name)]
public sealed class BadInputTests(RunningServer server)
{
    [Theory]
    [InlineData("""{"pipeline":"none","title":"t","client":{"name":"c"},"amount":1,"currency":"RUB"}""", "pipeline", "b2b-new-clients")]
    [InlineData("""{"pipeline":"b2b-new-clients","title":" ","client":{"name":"c"},"amount":1,"currency":"RUB"}""", "title", "required")]
    [InlineData("""{"pipeline":"b2b-new-clients","title":"t","client":{"name":""},"amount":1,"currency":"RUB"}""", "client.name", "required")]
    [InlineData("""{"pipeline":"b2b-new-clients","title":"t","client":{"name":"c"},"amount":-1,"currency":"RUB"}""", "amount", "from 0")]
    [InlineData("""{"pipeline":"b2b-new-clients","title":"t","client":{"name":"c"},"amount":1,"currency":"roubles"}""", "currency", "RUB")]
    [InlineData("""{"pipeline":"b2b-new-clients","title":"t","client":{"name":"c"},"amount":1,"currency":"RUB","owner":"nobody"}""", "owner", "/api/users")]
    [InlineData("""{"pipeline":"b2b-new-clients","title":"t","client":{"name":"c"},"amount":1,"currency":"RUB","owner":"approver"}""", "owner", "rep")]
    [InlineData("""{"pipeline":"b2b-new-clients","title":"t","client":{"name":"c"},"amount":1,"currency":"RUB","fields":{"amount":5}}""", "fields.amount", "property of the deal")]
    public async Task A_deal_that_does_not_fit_is_refused_by_the_name_of_what_is_wrong(string body, string field, string expected)
    {
        var before = await CountAsync();

        var answer = await server.As(Roles.HeadOfSales).PostAsync("/api/deals", new StringContent(body, Encoding.UTF8, "application/json"));

        var errors = (await HttpFacts.AssertProblemAsync(answer, HttpStatusCode.BadRequest))["errors"]!.AsObject();
        Assert.Contains(expected, errors[field]![0]!.GetValue<string>(), StringComparison.OrdinalIgnoreCase);
        Assert.Equal(before, await CountAsync());
    }

    [Fact]
    public async Task An_unknown_stage_is_refused_with_those_there_are()
    {
        var deal = await server.CreateDealAsync();

        var answer = await server.As(Roles.Rep).PostAsJsonAsync($"/api/deals/{deal["id"]}/move", new { stage = "heaven" });

        Assert.Contains("qualification", (await HttpFacts.AssertProblemAsync(answer, HttpStatusCode.BadRequest))["errors"]!["stage"]![0]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_outcome_is_refused_with_those_there_are()
    {
        var task = await FirstTaskAsync(await server.CreateDealAsync());

        var answer = await CompleteAsync(Roles.Rep, task, new { outcome = "Perhaps" });

        var known = task["outcomes"]![0]!["key"]!.GetValue<string>();
        Assert.Contains(known, (await HttpFacts.AssertProblemAsync(answer, HttpStatusCode.BadRequest))["errors"]!["outcome"]![0]!.GetValue<string>(), StringComparison.Ordinal);
        await AssertOpenAsync(task);
    }

    [Fact]
    public async Task A_form_with_a_missing_a_wrong_and_an_unknown_field_is_refused_with_all_three()
    {
        var task = await FirstTaskAsync(await server.CreateDealAsync());
        var form = task["form"]!.AsArray();
        var number = form.First(field => field!["type"]!.GetValue<string>() is "money" or "number")!["field"]!.GetValue<string>();
        var outcome = task["outcomes"]![0]!["key"]!.GetValue<string>();
        var missing = form.Where(field => field!["required"]!.GetValue<bool>() || field["requiredFor"]!.AsArray().Any(key => key!.GetValue<string>() == outcome))
            .Select(field => field!["field"]!.GetValue<string>()).First(field => field != number);

        var answer = await CompleteAsync(Roles.Rep, task, new { outcome, fields = new Dictionary<string, object?> { [number] = "a lot", ["colour"] = "red" } });

        var errors = (await HttpFacts.AssertProblemAsync(answer, HttpStatusCode.BadRequest))["errors"]!.AsObject();
        Assert.Equal(new[] { "colour", missing, number }.Order(), errors.Select(error => error.Key).Where(key => key == "colour" || key == missing || key == number).Order());
        await AssertOpenAsync(task);
    }

    [Fact]
    public async Task Somebody_elses_task_is_not_there()
    {
        var task = await FirstTaskAsync(await server.CreateDealAsync());

        await HttpFacts.AssertProblemAsync(await CompleteAsync("rep2", task, Given.Completion(task)), HttpStatusCode.NotFound);
        await HttpFacts.AssertProblemAsync(await CompleteAsync(Roles.ProcessOwner, task, Given.Completion(task)), HttpStatusCode.Forbidden);
        await AssertOpenAsync(task);
    }

    [Fact]
    public async Task A_finished_task_tells_who_finished_it()
    {
        var task = await FirstTaskAsync(await server.CreateDealAsync());
        Assert.Equal(HttpStatusCode.OK, (await CompleteAsync(Roles.Rep, task, Given.Completion(task))).StatusCode);

        var problem = await HttpFacts.AssertProblemAsync(await CompleteAsync(Roles.Rep, task, Given.Completion(task)), HttpStatusCode.Conflict);

        Assert.Equal("taskDone", problem["obstacles"]![0]!["code"]!.GetValue<string>());
        Assert.Contains("Test rep", problem["detail"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_two_people_who_complete_a_task_at_once_one_wins_and_the_other_is_told_who()
    {
        for (var round = 0; round < 20; round++)
        {
            var task = await FirstTaskAsync(await server.CreateDealAsync());

            var answers = await Task.WhenAll(CompleteAsync(Roles.Rep, task, Given.Completion(task)), CompleteAsync(Roles.HeadOfSales, task, Given.Completion(task)));

            var loser = Assert.Single(answers, answer => answer.StatusCode != HttpStatusCode.OK);
            var problem = await HttpFacts.AssertProblemAsync(loser, HttpStatusCode.Conflict);
            Assert.Equal("taskDone", problem["obstacles"]![0]!["code"]!.GetValue<string>());
        }
    }

    [Theory]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("'; DROP TABLE deals; --")]
    [InlineData("\u202Eevil name")]
    public async Task Hostile_text_comes_back_as_text(string text)
    {
        var deal = await server.CreateDealAsync(title: text);

        var read = await server.As(Roles.Rep).GetFromJsonAsync<JsonObject>($"/api/deals/{deal["id"]}");

        Assert.Equal(text, read!["title"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_NUL_character_is_refused_since_no_database_keeps_it()
    {
        var answer = await server.As(Roles.Rep).PostAsJsonAsync("/api/deals", Given.Deal("evil\0name"));

        Assert.Contains("NUL", (await HttpFacts.AssertProblemAsync(answer, HttpStatusCode.BadRequest))["errors"]!["title"]![0]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/deals?cursor=abc")]
    [InlineData("/api/deals?owner=nobody")]
    [InlineData("/api/tasks?assignee=nobody")]
    [InlineData("/api/deals?state=sleeping")]
    public async Task A_filter_that_means_nothing_is_refused(string path) => await HttpFacts.AssertProblemAsync(await server.As(Roles.Rep).GetAsync(path), HttpStatusCode.BadRequest);

    private async Task<int> CountAsync() => (await server.As(Roles.HeadOfSales).GetFromJsonAsync<JsonObject>("/api/deals?limit=200"))!["items"]!.AsArray().Count;

    private async Task<JsonObject> FirstTaskAsync(JsonObject deal) =>
        (await server.As(Roles.Rep).GetFromJsonAsync<JsonObject>($"/api/tasks?deal={deal["id"]}"))!["items"]![0]!.AsObject();

    private Task<HttpResponseMessage> CompleteAsync(string person, JsonObject task, object body) => server.As(person).PostAsJsonAsync($"/api/tasks/{task["id"]}/complete", body);

    private async Task AssertOpenAsync(JsonObject task) =>
        Assert.Equal("open", (await server.As(Roles.Rep).GetFromJsonAsync<JsonObject>($"/api/tasks/{task["id"]}"))!["status"]!.GetValue<string>());
}
