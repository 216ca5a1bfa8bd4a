using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using SalesFlow.Sales.People;

namespace SalesFlow.Server.Tests.Hostile;

/// <summary>Other people's ids in every address: refused, and not a word of what they name.</summary>
[Collection(OneHostileServer.Name)]
public sealed class OtherPeoplesIdsTests(HostileServer server)
{
    // What stands before an id that is nobody's own: everybody may read it, or a role decides (the role matrix says so).
    private static readonly string[] NobodysOwn = ["pipelines", "stages", "versions", "board", "templates", "pipeline", "effects", "openapi"];

    [Theory]
    [InlineData(Roles.Rep)]
    [InlineData(Roles.Approver)]
    public async Task Every_address_with_somebody_elses_id_refuses_and_tells_nothing(string person)
    {
        var (client, before, flaws) = (server.As(person), await server.FingerprintsAsync(), new List<string>());
        foreach (var call in Calls.Of(server).Where(call => call.HasId))
        {
            var body = call.TakesJson ? Calls.Body(call, server.Foreign).ToJsonString() : null;
            var path = call.Path((before, name) => IdOf(call, before, name));
            var (answer, text) = await Calls.SendAsync(client, call, path, body);
            var isOpen = NobodysOwn.Contains(call.Route.Split('/', StringSplitOptions.RemoveEmptyEntries).Last(part => !part.Contains('{', StringComparison.Ordinal))) || NobodysOwn.Contains(call.Route.Split('/')[call.IsApi ? 2 : 1]);
            if (text.Contains(HostileServer.Secret, StringComparison.OrdinalIgnoreCase))
                flaws.Add($"{path} tells {person}: {text}");
            // Pages come empty, and ask for what they show as the one who looks; the browser's tests look at them.
            if (!isOpen && !call.IsPage && answer.StatusCode is not (HttpStatusCode.NotFound or HttpStatusCode.Forbidden))
                flaws.Add($"{call.Method} {path} answers {person} with {(int)answer.StatusCode}: {text}");
            if (Calls.Flaw(call, "somebody else's id", answer, text) is { } flaw)
                flaws.Add(flaw);
        }

        Verdict.AssertNone(flaws);
        Verdict.AssertSame(before, await server.FingerprintsAsync());
    }

    [Theory]
    [InlineData(Roles.Rep)]
    [InlineData(Roles.Approver)]
    public async Task No_list_and_no_page_shows_what_is_somebody_elses(string person)
    {
        var (client, flaws) = (server.As(person), new List<string>());
        foreach (var call in Calls.Of(server).Where(call => call is { HasId: false, Method: "GET" }))
            foreach (var filter in new[] { "", $"?deal={server.Foreign.Deal}", "?assignee=rep2&status=all", $"?owner=rep2&q={HostileServer.Secret}&pipeline={HostileServer.Pipeline}&limit=500&state=open", $"?pipeline={HostileServer.Pipeline}" })
            {
                var (answer, text) = await Calls.SendAsync(client, call, call.Path((_, _) => "") + filter);
                if (text.Replace($"q={HostileServer.Secret}", "", StringComparison.Ordinal).Contains(HostileServer.Secret, StringComparison.OrdinalIgnoreCase))
                    flaws.Add($"{call.Name}{filter} tells {person}: {text[..Math.Min(text.Length, 3000)]}");
                if (Calls.Flaw(call, filter, answer, text) is { } flaw)
                    flaws.Add(flaw);
            }

        Verdict.AssertNone(flaws);
    }

    [Fact]
    public async Task Somebody_elses_ids_inside_a_body_are_refused_one_by_one()
    {
        var before = await server.FingerprintsAsync();
        foreach (var action in new[] { "claim", "return", "reassign", "snooze", "wait", "goOn" })
        {
            var answer = await server.As(Roles.Rep).PostAsJsonAsync("/api/tasks/bulk", new { action, tasks = new[] { server.Foreign.Task }, reason = "r", user = "rep", until = DateTimeOffset.UtcNow.AddDays(1) });
            var row = (await answer.Content.ReadFromJsonAsync<JsonObject>())!["items"]![0]!;
            Assert.False(row["done"]!.GetValue<bool>());
            Assert.DoesNotContain(HostileServer.Secret, row.ToJsonString(), StringComparison.OrdinalIgnoreCase);
        }

        Verdict.AssertSame(before, await server.FingerprintsAsync());
    }

