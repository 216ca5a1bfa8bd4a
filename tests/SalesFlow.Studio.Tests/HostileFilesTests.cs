using System.Diagnostics;
using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SalesFlow.Studio.Tests;

/// <summary>Files from strangers: each is taken whole or refused in words, and nothing of a refused one stays.</summary>
public sealed class HostileFilesTests(StudioServer server) : IClassFixture<StudioServer>
{
    private const string Import = "/elsa/api/workflow-definitions/import-files", ImportInstances = "/elsa/api/bulk-actions/import/workflow-instances";

    [Theory]
    [InlineData(Import)]
    [InlineData(ImportInstances)]
    public async Task An_archive_that_unpacks_to_hundreds_of_megabytes_is_not_unpacked(string path)
    {
        var started = Stopwatch.GetTimestamp();
        var before = GC.GetTotalAllocatedBytes();

        await RefusedAsync(path, ("bomb.zip", Zip(("good.json", Bytes(Definition("bomb-good"))), ("bomb.json", new byte[300 << 20]))));

        Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(20));
        // 300 MB were made here; what the server read of them is limited.
        Assert.True(GC.GetTotalAllocatedBytes() - before < 1_200L << 20);
        await NothingCameAsync("bomb-good");
    }

    [Theory]
    [InlineData("../outside.json")]
    [InlineData("..\\outside.json")]
    [InlineData("/etc/outside.json")]
    [InlineData("C:\\outside.json")]
    [InlineData("a/../../outside.json")]
    public async Task A_name_that_leads_out_of_the_archive_is_refused(string name)
    {
        var problem = await RefusedAsync(Import, ("set.zip", Zip(("good.json", Bytes(Definition("path-good"))), (name, Bytes(Definition("path-bad"))))));

        Assert.Contains(name, problem, StringComparison.Ordinal);
        await NothingCameAsync("path-good", "path-bad");
    }

    [Fact]
    public async Task Names_with_folders_are_only_names()
    {
        using var answer = await SendAsync(Import, ("set.zip", Zip(("folder/inner/good.json", Bytes(Definition("folder-good"))))));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await server.Client().GetAsync("/elsa/api/workflow-definitions/by-definition-id/folder-good")).StatusCode);
    }

    [Fact]
    public async Task One_id_twice_is_refused_and_both_files_are_named()
    {
        var problem = await RefusedAsync(Import, ("one.json", Bytes(Definition("twice"))), ("set.zip", Zip(("two.json", Bytes(Definition("twice"))))));

        Assert.Contains("one.json", problem, StringComparison.Ordinal);
        Assert.Contains("two.json", problem, StringComparison.Ordinal);
        await NothingCameAsync("twice");
    }

    [Fact]
    public async Task One_activity_id_twice_is_refused_and_the_activity_is_named()
    {
        var problem = await RefusedAsync(Import, ("good.json", Bytes(Definition("twins-good"))), ("twins.json", Bytes(Definition("twins", Line("same"), Line("same")))));

        Assert.Contains("same: 'same' is used by another activity", problem, StringComparison.Ordinal);
        await NothingCameAsync("twins", "twins-good");
    }

    [Theory]
    [InlineData("utf-16")]
    [InlineData("utf-32")]
    [InlineData("iso-8859-1")]
    public async Task Text_that_is_not_utf8_is_refused(string encoding)
    {
        var text = Definition("кодировка-é").ToJsonString(new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

        await RefusedAsync(Import, ("good.json", Bytes(Definition("encoding-good"))), ("other.json", Encoding.GetEncoding(encoding).GetBytes(text.Replace("кодировка-", encoding == "iso-8859-1" ? "" : "кодировка-", StringComparison.Ordinal))));

        await NothingCameAsync("encoding-good");
    }

    [Fact]
    public async Task A_byte_order_mark_is_no_mistake()
    {
        using var answer = await SendAsync(Import, ("marked.json", [0xEF, 0xBB, 0xBF, .. Bytes(Definition("marked"))]));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Ten_thousand_activities_come_and_go_in_seconds()
    {
        var lines = Enumerable.Range(0, 10_000).Select(i => Line($"line-{i}")).ToArray();
        var definition = Definition("vast", lines);
        definition["root"]!["connections"] = new JsonArray([.. Enumerable.Range(1, 9_999).Select(i => (JsonNode)new JsonObject { ["source"] = new JsonObject { ["activity"] = $"line-{i - 1}", ["port"] = "Done" }, ["target"] = new JsonObject { ["activity"] = $"line-{i}", ["port"] = "In" } })]);
        var started = Stopwatch.GetTimestamp();

        using var answer = await SendAsync(Import, ("vast.json", Bytes(definition)));
        Assert.True(answer.StatusCode == HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        var view = JsonNode.Parse(await server.Client().GetStringAsync("/elsa/api/workflow-definitions/by-definition-id/vast"))!;

        Assert.Equal(10_000, view["root"]!["activities"]!.AsArray().Count);
        Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(30), $"{Stopwatch.GetElapsedTime(started)}");
    }

    [Fact]
    public async Task Definitions_that_use_each_other_in_a_circle_are_refused()
    {
        JsonObject[] circle = [.. Enumerable.Range(0, 3).Select(i => Definition($"circle-{i}", User($"circle-{(i + 1) % 3}")))];

        var problem = await RefusedAsync(Import, ("good.json", Bytes(Definition("circle-good"))), ("circle.zip", Zip([.. circle.Select((definition, i) => ($"{i}.json", Bytes(definition)))])));

        Assert.Contains("user: ", problem, StringComparison.Ordinal);
        Assert.Contains("circle-0 → circle-1 → circle-2 → circle-0", problem, StringComparison.Ordinal);
        await NothingCameAsync("circle-0", "circle-1", "circle-2", "circle-good");
    }

    [Fact]
    public async Task A_definition_that_uses_itself_is_refused_and_the_activity_is_named()
    {
        var problem = await RefusedAsync(Import, ("self.json", Bytes(Definition("self", User("self")))));

        Assert.Contains("user: ", problem, StringComparison.Ordinal);
        Assert.Contains("self → self", problem, StringComparison.Ordinal);
        await NothingCameAsync("self");
    }

    [Fact]
    public async Task A_definition_that_closes_a_circle_with_one_that_is_here_is_refused()
    {
        using var first = await SendAsync(Import, ("half-a.json", Bytes(Definition("half-a", User("half-b")))));
        Assert.Equal(HttpStatusCode.OK, first.StatusCode);

        var problem = await RefusedAsync(Import, ("half-b.json", Bytes(Definition("half-b", User("half-a")))));

        Assert.Contains("half-b → half-a → half-b", problem, StringComparison.Ordinal);
        await NothingCameAsync("half-b");
    }

    [Fact]
    public async Task Starting_itself_is_no_circle()
    {
        var again = Line("again");
        (again["type"], again["workflowDefinitionId"]) = ("Elsa.DispatchWorkflow", "restarts");

        using var answer = await SendAsync(Import, ("restarts.json", Bytes(Definition("restarts", again))));

        Assert.True(answer.StatusCode == HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
    }

    public static TheoryData<string, byte[]> Broken => new()
    {
        { "no-zip.zip", "PK this is no archive"u8.ToArray() }, { "empty.zip", [] }, { "cut.zip", Zip(("a.json", Bytes(Definition("cut"))))[..^30] },
        { "empty.json", [] }, { "list.json", "[]"u8.ToArray() }, { "number.json", "7"u8.ToArray() }, { "cut.json", Bytes(Definition("cut"))[..^9] }, { "root.json", """{"definitionId":"bad-root","root":7}"""u8.ToArray() },
        { "deep.json", Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{\"root\":", 3_000)) + "{}" + new string('}', 3_000)) }, { "nul.json", Encoding.UTF8.GetBytes("""{"definitionId":"nul\u0000id","name":"x","root":{"id":"r","type":"Elsa.Flowchart","activities":[],"connections":[]}}""") },
        { "many.zip", Zip([.. Enumerable.Range(0, 1_500).Select(i => ($"{i}.json", "{}"u8.ToArray()))]) },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public async Task A_broken_file_is_refused_and_takes_the_good_ones_with_it(string name, byte[] content)
    {
        await RefusedAsync(Import, ("good.json", Bytes(Definition("beside-good"))), (name, content));

        await NothingCameAsync("beside-good", "cut", "bad-root");
    }

    [Theory]
    [MemberData(nameof(Broken))]
    public Task A_broken_file_of_instances_is_refused(string name, byte[] content) => RefusedAsync(ImportInstances, (name, content));

    private static JsonObject Definition(string id, params JsonObject[] activities) => new()
    {
        ["definitionId"] = id, ["name"] = id, ["version"] = 1, ["root"] = new JsonObject { ["id"] = "flow", ["type"] = "Elsa.Flowchart", ["version"] = 1, ["activities"] = new JsonArray([.. activities]), ["connections"] = new JsonArray() },
        ["options"] = new JsonObject { ["usableAsActivity"] = true },
    };

    private static JsonObject Line(string id) => new() { ["id"] = id, ["type"] = "Elsa.WriteLine", ["version"] = 1, ["text"] = new JsonObject { ["typeName"] = "String", ["expression"] = new JsonObject { ["type"] = "Literal", ["value"] = id } } };

    private static JsonObject User(string definitionId) => new() { ["id"] = "user", ["type"] = definitionId, ["version"] = 1, ["workflowDefinitionId"] = definitionId };

    private static byte[] Bytes(JsonObject definition) => Encoding.UTF8.GetBytes(definition.ToJsonString());

    private static byte[] Zip(params (string Name, byte[] Content)[] files)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var (name, content) in files)
            {
                using var entry = zip.CreateEntry(name).Open();
                entry.Write(content);
            }
        return bytes.ToArray();
    }

    private async Task<HttpResponseMessage> SendAsync(string path, params (string Name, byte[] Content)[] files)
    {
        using var form = new MultipartFormDataContent();
        foreach (var (name, content) in files)
            form.Add(new ByteArrayContent(content), "files", name);
        return await server.Client().PostAsync(path, form);
    }

    private async Task<string> RefusedAsync(string path, params (string Name, byte[] Content)[] files)
    {
        using var answer = await SendAsync(path, files);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.BadRequest && answer.Content.Headers.ContentType?.MediaType == "application/problem+json", $"{(int)answer.StatusCode} {text}");
        return JsonNode.Parse(text)!["errors"]!.AsObject().SelectMany(error => error.Value!.AsArray()).Select(message => message!.GetValue<string>()).Aggregate((one, other) => $"{one} {other}");
    }

    private async Task NothingCameAsync(params string[] ids)
    {
        foreach (var id in ids)
            Assert.Equal(HttpStatusCode.NotFound, (await server.Client().GetAsync($"/elsa/api/workflow-definitions/by-definition-id/{id}")).StatusCode);
    }
}
