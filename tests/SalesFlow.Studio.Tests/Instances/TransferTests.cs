using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using SalesFlow.Engine;
using SalesFlow.Runtime;

namespace SalesFlow.Studio.Tests.Instances;

[Collection(OneStudio.Name)]
public sealed class TransferTests(StudioServer server)
{
    private const string Waits = """
        {"definitionId": "travels", "name": "Travels", "root": {"id": "flow", "type": "Elsa.Flowchart", "version": 1, "activities": [
          {"id": "wait", "type": "Elsa.Event", "version": 1, "eventName": {"typeName": "String", "expression": {"type": "Literal", "value": "travels-on"}}}]}}
        """;

    private readonly HttpClient _studio = server.Client();

    [Fact]
    public async Task An_exported_instance_that_was_deleted_comes_back_and_goes_on_where_it_waited()
    {
        var id = await StartAsync();
        var file = await _studio.GetByteArrayAsync($"/elsa/api/workflow-instances/{id}/export");
        await _studio.DeleteAsync($"/elsa/api/workflow-instances/{id}");

        Assert.Equal(1, await ImportAsync(("instance.json", file)));
        Assert.Equal(0, await ImportAsync(("instance.json", file)));
        await _studio.PostAsJsonAsync("/elsa/api/events/travels-on/trigger", new { workflowInstanceId = id });

        var journal = (await _studio.GetFromJsonAsync<JsonObject>($"/elsa/api/workflow-instances/{id}/journal"))!["items"]!.AsArray();
        Assert.Equal(["Workflow1 Started", "flow Started", "wait Started", "wait Suspended", "wait Resumed", "wait Completed", "flow Completed", "Workflow1 Completed"],
            journal.Select(line => $"{line!["activityId"]} {line["eventName"]}"));
    }

    [Fact]
    public async Task Several_instances_travel_in_one_archive()
    {
        var (one, other) = (await StartAsync(), await StartAsync());

        var exported = await _studio.PostAsJsonAsync("/elsa/api/bulk-actions/export/workflow-instances", new { ids = new[] { one, other } });
        var file = await exported.Content.ReadAsByteArrayAsync();
        await _studio.PostAsJsonAsync("/elsa/api/bulk-actions/delete/workflow-instances/by-id", new { ids = new[] { one, other } });

        Assert.Equal("workflow-instances.zip", exported.Content.Headers.ContentDisposition!.FileName);
        Assert.Equal(2, await ImportAsync(("instances.zip", file)));
        Assert.Equal(HttpStatusCode.OK, (await _studio.GetAsync($"/elsa/api/workflow-instances/{other}")).StatusCode);
    }

    [Fact]
    public async Task An_id_that_was_never_given_out_here_is_replaced()
    {
        var id = await StartAsync();
        var file = JsonNode.Parse(await _studio.GetStringAsync($"/elsa/api/workflow-instances/{id}/export"))!;
        var own = file["SalesFlow"]!;
        own["state"]!["i"] = 1L << 40;
        var before = await CountAsync();

        Assert.Equal(1, await ImportAsync(("foreign.json", Encoding.UTF8.GetBytes(file.ToJsonString()))));

        Assert.Equal(before + 1, await CountAsync());
        Assert.Equal(HttpStatusCode.NotFound, (await _studio.GetAsync($"/elsa/api/workflow-instances/{1L << 40}")).StatusCode);
    }

    [Theory]
    [InlineData("nothing.json", "[1, 2", "is not an exported instance")]
    [InlineData("elsa.json", "{\"WorkflowState\": {}}", "was not exported by SalesFlow")]
    [InlineData("state.json", "{\"SalesFlow\": {\"state\": {\"i\": 1}, \"journal\": []}}", "is not an exported instance")]
    [InlineData("broken.zip", "PK no archive at all", "is no ZIP file that can be read")]
    public async Task A_file_that_is_no_exported_instance_is_refused_and_named(string name, string content, string words)
    {
        var answer = await SendAsync((name, Encoding.UTF8.GetBytes(content)));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains($"'{name}' {words}", await ErrorAsync(answer), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_bad_file_keeps_the_good_ones_out_too()
    {
        var id = await StartAsync();
        var good = await _studio.GetByteArrayAsync($"/elsa/api/workflow-instances/{id}/export");
        await _studio.DeleteAsync($"/elsa/api/workflow-instances/{id}");
        var stranger = JsonNode.Parse(good)!;
        stranger["SalesFlow"]!["definitionVersionId"] = "nowhere";
        stranger["SalesFlow"]!["createdAt"] = "2020-01-01T00:00:00Z";

        var answer = await SendAsync(("good.json", good), ("bad.json", Encoding.UTF8.GetBytes(stranger.ToJsonString())));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("'nowhere'", await ErrorAsync(answer), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await _studio.GetAsync($"/elsa/api/workflow-instances/{id}")).StatusCode);
    }

    [Fact]
    public async Task An_archive_that_unpacks_to_too_much_is_refused()
    {
        using var bomb = new MemoryStream();
        using (var archive = new ZipArchive(bomb, ZipArchiveMode.Create, leaveOpen: true))
        {
            await using var entry = archive.CreateEntry("../../big.json").Open();
            var zeros = new byte[1 << 20];
            for (var i = 0; i < 70; i++)
                await entry.WriteAsync(zeros);
        }

        var answer = await SendAsync(("bomb.zip", bomb.ToArray()));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("is larger than 64 MB", await ErrorAsync(answer), StringComparison.Ordinal);
    }

    private async Task<string> StartAsync()
    {
        var (definitions, runtime) = (server.App.Services.GetRequiredService<DefinitionStore>(), server.App.Services.GetRequiredService<WorkflowRuntime>());
        await definitions.SeedAsync([Waits], default);
        return (await runtime.StartAsync("travels", new Stimulus.Start(), Facts.None, [], new InstanceId(await runtime.NextIdAsync(default)), default)).Instance.ToString();
    }

    private async Task<int> ImportAsync(params (string Name, byte[] Content)[] files)
    {
        var answer = await SendAsync(files);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonObject>())!["count"]!.GetValue<int>();
    }

    private async Task<HttpResponseMessage> SendAsync(params (string Name, byte[] Content)[] files)
    {
        using var form = new MultipartFormDataContent();
        foreach (var (name, content) in files)
        {
            var part = new ByteArrayContent(content);
            part.Headers.ContentType = new MediaTypeHeaderValue(name.EndsWith(".zip", StringComparison.Ordinal) ? "application/zip" : "application/json");
            form.Add(part, "files", name);
        }
        return await _studio.PostAsync("/elsa/api/bulk-actions/import/workflow-instances", form);
    }

    private async Task<long> CountAsync() =>
        (await (await _studio.PostAsJsonAsync("/elsa/api/workflow-instances", new { page = 0, pageSize = 1, definitionIds = new[] { "travels" } })).Content.ReadFromJsonAsync<JsonObject>())!["totalCount"]!.GetValue<long>();

    private static async Task<string> ErrorAsync(HttpResponseMessage answer) => (await answer.Content.ReadFromJsonAsync<JsonObject>())!["errors"]!["generalErrors"]![0]!.GetValue<string>();
}
