using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using SalesFlow.Sales.People;

namespace SalesFlow.Server.Tests;

/// <summary>Stages are changed while deals run; nothing is restarted.</summary>
public sealed class StageChangeTests : IAsyncLifetime
{
    private const string First = "/api/pipelines/b2b-new-clients/stages/qualification";
    private readonly RunningServer server = new();

    public ValueTask InitializeAsync() => server.InitializeAsync();

    public ValueTask DisposeAsync() => server.DisposeAsync();

    private HttpClient Owner => server.As(Roles.ProcessOwner);

    [Fact]
    public async Task A_running_deal_obeys_a_changed_limit_and_an_added_required_field_and_a_dry_run_changes_nothing()
    {
        var deal = await server.CreateDealAsync();
        var before = await VersionAsync();
        var body = new { limitHours = 4, rules = new[] { new { kind = "requiredFields", fields = new[] { "site" } } }, follow = true };

        var looked = await ReadAsync(await Owner.PutAsJsonAsync($"{First}?dryRun=true", body));
        Assert.Equal(before, await VersionAsync());
        Assert.NotEmpty(looked["diff"]!.AsArray());
        Assert.True(looked["affected"]!["deals"]!.GetValue<int>() > 0);

        var changed = await ReadAsync(await Owner.PutAsJsonAsync(First, body));

        Assert.Equal(before + 1, changed["version"]!.GetValue<int>());
        Assert.True(changed["followed"]!.GetValue<int>() > 0);
        var followed = await server.As(Roles.Rep).GetFromJsonAsync<JsonObject>($"/api/deals/{deal["id"]}");
        Assert.Equal(before + 1, followed!["definitionVersion"]!.GetValue<int>());
        var refused = await server.As(Roles.Rep).PostAsJsonAsync($"/api/deals/{deal["id"]}/move", new { stage = "meeting" });
        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        Assert.Contains("site", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_read_an_older_version_is_told_and_wrong_values_are_named()
    {
        var request = new HttpRequestMessage(HttpMethod.Put, First) { Content = JsonContent.Create(new { limitHours = 5 }) };
        request.Headers.Add("If-Match", "\"9999\"");
        await HttpFacts.AssertProblemAsync(await Owner.SendAsync(request), HttpStatusCode.PreconditionFailed);

        var wrong = await Owner.PutAsJsonAsync(First, new { probability = 7, rules = new[] { new { kind = "requiredOutcome", task = "nobody", outcome = "x" } } });

        await HttpFacts.AssertProblemAsync(wrong, HttpStatusCode.BadRequest);
        var text = await wrong.Content.ReadAsStringAsync();
        Assert.Contains("probability", text, StringComparison.Ordinal);
        Assert.Contains("rules[0].task", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stage_is_put_in_and_taken_out_and_a_deal_that_stands_there_keeps_it()
    {
        var added = await ReadAsync(await Owner.PostAsJsonAsync("/api/pipelines/b2b-new-clients/stages", new { key = "pilot", name = "Pilot", after = "qualification", follow = true }));
        Assert.Equal(["qualification", "pilot"], added["stages"]!.AsArray().Take(2).Select(stage => stage!["key"]!.GetValue<string>()));
        var deal = await server.CreateDealAsync();
        var moved = await server.As(Roles.HeadOfSales).PostAsJsonAsync($"/api/deals/{deal["id"]}/move", new { stage = "pilot", reason = "test", breakGlass = true });
        Assert.True(moved.IsSuccessStatusCode, await moved.Content.ReadAsStringAsync());

        await HttpFacts.AssertProblemAsync(await Owner.DeleteAsync("/api/pipelines/b2b-new-clients/stages/pilot"), HttpStatusCode.Conflict);
        var removed = await ReadAsync(await Owner.DeleteAsync("/api/pipelines/b2b-new-clients/stages/pilot?dealsStay=true&follow=true"));

        Assert.DoesNotContain(removed["stages"]!.AsArray(), stage => stage!["key"]!.GetValue<string>() == "pilot");
        Assert.Contains(removed["affected"]!["stay"]!.AsArray(), staying => staying!["id"]!.GetValue<string>() == deal["id"]!.GetValue<string>());
    }

    [Fact]
    public async Task What_GET_answers_of_a_stage_can_be_put_back_and_changes_nothing()
    {
        var read = await Owner.GetAsync(First);
        var stage = await ReadAsync(read);
        Assert.Equal("Квалификация", stage["name"]!["ru"]!.GetValue<string>());
        Assert.Equal("requiredOutcome", stage["rules"]![0]!["kind"]!.GetValue<string>());

        var request = new HttpRequestMessage(HttpMethod.Put, $"{First}?dryRun=true") { Content = JsonContent.Create(stage) };
        request.Headers.Add("If-Match", read.Headers.ETag!.ToString());
        var answer = await ReadAsync(await Owner.SendAsync(request));

        Assert.Empty(answer["diff"]!.AsArray());
        await HttpFacts.AssertProblemAsync(await Owner.GetAsync("/api/pipelines/b2b-new-clients/stages/nowhere"), HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task The_history_tells_who_changed_what_and_an_older_version_can_be_published_again()
    {
        var before = await VersionAsync();
        await ReadAsync(await Owner.PutAsJsonAsync(First, new { limitHours = 4 }));

        var items = (await ReadAsync(await Owner.GetAsync("/api/pipelines/b2b-new-clients/versions")))["items"]!.AsArray();
        Assert.Equal([before + 1, before], items.Take(2).Select(version => version!["version"]!.GetValue<int>()));
        Assert.True(items[0]!["published"]!.GetValue<bool>());
        Assert.Contains("16 h → 4 h", Assert.Single(items[0]!["diff"]!.AsArray())!.GetValue<string>(), StringComparison.Ordinal);
        Assert.NotEmpty(items[0]!["by"]!.GetValue<string>());
        var restored = await ReadAsync(await Owner.PostAsync($"/api/pipelines/b2b-new-clients/versions/{before}/publish", null));

        Assert.Equal(before + 2, restored["version"]!.GetValue<int>());
        Assert.Equal(16, (await ReadAsync(await Owner.GetAsync(First)))["limitHours"]!.GetValue<double>());
    }

    private async Task<int> VersionAsync() => (await Owner.GetFromJsonAsync<JsonObject>("/api/pipelines/b2b-new-clients"))!["version"]!.GetValue<int>();

    private static async Task<JsonObject> ReadAsync(HttpResponseMessage answer)
    {
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonObject>())!;
    }
}
