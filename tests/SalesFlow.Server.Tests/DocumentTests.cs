using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SalesFlow.Engine;
using SalesFlow.Runtime;
using SalesFlow.Sales;
using SalesFlow.Sales.Activities;
using SalesFlow.Sales.Deals;
using SalesFlow.Sales.Documents;
using SalesFlow.Sales.People;

namespace SalesFlow.Server.Tests;

/// <summary>Issued documents: made again byte for byte, voided with a reason, never numbered twice.</summary>
public sealed class DocumentTests : IAsyncLifetime
{
    private readonly RunningServer server = new();

    public ValueTask InitializeAsync() => server.InitializeAsync();

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task A_document_is_made_again_byte_for_byte_whatever_became_of_its_template_and_its_deal()
    {
        await PutAsync("_foot.en", "<footer>{{ client.name }}, {{ date deal.createdAt }}</footer>");
        await PutAsync("offer.en", "<h1>{{ number }}</h1><p>{{ money deal.amount deal.currency }} {{ deal.fields.note }}</p>{{ include '_foot' }}");
        var deal = (await server.CreateDealAsync())["id"]!.GetValue<string>();
        var id = await IssueAsync(deal);
        var html = await server.As(Roles.Rep).GetStringAsync($"/api/documents/{id}.html");
        await PutAsync("_foot.en", "<footer>another</footer>");
        await PutAsync("offer.en", "<h1>another</h1>");
        await server.As(Roles.Rep).PatchAsJsonAsync($"/api/deals/{deal}", new { amount = 1m, title = "Another" });

        var proof = await ReadAsync(await server.As(Roles.Rep).GetAsync($"/api/documents/{id}/proof"));

        Assert.True(proof["same"]!.GetValue<bool>(), proof.ToJsonString());
        Assert.Equal((1, 2), (proof["templates"]!["_foot.en"]!.GetValue<int>(), proof["templates"]!["offer.en"]!.GetValue<int>()));
        Assert.Contains("Vector LLC", html, StringComparison.Ordinal);
        Assert.Equal(proof["hash"]!.GetValue<string>(), TemplateVersion.HashOf(html));
        var view = await ReadAsync(await server.As(Roles.Rep).GetAsync($"/api/documents/{id}"));
        Assert.Equal(2, view["templateVersion"]!.GetValue<int>());
    }

