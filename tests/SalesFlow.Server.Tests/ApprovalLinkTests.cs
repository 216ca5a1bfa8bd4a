using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using MimeKit;
using SalesFlow.Runtime;
using SalesFlow.Sales;
using SalesFlow.Sales.Notifications;
using SalesFlow.Sales.People;
using SalesFlow.Server.Mails;

namespace SalesFlow.Server.Tests;

/// <summary>An approver decides by the link in a letter: once, within its time, on the terms that the letter speaks of, and only while they are asked.</summary>
public sealed partial class ApprovalLinkTests : IAsyncLifetime
{
    private const string Terms = "Discount";
    // People reach it under another address than the one it listens on.
    private readonly RunningServer server = new() { Settings = """{"PublicAddress":"https://sales.example.com"}""" };

    public async ValueTask InitializeAsync()
    {
        await server.InitializeAsync();
        await server.App.Services.GetRequiredService<DefinitionStore>().PublishAsync("""
            {"definitionId":"linked","id":"linked-1","version":1,"name":"Linked","root":{"id":"fc","type":"Elsa.Flowchart","activities":[
              {"id":"go","type":"SalesFlow.DealStarted"},
              {"id":"s1","type":"SalesFlow.Stage","stage":"first","nameEn":"First","body":{"id":"b1","type":"Elsa.Flowchart","activities":[
                {"id":"ask","type":"SalesFlow.Approval","subject":{"typeName":"String","expression":{"type":"Literal","value":"Approve the terms"}}},
                {"id":"wait","type":"SalesFlow.Task","outcomes":["Done"],"subject":{"typeName":"String","expression":{"type":"Literal","value":"Wait"}}}],
                "connections":[{"source":{"activity":"ask","port":"Approved"},"target":{"activity":"wait"}},{"source":{"activity":"ask","port":"Changes"},"target":{"activity":"wait"}},{"source":{"activity":"ask","port":"Rejected"},"target":{"activity":"wait"}}]}}],
             "connections":[{"source":{"activity":"go","port":"Done"},"target":{"activity":"s1"}}]}}
            """, CancellationToken.None);
        await ReachAsync(Roles.Approver);
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task The_link_shows_the_terms_and_decides_once_and_a_program_that_only_looks_decides_nothing()
    {
        var (deal, link, letter) = await AskAsync(discount: 7);
        Assert.StartsWith("https://sales.example.com/approve/", link, StringComparison.Ordinal);
        Assert.Contains("Discount, %: 7 (standard 0, worse)", letter, StringComparison.Ordinal);
        Assert.Contains("Vector LLC", letter, StringComparison.Ordinal);
        using var browser = Browser();
        var path = new Uri(link).AbsolutePath;

        var page = await PageAsync(browser, path);
        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Head, HttpMethod.Options })
            await browser.SendAsync(new HttpRequestMessage(method, $"{path}/decide?outcome=Approved"));
        Assert.Equal(HttpStatusCode.BadRequest, (await browser.PostAsync($"{path}/decide", new FormUrlEncodedContent([new("outcome", "Approved")]))).StatusCode);
        Assert.Contains("Approve the terms: Finance", page, StringComparison.Ordinal);
        Assert.Contains(Terms, page, StringComparison.Ordinal);
        Assert.Contains("role=\"alert\"", await PostAsync(browser, path, page, "Changes", " "), StringComparison.Ordinal);
        Assert.Equal("open", await StatusAsync(deal));

        var done = await PostAsync(browser, path, page, "Changes", "Prepayment, please");

