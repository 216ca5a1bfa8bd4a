using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using SalesFlow.Sales.People;
using Xunit;

namespace SalesFlow.Server.Tests;

/// <summary>A deal as integrations see it, from creation to its end.</summary>
[Collection(OneServer.Name)]
public sealed class DealLifeTests(RunningServer server)
{
    [Fact]
    public async Task A_deal_is_carried_from_creation_to_won_and_its_documents_can_be_read()
    {
        var id = Id(await server.CreateDealAsync());

        var deal = await CarryAsync(id, until: deal => deal["state"]!.GetValue<string>() != "open");

        Assert.Equal("won", deal["state"]!.GetValue<string>());
        var visits = (await server.As(Roles.Rep).GetFromJsonAsync<JsonArray>($"/api/deals/{id}/visits"))!;
        Assert.Equal(await StagesAsync(), visits.Select(visit => visit!["stage"]!.GetValue<string>()).Distinct());
        Assert.All(visits, visit => Assert.NotNull(visit!["leftAt"]));
        var documents = (await server.As(Roles.Rep).GetFromJsonAsync<JsonObject>($"/api/documents?deal={id}"))!["items"]!.AsArray();
        Assert.Equal(["contract", "offer"], documents.Select(document => document!["kind"]!.GetValue<string>()));
        var html = await server.As(Roles.Rep).GetStringAsync($"/api/documents/{documents[1]!["id"]}.html");
        Assert.Contains("Turnstiles", html, StringComparison.Ordinal);
        Assert.Contains(documents[1]!["number"]!.GetValue<string>(), html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_move_past_unmet_rules_is_refused_with_every_obstacle_and_nothing_changes()
    {
        var before = await server.CreateDealAsync();

        var answer = await server.As(Roles.Rep).PostAsJsonAsync($"/api/deals/{Id(before)}/move", new { stage = (await StagesAsync())[^1] });

        var problem = await HttpFacts.AssertProblemAsync(answer, HttpStatusCode.Conflict);
        Assert.All(problem["obstacles"]!.AsArray(), obstacle => Assert.All(["code", "message", "fix", "who", "link"], name => Assert.NotEqual("", obstacle![name]?.GetValue<string>() ?? "")));
        Assert.True(problem["obstacles"]!.AsArray().Count > 2);
        var after = await GetAsync(Id(before));
        Assert.Equal(before["version"]!.ToString(), after["version"]!.ToString());
        var moves = (await server.As(Roles.Rep).GetFromJsonAsync<JsonObject>($"/api/deals/{Id(before)}/moves"))!["items"]!.AsArray();
        Assert.Equal(problem["obstacles"]!.ToJsonString(), moves[^1]!["obstacles"]!.ToJsonString());
    }

    [Fact]
    public async Task Breaking_the_glass_needs_the_right_and_a_reason_and_is_told_on_the_timeline()
    {
        var (id, stage) = (Id(await server.CreateDealAsync()), (await StagesAsync())[2]);

        await HttpFacts.AssertProblemAsync(await MoveAsync(Roles.Rep, id, new { stage, breakGlass = true, reason = "please" }), HttpStatusCode.Forbidden);
        await HttpFacts.AssertProblemAsync(await MoveAsync(Roles.HeadOfSales, id, new { stage, breakGlass = true }), HttpStatusCode.BadRequest);
        var moved = await MoveAsync(Roles.HeadOfSales, id, new { stage, breakGlass = true, reason = "The client is an old one." });

        Assert.Equal(stage, (await moved.Content.ReadFromJsonAsync<JsonObject>())!["stage"]!["key"]!.GetValue<string>());
        var timeline = (await server.As(Roles.Rep).GetFromJsonAsync<JsonObject>($"/api/deals/{id}/timeline"))!["items"]!.AsArray();
        Assert.Contains(timeline, entry => entry!["text"]!.GetValue<string>().Contains("The client is an old one.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_move_back_withdraws_the_open_tasks_and_opens_those_of_the_stage()
    {
        var stages = await StagesAsync();
        var id = Id(await server.CreateDealAsync());
        await CarryAsync(id, until: deal => deal["stage"]!["key"]!.GetValue<string>() == stages[1]);

        var moved = await MoveAsync(Roles.Rep, id, new { stage = stages[0] });

        Assert.Equal(HttpStatusCode.OK, moved.StatusCode);
        var tasks = (await server.As(Roles.Rep).GetFromJsonAsync<JsonObject>($"/api/tasks?deal={id}&status=all"))!["items"]!.AsArray();
        Assert.Equal([stages[0]], tasks.Where(task => task!["status"]!.GetValue<string>() == "open").Select(task => task!["stage"]!.GetValue<string>()).Distinct());
        Assert.Contains(tasks, task => task!["status"]!.GetValue<string>() == "cancelled" && task["stage"]!.GetValue<string>() == stages[1]);
    }

    [Fact]
    public async Task A_lost_deal_needs_a_reason_and_then_takes_no_more_changes()
    {
        var id = Id(await server.CreateDealAsync());
        var rep = server.As(Roles.Rep);

        await HttpFacts.AssertProblemAsync(await rep.PostAsJsonAsync($"/api/deals/{id}/close", new { result = "lost" }), HttpStatusCode.BadRequest);
        await HttpFacts.AssertProblemAsync(await rep.PostAsJsonAsync($"/api/deals/{id}/close", new { result = "won" }), HttpStatusCode.Conflict);
        var lost = await (await rep.PostAsJsonAsync($"/api/deals/{id}/close", new { result = "lost", reason = "noBudget" })).Content.ReadFromJsonAsync<JsonObject>();

        Assert.Equal(("lost", "No budget"), (lost!["state"]!.GetValue<string>(), lost["reason"]!.GetValue<string>()));
        Assert.Equal("noBudget", lost["lossReason"]!.GetValue<string>());
        var losses = (await server.As(Roles.HeadOfSales).GetFromJsonAsync<JsonObject>($"/api/metrics/losses?pipeline={Given.Pipeline}&to=2100-01-01T00:00:00Z"))!["items"]!.AsArray();
        Assert.Contains(losses, row => row!["reason"]!.GetValue<string>() == "noBudget" && row["name"]!.GetValue<string>() == "No budget" && row["deals"]!.GetValue<int>() > 0);
        Assert.Empty((await rep.GetFromJsonAsync<JsonObject>($"/api/tasks?deal={id}&status=open"))!["items"]!.AsArray());
        Assert.Equal("Lost", (await rep.GetFromJsonAsync<JsonArray>($"/api/deals/{id}/visits"))![^1]!["outcome"]!.GetValue<string>());
        await HttpFacts.AssertProblemAsync(await rep.PatchAsJsonAsync($"/api/deals/{id}", new { title = "Again" }), HttpStatusCode.Conflict);
        await HttpFacts.AssertProblemAsync(await MoveAsync(Roles.HeadOfSales, id, new { stage = (await StagesAsync())[0], breakGlass = true, reason = "x" }), HttpStatusCode.Conflict);
        await HttpFacts.AssertProblemAsync(await rep.PostAsJsonAsync($"/api/deals/{id}/close", new { result = "lost", reason = "Twice" }), HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task A_change_against_a_stale_version_is_refused_and_a_right_one_answers_the_next()
    {
        var deal = await server.CreateDealAsync();
        var version = deal["version"]!.GetValue<long>();

        var right = await PatchAsync(Id(deal), version, new { amount = 5000.25, fields = new { industry = "Steel", seats = 12 } });
        await HttpFacts.AssertProblemAsync(await PatchAsync(Id(deal), version, new { title = "Stale" }), HttpStatusCode.PreconditionFailed);

        var changed = (await right.Content.ReadFromJsonAsync<JsonObject>())!;
        Assert.Equal((5000.25m, "Steel", 12), (changed["amount"]!.GetValue<decimal>(), changed["fields"]!["industry"]!.GetValue<string>(), changed["fields"]!["seats"]!.GetValue<int>()));
        Assert.True(changed["version"]!.GetValue<long>() > version);
        var removed = await PatchAsync(Id(deal), changed["version"]!.GetValue<long>(), new { fields = new Dictionary<string, object?> { ["industry"] = null } });
        Assert.Null((await removed.Content.ReadFromJsonAsync<JsonObject>())!["fields"]!["industry"]);
    }

    [Fact]
    public async Task A_deal_that_changes_hands_takes_its_open_tasks_along()
    {
        var id = Id(await server.CreateDealAsync());

        var refused = await server.As(Roles.Rep).PatchAsJsonAsync($"/api/deals/{id}", new { owner = "rep2" });
        var given = await server.As(Roles.HeadOfSales).PatchAsJsonAsync($"/api/deals/{id}", new { owner = "rep2" });

        await HttpFacts.AssertProblemAsync(refused, HttpStatusCode.Forbidden);
        Assert.Equal("rep2", (await given.Content.ReadFromJsonAsync<JsonObject>())!["owner"]!.GetValue<string>());
        var tasks = (await server.As(Roles.HeadOfSales).GetFromJsonAsync<JsonObject>($"/api/tasks?deal={id}"))!["items"]!.AsArray();
        Assert.All(tasks, task => Assert.Equal("rep2", task!["assignee"]!.GetValue<string>()));
        await HttpFacts.AssertProblemAsync(await server.As(Roles.Rep).GetAsync($"/api/deals/{id}"), HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task The_funnel_and_the_stage_times_count_what_was_measured()
    {
        await CarryAsync(Id(await server.CreateDealAsync()), until: deal => deal["state"]!.GetValue<string>() == "won");

        var funnel = (await server.As(Roles.HeadOfSales).GetFromJsonAsync<JsonObject>($"/api/metrics/funnel?pipeline={Given.Pipeline}"))!["items"]!.AsArray();
        var times = (await server.As(Roles.HeadOfSales).GetFromJsonAsync<JsonObject>($"/api/metrics/stages?pipeline={Given.Pipeline}"))!["items"]!.AsArray();

        Assert.Equal(await StagesAsync(), funnel.Select(row => row!["stage"]!.GetValue<string>()));
        Assert.All(funnel, row =>
        {
            Assert.True(row!["passed"]!.GetValue<int>() >= 1);
            Assert.True(row["conversion"]!["low"]!.GetValue<double>() <= row["conversion"]!["rate"]!.GetValue<double>());
        });
        Assert.All(times, row => Assert.True(row!["visits"]!.GetValue<int>() >= 1));
        await HttpFacts.AssertProblemAsync(await server.As(Roles.HeadOfSales).GetAsync($"/api/metrics/funnel?pipeline={Given.Pipeline}&by=weather"), HttpStatusCode.BadRequest);
        await HttpFacts.AssertProblemAsync(await server.As(Roles.HeadOfSales).GetAsync("/api/metrics/funnel?pipeline=none"), HttpStatusCode.NotFound);
    }

    /// <summary>Presses the first button of whatever is open, as whoever may do it.</summary>
    private async Task<JsonObject> CarryAsync(string id, Func<JsonObject, bool> until)
    {
        for (var step = 0; step < 40; step++)
        {
            var deal = await GetAsync(id);
            if (until(deal))
                return deal;
            var task = (await server.As(Roles.Administrator).GetFromJsonAsync<JsonObject>($"/api/tasks?deal={id}"))!["items"]!.AsArray().FirstOrDefault()?.AsObject();
            Assert.True(task is not null, $"Deal {id} stands in '{deal["stage"]?["key"]}' and has no open task.");
            var done = await server.As(Roles.Administrator).PostAsJsonAsync($"/api/tasks/{task["id"]}/complete", Given.Completion(task));
            Assert.True(done.IsSuccessStatusCode, await done.Content.ReadAsStringAsync());
        }
        throw new InvalidOperationException($"Deal {id} did not get there in 40 steps.");
    }

    private async Task<JsonObject> GetAsync(string id) => (await server.As(Roles.Administrator).GetFromJsonAsync<JsonObject>($"/api/deals/{id}"))!;

    private Task<HttpResponseMessage> MoveAsync(string person, string id, object body) => server.As(person).PostAsJsonAsync($"/api/deals/{id}/move", body);

    private Task<HttpResponseMessage> PatchAsync(string id, long version, object body)
    {
        var request = new HttpRequestMessage(HttpMethod.Patch, $"/api/deals/{id}") { Content = JsonContent.Create(body) };
        request.Headers.TryAddWithoutValidation("If-Match", $"\"{version}\"");
        return server.As(Roles.Rep).SendAsync(request);
    }

    private async Task<List<string>> StagesAsync() =>
        [.. (await server.As(Roles.Rep).GetFromJsonAsync<JsonObject>($"/api/pipelines/{Given.Pipeline}"))!["stages"]!.AsArray().Select(stage => stage!["key"]!.GetValue<string>())];

    private static string Id(JsonObject deal) => deal["id"]!.GetValue<string>();
}
