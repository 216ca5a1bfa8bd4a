using System.Globalization;
using System.Text.RegularExpressions;
using SalesFlow.Sales.People;

namespace SalesFlow.Server.Tests.Hostile;

/// <summary>Ids, filters and bodies that no client of ours would send: each is refused with a sentence, none is a failure of the server, and nothing changes.</summary>
[Collection(OneHostileServer.Name)]
public sealed partial class OddInputTests(HostileServer server)
{
    private static readonly string Long = new('x', 3_000), Megabyte = new('x', (1 << 20) + 1);

    private static readonly string[] OddIds =
    [
        "999999999999", "-1", "0", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "1e9", "0x10", "abc", "%20", "%D9%A3", "..%2F..%2F..%2Fetc%2Fpasswd", "..%5C..%5Cboot.ini", "%3Cscript%3E", "1%27%20OR%20%271%27=%271",
        "%0D%0AX-Evil:%201", "%FF%FE", "%F0%9F%92%A3", "%ED%A0%80", "none", Long, "1,2", "null", "*", "%25%32%66",
    ];

    private static readonly string[] OddValues =
    [
        "", " ", "-1", "0", "99999999999999999999", "1e400", "NaN", "abc", "%27;DROP TABLE deals;--", "%3Cscript%3E", "%0D%0AX-Evil:1", "%FF%FE", "%ED%A0%80", "%00", "2026-13-45", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z",
        "0001-01-01T00:00:00%2B14:00", "9999-12-31T23:59:59-14:00", "[]", "{}", "MTIz", Long, "2147483648", "-2147483648", "true",
    ];

    // What is saved under a new name comes to be by that; Elsa's import is as free.
    private static readonly string[] MakesWhatItNames = ["PUT /api/templates/{key}", "POST /api/templates/{key}/preview", "PUT /elsa/api/workflow-definitions/{definitionId}/import"];

    // Of many tasks each has an answer of its own, and so has each mistake of a text that is only tried.
    private static readonly string[] AnswersOneByOne = ["POST /api/tasks/bulk", "POST /api/templates/{key}/preview"];

    // Elsa's handlers all read their filters by the same few methods.
    private static readonly string[] FewOddValues = ["-1", "%00"];

    [Fact]
    public async Task Ids_that_cannot_be_meant_are_refused_at_every_address()
    {
        var (client, before, flaws) = (server.As(Roles.Administrator), await server.FingerprintsAsync(), new List<string>());
        foreach (var call in Calls.Of(server).Where(call => call.HasId && !MakesWhatItNames.Contains(call.Name)))
            foreach (var id in OddIds)
            {
                var (answer, text) = await Calls.SendAsync(client, call, call.Path((_, _) => id), call.TakesJson ? Calls.Body(call, server.Own).ToJsonString() : null);
                if (Calls.Flaw(call, $"the id {Short(id)}", answer, text) is { } flaw)
                    flaws.Add(flaw);
                if (answer.IsSuccessStatusCode && call is { IsApi: true, Method: not "GET" })
                    flaws.Add($"{call.Name} accepts the id {Short(id)}");
                if (answer.Headers.Contains("X-Evil"))
                    flaws.Add($"{call.Name} lets a header in");
            }

        Verdict.AssertNone(flaws);
        Verdict.AssertSame(before, await server.FingerprintsAsync());
        foreach (var call in Calls.Of(server).Where(call => MakesWhatItNames.Contains(call.Name)))
            foreach (var id in OddIds)
                if (await Calls.SendAsync(client, call, call.Path((_, _) => id), call.TakesJson ? Calls.Body(call, server.Own).ToJsonString() : null) is var (answer, text) && Calls.Flaw(call, $"the id {Short(id)}", answer, text) is { } flaw)
                    flaws.Add(flaw);
        Verdict.AssertNone(flaws);
    }

