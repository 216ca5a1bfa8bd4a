using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace SalesFlow.Studio.Tests;

/// <summary>A definition that was imported, looked at and exported again says what it said, alone as JSON and among others in a ZIP.</summary>
public sealed class RoundTripTests(StudioServer server) : IClassFixture<StudioServer>
{
    /// <summary>What belongs to the server that a definition is on, not to what it says.</summary>
    private static readonly string[] OfTheServer = ["$schema", "id", "version", "createdAt", "isLatest", "isPublished", "isReadonly", "isSystem", "tenantId", "links", "nodeId"];

    private static readonly string Workflows = Path.Combine(AppContext.BaseDirectory, "workflows"), Cases = Path.Combine(AppContext.BaseDirectory, "elsa-cases");

    public static TheoryData<string> Sets => ["shipped", "plain", "event", "exported"];

    [Theory]
    [MemberData(nameof(Sets))]
    public async Task Every_definition_comes_out_as_it_went_in(string set)
    {
        var client = server.Client();
        var (different, documents) = (new List<string>(), Documents(set));
        Assert.NotEmpty(documents);

        foreach (var document in documents)
        {
            var imported = await ImportAsync(client, document);
            var id = imported["definitionId"]!.GetValue<string>();
            await client.GetStringAsync($"/elsa/api/workflow-definitions/by-definition-id/{id}?versionOptions=Latest");
            var exported = JsonNode.Parse(await client.GetStringAsync($"/elsa/api/workflow-definitions/{id}/export?versionOptions=Latest"))!;
            Compare(document, exported, id, different);
        }

        Assert.True(different.Count == 0, string.Join("\n", different.Take(20)));
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public async Task A_zip_of_them_changes_nothing_where_it_came_from_and_says_the_same_elsewhere(string set)
    {
        var (client, different) = (server.Client(), new List<string>());
        var imported = new List<JsonObject>();
        foreach (var document in Documents(set))
            imported.Add(await ImportAsync(client, document));
        var ids = imported.Select(one => one["id"]!.GetValue<string>()).Distinct().ToList();
        var versions = await VersionsAsync(client);

        var zip = await ZipAsync(client, ids);
        using (var again = await SendAsync(client, zip))
            Assert.True(again.IsSuccessStatusCode, await again.Content.ReadAsStringAsync());

        Assert.Equal(versions, await VersionsAsync(client));
        await using var elsewhere = new StudioServer();
        await elsewhere.InitializeAsync();
        using (var there = await SendAsync(elsewhere.Client(), zip))
            Assert.True(there.IsSuccessStatusCode, await there.Content.ReadAsStringAsync());
        foreach (var id in imported.Select(one => one["definitionId"]!.GetValue<string>()).Distinct())
        {
            var (here, there) = (await ExportAsync(client, id), await ExportAsync(elsewhere.Client(), id));
            Compare(here, there, id, different);
            Compare(there, here, id, different);
        }
        Assert.True(different.Count == 0, string.Join("\n", different.Take(20)));
    }

    [Fact]
    public async Task A_definition_that_Studio_saves_as_it_read_it_is_unchanged()
    {
        var (client, different) = (server.Client(), new List<string>());
        foreach (var document in Documents("shipped"))
        {
            var id = (await ImportAsync(client, document))["definitionId"]!.GetValue<string>();
            var read = JsonNode.Parse(await client.GetStringAsync($"/elsa/api/workflow-definitions/by-definition-id/{id}?versionOptions=Latest"))!;
            using var saved = await client.PostAsync("/elsa/api/workflow-definitions", Content(new JsonObject { ["model"] = read, ["publish"] = false }));
            Assert.True(saved.IsSuccessStatusCode, await saved.Content.ReadAsStringAsync());
            Compare(document, await ExportAsync(client, id), id, different);
        }
        Assert.True(different.Count == 0, string.Join("\n", different.Take(20)));
    }

    private static List<JsonObject> Documents(string set) => set switch
    {
        "shipped" => [.. Directory.EnumerateFiles(Workflows, "*.json").Order().Select(file => JsonNode.Parse(File.ReadAllText(file))!.AsObject())],
        "exported" => [.. Load("plain").Concat(Load("event")).Select(one => one["exported"]).OfType<JsonObject>().Select(Own)],
        _ => [.. Load(set).Select(one => Own(one["definition"]!.AsObject()))],
    };

    private static IEnumerable<JsonObject> Load(string file) => JsonNode.Parse(File.ReadAllText(Path.Combine(Cases, file + ".json")))!.AsArray().Select(one => one!.AsObject());

    private static JsonObject Own(JsonObject document) => document.DeepClone().AsObject();

    /// <summary>Everything of the first document that says something must be in the second: nulls, empty lists and empty objects say nothing.</summary>
    private static void Compare(JsonNode? before, JsonNode? after, string path, List<string> different)
    {
        if (Says(before) is false)
            return;
        if (before is JsonObject members && after is JsonObject others)
        {
            foreach (var (name, value) in members)
                if (!OfTheServer.Contains(name) || path.Contains(".root", StringComparison.Ordinal) && name is "id" or "version")
                    Compare(value, others[name], $"{path}.{name}", different);
        }
        else if (before is JsonArray items && after is JsonArray others2 && items.Count == others2.Count)
            for (var i = 0; i < items.Count; i++)
                Compare(items[i], others2[i], $"{path}[{i}]", different);
        else if (!JsonNode.DeepEquals(Inner(before), Inner(after)))
            different.Add($"{path}: {before!.ToJsonString()[..Math.Min(120, before.ToJsonString().Length)]} became {after?.ToJsonString()}");
    }

    /// <summary>A text that is JSON itself, such as a list of outcomes, may be spaced otherwise.</summary>
    private static JsonNode? Inner(JsonNode? node)
    {
        if (node is not JsonValue value || !value.TryGetValue(out string? text) || text is not (['[', ..] or ['{', ..]))
            return node;
        try
        {
            return JsonNode.Parse(text);
        }
        catch (System.Text.Json.JsonException)
        {
            return node;
        }
    }

    private static bool Says(JsonNode? node) => node switch { null => false, JsonArray list => list.Count > 0, JsonObject members => members.Any(member => Says(member.Value)), _ => true };

    private static async Task<JsonObject> ImportAsync(HttpClient client, JsonObject document)
    {
        using var answer = await client.PostAsync("/elsa/api/workflow-definitions/import", Content(document));
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!.AsObject();
    }

    private static async Task<JsonObject> ExportAsync(HttpClient client, string id) => JsonNode.Parse(await client.GetStringAsync($"/elsa/api/workflow-definitions/{id}/export?versionOptions=Latest"))!.AsObject();

    private static async Task<byte[]> ZipAsync(HttpClient client, IEnumerable<string> versionIds)
    {
        using var answer = await client.PostAsync("/elsa/api/bulk-actions/export/workflow-definitions", Content(new JsonObject { ["ids"] = new JsonArray([.. versionIds.Select(id => JsonValue.Create(id))]) }));
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return await answer.Content.ReadAsByteArrayAsync();
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient client, byte[] zip)
    {
        using var form = new MultipartFormDataContent();
        var file = new ByteArrayContent(zip);
        file.Headers.ContentType = new MediaTypeHeaderValue("application/zip");
        form.Add(file, "files", "set.zip");
        return await client.PostAsync("/elsa/api/workflow-definitions/import-files", form);
    }

    /// <summary>Which versions there are of every definition.</summary>
    private static async Task<string> VersionsAsync(HttpClient client) => string.Join(" ", JsonNode.Parse(await client.GetStringAsync("/elsa/api/workflow-definitions?versionOptions=AllVersions"))!["items"]!.AsArray().Select(item => $"{item!["id"]}"));

    private static StringContent Content(JsonObject json) => new(json.ToJsonString(), Encoding.UTF8, "application/json");
}
