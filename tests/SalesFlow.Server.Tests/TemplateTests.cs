using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using SalesFlow.Sales.People;

namespace SalesFlow.Server.Tests;

/// <summary>Process owners write templates on the running system.</summary>
public sealed class TemplateTests : IAsyncLifetime
{
    private readonly RunningServer server = new();

    public ValueTask InitializeAsync() => server.InitializeAsync();

    public ValueTask DisposeAsync() => server.DisposeAsync();

    private HttpClient Owner => server.As(Roles.ProcessOwner);

    [Fact]
    public async Task A_saved_text_is_the_next_version_and_an_older_one_can_come_back()
    {
        var first = await GetAsync("/api/templates/offer.en");
        var saved = await PutAsync("offer.en", "<p>{{ deal.title }}</p>");
        var again = await PutAsync("offer.en", "<p>{{ deal.title }}</p>");
        var versions = (await GetAsync("/api/templates/offer/versions?language=en"))["items"]!.AsArray();
        var second = await GetAsync("/api/templates/offer.en/versions/2");
        var restored = await ReadAsync(await Owner.PostAsync("/api/templates/offer.en/versions/1/publish", null));

        Assert.Equal((1, 2, 2, 3), (first["version"]!.GetValue<int>(), saved["version"]!.GetValue<int>(), again["version"]!.GetValue<int>(), restored["version"]!.GetValue<int>()));
        Assert.Equal(["2 True Test processOwner", "1 False SalesFlow"], versions.Select(version => $"{version!["version"]} {version["inForce"]!.GetValue<bool>()} {version["by"]}"));
        Assert.Contains("+ <p>{{ deal.title }}</p>", second["diff"]!.AsArray().Select(line => $"{(line!["mark"]!.GetValue<string>() == "added" ? "+" : "-")} {line["text"]}"));
        Assert.Equal(first["text"]!.GetValue<string>(), (await GetAsync("/api/templates/offer.en"))["text"]!.GetValue<string>());
    }

    [Fact]
    public async Task Who_saves_over_somebody_elses_version_is_told()
    {
        var request = new HttpRequestMessage(HttpMethod.Put, "/api/templates/offer.en") { Content = JsonContent.Create(new { text = "<p>mine</p>" }) };
        request.Headers.IfMatch.Add(new EntityTagHeaderValue("\"1\""));
        await PutAsync("offer.en", "<p>theirs</p>");

        await HttpFacts.AssertProblemAsync(await Owner.SendAsync(request), HttpStatusCode.PreconditionFailed);
    }

    [Theory]
    [InlineData("{{ deal.amuont }}", "line 1, column 9: There is no 'deal.amuont'; the nearest is 'deal.amount'.")]
    [InlineData("<p>\n{{ if deal.title }}", "line 2, column")]
    [InlineData("{{ include '_nowhere' }}", "line 1, column 4: There is no part '_nowhere'.")]
    public async Task A_mistake_is_refused_with_its_place_and_nothing_is_saved(string text, string message)
    {
        var answer = await Owner.PutAsJsonAsync("/api/templates/offer.en", new { text });

        var problem = await HttpFacts.AssertProblemAsync(answer, HttpStatusCode.BadRequest);
        Assert.StartsWith(message, problem["errors"]!["text"]![0]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(1, (await GetAsync("/api/templates/offer.en"))["version"]!.GetValue<int>());
    }

    [Fact]
    public async Task A_dry_run_says_what_would_change_and_changes_nothing()
    {
        var looked = await PutAsync("offer.en", "<p>{{ deal.fields.nobodyKnows }}</p>", "?dryRun=true");

        Assert.Equal((true, 1), (looked["dryRun"]!.GetValue<bool>(), looked["version"]!.GetValue<int>()));
        Assert.Contains("nobodyKnows", looked["warnings"]![0]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(1, (await GetAsync("/api/templates/offer.en"))["version"]!.GetValue<int>());
    }

    [Fact]
    public async Task Parts_are_shared_and_a_circle_of_them_is_refused()
    {
        await PutAsync("_head.en", "<h1>{{ client.name }}</h1>");
        await PutAsync("_page.en", "{{ include '_head' }}<main>{{ content }}</main>");
        await PutAsync("letter.en", "{{ layout '_page' }}<p>{{ deal.title }}</p>");
        var deal = (await server.CreateDealAsync())["id"]!.GetValue<string>();

        var circle = await HttpFacts.AssertProblemAsync(await Owner.PutAsJsonAsync("/api/templates/_head.en", new { text = "{{ layout '_page' }}" }), HttpStatusCode.BadRequest);
        var preview = await PreviewAsync("letter.en", new { dealId = deal });
        var part = await PreviewAsync("_head.en", new { dealId = deal, text = "<h2>{{ client.name }}</h2>" });

        Assert.Contains("_head → _page → _head", circle["errors"]!["text"]![0]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Contains("<h1>Vector LLC</h1><main><p>Turnstiles</p></main>", preview["html"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal("letter", part["through"]!.GetValue<string>());
        Assert.Contains("<h2>Vector LLC</h2>", part["html"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_preview_says_what_is_wrong_and_shows_nothing_of_deals_that_one_may_not_see()
    {
        var deal = (await server.CreateDealAsync())["id"]!.GetValue<string>();

        var broken = await PreviewAsync("offer.en", new { dealId = deal, text = "\n {{ dael }}" });
        var failing = await PreviewAsync("offer.en", new { dealId = deal, text = "{{ for i in 1..20000 }}x{{ end }}" });

        Assert.Equal((2, 5), (broken["errors"]![0]!["line"]!.GetValue<int>(), broken["errors"]![0]!["column"]!.GetValue<int>()));
        Assert.Null(broken["html"]);
        Assert.NotEmpty(failing["errors"]!.AsArray());
        await HttpFacts.AssertProblemAsync(await Owner.PostAsJsonAsync("/api/templates/offer.en/preview", new { dealId = "999999" }), HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("GET", "/api/templates/..%2Fsettings")]
    [InlineData("GET", "/api/templates/offer.de")]
    [InlineData("GET", "/api/templates/%D0%BA%D0%BF.ru")]
    public async Task A_name_that_can_be_none_is_refused(string method, string path) =>
        await HttpFacts.AssertProblemAsync(await Owner.SendAsync(new HttpRequestMessage(new HttpMethod(method), path)), HttpStatusCode.BadRequest);

    private async Task<JsonObject> GetAsync(string path) => await ReadAsync(await Owner.GetAsync(path));

    private async Task<JsonObject> PutAsync(string name, string text, string query = "") => await ReadAsync(await Owner.PutAsJsonAsync($"/api/templates/{name}{query}", new { text }));

    private async Task<JsonObject> PreviewAsync(string name, object body) => await ReadAsync(await Owner.PostAsJsonAsync($"/api/templates/{name}/preview", body));

    private static async Task<JsonObject> ReadAsync(HttpResponseMessage answer)
    {
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonObject>())!;
    }
}
