using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using MimeKit;
using SalesFlow.Sales;
using SalesFlow.Sales.Mails;
using SalesFlow.Sales.People;
using SalesFlow.Server.Mails;

namespace SalesFlow.Server.Tests.Mails;

/// <summary>Letters on their way through a mail server, and who may read them.</summary>
public sealed class MailTests : IAsyncLifetime
{
    private readonly SmtpListener _smtp = new();
    private readonly RunningServer _server;

    public MailTests() => _server = new() { Settings = $$$$"""{"Mail":{"Smtp":{"Host":"127.0.0.1","Port":{{{{_smtp.Port}}}},"Security":"None","User":"sender","Password":"secret","From":"Отдел продаж <sales@vendor.example>"}}}""" };

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _smtp.Dispose();
    }

    [Fact]
    public async Task A_letter_goes_to_the_mail_server_whole()
    {
        await SendAsync(Letter("whole", "client@example.com") with
        {
            Html = "<p>Привет</p>", Calendar = new(CalendarMethod.Request, "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"), Attachments = [new("КП № 1.pdf", "application/pdf", [37, 80, 68, 70])], By = await PersonAsync(Roles.Rep),
        });

        var letter = Assert.Single(_smtp.Taken);
        Assert.Equal(("Предложение", "Отдел продаж", "sales@vendor.example", "client@example.com"), (letter.Subject, letter.From.Mailboxes.Single().Name, letter.From.Mailboxes.Single().Address, letter.To.Mailboxes.Single().Address));
        Assert.Equal("rep@vendor.example", letter.ReplyTo.Mailboxes.Single().Address);
        var mixed = Assert.IsType<Multipart>(letter.Body);
        var texts = Assert.IsType<MultipartAlternative>(mixed[0]);
        Assert.Equal(["text/plain", "text/html", "text/calendar"], texts.Select(part => part.ContentType.MimeType));
        Assert.Equal("REQUEST", texts[2].ContentType.Parameters["method"]);
        Assert.Equal("BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", ((TextPart)texts[2]).Text.ReplaceLineEndings("\r\n"));
        Assert.Equal(("КП № 1.pdf", "application/pdf"), (((MimePart)mixed[1]).FileName, mixed[1].ContentType.MimeType));
        Assert.Contains(_smtp.Said, line => line.StartsWith("AUTH PLAIN", StringComparison.Ordinal));
        var shown = await OneAsync(Roles.Administrator);
        Assert.Equal(("sent", 1), (shown["status"]!.GetValue<string>(), shown["attempts"]!.GetValue<int>()));
        var form = await MimeMessage.LoadAsync(await _server.As(Roles.Administrator).GetStreamAsync($"/api/mails/{shown["id"]}.eml"));
        Assert.Equal(letter.MessageId, form.MessageId);
        Assert.EndsWith("@vendor.example", letter.MessageId, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_typed_becomes_a_header_or_a_reader()
    {
        await SendAsync(new MailDraft("forged", MailKinds.Process, new MailRecipient.Outside(EmailAddress.Parse("to", "client@example.com", "en"), "A\r\nBcc: boris@example.com"), "Hi\r\nBcc: boris@example.com", "Text\r\n.\r\nRCPT TO:<boris@example.com>"));

        var letter = Assert.Single(_smtp.Taken);
        Assert.DoesNotContain(letter.Headers, header => header.Field.Equals("Bcc", StringComparison.OrdinalIgnoreCase));
        Assert.Contains("RCPT TO", letter.TextBody, StringComparison.Ordinal);
        Assert.Equal(["RCPT TO:<client@example.com>"], _smtp.Said.Where(line => line.StartsWith("RCPT", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_reader_whom_the_mail_server_does_not_know_is_shown_and_the_letter_can_be_sent_again()
    {
        _smtp.OnRecipient = _ => "550 5.1.1 no such mailbox";
        await SendAsync(Letter("refused", "gone@example.com"));
        var failed = await OneAsync(Roles.Administrator);
        Assert.Equal("failed", failed["status"]!.GetValue<string>());
        Assert.Contains("no such mailbox", failed["lastError"]!.GetValue<string>(), StringComparison.Ordinal);
        _smtp.OnRecipient = _ => "250 ok";

        var answer = await _server.As(Roles.Administrator).PostAsync($"/api/mails/{failed["id"]}/retry", null);
        await Sender.SendDueAsync(default);

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Single(_smtp.Taken);
        await HttpFacts.AssertProblemAsync(await _server.As(Roles.Administrator).PostAsync($"/api/mails/{failed["id"]}/retry", null), HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task What_fails_for_now_waits_and_does_not_hold_up_the_others()
    {
        _smtp.OnRecipient = line => line.Contains("busy", StringComparison.Ordinal) ? "451 later" : "250 ok";
        await WriteAsync(Letter("later", "busy@example.com"));
        await SendAsync(Letter("now", "client@example.com"));

        Assert.Equal("client@example.com", Assert.Single(_smtp.Taken).To.Mailboxes.Single().Address);
        var waiting = Assert.Single(await ListAsync(Roles.Administrator, "?status=waiting"));
        Assert.Contains("later", waiting["lastError"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.True(waiting["nextTry"]!.GetValue<DateTimeOffset>() > waiting["createdAt"]!.GetValue<DateTimeOffset>());
    }

    [Fact]
    public async Task Letters_are_shown_to_those_they_concern_and_a_private_one_to_its_reader_alone()
    {
        var deal = (await _server.CreateDealAsync())["id"]!.GetValue<string>();
        var id = DealId.TryParse(deal, out var parsed) ? parsed : default;
        await SendAsync(Letter("outside", "client@example.com") with { Deal = id });
        await SendAsync(new MailDraft("link", MailKinds.Approval, new MailRecipient.Colleague(await PersonAsync(Roles.Approver)), "Decide", "https://secret") { Deal = id, IsPrivate = true });

        Assert.Equal(["Предложение"], Subjects(await ListAsync(Roles.Rep, $"?deal={deal}")));
        Assert.Empty(await ListAsync("rep2"));
        Assert.Equal(["Decide"], Subjects(await ListAsync(Roles.Approver)));
        Assert.Equal(["Decide", "Предложение"], Subjects(await ListAsync(Roles.Administrator)));
        var link = (await ListAsync(Roles.Approver)).Single()["id"]!.GetValue<string>();
        Assert.Equal("https://secret", (await ReadAsync(Roles.Approver, link))["text"]!.GetValue<string>());
        Assert.Null((await ReadAsync(Roles.Administrator, link))["text"]);
        foreach (var (person, path) in new[] { (Roles.Administrator, ".html"), (Roles.Administrator, ".eml"), (Roles.Rep, ""), (Roles.Rep, ".html"), (Roles.Rep, ".eml"), ("rep2", "/files/1") })
            await HttpFacts.AssertProblemAsync(await _server.As(person).GetAsync($"/api/mails/{link}{path}"), HttpStatusCode.NotFound);
        var html = await _server.As(Roles.Approver).GetAsync($"/api/mails/{link}.html");
        Assert.StartsWith("sandbox;", html.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_colleague_without_an_address_is_named()
    {
        await SendAsync(new MailDraft("nowhere", MailKinds.Notification, new MailRecipient.Colleague(await PersonAsync("rep2")), "A task", "Text"));

        var failed = await OneAsync(Roles.Administrator);
        Assert.Equal(("failed", "Test rep2 has no e-mail address; an administrator can add one on the page People."), (failed["status"]!.GetValue<string>(), failed["lastError"]!.GetValue<string>()));
    }

    private MailSender Sender => _server.App.Services.GetRequiredService<MailSender>();

    private static MailDraft Letter(string key, string to) => new(key, MailKinds.Document, new MailRecipient.Outside(EmailAddress.Parse("to", to, "en")), "Предложение", "Здравствуйте!");

    private async Task SendAsync(MailDraft draft)
    {
        await WriteAsync(draft);
        await Sender.SendDueAsync(default);
    }

    private async Task WriteAsync(MailDraft draft)
    {
        await using var db = await _server.App.Services.GetRequiredService<IDbContextFactory<SalesFlowDb>>().CreateDbContextAsync();
        MailCommands.Add(db, draft, TimeProvider.System.GetUtcNow());
        await db.SaveChangesAsync();
    }

    private async Task<UserId> PersonAsync(string name)
    {
        await using var scope = _server.App.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<User>>();
        var user = (await users.FindByNameAsync(name))!;
        if (name != "rep2")
            Assert.True((await users.SetEmailAsync(user, $"{name}@vendor.example")).Succeeded);
        return new(user.Id);
    }

    private static IEnumerable<string> Subjects(IEnumerable<JsonNode> mails) => mails.Select(mail => mail["subject"]!.GetValue<string>());

    private async Task<JsonNode> OneAsync(string person) => Assert.Single(await ListAsync(person));

    private async Task<JsonObject> ReadAsync(string person, string id) => (await _server.As(person).GetFromJsonAsync<JsonObject>($"/api/mails/{id}"))!;

    private async Task<IReadOnlyList<JsonNode>> ListAsync(string person, string query = "") =>
        [.. (await _server.As(person).GetFromJsonAsync<JsonObject>($"/api/mails{query}"))!["items"]!.AsArray().Select(mail => mail!)];
}

/// <summary>Without a mail server letters are files that any mail program opens.</summary>
[Collection(OneServer.Name)]
public sealed class MailFileTests(RunningServer server)
{
    [Fact]
    public async Task A_letter_becomes_a_file_in_the_data_folder()
    {
        await using (var db = await server.App.Services.GetRequiredService<IDbContextFactory<SalesFlowDb>>().CreateDbContextAsync())
        {
            MailCommands.Add(db, new MailDraft("filed", MailKinds.Document, new MailRecipient.Outside(EmailAddress.Parse("to", "filed@example.com", "en")), "A letter on disk", "Text"), TimeProvider.System.GetUtcNow());
            await db.SaveChangesAsync();
        }

        await server.App.Services.GetRequiredService<MailSender>().SendDueAsync(default);

        var mail = (await server.As(Roles.Administrator).GetFromJsonAsync<JsonObject>("/api/mails?status=filed"))!["items"]!.AsArray().Single(one => one!["subject"]!.GetValue<string>() == "A letter on disk")!;
        var file = Assert.Single(Directory.GetFiles(Path.Combine(server.Folder, "mail"), $"*-{mail["id"]}.eml"));
        Assert.Equal("filed@example.com", (await MimeMessage.LoadAsync(file)).To.Mailboxes.Single().Address);
    }
}
