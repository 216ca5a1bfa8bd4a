using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace SalesFlow.Studio.Tests.Descriptors;

/// <summary>RunCSharp and RunPython: listed only when the host says so, kept in every case, and run never.</summary>
public sealed class HostCodeTests(StudioServer server, HostCodeServer listing) : IClassFixture<StudioServer>, IClassFixture<HostCodeServer>
{
    public static TheoryData<string, string> Languages => new() { { "CSharp", "C#" }, { "Python", "Python" } };

    [Theory, MemberData(nameof(Languages))]
    public async Task It_is_listed_only_when_the_host_switches_the_listing_on(string language, string name)
    {
        Assert.NotEmpty(name);
        Assert.DoesNotContain($"Elsa.Run{language}", (await ListAsync(server)).Keys);
        Assert.Equal(HttpStatusCode.NotFound, (await server.Client().GetAsync($"/elsa/api/descriptors/activities/Elsa.Run{language}")).StatusCode);
        Assert.True((await ListAsync(listing))[$"Elsa.Run{language}"]!["isBrowsable"]!.GetValue<bool>());
    }

    [Theory, MemberData(nameof(Languages))]
    public async Task A_definition_that_has_one_is_drawn_saved_and_exported_without_losing_anything_of_it(string language, string name)
    {
        var id = $"kept-{language}";
        var imported = Document(id, language);
        Assert.NotEmpty(name);
        (await server.Client().PostAsJsonAsync("/elsa/api/workflow-definitions/import", imported)).EnsureSuccessStatusCode();

        var drawn = (await server.Client().GetFromJsonAsync<JsonObject>($"/elsa/api/workflow-definitions/by-definition-id/{id}?versionOptions=Latest"))!;
        var stand = drawn["root"]!["activities"]![0]!;
        Assert.Equal("Elsa.NotFoundActivity", $"{stand["type"]}");
        Assert.Contains("Elsa.NotFoundActivity", (await ListAsync(server)).Keys);
        stand["metadata"]!["designer"] = new JsonObject { ["position"] = new JsonObject { ["x"] = 7, ["y"] = 8 } };
        (await server.Client().PostAsJsonAsync("/elsa/api/workflow-definitions", new { model = drawn, publish = false })).EnsureSuccessStatusCode();

        var exported = (await server.Client().GetFromJsonAsync<JsonObject>($"/elsa/api/workflow-definitions/{id}/export?versionOptions=Latest"))!["root"]!;
        var (before, after) = (imported["root"]!["activities"]![0]!, exported["activities"]![0]!);
        foreach (var member in new[] { "id", "type", "version", "script", "possibleOutcomes" })
            Assert.True(JsonNode.DeepEquals(before[member], after[member]), $"{member}: {after[member]?.ToJsonString()}");
        Assert.Equal("Yes", $"{exported["connections"]![0]!["source"]!["port"]}");
        Assert.Equal("7", $"{after["metadata"]!["designer"]!["position"]!["x"]}");
    }

    [Theory, MemberData(nameof(Languages))]
    public async Task Where_it_is_listed_it_is_drawn_with_its_script_and_outcomes_and_faults_all_the_same(string language, string name)
    {
        var id = $"listed-{language}";
        (await listing.Client().PostAsJsonAsync("/elsa/api/workflow-definitions/import", Document(id, language))).EnsureSuccessStatusCode();

        var drawn = (await listing.Client().GetFromJsonAsync<JsonObject>($"/elsa/api/workflow-definitions/by-definition-id/{id}?versionOptions=Latest"))!["root"]!["activities"]![0]!;
        Assert.Equal(($"Elsa.Run{language}", "return 1", "[\"Yes\"]"), ($"{drawn["type"]}", $"{drawn["script"]!["expression"]!["value"]}", $"{drawn["possibleOutcomes"]!["expression"]!["value"]}"));
        await AssertFaultsAsync(listing, id, name);
    }

    [Theory, MemberData(nameof(Languages))]
    public async Task Running_it_faults_in_the_words_of_elsa(string language, string name)
    {
        var id = $"run-{language}";
        (await server.Client().PostAsJsonAsync("/elsa/api/workflow-definitions/import", Document(id, language))).EnsureSuccessStatusCode();
        (await server.Client().PostAsJsonAsync($"/elsa/api/workflow-definitions/{id}/publish", new { })).EnsureSuccessStatusCode();

        await AssertFaultsAsync(server, id, name);
    }

    private static async Task AssertFaultsAsync(StudioServer server, string id, string name)
    {
        var answer = await server.Client().PostAsJsonAsync($"/elsa/api/workflow-definitions/{id}/execute", new { versionOptions = "Latest" });
        var incident = Assert.Single((await answer.Content.ReadFromJsonAsync<JsonNode>())!["workflowState"]!["incidents"]!.AsArray())!;
        Assert.Contains($"{name} workflow expression execution is disabled", $"{incident["message"]}", StringComparison.Ordinal);
    }

    private static async Task<Dictionary<string, JsonNode?>> ListAsync(StudioServer server) =>
        (await server.Client().GetFromJsonAsync<JsonNode>("/elsa/api/descriptors/activities"))!["items"]!.AsArray().DistinctBy(type => $"{type!["typeName"]}").ToDictionary(type => $"{type!["typeName"]}");

    private static JsonObject Document(string id, string language) => JsonNode.Parse("""
        {"definitionId": "ID", "name": "ID", "root": {"id": "flow", "type": "Elsa.Flowchart", "version": 1, "activities": [
          {"id": "code", "name": "Code1", "type": "Elsa.RunLANGUAGE", "version": 1, "script": {"typeName": "String", "expression": {"type": "LANGUAGE", "value": "return 1"}},
           "possibleOutcomes": {"typeName": "String[]", "expression": {"type": "Object", "value": "[\"Yes\"]"}}},
          {"id": "after", "name": "After1", "type": "Elsa.WriteLine", "version": 1, "text": {"typeName": "String", "expression": {"type": "Literal", "value": "after"}}}],
         "connections": [{"source": {"activity": "code", "port": "Yes"}, "target": {"activity": "after", "port": "In"}}]}}
        """.Replace("ID", id, StringComparison.Ordinal).Replace("LANGUAGE", language, StringComparison.Ordinal))!.AsObject();
}
