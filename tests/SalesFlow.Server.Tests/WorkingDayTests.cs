using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using SalesFlow.Sales.People;
using Xunit;

namespace SalesFlow.Server.Tests;

/// <summary>What people do with tasks besides doing them, and what they read of deals and boards.</summary>
[Collection(OneServer.Name)]
public sealed class WorkingDayTests(RunningServer server)
{
    [Fact]
    public async Task A_task_waits_is_put_off_and_tells_what_it_unblocks()
    {
        var (deal, task) = await DealAsync();
        var rep = server.As(Roles.Rep);
        Assert.NotEmpty(task["unblocks"]!.AsArray());
        Assert.True(task["workingSecondsLeft"]!.GetValue<long>() > 0);

        var waiting = await PostAsync(rep, $"/api/tasks/{task["id"]}/wait", new { @for = "their lawyer" });
        Assert.NotNull(waiting["waitingSince"]);
        var going = await PostAsync(rep, $"/api/tasks/{task["id"]}/go-on", new { });
        Assert.Null(going["waitingSince"]);
        var later = await PostAsync(rep, $"/api/tasks/{task["id"]}/snooze", new { until = DateTimeOffset.UtcNow.AddDays(1) });
        Assert.NotNull(later["snoozedUntil"]);

        var lines = (await rep.GetFromJsonAsync<JsonObject>($"/api/deals/{deal["id"]}/timeline"))!["items"]!.AsArray().Select(line => line!["kind"]!.GetValue<string>()).ToList();
        Assert.Contains("taskWaits", lines);
        Assert.Contains("taskGoesOn", lines);
    }

