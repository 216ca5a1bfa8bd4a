using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using MimeKit;
using SalesFlow.Runtime;
using SalesFlow.Sales.People;

namespace SalesFlow.Server.Tests.Hostile;

/// <summary>Texts that would be markup, script, a formula, a header or a line of a calendar if anybody took them for such.</summary>
public sealed class TextTests(HostileServer server) : IClassFixture<HostileServer>
{
    private const string Markup = "<script>hacked()</script>\"><img src=x onerror=hacked()>'{{ 6 * 7 }}${6*7}=cmd|' /C calc'!A1";
    private const string Lines = "Room\r\nATTENDEE:mailto:evil@example.com\r\nBEGIN:VALARM\nX-EVIL:1;\"";

    [Fact]
    public async Task Documents_letters_and_notices_show_markup_as_text()
    {
        var ids = await server.FurnishAsync(Roles.Rep, Markup);
        var (rep, head) = (server.As(Roles.Rep), server.As(Roles.HeadOfSales));
        await server.As(Roles.Administrator).PatchAsJsonAsync($"/api/users/{ids.User}", new { displayName = Markup, email = "rep@example.com" });
        await head.PostAsJsonAsync($"/api/deals/{ids.Deal}/comments", new { text = $"@rep {Markup}" });
        var pages = new Dictionary<string, string> { ["document"] = await rep.GetStringAsync($"/api/documents/{ids.Document}.html") };
        foreach (var mail in (await HostileServer.SucceedAsync(server.As(Roles.Administrator).GetAsync("/api/mails?limit=100")))["items"]!.AsArray())
            if (await server.As(Roles.Administrator).GetAsync($"/api/mails/{mail!["id"]}.html") is { IsSuccessStatusCode: true } html)
                pages[$"letter {mail["id"]}"] = await html.Content.ReadAsStringAsync();

        Assert.Contains("&lt;script&gt;hacked()", pages["document"], StringComparison.Ordinal);
        Assert.True(pages.Count > 1, "No letter has HTML.");
        Assert.All(pages, page => Assert.DoesNotMatch("<script>hacked|<img src=x", page.Value));
        Assert.Contains("{{ 6 * 7 }}", WebUtility.HtmlDecode(pages["document"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Calendars_take_no_lines_from_names_and_places()
    {
        var ids = await server.FurnishAsync("rep2", "Calendar");
        var rep = server.As("rep2");
        await server.As(Roles.Administrator).PatchAsJsonAsync($"/api/users/{ids.User}", new { displayName = Lines, email = "rep2@example.com" });
        var slots = (await HostileServer.SucceedAsync(rep.GetAsync($"/api/meetings/{ids.Meeting}/slots")))["items"]!.AsArray();
        await HostileServer.SucceedAsync(rep.PostAsJsonAsync($"/api/meetings/{ids.Meeting}/book", new { start = slots[0]!["start"]!.GetValue<string>(), place = Lines }));
        var feed = (await HostileServer.SucceedAsync(rep.PostAsync("/api/me/calendar-feed", null)))["path"]!.GetValue<string>();
        var link = (await HostileServer.SucceedAsync(rep.PostAsJsonAsync($"/api/meetings/{ids.Meeting}/invite", new { language = "en" })))["path"]!.GetValue<string>();
        var calendars = new List<string> { await server.Anonymous().GetStringAsync(feed), await server.Anonymous().GetStringAsync($"{link}/meeting.ics") };
        foreach (var mail in (await HostileServer.SucceedAsync(server.As(Roles.Administrator).GetAsync($"/api/mails?deal={ids.Deal}")))["items"]!.AsArray())
            if (await LetterAsync(mail!) is { } letter)
                calendars.AddRange(letter.BodyParts.OfType<TextPart>().Where(part => part.ContentType.MimeType == "text/calendar").Select(part => part.Text));

        Assert.True(calendars.Count >= 3, $"{calendars.Count} calendars");
        Assert.Contains(calendars[2..], calendar => calendar.Contains("Room", StringComparison.Ordinal));
        Assert.All(calendars[..2], calendar => Assert.Contains("Room", calendar, StringComparison.Ordinal));
        Assert.All(calendars[..2], calendar => Assert.DoesNotContain('\n', calendar.Replace("\r\n", "", StringComparison.Ordinal)));
        Assert.All(calendars, calendar =>
        {
            Assert.DoesNotMatch("(?m)^(ATTENDEE:mailto:evil|X-EVIL)", calendar);
            Assert.All(calendar.ReplaceLineEndings("\n").Split('\n'), line => Assert.True(System.Text.Encoding.UTF8.GetByteCount(line) <= 75, line));
        });
    }

    [Fact]
    public async Task Letters_take_no_headers_from_subjects_and_names()
    {
        var ids = await server.FurnishAsync("rep2", "Headers");
        await server.As(Roles.Administrator).PatchAsJsonAsync($"/api/users/{ids.User}", new { displayName = "Evil\r\nBcc: evil@example.com\r\n\r\nBody", email = "rep2@example.com" });

        await server.As("rep2").PostAsJsonAsync($"/api/documents/{ids.Document}/send", new { to = "client@example.com", subject = "Offer\r\nBcc: evil@example.com\r\n\r\n<html>", text = "Text", format = "html" });

        var letters = (await HostileServer.SucceedAsync(server.As(Roles.Administrator).GetAsync($"/api/mails?deal={ids.Deal}")))["items"]!.AsArray();
        foreach (var mail in letters)
            if (await LetterAsync(mail!) is { } letter)
            {
                Assert.Empty(letter.Bcc);
                Assert.DoesNotContain('\n', letter.Subject ?? "");
                Assert.DoesNotContain(letter.Headers, header => header.Field.Equals("Bcc", StringComparison.OrdinalIgnoreCase));
            }
        Assert.Contains(letters, mail => mail!["subject"]!.GetValue<string>().StartsWith("Offer", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Names_of_files_stay_names_and_responses_take_no_headers_from_them()
    {
        const string id = "evil\"; filename=\"x.exe\r\nX-Evil: 1\r\n/../../x";
        await server.App.Services.GetRequiredService<DefinitionStore>().PublishAsync(new JsonObject
        {
            ["definitionId"] = "evil-name", ["id"] = "evil-name-1", ["version"] = 1, ["name"] = id, ["root"] = JsonNode.Parse("""{"id":"root","type":"Elsa.Sequence","activities":[]}"""),
        }.ToJsonString(), CancellationToken.None);

        var answer = await server.As(Roles.Administrator).GetAsync("/elsa/api/workflow-definitions/evil-name/export");

        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        Assert.False(answer.Headers.Contains("X-Evil"));
        var name = answer.Content.Headers.ContentDisposition!.FileNameStar ?? answer.Content.Headers.ContentDisposition.FileName!.Trim('"');
        Assert.DoesNotMatch("[/\\\\\r\n\"]", name);
        Assert.EndsWith(".json", name, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Text_that_turns_around_what_follows_or_hides_is_kept_from_names_of_people()
    {
        foreach (var name in new[] { "admin\u202Egnp.exe", "two\nlines", "\u200B", "tab\there" })
            await HttpFacts.AssertProblemAsync(await server.As(Roles.Administrator).PostAsJsonAsync("/api/users", new { name, displayName = "Somebody", roles = new[] { "rep" } }), HttpStatusCode.BadRequest);
    }

    private async Task<MimeMessage?> LetterAsync(JsonNode mail)
    {
        var answer = await server.As(Roles.Administrator).GetAsync($"/api/mails/{mail["id"]}.eml");
        return answer.IsSuccessStatusCode ? await MimeMessage.LoadAsync(await answer.Content.ReadAsStreamAsync()) : null;
    }
}
