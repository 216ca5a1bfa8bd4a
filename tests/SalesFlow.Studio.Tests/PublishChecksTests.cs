using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace SalesFlow.Studio.Tests;

/// <summary>What is looked over when a process owner publishes: an error is refused with the activity's name and what was expected, a warning is not.</summary>
public sealed class PublishChecksTests(StudioServer server) : IClassFixture<StudioServer>
{
    private const string Ask = "Ask for the budget";

    [Fact]
    public async Task A_sound_pipeline_is_published() => Assert.Equal(HttpStatusCode.OK, (await PublishAsync("sound", _ => { })).Status);

    [Theory]
    [InlineData("buttons", Ask + ": The task names no buttons.")]
    [InlineData("role", Ask + ": There is no role 'boss'. There are: administrator")]
    [InlineData("user", Ask + ": There is no user 'nobody'.")]
    [InlineData("form", Ask + ": The form cannot be read")]
    [InlineData("start", "A pipeline begins with SalesFlow.DealStarted")]
    [InlineData("stage", "has the key 'first' already")]
    [InlineData("template", "Offer: There is no template 'offre' in 'ru'. There are: contract")]
    [InlineData("matrix", "Terms: There is no approval matrix 'dicsounts'. There are: terms.")]
    [InlineData("loop", "goes round without a way out")]
    public async Task An_error_blocks_and_names_the_activity(string what, string message)
    {
        var (status, words) = await PublishAsync($"error-{what}", pipeline => Spoil(pipeline, what));

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains(words, said => said.Contains(message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("unreachable")]
    [InlineData("outcome")]
    [InlineData("variable")]
    [InlineData("team")]
    [InlineData("reason")]
    public async Task A_warning_does_not_block(string what) => Assert.Equal(HttpStatusCode.OK, (await PublishAsync($"warning-{what}", pipeline => Spoil(pipeline, what))).Status);

    private static void Spoil(JsonObject pipeline, string what)
    {
        var (top, body) = (pipeline["root"]!["activities"]!.AsArray(), pipeline["root"]!["activities"]![1]!["body"]!["activities"]!.AsArray());
        var (task, stage, wires) = (body[0]!.AsObject(), top[1]!.AsObject(), pipeline["root"]!["activities"]![1]!["body"]!["connections"]!.AsArray());
        switch (what)
        {
            case "buttons": task.Remove("outcomes"); break;
            case "role": task["assignee"] = Literal("role:boss"); break;
            case "user": task["assignee"] = Literal("user:nobody"); break;
            case "form": task["form"] = Literal("[{"); break;
            case "start": top[0]!["type"] = "Elsa.Start"; break;
            case "stage": top.Add(JsonNode.Parse("""{"id": "second", "type": "SalesFlow.Stage", "version": 1}""")); top[^1]!["stage"] = Literal("first"); break;
            case "template": Add("Document", "Offer", ("kind", "offer"), ("template", "offre")); break;
            case "matrix": Add("Approval", "Terms", ("matrix", "dicsounts")); break;
            case "team": Add("Assign", "Pick", ("team", "Nowhere")); break;
            case "reason": Add("CloseDeal", "Lose", ("result", "lost"), ("reason", "whatever")); break;
            case "unreachable": body.Add(JsonNode.Parse("""{"id": "lost", "type": "Elsa.WriteLine", "version": 1}""")); break;
            case "outcome": task["outcomes"] = JsonNode.Parse("""{"typeName": "Object", "expression": {"type": "Object", "value": "[\"Yes\", \"No\", \"Later\"]"}}"""); break;
            case "variable": body.Add(JsonNode.Parse("""{"id": "say", "type": "Elsa.WriteLine", "version": 1, "text": {"typeName": "String", "expression": {"type": "JavaScript", "value": "getVariable('nowhere')"}}}""")); Wire("say"); break;
            case "loop":
                body.Add(JsonNode.Parse("""{"id": "one", "type": "Elsa.WriteLine", "version": 1}"""));
                body.Add(JsonNode.Parse("""{"id": "two", "type": "Elsa.WriteLine", "version": 1}"""));
                Wire("one");
                wires.Add(JsonNode.Parse("""{"source": {"activity": "one", "port": "Done"}, "target": {"activity": "two", "port": "In"}}"""));
                wires.Add(JsonNode.Parse("""{"source": {"activity": "two", "port": "Done"}, "target": {"activity": "one", "port": "In"}}"""));
                break;
            default: throw new ArgumentOutOfRangeException(nameof(what), what, null);
        }

        void Add(string type, string title, params (string Name, string Value)[] inputs)
        {
            var activity = JsonNode.Parse($$$"""{"id": "added", "type": "SalesFlow.{{{type}}}", "version": 1, "metadata": {"displayText": "{{{title}}}"}}""")!.AsObject();
            foreach (var (name, value) in inputs)
                activity[name] = Literal(value);
            body.Add(activity);
            Wire("added");
        }

        void Wire(string target) => wires.Add(JsonNode.Parse($$$"""{"source": {"activity": "ask", "port": "Yes"}, "target": {"activity": "{{{target}}}", "port": "In"}}"""));
    }

    private async Task<(HttpStatusCode Status, IReadOnlyList<string> Words)> PublishAsync(string id, Action<JsonObject> spoil)
    {
        var pipeline = JsonNode.Parse(Pipeline.Replace("ID", id, StringComparison.Ordinal))!.AsObject();
        spoil(pipeline);
        (await server.Client().PostAsJsonAsync("/elsa/api/workflow-definitions/import", pipeline)).EnsureSuccessStatusCode();
        var answer = await server.Client().PostAsJsonAsync($"/elsa/api/workflow-definitions/{id}/publish", new { });
        var errors = (await answer.Content.ReadFromJsonAsync<JsonNode>())?["errors"]?["generalErrors"]?.AsArray();
        return (answer.StatusCode, [.. errors?.Select(error => $"{error}") ?? []]);
    }

    private static JsonObject Literal(string value) => new() { ["typeName"] = "String", ["expression"] = new JsonObject { ["type"] = "Literal", ["value"] = value } };

    private const string Pipeline = """
        {"definitionId": "ID", "name": "ID", "root": {"id": "flow", "type": "Elsa.Flowchart", "version": 1, "activities": [
          {"id": "begin", "type": "SalesFlow.DealStarted", "version": 1},
          {"id": "first", "type": "SalesFlow.Stage", "version": 1, "metadata": {"displayText": "First"}, "stage": {"typeName": "String", "expression": {"type": "Literal", "value": "first"}},
           "body": {"id": "body", "type": "Elsa.Flowchart", "version": 1, "connections": [], "activities": [
            {"id": "ask", "type": "SalesFlow.Task", "version": 1, "metadata": {"displayText": "Ask for the budget"}, "subject": {"typeName": "String", "expression": {"type": "Literal", "value": "Budget"}},
             "outcomes": {"typeName": "Object", "expression": {"type": "Object", "value": "[\"Yes\"]"}}}]}},
          {"id": "close", "type": "SalesFlow.CloseDeal", "version": 1}],
         "connections": [{"source": {"activity": "begin", "port": "Done"}, "target": {"activity": "first", "port": "In"}}, {"source": {"activity": "first", "port": "Done"}, "target": {"activity": "close", "port": "In"}}]}}
        """;
}
