using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace SalesFlow.Server.Tests;

/// <summary>Sets that were made to do harm, or that only went wrong on their way.</summary>
[Collection(OneServer.Name)]
public sealed class HostileSetTests(RunningServer server)
{
    [Theory]
    [InlineData("no zip at all")]
    [InlineData("traversal")]
    [InlineData("bomb")]
    [InlineData("twice")]
    [InlineData("same id")]
    [InlineData("latin1")]
    [InlineData("circle")]
    [InlineData("manifest")]
    [InlineData("newer")]
    [InlineData("many")]
    [InlineData("deep")]
    [InlineData("calendar")]
    [InlineData("template")]
    public async Task A_hostile_file_is_refused_by_the_name_of_what_is_wrong_and_nothing_comes_in(string kind)
    {
        var before = await SetTests.ExportAsync(server);
        var (bytes, culprit) = Hostile(kind, before);

        var problem = await HttpFacts.AssertProblemAsync(await SetTests.PostAsync(server, bytes, dryRun: false), HttpStatusCode.BadRequest);

        Assert.Contains(culprit, problem["errors"]!.AsObject().Select(error => error.Key));
        Assert.Equal(before, await SetTests.ExportAsync(server));
    }

    private static (byte[] Bytes, string Culprit) Hostile(string kind, byte[] set) => kind switch
    {
        "no zip at all" => (Encoding.UTF8.GetBytes("PK but not quite"), "set.json"),
        "traversal" => (SetTests.With(set, ("templates/../../evil.ru.scriban", "x"u8.ToArray())), "templates/../../evil.ru.scriban"),
        "bomb" => (SetTests.With(set, ("definitions/bomb.json", new byte[30 << 20])), "definitions/bomb.json"),
        "twice" => (SetTests.With(set, ("definitions/terms-approval.json", "{}"u8.ToArray())), "definitions/terms-approval.json"),
        "same id" => (SetTests.With(set, ("definitions/copy.json", """{"definitionId":"terms-approval","root":{"id":"a","type":"Elsa.Sequence"}}"""u8.ToArray())), "definitions/copy.json"),
        "latin1" => (SetTests.With(set, ("templates/letter.ru.scriban", [0x41, 0xE9, 0xFF, 0x42])), "templates/letter.ru.scriban"),
        "circle" => (SetTests.With(set, ("definitions/a.json", Using("a", "b")), ("definitions/b.json", Using("b", "a"))), "definitions/a.json"),
        "manifest" => (SetTests.With(null, ("templates/letter.ru.scriban", "x"u8.ToArray())), "set.json"),
        "newer" => (SetTests.With(null, ("set.json", """{"format":"salesflow-set","version":2}"""u8.ToArray())), "set.json"),
        "many" => (SetTests.With(null, [.. Enumerable.Range(0, 1_001).Select(i => ($"templates/t{i}.ru.scriban", Array.Empty<byte>()))]), "set.json"),
        "deep" => (SetTests.With(set, ("definitions/deep.json", Encoding.UTF8.GetBytes($"{{\"definitionId\":\"deep\",\"root\":{new string('[', 5_000)}{new string(']', 5_000)}}}"))), "definitions/deep.json"),
        "calendar" => (SetTests.With(set, ("calendars/mars.json", """{"zone":"Mars/Olympus"}"""u8.ToArray())), "calendars/mars.json"),
        "template" => (SetTests.With(set, ("templates/letter.ru.scriban", "{{ if }"u8.ToArray())), "templates/letter.ru.scriban"),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "unknown"),
    };

    private static byte[] Using(string id, string used) => Encoding.UTF8.GetBytes($$$"""
        {"definitionId":"{{{id}}}","name":"{{{id}}}","options":{"usableAsActivity":true},"root":{"id":"f-{{{id}}}","type":"Elsa.Flowchart","activities":[{"id":"u-{{{id}}}","type":"{{{used}}}","workflowDefinitionId":"{{{used}}}"}],"connections":[]}}
        """);
}