        Assert.Contains("Changes requested", done, StringComparison.Ordinal);
        Assert.Equal("changes", await StatusAsync(deal));
        var vote = (await ApprovalAsync(deal))["levels"]![0]!["votes"]![0]!;
        Assert.Equal(("Test approver", true, "Prepayment, please"), (vote["by"]!.GetValue<string>(), vote["byLink"]!.GetValue<bool>(), vote["comment"]!.GetValue<string>()));
        var timeline = (await server.As(Roles.Rep).GetFromJsonAsync<JsonObject>($"/api/deals/{deal}/timeline"))!["items"]!.AsArray();
        Assert.Contains("Decided by the link in a letter: changes requested", timeline.Select(line => line!["text"]!.GetValue<string>()));
        Assert.Equal(HttpStatusCode.Gone, (await browser.GetAsync(path)).StatusCode);
        await PostAsync(browser, path, page, "Approved", null);
        Assert.Equal("changes", await StatusAsync(deal));
    }

    [Fact]
    public async Task The_secret_is_in_the_letter_alone()
    {
        var (_, link, letter) = await AskAsync(discount: 7);
        using var browser = Browser();
        var secret = link.Split('/')[^1];
        await PageAsync(browser, new Uri(link).AbsolutePath);
        await browser.GetAsync("/approve/" + new string('A', 43));

        await using var db = await OpenAsync();
        Assert.DoesNotContain(await db.MailContents.Select(content => content.Text).ToListAsync(), text => text.Contains(secret, StringComparison.Ordinal));
        var kept = await db.ApprovalLinks.SingleAsync();
        Assert.Equal((Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(secret))), true), (kept.Hash, letter.Contains(secret, StringComparison.Ordinal)));
        var mail = await db.Mails.SingleAsync(sent => sent.Key == kept.MailKey);
        var shown = (await server.As(Roles.Approver).GetFromJsonAsync<JsonObject>($"/api/mails/{mail.Id}"))!["text"]!.GetValue<string>();
        Assert.Contains("[the link is only in the letter as it was sent]", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("\uFFFC", await server.As(Roles.Approver).GetStringAsync($"/api/mails/{mail.Id}.eml"), StringComparison.Ordinal);
        Assert.Null((await server.As(Roles.Administrator).GetFromJsonAsync<JsonObject>($"/api/mails/{mail.Id}"))!["text"]);
        var log = string.Concat(Directory.GetFiles(Path.Combine(server.Folder, "logs")).Select(Read));
        Assert.DoesNotContain(secret, log, StringComparison.Ordinal);
        Assert.DoesNotContain(new string('A', 43), log, StringComparison.Ordinal);
        Assert.Contains("/approve/{Token} was refused", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Forged_expired_outdated_and_foreign_links_lead_to_one_page_that_tells_nothing()
    {
        using var browser = Browser();
        var pages = new List<string> { await GoneAsync(browser, "/approve/" + new string('A', 43)), await GoneAsync(browser, "/approve/1") };

        var (_, expired, _) = await AskAsync(discount: 1);
        await using (var db = await OpenAsync())
            await db.ApprovalLinks.ExecuteUpdateAsync(set => set.SetProperty(link => link.ExpiresAt, DateTimeOffset.UtcNow.AddMinutes(-1)));
        pages.Add(await GoneAsync(browser, new Uri(expired).AbsolutePath));

        var (deal, decided, _) = await AskAsync(discount: 2);
        await DoAsync(Roles.Approver, $"/api/tasks/{await TaskAsync(deal)}/complete", new { outcome = "Approved" });
        pages.Add(await GoneAsync(browser, new Uri(decided).AbsolutePath));

        var (changed, outdated, _) = await AskAsync(discount: 3);
        Assert.True((await server.As(Roles.Rep).PatchAsJsonAsync($"/api/deals/{changed}", new { fields = new { discount = 9 } })).IsSuccessStatusCode);
        pages.Add(await GoneAsync(browser, new Uri(outdated).AbsolutePath));

        var (given, foreign, _) = await AskAsync(discount: 4);
        var page = await PageAsync(browser, new Uri(foreign).AbsolutePath);
        var task = await TaskAsync(given);
        await DoAsync(Roles.Approver, $"/api/tasks/{task}/claim", new { });
        await DoAsync(Roles.Approver, $"/api/tasks/{task}/reassign", new { user = "administrator" });
        pages.Add(await GoneAsync(browser, new Uri(foreign).AbsolutePath));
        await PostAsync(browser, new Uri(foreign).AbsolutePath, page, "Approved", null);
        Assert.Equal("open", await StatusAsync(given));

        var (_, ofOneWhoLeft, _) = await AskAsync(discount: 5);
        Assert.True((await server.As(Roles.Administrator).PatchAsJsonAsync($"/api/users/{await IdOfAsync(Roles.Approver)}", new { active = false })).IsSuccessStatusCode);
        pages.Add(await GoneAsync(browser, new Uri(ofOneWhoLeft).AbsolutePath));

        Assert.Single(pages.Distinct());
        Assert.DoesNotContain("Vector LLC", pages[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Everybody_of_the_role_gets_a_letter_of_their_own_and_the_owner_of_the_deal_gets_none()
    {
        Assert.True((await server.As(Roles.Administrator).PostAsJsonAsync("/api/users", new { name = "second", displayName = "Second approver", roles = new[] { Roles.Approver }, language = "ru", email = "second@vendor.example" })).IsSuccessStatusCode);
        await server.App.Services.GetRequiredService<NotificationCommands>().SetAsync(new() { Quiet = false }, Actor.Engine with { Id = new UserId(await IdOfAsync("second")) }, CancellationToken.None);
        var (deal, _, _) = await AskAsync(discount: 6);

        var asked = $"/approvals/{await TaskAsync(deal)}";
        var letters = Letters().Where(letter => letter.Text.Contains(asked, StringComparison.Ordinal)).ToDictionary(letter => letter.To, letter => letter.Text);
        Assert.Equal(["approver@vendor.example", "second@vendor.example"], letters.Keys.Order());
        Assert.Contains("Скидка, %: 6 (стандарт 0, хуже)", letters["second@vendor.example"], StringComparison.Ordinal);
        using var browser = Browser();
        var page = await PageAsync(browser, LinkIn(letters["second@vendor.example"]).AbsolutePath);
        Assert.Contains("Вы решаете как Second approver", WebUtility.HtmlDecode(page), StringComparison.Ordinal);
        await PostAsync(browser, LinkIn(letters["second@vendor.example"]).AbsolutePath, page, "Approved", null);
        Assert.Equal("approved", await StatusAsync(deal));
        Assert.Equal(HttpStatusCode.Gone, (await browser.GetAsync(LinkIn(letters["approver@vendor.example"]).AbsolutePath)).StatusCode);
    }

    private async Task<(string Deal, string Link, string Letter)> AskAsync(decimal discount)
    {
        var answer = await server.As(Roles.Rep).PostAsJsonAsync("/api/deals", new { pipeline = "linked", title = "Racks", client = new { name = "Vector LLC" }, amount = 1000, currency = "RUB", fields = new { discount } });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        var deal = (await answer.Content.ReadFromJsonAsync<JsonObject>())!["id"]!.GetValue<string>();
        await server.App.Services.GetRequiredService<NotificationCommands>().WriteLettersAsync(CancellationToken.None);
        await server.App.Services.GetRequiredService<MailSender>().SendDueAsync(CancellationToken.None);
        var asked = $"/approvals/{await TaskAsync(deal)}";
        var letter = Letters().Single(one => one.To == "approver@vendor.example" && one.Text.Contains(asked, StringComparison.Ordinal)).Text;
        return (deal, LinkIn(letter).AbsoluteUri, letter);
    }

    private IEnumerable<(string To, string Text)> Letters() =>
        Directory.GetFiles(Path.Combine(server.Folder, "mail"), "*.eml").Select(file => MimeMessage.Load(file)).Select(letter => (letter.To.Mailboxes.Single().Address, letter.TextBody ?? ""));

    private static Uri LinkIn(string letter) => new(Link().Match(letter).Value);

    private async Task ReachAsync(string person)
    {
        Assert.True((await server.As(Roles.Administrator).PatchAsJsonAsync($"/api/users/{await IdOfAsync(person)}", new { email = $"{person}@vendor.example" })).IsSuccessStatusCode);
        await DoAsync(person, "/api/notifications/settings", new { ways = new { }, digest = false, quiet = false }, HttpMethod.Put);
    }

    private async Task<long> IdOfAsync(string person) => (await server.App.Services.GetRequiredService<UserQueries>().FindAsync(person, CancellationToken.None))!.Value.Value;

    private async Task DoAsync(string person, string path, object body, HttpMethod? method = null)
    {
        var answer = await server.As(person).SendAsync(new HttpRequestMessage(method ?? HttpMethod.Post, path) { Content = JsonContent.Create(body) });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    private async Task<string> TaskAsync(string deal) => (await server.As(Roles.Administrator).GetFromJsonAsync<JsonObject>($"/api/tasks?deal={deal}&assignee=any"))!["items"]!.AsArray().Single()!["id"]!.GetValue<string>();

    private async Task<JsonNode> ApprovalAsync(string deal) => (await server.As(Roles.Rep).GetFromJsonAsync<JsonObject>($"/api/deals/{deal}/approvals"))!["items"]![0]!;

    private async Task<string> StatusAsync(string deal) => (await ApprovalAsync(deal))["status"]!.GetValue<string>();

    private async Task<SalesFlowDb> OpenAsync() => await server.App.Services.GetRequiredService<IDbContextFactory<SalesFlowDb>>().CreateDbContextAsync();

    private HttpClient Browser() => new(new HttpClientHandler { CookieContainer = new CookieContainer(), AllowAutoRedirect = false }) { BaseAddress = server.Address };

    private static string Read(string file)
    {
        using var open = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return open.ReadToEnd();
    }

    private static async Task<string> PageAsync(HttpClient browser, string path)
    {
        var answer = await browser.GetAsync(path);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{(int)answer.StatusCode} {text}");
        Assert.Equal(("no-referrer", true), (answer.Headers.GetValues("Referrer-Policy").Single(), answer.Headers.CacheControl?.NoStore));
        return text;
    }

    /// <summary>The page of a link that leads nowhere, without what the address itself says.</summary>
    private static async Task<string> GoneAsync(HttpClient browser, string path)
    {
        var answer = await browser.GetAsync($"{path}?culture=en");
        Assert.Equal(HttpStatusCode.Gone, answer.StatusCode);
        return Comments().Replace((await answer.Content.ReadAsStringAsync()).Replace(path, "/approve", StringComparison.Ordinal), "");
    }

    /// <summary>Sends the form of the page and answers the page that follows.</summary>
    private static async Task<string> PostAsync(HttpClient browser, string path, string page, string outcome, string? comment)
    {
        var answer = await browser.PostAsync($"{path}/decide", new FormUrlEncodedContent([new("__RequestVerificationToken", Token().Match(page).Groups[1].Value), new("outcome", outcome), new("comment", comment ?? "")]));
        Assert.True(answer.StatusCode == HttpStatusCode.Redirect, $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        return await (await browser.GetAsync(answer.Headers.Location)).Content.ReadAsStringAsync();
    }

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"")]
    private static partial Regex Token();
    [GeneratedRegex(@"https://\S+/approve/\S+")]
    private static partial Regex Link();
    [GeneratedRegex("<!--.*?-->", RegexOptions.Singleline)]
    private static partial Regex Comments();
}
