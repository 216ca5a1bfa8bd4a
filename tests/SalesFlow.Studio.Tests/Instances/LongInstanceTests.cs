using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using SalesFlow.Engine;
using SalesFlow.Runtime;

namespace SalesFlow.Studio.Tests.Instances;

/// <summary>An instance whose journal is too long to be held is shown as any other: what is read of it in parts is what the whole journal says.</summary>
public sealed class LongInstanceTests(StudioServer server) : IClassFixture<StudioServer>, IAsyncLifetime
{
    private const string Loop = "Workflow1:flow:outer:steps:inner:say";
    private string _id = "";
    private IReadOnlyList<JournalEntry> _lines = [];
    private IReadOnlyList<ExecutionRecord> _executions = [];

    public async ValueTask InitializeAsync()
    {
        (await server.Client().PostAsJsonAsync("/elsa/api/workflow-definitions/import", JsonNode.Parse(Definition))).EnsureSuccessStatusCode();
        (await server.Client().PostAsJsonAsync("/elsa/api/workflow-definitions/long/publish", new { })).EnsureSuccessStatusCode();
        var runtime = server.App.Services.GetRequiredService<WorkflowRuntime>();
        var begun = await server.Client().PostAsJsonAsync("/elsa/api/workflow-definitions/long/execute", new { versionOptions = "Latest" });
        _id = begun.Headers.GetValues("x-elsa-workflow-instance-id").Single();
        for (var round = 0; round < 5; round++)
            (await server.Client().PostAsJsonAsync("/elsa/api/events/Next/trigger", new { workflowInstanceId = _id })).EnsureSuccessStatusCode();
        _lines = await runtime.JournalAsync(new InstanceId(long.Parse(_id, null)), default);
        _executions = ExecutionRecord.Of(_lines);
        Assert.InRange(_lines.Count, 20_001, 40_000);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Every_part_of_it_is_what_the_whole_journal_says()
    {
        await ListsAsync();
        await CountsAsync();
        await SingleOnesAsync();
        await JournalAsync();
    }

    private async Task ListsAsync()
    {
        foreach (var (query, wanted) in new (string, Func<ExecutionRecord, bool>)[]
                 {
                     ("", _ => true), ($"&ActivityNodeId={Loop}", record => record.NodeId == Loop), ("&ActivityNodeId=Workflow1", record => record.Parent == 0),
                     ("&completed=false", record => record.CompletedAt is null), ("&completed=true&ActivityNodeId=Workflow1:flow:outer:steps", record => record.CompletedAt is not null && record.NodeId.EndsWith(":steps", StringComparison.Ordinal)),
                 })
        {
            var expected = _executions.Where(wanted).ToList();
            foreach (var list in new[] { "activity-executions", "activity-execution-summaries" })
            {
                var answer = await GetAsync($"/elsa/api/{list}/list?WorkflowInstanceId={_id}{query}");
                Assert.Equal(expected.Count, answer["count"]!.GetValue<int>());
                Assert.Equal(expected.Select(Short), answer["items"]!.AsArray().Select(item => Short(item!)));
            }
            Assert.Equal(expected.Count, (await GetAsync($"/elsa/api/activity-executions/count?WorkflowInstanceId={_id}{query}"))["count"]!.GetValue<int>());
        }
    }

    private async Task CountsAsync()
    {
        var report = await PostAsync("/elsa/api/activity-executions/report", new { workflowInstanceId = _id });
        var expected = _executions.GroupBy(record => record.NodeId).Select(node => (node.Key, node.Count(), node.Count(record => record.CompletedAt is not null), node.Count(record => record.CompletedAt is null), node.Any(record => record.HasBookmarks)));

        Assert.Equal(expected, report["stats"]!.AsArray().Select(one => ($"{one!["activityNodeId"]}", one["startedCount"]!.GetValue<int>(), one["completedCount"]!.GetValue<int>(), one["uncompletedCount"]!.GetValue<int>(), one["isBlocked"]!.GetValue<bool>())));
    }

    private async Task SingleOnesAsync()
    {
        foreach (var record in new[] { _executions[0], _executions[_executions.Count / 2], _executions[^1] })
        {
            var one = await GetAsync($"/elsa/api/activity-executions/{_id}-{record.Id}");
            Assert.Equal(Short(record), Short(one));
            Assert.Equal(record.CallStackDepth, one["callStackDepth"]!.GetValue<int>());
            Assert.Equal(record.ScheduledBy == 0 ? "" : $"{_id}-{record.ScheduledBy}", $"{one["schedulingActivityExecutionId"]}");
            var stack = await GetAsync($"/elsa/api/activity-executions/{_id}-{record.Id}/call-stack?skip=1&take=50");
            Assert.Equal(record.CallStackDepth + 1, stack["totalCount"]!.GetValue<int>());
            Assert.Equal(Enumerable.Range(1, Math.Min(50, record.CallStackDepth)), stack["items"]!.AsArray().Select(item => item!["callStackDepth"]!.GetValue<int>()));
        }
        Assert.Equal(_lines.Count, (await GetAsync($"/elsa/api/workflow-instances/{_id}"))["workflowState"]!["executionLogSequence"]!.GetValue<int>());
    }

    private async Task JournalAsync()
    {
        var numbered = _lines.Select((line, sequence) => (line, sequence)).ToList();
        foreach (var (filter, wanted) in new (object?, Func<JournalEntry, bool>)[]
                 {
                     (null, _ => true), (new { activityNodeIds = new[] { "Workflow1:flow:outer", "Workflow1:flow:outer:steps:wait" } }, line => line.NodeId is "Workflow1:flow:outer" or "Workflow1:flow:outer:steps:wait"),
                     (new { excludedActivityTypes = new[] { "Elsa.WriteLine" }, eventNames = new[] { "Completed" } }, line => line.ActivityType != "Elsa.WriteLine" && line.Event == "Completed"),
                 })
            foreach (var (skip, take) in new[] { (0, 10), (3, 5), (4_799, 30), (19_990, 20), (1_000_000, 5) })
            {
                var expected = numbered.Where(one => wanted(one.line)).ToList();
                var answer = await PostAsync($"/elsa/api/workflow-instances/{_id}/journal?skip={skip}&take={take}", new { filter });
                Assert.Equal(expected.Count, answer["totalCount"]!.GetValue<int>());
                Assert.Equal(expected.Skip(skip).Take(take).Select(one => (one.sequence, one.line.Event, one.line.NodeId)), answer["items"]!.AsArray().Select(item => (item!["sequence"]!.GetValue<int>(), $"{item["eventName"]}", $"{item["nodeId"]}")));
            }
        var last = numbered.Last(one => one.line.ActivityId == "wait" && one.line.Event is "Started" or "Completed" or "Faulted");
        Assert.Equal(last.sequence, (await GetAsync($"/elsa/api/workflow-instances/{_id}/journal/wait"))["sequence"]!.GetValue<int>());
    }

    private string Short(ExecutionRecord record) => $"{_id}-{record.Id} {record.NodeId} {record.Status} {record.HasBookmarks} {record.CompletedAt is not null} {record.FaultCount}";

    private static string Short(JsonNode item) => $"{item["id"]} {item["activityNodeId"]} {item["status"]} {item["hasBookmarks"]!.GetValue<bool>()} {item["completedAt"] is not null} {item["aggregateFaultCount"]}";

    private async Task<JsonNode> GetAsync(string path) => (await server.Client().GetFromJsonAsync<JsonNode>(path))!;

    private async Task<JsonNode> PostAsync(string path, object body) => (await (await server.Client().PostAsJsonAsync(path, body)).EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonNode>())!;

    private const string Definition = """
        {"definitionId": "long", "name": "long", "root": {"id": "flow", "type": "Elsa.Flowchart", "version": 1, "connections": [], "activities": [
          {"id": "outer", "type": "Elsa.While", "version": 1, "condition": {"typeName": "Boolean", "expression": {"type": "JavaScript", "value": "true"}}, "body": {"id": "steps", "type": "Elsa.Sequence", "version": 1, "activities": [
            {"id": "inner", "type": "Elsa.For", "version": 1, "start": {"typeName": "Int32", "expression": {"type": "Literal", "value": "1"}}, "end": {"typeName": "Int32", "expression": {"type": "Literal", "value": "2400"}},
             "step": {"typeName": "Int32", "expression": {"type": "Literal", "value": "1"}}, "body": {"id": "say", "type": "Elsa.WriteLine", "version": 1, "text": {"typeName": "String", "expression": {"type": "Literal", "value": "line"}}}},
            {"id": "wait", "type": "Elsa.Event", "version": 1, "eventName": {"typeName": "String", "expression": {"type": "Literal", "value": "Next"}}}]}}]}}
        """;
}
