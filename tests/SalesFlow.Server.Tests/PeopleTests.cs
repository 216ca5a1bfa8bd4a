using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using SalesFlow.Sales.People;
using Xunit;

namespace SalesFlow.Server.Tests;

/// <summary>People come, change, go away for a while, and leave.</summary>
[Collection(OneServer.Name)]
public sealed class PeopleTests(RunningServer server)
{
    [Fact]
    public async Task A_new_person_signs_in_with_the_first_password_and_no_longer_after_leaving()
    {
        var hired = await HireAsync("newcomer");
        var person = hired["user"]!["id"]!.GetValue<string>();

        var before = await SignInAsync("newcomer", hired["password"]!.GetValue<string>());
        await server.As(Roles.Administrator).PatchAsJsonAsync($"/api/users/{person}", new { active = false });
        var after = await SignInAsync("newcomer", hired["password"]!.GetValue<string>());

        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.Unauthorized), (before, after));
    }

    [Fact]
    public async Task A_key_works_from_the_moment_it_is_made_however_new_its_owner_is()
    {
        for (var i = 0; i < 3; i++)
        {
            // Whoever asks leaves a list of people behind that is used for a moment; it does not hold the newcomer.
            await server.As(Roles.HeadOfSales).GetAsync("/api/deals");
            await server.HireAsync($"brand.new.{i}", Roles.Rep);

            var answer = await server.As($"brand.new.{i}").GetAsync("/api/deals");

            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
    }

    [Fact]
    public async Task A_new_password_replaces_the_old_one()
    {
        var hired = await HireAsync("forgetful");

        var reset = await (await server.As(Roles.Administrator).PostAsync($"/api/users/{hired["user"]!["id"]}/password", null)).Content.ReadFromJsonAsync<JsonObject>();

        Assert.Equal(HttpStatusCode.Unauthorized, await SignInAsync("forgetful", hired["password"]!.GetValue<string>()));
        Assert.Equal(HttpStatusCode.NoContent, await SignInAsync("forgetful", reset!["password"]!.GetValue<string>()));
    }

    [Theory]
    [InlineData("""{"name":"x y z?","displayName":"X","roles":["rep"]}""", "name")]
    [InlineData("""{"name":"","displayName":"X","roles":["rep"]}""", "name")]
    [InlineData("""{"name":"rolesless","displayName":"X","roles":[]}""", "roles")]
    [InlineData("""{"name":"king","displayName":"X","roles":["king"]}""", "roles")]
    [InlineData("""{"name":"rep","displayName":"X","roles":["rep"]}""", "name")]
    public async Task A_person_that_does_not_fit_is_refused_by_the_name_of_what_is_wrong(string body, string field)
    {
        var answer = await server.As(Roles.Administrator).PostAsync("/api/users", new StringContent(body, System.Text.Encoding.UTF8, "application/json"));

        Assert.NotNull((await HttpFacts.AssertProblemAsync(answer, HttpStatusCode.BadRequest))["errors"]![field]);
    }

    [Fact]
    public async Task A_task_of_somebody_who_is_away_goes_to_the_one_who_stands_in()
    {
        await HireAsync("away");
        await HireAsync("standin");
        var users = (await server.As(Roles.Administrator).GetFromJsonAsync<JsonObject>("/api/users"))!["items"]!.AsArray();
        var away = users.First(user => user!["name"]!.GetValue<string>() == "away")!["id"]!.GetValue<string>();
        var noted = await server.As(Roles.HeadOfSales).PostAsJsonAsync($"/api/users/{away}/absences", new { from = DateTimeOffset.UtcNow.AddDays(-1), to = DateTimeOffset.UtcNow.AddDays(2), substitute = "standin", reason = "Holiday" });
        Assert.Equal(HttpStatusCode.OK, noted.StatusCode);

        var created = await (await server.As(Roles.HeadOfSales).PostAsJsonAsync("/api/deals",
            new { pipeline = Given.Pipeline, title = "While away", client = new { name = "Vector LLC" }, amount = 1, currency = "RUB", owner = "away" })).Content.ReadFromJsonAsync<JsonObject>();

        var task = (await server.As(Roles.HeadOfSales).GetFromJsonAsync<JsonObject>($"/api/tasks?deal={created!["id"]}"))!["items"]![0]!;
        Assert.Equal(("away", "standin"), (created["owner"]!.GetValue<string>(), task["assignee"]!.GetValue<string>()));
    }

    [Fact]
    public async Task The_open_tasks_of_somebody_who_falls_ill_go_to_the_one_who_stands_in_and_stay_there()
    {
        var ill = (await HireAsync("falls.ill"))["user"]!["id"]!.GetValue<string>();
        await HireAsync("helps.out");
        var head = server.As(Roles.HeadOfSales);
        var created = await (await head.PostAsJsonAsync("/api/deals", new { pipeline = Given.Pipeline, title = "Before the illness", client = new { name = "Vector LLC" }, amount = 1, currency = "RUB", owner = "falls.ill" })).Content.ReadFromJsonAsync<JsonObject>();

        var noted = await (await head.PostAsJsonAsync($"/api/users/{ill}/absences", new { from = DateTimeOffset.UtcNow.AddHours(-1), to = DateTimeOffset.UtcNow.AddDays(2), substitute = "helps.out" })).Content.ReadFromJsonAsync<JsonObject>();
        var handed = await TaskAsync();
        var lines = (await head.GetFromJsonAsync<JsonObject>($"/api/deals/{created!["id"]}/timeline"))!["items"]!.AsArray();
        await head.DeleteAsync($"/api/users/{ill}/absences/{noted!["absences"]![0]!["id"]}");

        Assert.Equal(("helps.out", "Test falls.ill"), (handed["assignee"]!.GetValue<string>(), handed["insteadOfName"]!.GetValue<string>()));
        Assert.Contains(lines, line => line!["kind"]!.GetValue<string>() == "taskStoodIn" && line["text"]!.GetValue<string>().Contains("falls.ill", StringComparison.Ordinal));
        Assert.Equal("helps.out", (await TaskAsync())["assignee"]!.GetValue<string>());
        async Task<JsonNode> TaskAsync() => (await head.GetFromJsonAsync<JsonObject>($"/api/tasks?deal={created!["id"]}"))!["items"]![0]!;
    }

    [Fact]
    public async Task The_open_tasks_of_somebody_who_leaves_go_to_a_head_of_sales()
    {
        var leaver = (await HireAsync("leaves.us"))["user"]!["id"]!.GetValue<string>();
        var head = server.As(Roles.HeadOfSales);
        var created = await (await head.PostAsJsonAsync("/api/deals", new { pipeline = Given.Pipeline, title = "Before the farewell", client = new { name = "Vector LLC" }, amount = 1, currency = "RUB", owner = "leaves.us" })).Content.ReadFromJsonAsync<JsonObject>();

        await server.As(Roles.Administrator).PatchAsJsonAsync($"/api/users/{leaver}", new { active = false });

        var task = (await head.GetFromJsonAsync<JsonObject>($"/api/tasks?deal={created!["id"]}"))!["items"]![0]!;
        Assert.Equal("Test leaves.us", task["insteadOfName"]!.GetValue<string>());
        Assert.NotEqual("leaves.us", task["assignee"]!.GetValue<string>());
    }

    [Fact]
    public async Task Where_letters_to_a_person_go_is_an_address_or_nothing()
    {
        var hired = (await (await server.As(Roles.Administrator).PostAsJsonAsync("/api/users", new { name = "written.to", displayName = "W", roles = new[] { Roles.Rep }, email = "w@example.com" })).Content.ReadFromJsonAsync<JsonObject>())!["user"]!;

        var wrong = await HttpFacts.AssertProblemAsync(await server.As(Roles.Administrator).PatchAsJsonAsync($"/api/users/{hired["id"]}", new { email = "nowhere" }), HttpStatusCode.BadRequest);
        var removed = await (await server.As(Roles.Administrator).PatchAsJsonAsync($"/api/users/{hired["id"]}", new { email = "" })).Content.ReadFromJsonAsync<JsonObject>();

        Assert.Equal("w@example.com", hired["email"]!.GetValue<string>());
        Assert.NotNull(wrong["errors"]!["email"]);
        Assert.Null(removed!["email"]);
    }

    [Fact]
    public async Task One_notes_ones_own_absence_and_nobody_elses()
    {
        var users = (await server.As(Roles.Rep).GetFromJsonAsync<JsonObject>("/api/users"))!["items"]!.AsArray();
        var (own, other) = (Id("approver"), Id("rep2"));
        var (mine, theirs) = (new { from = "2031-01-01T00:00:00Z", to = "2031-01-05T00:00:00Z" }, new { from = "2031-01-01T00:00:00Z", to = "2031-01-05T00:00:00Z" });

        var noted = await server.As(Roles.Approver).PostAsJsonAsync($"/api/users/{own}/absences", mine);
        var refused = await server.As(Roles.Approver).PostAsJsonAsync($"/api/users/{other}/absences", theirs);
        var backwards = await server.As(Roles.Approver).PostAsJsonAsync($"/api/users/{own}/absences", new { from = "2031-01-05T00:00:00Z", to = "2031-01-01T00:00:00Z" });

        var absence = (await noted.Content.ReadFromJsonAsync<JsonObject>())!["absences"]!.AsArray()[^1]!["id"]!.GetValue<string>();
        await HttpFacts.AssertProblemAsync(refused, HttpStatusCode.Forbidden);
        await HttpFacts.AssertProblemAsync(backwards, HttpStatusCode.BadRequest);
        Assert.Equal(HttpStatusCode.OK, (await server.As(Roles.Approver).DeleteAsync($"/api/users/{own}/absences/{absence}")).StatusCode);

        string Id(string name) => users.First(user => user!["name"]!.GetValue<string>() == name)!["id"]!.GetValue<string>();
    }

    private async Task<JsonObject> HireAsync(string name)
    {
        var answer = await server.As(Roles.Administrator).PostAsJsonAsync("/api/users", new { name, displayName = $"Test {name}", roles = new[] { Roles.Rep }, skills = new[] { "site" }, capacity = 40 });
        Assert.True(answer.StatusCode == HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonObject>())!;
    }

    private async Task<HttpStatusCode> SignInAsync(string userName, string password) => (await server.Anonymous().PostAsJsonAsync("/api/sign-in", new { userName, password })).StatusCode;
}
