using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using SalesFlow.Engine;
using SalesFlow.Runtime;

namespace SalesFlow.Studio.Tests.Alterations;

[Collection(OneStudio.Name)]
public sealed class AlterationTests(StudioServer server)
{
    private const string Fragile = """
        {"definitionId": "fragile", "name": "Fragile", "variables": [{"id": "n", "name": "n", "typeName": "Int32", "value": "0", "storageDriverTypeName": "WorkflowInstanceStorageDriver"}],
         "root": {"id": "flow", "type": "Elsa.Flowchart", "version": 1, "activities": [
          {"id": "check", "type": "Elsa.WriteLine", "version": 1, "text": {"typeName": "String", "expression": {"type": "JavaScript", "value": "if (getVariable('n') == 0) throw new Error('not yet'); return 'fine'"}}}]}}
        """;

    private const string Waits = """
        {"definitionId": "altered-waits", "name": "Waits", "root": {"id": "flow", "type": "Elsa.Flowchart", "version": 1, "activities": [
          {"id": "wait", "type": "Elsa.Event", "version": 1, "eventName": {"typeName": "String", "expression": {"type": "Literal", "value": "altered-nothing"}}}]}}
        """;

    private readonly HttpClient _studio = server.Client();

    [Fact]
    public async Task An_incident_is_retried_and_says_when_it_came_again()
    {
        var id = await StartAsync(Fragile, "fragile");

        var again = await RetryAsync(id);
        Assert.True(again["isSuccessful"]!.GetValue<bool>());
        Assert.Contains("not yet", Messages(again)[1], StringComparison.Ordinal);
        Assert.Single((await StateAsync(id))["incidents"]!.AsArray());

        await _studio.PostAsJsonAsync($"/elsa/api/workflow-instances/{id}/variables", new { variables = new[] { new { id = "n", value = 1 } } });
        var fine = await RetryAsync(id);

        Assert.Equal(["What was faulted was run again."], Messages(fine));
        Assert.Equal("Finished", (await StateAsync(id))["subStatus"]!.GetValue<string>());
        Assert.Equal(["Nothing in the instance is faulted."], Messages(await RetryAsync(id)));
    }

    [Fact]
    public async Task A_variable_and_an_activity_are_altered_in_one_go_or_not_at_all()
    {
        var id = await StartAsync(Fragile, "fragile");

        var refused = await RunAsync(id, """[{"type": "ModifyVariable", "variableId": "n", "value": 1}, {"type": "ScheduleActivity", "activityId": "nope"}]""");
        Assert.False(refused["isSuccessful"]!.GetValue<bool>());
        Assert.Equal(["The definition has no activity 'nope'."], Messages(refused));
        Assert.Equal(0, (await VariablesAsync(id))[0]!["value"]!.GetValue<int>());

        var altered = await RunAsync(id, """[{"type": "ModifyVariable", "variableId": "n", "value": 1}, {"type": "ScheduleActivity", "activityId": "check"}]""");

        Assert.Equal(["Variable 'n' was set.", "Faulted activity 'check' was scheduled again."], Messages(altered));
        Assert.Equal("Finished", (await StateAsync(id))["subStatus"]!.GetValue<string>());
    }

    [Fact]
    public async Task An_instance_migrates_to_another_version_if_it_has_a_place_there()
    {
        var id = await StartAsync(Waits.Replace("altered-waits", "altered-moves", StringComparison.Ordinal), "altered-moves");
        var definitions = server.App.Services.GetRequiredService<DefinitionStore>();
        var better = Waits.Replace("altered-waits", "altered-moves", StringComparison.Ordinal);
        await definitions.PublishAsync(better.Replace("\"value\": \"altered-nothing\"", "\"value\": \"altered-something\"", StringComparison.Ordinal), default);
        await definitions.PublishAsync(better.Replace("\"id\": \"wait\"", "\"id\": \"other\"", StringComparison.Ordinal), default);

        Assert.Equal(["Definition 'altered-moves' has no version 9."], Messages(await RunAsync(id, """[{"type": "Migrate", "targetVersion": 9}]""")));
        var misfit = await RunAsync(id, """[{"type": "Migrate", "targetVersion": 3}]""");
        var moved = await RunAsync(id, """[{"type": "Migrate", "targetVersion": 2}]""");

        Assert.False(misfit["isSuccessful"]!.GetValue<bool>());
        Assert.Contains("wait", Messages(misfit)[0], StringComparison.Ordinal);
        Assert.Equal(["The instance goes on under version 2."], Messages(moved));
        Assert.Equal(2, (await _studio.GetFromJsonAsync<JsonObject>($"/elsa/api/workflow-instances/{id}"))!["version"]!.GetValue<int>());
    }