    [Theory]
    [InlineData(Roles.ProcessOwner)]
    public async Task Who_reads_everything_changes_nothing(string person)
    {
        var (client, before, flaws) = (server.As(person), await server.FingerprintsAsync(), new List<string>());
        foreach (var call in Calls.Of(server).Where(call => call is { HasId: true, IsApi: true, Method: not "GET" } && !NobodysOwn.Contains(call.Route.Split('/')[2])))
        {
            var (answer, text) = await Calls.SendAsync(client, call, call.Path((before, name) => IdOf(call, before, name)), call.TakesJson ? Calls.Body(call, server.Foreign).ToJsonString() : null);
            if (answer.StatusCode is not (HttpStatusCode.NotFound or HttpStatusCode.Forbidden))
                flaws.Add($"{call.Name} answers {person} with {(int)answer.StatusCode}: {text}");
        }

        Verdict.AssertNone(flaws);
        Verdict.AssertSame(before, await server.FingerprintsAsync());
    }

    [Fact]
    public async Task Who_was_refused_is_in_the_log_by_number_and_route_without_a_name_or_a_secret()
    {
        await server.As(Roles.Rep).GetAsync($"/api/deals/{server.Foreign.Deal}");
        await server.As(Roles.Rep).PostAsJsonAsync("/api/users", new { });
        await server.Anonymous().GetAsync("/book/a-forged-link-that-nobody-made/meeting.ics?zone=x");
        await server.Anonymous().GetAsync("/calendar/a-forged-secret.ics");
        await server.Anonymous().GetAsync("/api/me");

        string[] expected = [$"GET /api/deals/{{id}} was refused with 404 to person {server.Own.User}", $"POST /api/users/ was refused with 403 to person {server.Own.User}", "GET /api/me was refused with 401 to person unknown", "/calendar/{secret}.ics was refused with 404"];
        // A line is written when its answer is on its way already.
        var (log, patience) = ("", DateTimeOffset.UtcNow.AddSeconds(30));
        while (!expected.All(line => log.Contains(line, StringComparison.Ordinal)) && DateTimeOffset.UtcNow < patience)
            log = string.Concat(Directory.GetFiles(Path.Combine(server.Folder, "logs")).Select(Read));

        Assert.All(expected, line => Assert.Contains(line, log, StringComparison.Ordinal));
        Assert.DoesNotContain("forged", log, StringComparison.Ordinal);
        Assert.DoesNotContain(HostileServer.Secret, log, StringComparison.OrdinalIgnoreCase);
    }

    // The server goes on writing it.
    private static string Read(string file)
    {
        using var open = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return open.ReadToEnd();
    }

    /// <summary>What rep2 has of that kind; a kind that the walk does not know fails the test.</summary>
    private string IdOf(Call call, string before, string name) => (before, name) switch
    {
        ("deals" or "workflow-instances", _) => server.Foreign.Deal,
        ("tasks" or "approvals", _) => server.Foreign.Task,
        ("documents", _) => server.Foreign.Document,
        ("meetings", _) => server.Foreign.Meeting,
        ("mails", _) => server.Foreign.Mail,
        ("mentions", _) => server.Foreign.Mention,
        ("notifications", _) => server.Foreign.Notification,
        ("users" or "people", _) => server.Foreign.User,
        ("teams", _) => "none",
        ("absences", _) => server.Foreign.Absence,
        ("files", _) or ("versions", _) or ("numbers", _) => "1",
        ("effects", _) => $"{server.Foreign.Deal}-1",
        ("pipelines" or "pipeline", _) => HostileServer.Pipeline,
        ("stages" or "board", _) => "first",
        ("openapi", _) => "v1",
        ("templates", _) => "offer.en",
        _ when call.IsElsa || call.Route.StartsWith("/studio/", StringComparison.Ordinal) => server.Foreign.Deal,
        _ => throw new InvalidOperationException($"The hostile walk knows no id for '{{{name}}}' after '{before}' in '{call.Name}': say in {nameof(IdOf)} which thing of rep2 it is."),
    };
}