    [Fact]
    public async Task Filters_that_mean_nothing_are_refused_or_find_nothing()
    {
        var (client, flaws, studio) = (server.As(Roles.Administrator), new List<string>(), StudioQueries());
        Assert.Contains("pageSize", studio);
        foreach (var call in Calls.Of(server).Where(call => call.Method == "GET" && (call.IsApi || call.IsElsa && !call.HasId)))
            foreach (var name in call.IsElsa ? studio : call.Queries)
                foreach (var value in call.IsElsa ? FewOddValues : OddValues)
                {
                    var others = string.Concat(call.Queries.Where(other => other is "pipeline" or "deal" && other != name).Select(other => other == "deal" ? $"&deal={server.Own.Deal}" : $"&pipeline={HostileServer.Pipeline}"));
                    var (answer, text) = await Calls.SendAsync(client, call, $"{call.Path((before, _) => IdOf(before))}?{name}={value}{others}");
                    if (Calls.Flaw(call, $"{name}={Short(value)}", answer, text) is { } flaw)
                        flaws.Add(flaw);
                }

        Verdict.AssertNone(flaws);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("5")]
    [InlineData("\"text\"")]
    [InlineData("true")]
    [InlineData("{")]
    [InlineData("{\"a\":1,}")]
    [InlineData("{\"zzzUnknown\":1}")]
    [InlineData("<xml/>")]
    [InlineData("deep object")]
    [InlineData("deep array")]
    [InlineData("half a character")]
    public async Task A_body_that_is_no_object_of_ours_is_refused_everywhere_and_changes_nothing(string kind)
    {
        var body = kind switch
        {
            "deep object" => string.Concat(Enumerable.Repeat("{\"fields\":", 100_000)),
            "deep array" => new string('[', 100_000),
            "half a character" => "{\"title\":\"\\ud800\"}",
            _ => kind,
        };
        var (client, before, flaws) = (server.As(Roles.Administrator), await server.FingerprintsAsync(), new List<string>());
        foreach (var call in Calls.Of(server).Where(call => call.TakesJson || !kind.Contains("zzz", StringComparison.Ordinal) && call is { IsElsa: true, Method: not ("GET" or "DELETE") }))
        {
            var (answer, text) = await Calls.SendAsync(client, call, call.Path((before, _) => call.IsElsa ? "999999999" : IdOf(before)), body);
            if (Calls.Flaw(call, $"the body {kind}", answer, text) is { } flaw)
                flaws.Add(flaw);
            if (call.IsApi && answer.StatusCode != System.Net.HttpStatusCode.BadRequest)
                flaws.Add($"{call.Name} answers the body {kind} with {(int)answer.StatusCode}: {text}");
        }

        Verdict.AssertNone(flaws);
        Verdict.AssertSame(before, await server.FingerprintsAsync());
    }

    [Fact]
    public async Task A_value_of_another_type_or_a_megabyte_of_text_is_refused_in_every_property_and_changes_nothing()
    {
        var (client, before, flaws) = (server.As(Roles.Administrator), await server.FingerprintsAsync(), new List<string>());
        foreach (var call in Calls.Of(server).Where(call => call.TakesJson))
            foreach (var (place, body) in Mutations.Of(Calls.Body(call, server.Own), Megabyte))
            {
                var (answer, text) = await Calls.SendAsync(client, call, call.Path((before, _) => call.IsElsa ? "999999999" : IdOf(before)), body);
                if (Calls.Flaw(call, place, answer, Short(text)) is { } flaw)
                    flaws.Add(flaw);
                if (answer.IsSuccessStatusCode && !AnswersOneByOne.Contains(call.Name))
                    flaws.Add($"{call.Name} accepts {place}");
            }

        Verdict.AssertNone(flaws);
        Verdict.AssertSame(before, await server.FingerprintsAsync());
    }

    private string IdOf(string before) => before switch
    {
        "deals" or "workflow-instances" => server.Own.Deal,
        "tasks" => server.Own.Task,
        "documents" => server.Own.Document,
        "meetings" => server.Own.Meeting,
        "mails" => server.Own.Mail,
        "users" or "people" => server.Own.User,
        "absences" => server.Own.Absence,
        "pipelines" => HostileServer.Pipeline,
        "stages" or "board" => "first",
        "templates" => "offer.en",
        _ => "1",
    };

    /// <summary>The names of the filters that Elsa's API reads, out of its source: its handlers declare none.</summary>
    private static IReadOnlyList<string> StudioQueries()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "SalesFlow.sln")))
            folder = folder.Parent!;
        return [.. Directory.GetFiles(Path.Combine(folder.FullName, "src", "SalesFlow.Studio"), "*.cs", SearchOption.AllDirectories).SelectMany(file => QueryName().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value)), .. new[] { "page", "pageSize" }];
    }

    private static string Short(string text) => text.Length < 300 ? text : string.Create(CultureInfo.InvariantCulture, $"{text[..200]}… ({text.Length} characters)");

    [GeneratedRegex("""\.(?:Text|Texts|Whole|Flag|Word<\w+>|Words<\w+>)\("(\w+)"\)""")]
    private static partial Regex QueryName();
}
