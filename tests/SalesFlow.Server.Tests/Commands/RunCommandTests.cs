using System.Globalization;
using System.Text;
using static SalesFlow.Server.Tests.Commands.Program;

namespace SalesFlow.Server.Tests.Commands;

public sealed class RunCommandTests : IDisposable
{
    private static readonly string Shipped = Path.Combine(AppContext.BaseDirectory, "workflows");
    private readonly Program _program = new();

    public void Dispose() => _program.Dispose();

    [Fact]
    public async Task A_definition_that_ends_prints_its_lines_and_then_its_outcome()
    {
        var file = _program.Flow("flow.json", WriteLine("a", "'one'") + "," + WriteLine("b", "'два ' + getVariable('v')"), ["a:Done->b"], Variables("v"));

        var answer = await _program.RunAsync("run", file);

        Assert.Equal(0, answer.ExitCode);
        Assert.Equal(["one", "два null", """{"status":"Finished","subStatus":"Finished","outputs":{},"variables":{"v":null},"incidents":[],"bookmarks":[]}"""], answer.Out);
        Assert.Equal("", answer.Errors);
    }

    [Fact]
    public async Task A_definition_that_faults_names_the_activity_and_exits_with_1()
    {
        var answer = await _program.RunAsync("run", _program.Flow(Script("bad", "throw new Error('no luck')")));

        Assert.Equal(1, answer.ExitCode);
        Assert.Equal("Faulted", (string?)answer.Summary["subStatus"]);
        Assert.Equal("bad", (string?)answer.Summary["incidents"]![0]!["activityId"]);
        Assert.Contains("no luck", (string?)answer.Summary["incidents"]![0]!["message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_definition_that_waits_names_its_bookmarks_and_exits_with_2()
    {
        var answer = await _program.RunAsync("run", _program.Flow(Event("paid", "Paid")));

        Assert.Equal(2, answer.ExitCode);
        Assert.Equal("""[{"name":"Elsa.Event","activityId":"paid"}]""", answer.Summary["bookmarks"]!.ToJsonString());
    }

    [Fact]
    public async Task Children_and_what_an_event_starts_are_played_too()
    {
        var folder = Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(_program.Flow(WriteLine("a", "'x'")))!, "others")).FullName;
        static string Text(string json) => json.Replace("TEXT(", """{"typeName":"String","expression":{"type":"Literal","value":""", StringComparison.Ordinal).Replace(")", "}}", StringComparison.Ordinal);
        static string Definition(string id, string activities) => """{"definitionId":"NAME","id":"NAME-1","version":1,"name":"NAME","root":{"id":"r","type":"Elsa.Sequence","activities":[ALL]}}""".Replace("NAME", id, StringComparison.Ordinal).Replace("ALL", Text(activities), StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(folder, "child.json"), Definition("child", """{"id":"say","type":"Elsa.WriteLine","text":TEXT("in the child")},{"id":"tell","type":"Elsa.PublishEvent","eventName":TEXT("Called")}"""));
        File.WriteAllText(Path.Combine(folder, "heard.json"), Definition("heard", """{"id":"on","type":"Elsa.Event","eventName":TEXT("Called"),"customProperties":{"canStartWorkflow":true}},{"id":"say","type":"Elsa.WriteLine","text":TEXT("by the event")}"""));
        var file = _program.Flow("parent.json", Text("""{"id":"go","type":"Elsa.DispatchWorkflow","workflowDefinitionId":TEXT("child"),"waitForCompletion":TEXT(true)},""") + WriteLine("after", "'after it'"), ["go:Done->after"]);

        var answer = await _program.RunAsync("run", file, "--definitions", folder);

        Assert.Equal((0, ""), (answer.ExitCode, answer.Errors));
        Assert.Equal(["after it", "by the event", "in the child"], answer.Out.SkipLast(1).Order());
        var alone = await _program.RunAsync("run", file);
        Assert.Equal(1, alone.ExitCode);
        Assert.Contains("Give --definitions a folder", (string?)alone.Summary["incidents"]![0]!["message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_is_interrupted_cancels_the_instance_and_exits_with_3()
    {
        var file = _program.Flow(WriteLine("tick", "'tick'") + "," + Delay("pause", "00:00:01"), "tick:Done->pause", "pause:Done->tick");

        using var process = Start("run", file, "--advance", "20h");
        Assert.Equal("tick", await process.StandardOutput.ReadLineAsync());
        using (var kill = System.Diagnostics.Process.Start("kill", ["-INT", process.Id.ToString(CultureInfo.InvariantCulture)]))
            await kill.WaitForExitAsync();
        var rest = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();

        Assert.Equal(3, process.ExitCode);
        Assert.Contains("\"Cancelled\"", rest.TrimEnd().Split('\n')[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Events_tasks_and_advances_happen_in_the_order_of_the_command_line()
    {
        var file = _program.Flow("flow.json",
            string.Join(",", Event("e", "Go", "v"), WriteLine("w1", "'event ' + getVariable('v').n"), RunTask("t", "v"), WriteLine("w2", "'task ' + getVariable('v')"), Delay("d", "01:00:00"), WriteLine("w3", "'hour'"), Event("e2", "Go", "v"), WriteLine("w4", "'event ' + getVariable('v').n")),
            ["e:Done->w1", "w1:Done->t", "t:Done->w2", "w2:Done->d", "d:Done->w3", "w3:Done->e2", "e2:Done->w4"], Variables("v"));

        var all = await _program.RunAsync("run", file, "--event", "Go={\"n\":1}", "--task", "done=\"ok\"", "--advance", "59m", "--advance=00:01:00", "--event", "Go={\"n\":2}");
        var early = await _program.RunAsync("run", file, "--advance", "1h", "--event", "Go={\"n\":1}", "--task", "done=\"ok\"", "--event", "Go={\"n\":2}");

        Assert.Equal(["event 1", "task ok", "hour", "event 2"], all.Out[..^1]);
        Assert.Equal(0, all.ExitCode);
        Assert.Equal(["event 1", "task ok"], early.Out[..^1]);
        Assert.Equal(2, early.ExitCode);
        Assert.Contains("Nobody waited for the event 'Go'.", early.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_event_before_its_time_is_kept_until_somebody_waits_for_it()
    {
        var file = _program.Flow(Event("first", "A") + "," + Event("second", "B"), "first:Done->second");

        Assert.Equal(0, (await _program.RunAsync("run", file, "--event", "B", "--event", "A")).ExitCode);
    }

    [Fact]
    public async Task Timers_fire_in_the_order_of_their_times()
    {
        var file = _program.Flow(string.Join(",", """{ "id": "s", "type": "Elsa.Start" }""", Delay("late", "02:00:00"), Delay("soon", "01:00:00"), WriteLine("l", "'late'"), WriteLine("s2", "'soon'")),
            "s:Done->late", "s:Done->soon", "late:Done->l", "soon:Done->s2");

        Assert.Equal(["soon", "late"], (await _program.RunAsync("run", file, "--advance", "1d")).Out[..^1]);
    }

    [Theory]
    [InlineData("Elsa.Timer", "interval", "00:10:00", "35m", 3)]
    [InlineData("Elsa.Cron", "cronExpression", "0 0 * * * *", "3h", 3)]
    [InlineData("Elsa.StartAt", "dateTime", "2099-01-01T00:00:00Z", "1d", 0)]
    [InlineData("Elsa.StartAt", "dateTime", "2099-01-01T00:00:00Z", "50000d", 1)]
    public async Task What_starts_by_the_clock_starts_when_the_clock_comes_there(string type, string input, string value, string advance, int times)
    {
        var trigger = $$$"""{ "id": "t", "type": "{{{type}}}", "customProperties": { "canStartWorkflow": true }, "{{{input}}}": { "typeName": "String", "expression": { "type": "Literal", "value": "{{{value}}}" } } }""";
        var file = _program.Flow(trigger + "," + WriteLine("w", "'tick'"), "t:Done->w");

        Assert.Equal(Enumerable.Repeat("tick", times), (await _program.RunAsync("run", file, "--advance", advance)).Out[..^1]);
    }

    [Fact]
    public async Task A_published_event_reaches_who_waits_in_the_same_run()
    {
        var publish = """{ "id": "p", "type": "Elsa.PublishEvent", "eventName": { "typeName": "String", "expression": { "type": "Literal", "value": "Ping" } } }""";
        var file = _program.Flow(string.Join(",", """{ "id": "s", "type": "Elsa.Start" }""", Event("e", "Ping"), publish, WriteLine("w", "'pong'")), "s:Done->e", "s:Done->p", "e:Done->w");

        var answer = await _program.RunAsync("run", file);

        Assert.Equal(0, answer.ExitCode);
        Assert.Equal("pong", answer.Out[0]);
    }

    [Fact]
    public async Task Input_reaches_the_workflow_and_the_sample_deal()
    {
        var sales = """{ "id": "start", "type": "SalesFlow.DealStarted" }""";
        var file = _program.Flow(sales + "," + WriteLine("w", "deal.title + ' ' + deal.amount + ' ' + client.name + ' ' + deal.fields.need + ' ' + getInput('x')"), "start:Done->w");

        var answer = await _program.RunAsync("run", file, "--input", """{"title":"Racks","amount":1200.5,"client":{"name":"Vector"},"fields":{"need":"shelves"},"x":7}""");

        Assert.Equal("Racks 1200.5 Vector shelves 7", answer.Out[0]);
    }

    [Fact]
    public async Task Outputs_and_variables_are_in_the_summary()
    {
        var set = """{ "id": "s", "type": "Elsa.SetVariable", "variable": { "id": "v", "name": "v" }, "value": { "typeName": "Object", "expression": { "type": "JavaScript", "value": "[1, 'два', { a: true }]" } } }""";
        var output = """{ "id": "o", "type": "Elsa.SetOutput", "outputName": { "typeName": "String", "expression": { "type": "Literal", "value": "total" } }, "outputValue": { "typeName": "Object", "expression": { "type": "JavaScript", "value": "40 + 2" } } }""";
        var file = _program.Flow("flow.json", set + "," + output, ["s:Done->o"], Variables("v") + """ "outputs": [{ "name": "total", "type": "Int32" }],""");

        var summary = (await _program.RunAsync("run", file)).Summary;

        Assert.Equal("""{"v":[1,"два",{"a":true}]}""", summary["variables"]!.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
        Assert.Equal(42, (int)summary["outputs"]!["total"]!);
    }

    [Fact]
    public async Task Definitions_of_a_folder_are_used_as_activities()
    {
        var inner = _program.Flow("parts/inner.json", WriteLine("w", "'inside ' + getInput('who')"), [], """ "isPublished": true, "options": { "usableAsActivity": true }, "inputs": [{ "name": "who", "type": "String" }],""");
        var use = """{ "id": "use", "type": "Inner", "workflowDefinitionId": "inner", "who": { "typeName": "String", "expression": { "type": "Literal", "value": "you" } } }""";
        var file = _program.Flow(use);

        var with = await _program.RunAsync("run", file, "--definitions", Path.GetDirectoryName(inner)!);
        var without = await _program.RunAsync("run", file);

        Assert.Equal((0, "inside you"), (with.ExitCode, with.Out[0]));
        Assert.Equal(1, without.ExitCode);
    }

    [Theory]
    [InlineData("run")]
    [InlineData("run", "nowhere.json")]
    [InlineData("run", "FLOW", "--advance", "soon")]
    [InlineData("run", "FLOW", "--advance", "-1h")]
    [InlineData("run", "FLOW", "--input", "[1]")]
    [InlineData("run", "FLOW", "--input", "{")]
    [InlineData("run", "FLOW", "--event", "=1")]
    [InlineData("run", "FLOW", "--event", "Go={")]
    [InlineData("run", "FLOW", "--task", "Done")]
    [InlineData("run", "FLOW", "--definitions", "nowhere")]
    [InlineData("run", "FLOW", "--evnet", "Go")]
    [InlineData("run", "FLOW", "FLOW")]
    public async Task Bad_arguments_are_explained_and_exit_with_64(params string[] arguments)
    {
        var file = _program.Flow(Event("e", "Go"));

        var answer = await _program.RunAsync([.. arguments.Select(argument => argument == "FLOW" ? file : argument)]);

        Assert.Equal(64, answer.ExitCode);
        Assert.NotEqual("", answer.Errors.Trim());
        Assert.DoesNotContain("   at ", answer.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Nonsense", "'Nonsense' is no outcome of the open task 'Call'. It has: Good, Bad.")]
    [InlineData("Good", "'Budget' is required.")]
    [InlineData("Good={\"budget\":\"much\"}", "'much' is not a sum of money such as 1500.00.")]
    [InlineData("Good={\"budget\":1,\"wit\":2}", "The form has no such field. It has: budget.")]
    [InlineData("Good=[1]", "takes an object of fields and values")]
    public async Task A_task_that_cannot_be_completed_so_is_explained(string task, string explanation)
    {
        var answer = await _program.RunAsync("run", _program.Flow(Call), "--task", task);

        Assert.Equal(64, answer.ExitCode);
        Assert.Contains(explanation, answer.Errors, StringComparison.Ordinal);
        Assert.Equal("Suspended", (string?)answer.Summary["subStatus"]);
    }

    [Fact]
    public async Task A_task_fills_in_its_form_and_goes_on_by_its_outcome()
    {
        var file = _program.Flow(Call + "," + WriteLine("w", "'budget ' + deal.fields.budget"), "call:Bad->w");

        var answer = await _program.RunAsync("run", file, "--task", "Bad={\"budget\":300}");

        Assert.Equal((0, "budget 300"), (answer.ExitCode, answer.Out[0]));
    }

    [Fact]
    public async Task Every_problem_of_a_broken_definition_is_told_with_its_path_and_exits_with_65()
    {
        var file = _program.File("broken.json", """
            { "root": { "id": "flow", "type": "Elsa.Flowchart",
              "activities": [ { "id": "a", "type": "Elsa.WriteLine" }, { "id": "a", "type": "Elsa.WriteLine" }, { "id": "c" }, 5 ],
              "connections": [ "x" ] }, "inputs": [ { "name": "i", "type": "Wombat" } ] }
            """);

        var answer = await _program.RunAsync("run", file);

        Assert.Equal(65, answer.ExitCode);
        Assert.Empty(answer.Out);
        Assert.All(["root.activities[1].id: 'a' is used by another", "root.activities[2].type: is missing; expected", "root.activities[3]: is a JSON number; expected", "root.connections[0]: is not a connection: expected", "inputs[0].type: names the unknown type 'Wombat'"],
            expected => Assert.Contains(expected, answer.Errors, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_deeply_nested_definition_is_refused()
    {
        var nested = string.Concat(Enumerable.Range(0, 1000).Select(i => $$"""{"id":"s{{i}}","type":"Elsa.Sequence","activities":["""));
        var file = _program.File("deep.json", $$"""{"root": {{nested}}{{string.Concat(Enumerable.Repeat("]}", 1000))}} }""");

        var answer = await _program.RunAsync("run", file);

        Assert.Equal(65, answer.ExitCode);
        Assert.Contains("is nested deeper than", answer.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ten_megabytes_run_and_thirty_are_refused()
    {
        var ten = _program.Flow(WriteLine("a", "'fine'") + "," + WriteLine("b", new string('x', 10 << 20), "Literal"));
        var thirty = _program.File("thirty.json", new StringBuilder("{\"root\": \"").Append('x', 30 << 20).Append("\"}").ToString());

        Assert.Equal((0, "fine"), await _program.RunAsync("run", ten) is var answer ? (answer.ExitCode, answer.Out[0]) : default);
        Assert.Equal(65, (await _program.RunAsync("run", thirty)).ExitCode);
    }

    [Theory]
    [InlineData("while (true) {}", "than the limit of")]
    [InlineData("let a = []; while (true) a.push(new Array(1000).fill(1))", "limit")]
    [InlineData("function f() { return f() + 1; } return f()", "nested deeper than the limit")]
    [InlineData("'x'.repeat(1e9)", "limit")]
    public async Task A_hostile_script_faults_within_its_limits(string script, string reason)
    {
        var answer = await _program.RunAsync("run", _program.Flow(Script("bad", script)));

        Assert.Equal(1, answer.ExitCode);
        Assert.Contains(reason, (string?)answer.Summary["incidents"]![0]!["message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_endless_loop_faults_and_one_of_timers_is_stopped()
    {
        var loop = await _program.RunAsync("run", _program.Flow("""{ "id": "w", "type": "Elsa.While", "condition": { "typeName": "Boolean", "expression": { "type": "Literal", "value": true } }, "body": { "id": "x", "type": "Elsa.SetName" } }"""));
        var timers = await _program.RunAsync("run", _program.Flow(Delay("a", "00:00:00") + "," + Delay("b", "00:00:00"), "a:Done->b", "b:Done->a"));

        Assert.Equal(1, loop.ExitCode);
        Assert.Contains("seems to loop", (string?)loop.Summary["incidents"]![0]!["message"], StringComparison.Ordinal);
        Assert.Equal(1, timers.ExitCode);
        Assert.Contains("wakes itself without end", timers.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_number_that_is_none_breaks_neither_the_state_nor_the_summary()
    {
        var set = """{ "id": "s", "type": "Elsa.SetVariable", "variable": { "id": "v", "name": "v" }, "value": { "typeName": "Object", "expression": { "type": "JavaScript", "value": "[0 / 0, 1 / 0]" } } }""";

        var answer = await _program.RunAsync("run", _program.Flow("flow.json", set + "," + Event("e", "Go"), ["s:Done->e"], Variables("v")), "--event", "Go");

        Assert.Equal(0, answer.ExitCode);
        Assert.Equal("[null,null]", answer.Summary["variables"]!["v"]!.ToJsonString());
    }

    [Fact]
    public async Task The_shipped_process_issues_its_documents_from_the_templates_beside_it()
    {
        var answer = await _program.RunAsync("run", Path.Combine(Shipped, "b2b-new-clients.json"), "--definitions", Shipped);

        Assert.Equal(2, answer.ExitCode);
        Assert.Equal("", answer.Errors);
    }

    private const string Call = """
        { "id": "call", "type": "SalesFlow.Task", "subject": { "typeName": "String", "expression": { "type": "Literal", "value": "Call" } },
          "outcomes": { "typeName": "String[]", "expression": { "type": "Object", "value": "[\"Good\", \"Bad\"]" } },
          "form": { "typeName": "String", "expression": { "type": "Literal", "value": "[{\"field\": \"budget\", \"label\": \"Budget\", \"type\": \"money\", \"required\": true}]" } } }
        """;
}