    [Fact]
    public async Task A_plan_alters_what_its_filter_meets_and_tells_of_each()
    {
        var (one, other, apart) = (await StartAsync(Waits, "altered-waits", "plan"), await StartAsync(Waits, "altered-waits", "plan"), await StartAsync(Waits, "altered-waits"));
        var filter = new { definitionIds = new[] { "altered-waits" }, correlationIds = new[] { "plan" }, activityFilters = new[] { new { activityId = "wait" } } };

        var met = await PostAsync("/elsa/api/alterations/dry-run", filter);
        var done = server.NextFinish(2);
        var plan = (await PostAsync("/elsa/api/alterations/submit", new { alterations = new[] { new { type = "Cancel" } }, filter }))["planId"]!.GetValue<string>();
        await done;

        Assert.Equal([one, other], met["workflowInstanceIds"]!.AsArray().Select(id => id!.GetValue<string>()));
        Assert.Equal("Cancelled", (await StateAsync(one))["subStatus"]!.GetValue<string>());
        Assert.Equal("Suspended", (await StateAsync(apart))["subStatus"]!.GetValue<string>());
        var told = (await _studio.GetFromJsonAsync<JsonObject>($"/elsa/api/alterations/{plan}"))!;
        Assert.Equal([one, other], told["jobs"]!.AsArray().Select(job => job!["workflowInstanceId"]!.GetValue<string>()));
        Assert.Equal("Cancel", told["plan"]!["alterations"]![0]!["type"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("""{"alterations": [{"type": "Explode"}], "workflowInstanceIds": ["1"]}""", "There is no alteration 'Explode'.")]
    [InlineData("""{"alterations": [{"type": "ScheduleActivity"}], "workflowInstanceIds": ["1"]}""", "An 'activityId' or an 'activityInstanceId' is needed.")]
    [InlineData("""{"alterations": [], "workflowInstanceIds": ["1"]}""", "A list of alterations was expected.")]
    [InlineData("""{"alterations": [{"type": "Cancel"}]}""", "Say which instances in 'workflowInstanceIds'.")]
    public async Task What_is_no_alteration_is_refused_in_words(string body, string words)
    {
        var answer = await _studio.PostAsync("/elsa/api/alterations/run", new StringContent(body, System.Text.Encoding.UTF8, "application/json"));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(words, JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["errors"]!.AsObject().First().Value![0]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_filter_meets_nothing_unless_it_says_so()
    {
        var id = await StartAsync(Waits, "altered-waits");

        Assert.Empty((await PostAsync("/elsa/api/alterations/dry-run", new { }))["workflowInstanceIds"]!.AsArray());
        Assert.Contains(id, (await PostAsync("/elsa/api/alterations/dry-run", new { emptyFilterSelectsAll = true }))["workflowInstanceIds"]!.AsArray().Select(met => met!.GetValue<string>()));
    }

    private async Task<string> StartAsync(string document, string definition, string? correlation = null)
    {
        var (definitions, runtime) = (server.App.Services.GetRequiredService<DefinitionStore>(), server.App.Services.GetRequiredService<WorkflowRuntime>());
        await definitions.SeedAsync([document], default);
        return (await runtime.StartAsync(definition, new Stimulus.Start(CorrelationId: correlation), Facts.None, [], new InstanceId(await runtime.NextIdAsync(default)), default)).Instance.ToString();
    }

    private async Task<JsonNode> RetryAsync(string id) => (await PostAsync("/elsa/api/alterations/workflows/retry", new { workflowInstanceIds = new[] { id } }))["results"]![0]!;

    private async Task<JsonNode> RunAsync(string id, string steps) =>
        (await PostAsync("/elsa/api/alterations/run", new { alterations = JsonNode.Parse(steps), workflowInstanceIds = new[] { id } }))["results"]![0]!;

    private async Task<JsonObject> PostAsync(string path, object body)
    {
        var answer = await _studio.PostAsJsonAsync(path, body);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonObject>())!;
    }

    private async Task<JsonNode> StateAsync(string id) => (await _studio.GetFromJsonAsync<JsonObject>($"/elsa/api/workflow-instances/{id}"))!["workflowState"]!;

    private async Task<JsonArray> VariablesAsync(string id) => (await _studio.GetFromJsonAsync<JsonObject>($"/elsa/api/workflow-instances/{id}/variables"))!["items"]!.AsArray();

    private static string[] Messages(JsonNode result) => [.. result["log"]!["logEntries"]!.AsArray().Select(entry => entry!["message"]!.GetValue<string>())];
}
