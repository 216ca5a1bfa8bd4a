using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using MimeKit;
using SalesFlow.Sales;
using SalesFlow.Sales.Mails;
using SalesFlow.Sales.People;
using SalesFlow.Server.Mails;

namespace SalesFlow.Server.Tests.Mails;

/// <summary>Whether a client has opened a letter is noted only where an administrator wants it.</summary>
public sealed class MailOpeningTests
{
    private const string Reachable = "\"PublicAddress\":\"https://sales.example.com\"";

    [Fact]
    public async Task The_first_look_at_a_letter_with_a_document_is_noted_where_it_is_switched_on()
    {
        await using var server = await StartAsync($"{{{Reachable},\"Mail\":{{\"Openings\":{{\"Noted\":true}}}}}}");
        var html = await SendAsync(server, MailKinds.Document, "Good day, <b>A</b>");
        Assert.Contains("Good day, &lt;b&gt;A&lt;/b&gt;", html, StringComparison.Ordinal);
        Assert.Null((await OneAsync(server))["openedAt"]);
        var path = new Uri(html!.Split("<img src=\"")[1].Split('"')[0]).AbsolutePath;

        var never = await server.Anonymous().GetAsync($"/opened/{new string('a', 43)}.gif");
        Assert.Null((await OneAsync(server))["openedAt"]);
        var first = await server.Anonymous().GetAsync(path);
        var opened = (await OneAsync(server))["openedAt"]!.GetValue<string>();
        await server.Anonymous().GetAsync(path);

        Assert.Equal("image/gif", first.Content.Headers.ContentType!.MediaType);
        Assert.Equal(await first.Content.ReadAsByteArrayAsync(), await never.Content.ReadAsByteArrayAsync());
        Assert.Equal(opened, (await OneAsync(server))["openedAt"]!.GetValue<string>());
    }

    [Fact]
    public async Task Other_letters_have_no_picture()
    {
        await using var server = await StartAsync($"{{{Reachable},\"Mail\":{{\"Openings\":{{\"Noted\":true}}}}}}");

        Assert.Null(await SendAsync(server, MailKinds.Meeting, "Good day"));
    }

    [Theory]
    [InlineData($"{{{Reachable}}}")]
    [InlineData("{\"Mail\":{\"Openings\":{\"Noted\":true}}}")]
    public async Task Nothing_is_noted_by_default_or_where_nobody_outside_reaches_the_server(string settings)
    {
        await using var server = await StartAsync(settings);

        Assert.Null(await SendAsync(server, MailKinds.Document, "Good day"));
    }

    private static async Task<RunningServer> StartAsync(string settings)
    {
        var server = new RunningServer { Settings = settings };
        await server.InitializeAsync();
        return server;
    }

    /// <summary>Sends a letter to a client, into a file; its HTML.</summary>
    private static async Task<string?> SendAsync(RunningServer server, string kind, string text)
    {
        await using (var db = await server.App.Services.GetRequiredService<IDbContextFactory<SalesFlowDb>>().CreateDbContextAsync())
        {
            MailCommands.Add(db, new MailDraft("one", kind, new MailRecipient.Outside(EmailAddress.Parse("to", "client@example.com", "en")), "An offer", text), TimeProvider.System.GetUtcNow());
            await db.SaveChangesAsync();
        }
        await server.App.Services.GetRequiredService<MailSender>().SendDueAsync(default);
        using var letter = await MimeMessage.LoadAsync(Assert.Single(Directory.GetFiles(Path.Combine(server.Folder, "mail"), "*.eml")));
        return letter.HtmlBody;
    }

    private static async Task<JsonNode> OneAsync(RunningServer server) => Assert.Single((await server.As(Roles.Administrator).GetFromJsonAsync<JsonObject>("/api/mails"))!["items"]!.AsArray())!;
}