    [Fact]
    public async Task A_voided_document_keeps_its_number_and_counts_for_nothing()
    {
        var deal = (await server.CreateDealAsync())["id"]!.GetValue<string>();
        var id = await IssueAsync(deal);

        await HttpFacts.AssertProblemAsync(await VoidAsync(Roles.Rep, id, " "), HttpStatusCode.BadRequest);
        await HttpFacts.AssertProblemAsync(await VoidAsync("rep2", id, "not mine"), HttpStatusCode.NotFound);
        var voided = await ReadAsync(await VoidAsync(Roles.Rep, id, "Wrong sum"));
        var twice = await HttpFacts.AssertProblemAsync(await VoidAsync(Roles.Rep, id, "Again"), HttpStatusCode.Conflict);
        var next = await ReadAsync(await server.As(Roles.Rep).GetAsync($"/api/documents/{await IssueAsync(deal)}"));

        Assert.Equal("Wrong sum", voided["voidReason"]!.GetValue<string>());
        Assert.Contains("Wrong sum", twice["detail"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal("OFFER-2026-000001".Length, voided["number"]!.GetValue<string>().Length);
        Assert.NotEqual(voided["number"]!.GetValue<string>(), next["number"]!.GetValue<string>());
        var timeline = await ReadAsync(await server.As(Roles.Rep).GetAsync($"/api/deals/{deal}/timeline"));
        Assert.Contains(timeline["items"]!.AsArray(), entry => entry!["kind"]!.GetValue<string>() == "documentVoided");
        var facts = await server.App.Services.GetRequiredService<SalesFactsQueries>().FindAsync(Deal(deal), CancellationToken.None);
        Assert.Single((System.Collections.ICollection)facts!.Read("documents")!);
    }

    [Fact]
    public async Task A_document_is_sent_once_under_a_key_and_the_deal_tells_of_it()
    {
        var deal = (await server.CreateDealAsync())["id"]!.GetValue<string>();
        var id = await IssueAsync(deal);
        var letter = new { to = "client@example.com", subject = "Your offer", text = "Dear client", format = "html" };

        var first = await ReadAsync(await SendAsync(Roles.Rep, id, letter, "one key"));
        var again = await SendAsync(Roles.Rep, id, letter, "one key");

        Assert.NotNull(first["sentAt"]);
        Assert.Equal("true", again.Headers.GetValues("Idempotent-Replayed").Single());
        var mail = Assert.Single((await ReadAsync(await server.As(Roles.Rep).GetAsync($"/api/mails?deal={deal}")))["items"]!.AsArray())!;
        Assert.Equal(("client@example.com", "Your offer", "document", "Test rep"), (Word(mail, "to"), Word(mail, "subject"), Word(mail, "kind"), Word(mail, "by")));
        var whole = await ReadAsync(await server.As(Roles.Rep).GetAsync($"/api/mails/{mail["id"]}"));
        Assert.Equal($"{first["number"]}.html", whole["files"]![0]!["name"]!.GetValue<string>());
        Assert.Equal(await server.As(Roles.Rep).GetStringAsync($"/api/documents/{id}.html"), await server.As(Roles.Rep).GetStringAsync($"/api/mails/{mail["id"]}/files/1"));
        var timeline = await ReadAsync(await server.As(Roles.Rep).GetAsync($"/api/deals/{deal}/timeline"));
        Assert.Equal($"Document sent: offer {first["number"]} to client@example.com", timeline["items"]!.AsArray().Single(entry => Word(entry!, "kind") == "documentSent")!["text"]!.GetValue<string>());
        var facts = await server.App.Services.GetRequiredService<SalesFactsQueries>().FindAsync(Deal(deal), CancellationToken.None);
        Assert.Equal(1, facts!.Deal.Documents.Single().TimesSent);
    }

    [Fact]
    public async Task A_letter_that_does_not_fit_a_voided_document_and_a_strangers_one_are_not_sent()
    {
        var deal = (await server.CreateDealAsync())["id"]!.GetValue<string>();
        var id = await IssueAsync(deal);
        var letter = new { to = "client@example.com", subject = "Your offer", text = "Dear client", format = "html" };

        var wrong = await HttpFacts.AssertProblemAsync(await SendAsync(Roles.Rep, id, new { to = "a@b.example\r\nBcc: c@d.example", subject = " ", text = "", format = "doc" }), HttpStatusCode.BadRequest);
        await HttpFacts.AssertProblemAsync(await SendAsync("rep2", id, letter), HttpStatusCode.NotFound);
        await ReadAsync(await VoidAsync(Roles.Rep, id, "Wrong sum"));
        var voided = await HttpFacts.AssertProblemAsync(await SendAsync(Roles.Rep, id, letter), HttpStatusCode.Conflict);

        Assert.Equal(["format", "subject", "text", "to"], wrong["errors"]!.AsObject().Select(error => error.Key).Order());
        Assert.Contains("Wrong sum", voided["detail"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Empty((await ReadAsync(await server.As(Roles.Administrator).GetAsync($"/api/mails?deal={deal}")))["items"]!.AsArray());
    }

    private static string? Word(JsonNode node, string name) => node[name]?.GetValue<string>();

    private Task<HttpResponseMessage> SendAsync(string person, string id, object letter, string? key = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"/api/documents/{id}/send") { Content = JsonContent.Create(letter) };
        if (key is not null)
            request.Headers.Add("Idempotency-Key", key);
        return server.As(person).SendAsync(request);
    }

    /// <summary>Issues an offer beside the process, as its handler would.</summary>
    private async Task<string> IssueAsync(string deal)
    {
        var services = server.App.Services;
        var handler = services.GetServices<EffectHandler>().OfType<RenderDocumentHandler>().Single();
        var instance = new InstanceId(Deal(deal).Value);
        var effect = 900_000 + (await ReadAsync(await server.As(Roles.Administrator).GetAsync($"/api/documents?deal={deal}")))["items"]!.AsArray().Count;
        var answer = await handler.PerformAsync(instance, new EffectRequest(effect, new RenderDocument("offer", "offer", "en"), null), CancellationToken.None);
        var issued = answer.Changes.OfType<DocumentIssued>().Single();
        await services.GetRequiredService<WorkflowRuntime>().RunAsync(instance, (_, _) => new TurnRequest(new Stimulus.None(), [issued]), CancellationToken.None);
        return issued.Document.ToString();
    }

    private static DealId Deal(string id) => DealId.TryParse(id, out var deal) ? deal : throw new FormatException(id);

    private Task<HttpResponseMessage> VoidAsync(string person, string id, string reason) => server.As(person).PostAsJsonAsync($"/api/documents/{id}/void", new { reason });

    private async Task PutAsync(string name, string text) => await ReadAsync(await server.As(Roles.ProcessOwner).PutAsJsonAsync($"/api/templates/{name}", new { text }));

    private static async Task<JsonObject> ReadAsync(HttpResponseMessage answer)
    {
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonObject>())!;
    }
}
