using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using SalesFlow.Sales.People;
using Xunit;

namespace SalesFlow.Server.Tests;

/// <summary>Hours of teams and people.</summary>
[Collection(OneServer.Name)]
public sealed class HoursTests(RunningServer server)
{
    [Fact]
    public async Task A_change_of_a_teams_hours_plans_the_tasks_of_its_people_anew_and_taking_it_back_does_so_too()
    {
        var admin = server.As(Roles.Administrator);
        await admin.PostAsJsonAsync("/api/users", new { name = "from.ural", displayName = "U", roles = new[] { Roles.Rep }, team = "ural" });
        var created = await (await admin.PostAsJsonAsync("/api/deals", new { pipeline = Given.Pipeline, title = "Ural", client = new { name = "Vector LLC" }, amount = 1, currency = "RUB", owner = "from.ural" })).Content.ReadFromJsonAsync<JsonObject>();
        var usual = await DueAsync();

        var set = await server.As(Roles.HeadOfSales).PutAsJsonAsync("/api/hours/teams/ural", new { hours = "10:00-10:30", days = new Dictionary<string, string> { ["2031-01-01"] = "" } });
        var later = await DueAsync();
        var row = (await admin.GetFromJsonAsync<JsonObject>("/api/hours"))!["teams"]!.AsArray().Single(team => team!["key"]!.GetValue<string>() == "ural")!;
        await admin.DeleteAsync("/api/hours/teams/ural");

        Assert.Equal(1, (await set.Content.ReadFromJsonAsync<JsonObject>())!["plannedAnew"]!.GetValue<int>());
        Assert.True(later > usual, $"{later:u} is not after {usual:u}.");
        Assert.Equal("10:00-10:30", row["hours"]!["hours"]!.GetValue<string>());
        Assert.Equal(usual, await DueAsync());
        async Task<DateTimeOffset> DueAsync() => (await admin.GetFromJsonAsync<JsonObject>($"/api/tasks?deal={created!["id"]}"))!["items"]![0]!["dueAt"]!.GetValue<DateTimeOffset>();
    }

    [Fact]
    public async Task Hours_that_cannot_be_read_and_teams_that_are_not_there_are_refused()
    {
        var head = server.As(Roles.HeadOfSales);
        var me = (await head.GetFromJsonAsync<JsonObject>("/api/me"))!["id"]!.GetValue<string>();

        var wrong = await HttpFacts.AssertProblemAsync(await head.PutAsJsonAsync($"/api/hours/people/{me}", new { zone = "Mars/Olympus" }), HttpStatusCode.BadRequest);

        Assert.NotNull(wrong["errors"]!["zone"]);
        await HttpFacts.AssertProblemAsync(await head.PutAsJsonAsync("/api/hours/teams/none", new { zone = "Europe/Moscow" }), HttpStatusCode.NotFound);
    }
}