    [Fact]
    public async Task Many_tasks_are_put_off_at_once_each_answers_for_itself_and_it_can_be_undone()
    {
        var (_, one) = await DealAsync();
        var (_, other) = await DealAsync();
        var rep = server.As(Roles.Rep);

        var rows = (await PostAsync(rep, "/api/tasks/bulk", new { action = "snooze", tasks = new[] { Id(one), "999", Id(other) }, until = DateTimeOffset.UtcNow.AddDays(2) }))["items"]!.AsArray();

        Assert.Equal([true, false, true], rows.Select(row => row!["done"]!.GetValue<bool>()));
        Assert.NotNull(rows[1]!["problem"]);
        foreach (var row in rows.Where(row => row!["undo"] is not null))
            await PostAsync(rep, "/api/tasks/bulk", row!["undo"]!);
        Assert.Null((await rep.GetFromJsonAsync<JsonObject>($"/api/tasks/{one["id"]}"))!["snoozedUntil"]);
        await HttpFacts.AssertProblemAsync(await rep.PostAsJsonAsync("/api/tasks/bulk", new { action = "eat", tasks = new[] { Id(one) } }), HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Tasks_that_ask_for_something_to_be_filled_in_are_not_completed_with_others()
    {
        var (_, task) = await DealAsync();
        var rep = server.As(Roles.Rep);
        var outcome = task["outcomes"]![0]!["key"]!.GetValue<string>();

        var row = (await PostAsync(rep, "/api/tasks/bulk", new { action = "complete", tasks = new[] { Id(task) }, outcome }))["items"]![0]!;

        Assert.False(row["done"]!.GetValue<bool>());
        Assert.Contains("open it", row["problem"]!.GetValue<string>(), StringComparison.Ordinal);
        await HttpFacts.AssertProblemAsync(await rep.PostAsJsonAsync("/api/tasks/bulk", new { action = "complete", tasks = new[] { Id(task) } }), HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Whoever_is_named_in_a_note_finds_it_and_puts_it_away()
    {
        var (deal, _) = await DealAsync();

        await server.As(Roles.Rep).PostAsJsonAsync($"/api/deals/{deal["id"]}/comments", new { text = "@headOfSales is the discount all right?" });

        var head = server.As(Roles.HeadOfSales);
        var mention = (await head.GetFromJsonAsync<JsonObject>("/api/mentions"))!["items"]!.AsArray().Single(one => one!["dealId"]!.GetValue<string>() == Id(deal))!;
        await HttpFacts.AssertProblemAsync(await server.As(Roles.Rep).PostAsync($"/api/mentions/{mention["id"]}/put-away", null), HttpStatusCode.NotFound);
        Assert.Equal(HttpStatusCode.NoContent, (await head.PostAsync($"/api/mentions/{mention["id"]}/put-away", null)).StatusCode);
        Assert.DoesNotContain((await head.GetFromJsonAsync<JsonObject>("/api/mentions"))!["items"]!.AsArray(), one => one!["id"]!.GetValue<string>() == mention["id"]!.GetValue<string>());
    }

    [Fact]
    public async Task The_fields_that_the_stage_needs_now_come_first()
    {
        var (deal, _) = await DealAsync();

        var fields = (await server.As(Roles.Rep).GetFromJsonAsync<JsonObject>($"/api/deals/{deal["id"]}/fields"))!["items"]!.AsArray();

        Assert.True(fields[0]!["requiredNow"]!.GetValue<bool>() && fields[0]!["missing"]!.GetValue<bool>());
        Assert.Contains(fields, field => !field!["requiredNow"]!.GetValue<bool>());
    }

    [Fact]
    public async Task The_board_counts_sums_and_weighs_and_its_filters_hold()
    {
        var title = $"Board {Guid.NewGuid():N}";
        var created = await (await server.As(Roles.Rep).PostAsJsonAsync("/api/deals", new
        {
            pipeline = Given.Pipeline, title, client = new { name = "Vector LLC" }, amount = 1000m, currency = "USD", channel = "board-test", fields = new Dictionary<string, object> { ["segment"] = "Крупный \"А\"" },
        })).Content.ReadFromJsonAsync<JsonObject>();
        var rep = server.As(Roles.Rep);
        async Task<JsonArray> ColumnsAsync(string filter) => (await rep.GetFromJsonAsync<JsonObject>($"/api/board?pipeline={Given.Pipeline}&channel=board-test{filter}"))!["columns"]!.AsArray();

        var first = (await ColumnsAsync(""))[0]!;

        Assert.Equal((1, 1000m), (first["count"]!.GetValue<int>(), first["sums"]![0]!["sum"]!.GetValue<decimal>()));
        Assert.Equal(Math.Round(1000m * (decimal)first["probability"]!.GetValue<double>(), 2), first["sums"]![0]!["weighted"]!.GetValue<decimal>());
        Assert.Equal(title, first["first"]![0]!["title"]!.GetValue<string>());
        Assert.NotNull(first["first"]![0]!["nextTask"]);
        Assert.Equal(1, (await ColumnsAsync($"&segment={Uri.EscapeDataString("Крупный \"А\"")}"))[0]!["count"]!.GetValue<int>());
        foreach (var none in new[] { "&segment=other", "&owner=none", "&team=none", "&overdue=true", "&idle=true" })
            Assert.Equal(0, (await ColumnsAsync(none))[0]!["count"]!.GetValue<int>());
        var cards = (await rep.GetFromJsonAsync<JsonObject>($"/api/board/{first["stage"]}?pipeline={Given.Pipeline}&channel=board-test&take=5"))!["items"]!.AsArray();
        Assert.Equal(created!["id"]!.GetValue<string>(), cards.Single()!["id"]!.GetValue<string>());
        await HttpFacts.AssertProblemAsync(await rep.GetAsync("/api/board"), HttpStatusCode.BadRequest);
        await HttpFacts.AssertProblemAsync(await rep.GetAsync($"/api/board/none?pipeline={Given.Pipeline}"), HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_deal_without_a_next_action_is_listed_as_an_exception()
    {
        var answer = await server.As(Roles.Rep).GetFromJsonAsync<JsonObject>("/api/deals?withoutNextAction=true&limit=200");

        foreach (var deal in answer!["items"]!.AsArray())
            Assert.Empty((await server.As(Roles.HeadOfSales).GetFromJsonAsync<JsonObject>($"/api/tasks?deal={deal!["id"]}"))!["items"]!.AsArray());
    }

    private async Task<(JsonObject Deal, JsonObject Task)> DealAsync()
    {
        var deal = await server.CreateDealAsync();
        return (deal, (await server.As(Roles.Rep).GetFromJsonAsync<JsonObject>($"/api/tasks?deal={deal["id"]}"))!["items"]![0]!.AsObject());
    }

    private static string Id(JsonObject one) => one["id"]!.GetValue<string>();

    private static async Task<JsonObject> PostAsync(HttpClient client, string path, object body)
    {
        var answer = await client.PostAsJsonAsync(path, body);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!.AsObject();
    }
}
