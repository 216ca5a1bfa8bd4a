using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace SalesFlow.Studio.Tests;

/// <summary>A definition goes when somebody deletes it, unless a process that is in force, or that instances still run, is made of it.</summary>
public sealed class DeletingTests(StudioServer server) : IClassFixture<StudioServer>
{
    [Fact]
    public async Task What_a_published_process_is_made_of_is_not_deleted()
    {
        await UsedAsync("one");

        var refused = await server.Client().DeleteAsync("/elsa/api/workflow-definitions/inner-one");

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains("version 1 of 'outer-one' is made of it and is published", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, (await server.Client().PostAsJsonAsync("/elsa/api/bulk-actions/delete/workflow-definitions/by-definition-id", new { definitionIds = new[] { "inner-one" } })).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await server.Client().GetAsync("/elsa/api/workflow-definitions/by-definition-id/inner-one")).StatusCode);
    }

    [Fact]
    public async Task Nor_is_what_instances_are_still_running_until_they_end()
    {
        await UsedAsync("two");
        var instance = (await server.Client().PostAsJsonAsync("/elsa/api/workflow-definitions/outer-two/execute", new { })).Headers.GetValues("x-elsa-workflow-instance-id").Single();
        (await server.Client().PostAsJsonAsync("/elsa/api/workflow-definitions/outer-two/retract", new { })).EnsureSuccessStatusCode();

        var refused = await server.Client().DeleteAsync("/elsa/api/workflow-definitions/inner-two");
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains("has running instances", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        (await server.Client().PostAsJsonAsync($"/elsa/api/cancel/workflow-instances/{instance}", new { })).EnsureSuccessStatusCode();
        Assert.Equal(HttpStatusCode.NoContent, (await server.Client().DeleteAsync("/elsa/api/workflow-definitions/inner-two")).StatusCode);
    }

    [Fact]
    public async Task A_version_that_nobody_is_bound_to_goes_and_so_do_both_at_once()
    {
        await UsedAsync("three");
        var newer = await (await server.Client().PostAsJsonAsync("/elsa/api/workflow-definitions", new { model = Inner("inner-three"), publish = true })).Content.ReadFromJsonAsync<JsonNode>();

        Assert.Equal(HttpStatusCode.NoContent, (await server.Client().DeleteAsync($"/elsa/api/workflow-definition-versions/{newer!["workflowDefinition"]!["id"]}")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await server.Client().DeleteAsync("/elsa/api/workflow-definitions/inner-three")).StatusCode);
        var both = await server.Client().PostAsJsonAsync("/elsa/api/bulk-actions/delete/workflow-definitions/by-definition-id", new { definitionIds = new[] { "inner-three", "outer-three" } });
        Assert.Equal(2, (await both.Content.ReadFromJsonAsync<JsonNode>())!["deleted"]!.GetValue<int>());
    }

    private async Task UsedAsync(string name)
    {
        var inner = await PublishAsync(Inner($"inner-{name}"));
        var type = (await server.Client().GetFromJsonAsync<JsonNode>("/elsa/api/descriptors/activities"))!["items"]!.AsArray().Single(one => $"{one!["customProperties"]!["WorkflowDefinitionId"]}" == $"inner-{name}")!;
        await PublishAsync(Document($"outer-{name}", new JsonObject { ["id"] = "used", ["type"] = $"{type["typeName"]}", ["version"] = 1, ["workflowDefinitionId"] = $"inner-{name}", ["workflowDefinitionVersionId"] = inner }));
    }

    private async Task<string> PublishAsync(JsonObject document)
    {
        (await server.Client().PostAsJsonAsync("/elsa/api/workflow-definitions/import", document)).EnsureSuccessStatusCode();
        var published = await server.Client().PostAsJsonAsync($"/elsa/api/workflow-definitions/{document["definitionId"]}/publish", new { });
        return $"{(await published.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonNode>())!["workflowDefinition"]!["id"]}";
    }

    private static JsonObject Inner(string id)
    {
        var document = Document(id, JsonNode.Parse("""{"id": "wait", "type": "Elsa.Event", "version": 1, "eventName": {"typeName": "String", "expression": {"type": "Literal", "value": "Never"}}}""")!.AsObject());
        document["options"] = new JsonObject { ["usableAsActivity"] = true };
        return document;
    }

    private static JsonObject Document(string id, JsonObject activity) => new()
    {
        ["definitionId"] = id, ["name"] = id, ["root"] = new JsonObject { ["id"] = $"{id}-flow", ["type"] = "Elsa.Flowchart", ["version"] = 1, ["activities"] = new JsonArray(activity), ["connections"] = new JsonArray() },
    };
}
