using SalesFlow.Engine.Definitions;

namespace SalesFlow.Engine.Tests;

public sealed class WorkflowAsActivityTests
{
    private readonly Dictionary<string, string> _published = [];

    private void Publish(string id, string root, string more = "", string variables = "[]") =>
        _published[id] = $$"""{"id":"{{id}}-1","definitionId":"{{id}}","name":"{{id}}","version":1,"options":{"usableAsActivity":true},"variables":{{variables}}{{more}},"root":{{root}}}""";

    private Instance Instance(string root, string variables = "[]", string more = "") =>
        new(Assert.IsType<Reading.Fine>(DefinitionReader.Read(Given.Document(root, variables, more: more), ActivityCatalogue.BuiltIn, reference => _published.GetValueOrDefault(reference.DefinitionId!))).Definition);

    private static string Use(string id, string node, params string[] more) => Given.Activity(node, id, string.Join(",", [$"\"workflowDefinitionId\":\"{id}\"", .. more]));

    private static string Input(string name, string script) => $"\"{name}\":{Given.Script(script)}";

    private static string Output(string name, string target) => $$$"""
        "{{{name}}}":{"typeName":"Object","memoryReference":{"id":"{{{target}}}"}}
        """;

    private static string SetOutput(string id, string name, string script) => Given.Activity(id, "Elsa.SetOutput", $"\"outputName\":{Given.Literal(name)},\"outputValue\":{Given.Script(script)}");

    private static string Say(string id, string script) => Given.Activity(id, "Elsa.WriteLine", $"\"text\":{Given.Script(script)}");

    private static string Arguments(string inputs, string outputs) => $",\"inputs\":[{inputs}],\"outputs\":[{outputs}]";

    private static string Argument(string name, string type = "Int32") => $$"""{"name":"{{name}}","type":"{{type}}"}""";

    /// <summary>C adds one and waits, B doubles what it gives to C, A uses B.</summary>
    private Instance ThreeDeep()
    {
        Publish("C", Given.Flowchart($"{Given.Event("wait")},{SetOutput("so", "Sum", "getInput('Value') + getVariable('one')")}", "wait->so"), Arguments(Argument("Value"), Argument("Sum")), $"[{Given.Variable("one", "Int32", "1")}]");
        Publish("B", Given.Flowchart($"{Use("C", "c", Input("value", "getInput('Value') * 2"), Output("sum", "Sum"))},{Given.Activity("done", "Elsa.Complete", $"\"outcomes\":{Given.Literal("Good", "Object")}")}", "c->done"),
            Arguments(Argument("Value"), Argument("Sum")) + ",\"outcomes\":[\"Good\",\"Bad\"]");
        return Instance(Given.Flowchart($"{Use("B", "b", Input("value", "20"), Output("sum", "n"))},{Say("good", "'sum ' + getVariable('n')")},{Given.Line("bad")}", "b:Good->good", "b:Bad->bad"), $"[{Given.Variable("n")}]");
    }

    [Fact]
    public void Inputs_outputs_outcomes_and_variables_pass_through_three_levels_and_a_wait()
    {
        var instance = ThreeDeep();

        instance.Start();
        Assert.Equal("Workflow3:flow:b:Workflow2:flow:c:Workflow1:flow:wait", Assert.Single(instance.State.Bookmarks).NodeId);
        instance.Event("wait");

        Assert.Equal(["sum 41"], instance.Lines);
        Assert.Equal("Finished/Finished", instance.Status);
    }

    [Fact]
    public void Each_level_shows_its_inputs_outputs_and_parent_in_the_journal()
    {
        var instance = ThreeDeep();

        instance.Start();
        instance.Event("wait");

        var records = ExecutionRecord.Of(instance.Journal).ToDictionary(record => record.NodeId);
        var (b, c) = (records["Workflow3:flow:b"], records["Workflow3:flow:b:Workflow2:flow:c"]);
        Assert.Equal(("""{"Value":20}""", """{"Sum":41}""", "Good"), (b.State!.Json, b.Outputs!.Json, Assert.Single(b.Outcomes!)));
        Assert.Equal(("""{"Value":40}""", """{"Sum":41}"""), (c.State!.Json, c.Outputs!.Json));
        Assert.Equal(records["Workflow3:flow:b:Workflow2:flow"].Id, c.Parent);
    }

    [Fact]
    public void The_implicit_workflow_of_a_definition_has_the_first_number_free_above_those_it_uses()
    {
        Publish("C", Given.Line("c"));
        Publish("B", Given.Sequence("s", Use("C", "c")));

        var definition = Assert.IsType<Reading.Fine>(DefinitionReader.Read(Given.Document(Given.Sequence("s", Use("C", "x"), Use("C", "y"), Use("B", "b"))), ActivityCatalogue.BuiltIn, reference => _published[reference.DefinitionId!])).Definition;

        Assert.Equal(["Workflow3", "Workflow3:s:b:Workflow2", "Workflow3:s:b:Workflow2:s:c:Workflow1", "Workflow3:s:x:Workflow1", "Workflow3:s:y:Workflow1"],
            definition.Nodes.Values.Where(node => node.Type == "Elsa.Workflow").Select(node => node.NodeId).Order());
    }

    [Fact]
    public void Inside_an_input_hides_the_workflows_input_and_what_was_not_given_is_empty()
    {
        var liquid = Given.Activity("q", "Elsa.WriteLine", """ "text":{"typeName":"String","expression":{"type":"Liquid","value":"{{ Input.Name }}"}} """);
        Publish("Inner", Given.Sequence("s", Say("l", "getInput('Name') + ' ' + getInput('Other') + ' ' + getName()"), liquid), Arguments($"{Argument("Name", "String")},{Argument("Other", "String")}", ""));
        var instance = Instance(Use("Inner", "u", Input("_name", "'inner'")), more: Arguments($"{Argument("Name", "String")},{Argument("Other", "String")}", ""));

        instance.Start(new() { ["Name"] = "outer", ["Other"] = "outer too" });

        Assert.Equal(["inner null inner", "inner"], instance.Lines);
    }

    [Fact]
    public void Each_use_has_variables_of_its_own()
    {
        Publish("Counter", Given.Sequence("s", Given.Set("more", "k", "getVariable('k') + 1"), Say("l", "getVariable('k')")), variables: $"[{Given.Variable("k", "Int32", "5")}]");
        var instance = Instance(Given.Sequence("s", Use("Counter", "x"), Use("Counter", "y")));

        instance.Start();

        Assert.Equal(["6", "6"], instance.Lines);
    }

    [Fact]
    public void An_output_bound_to_a_workflow_output_of_the_same_name_sets_it()
    {
        Publish("Inner", SetOutput("so", "Total", "7"), Arguments("", Argument("Total")));
        var instance = Instance(Use("Inner", "u", Output("total", "Total")), more: Arguments("", Argument("Total")));

        instance.Start();

        Assert.Equal(7, Assert.IsType<long>(instance.State.Output["Total"]));
    }

    [Fact]
    public void A_Complete_deep_inside_ends_the_nearest_workflow_only_and_what_ran_beside_it()
    {
        Publish("Inner", Given.Flowchart($"{Given.Activity("s", "Elsa.Start")},{Given.Event("never")},{Given.Activity("if", "Elsa.If", $"\"condition\":{Given.Literal("true", "Boolean")},\"then\":{Given.Sequence("deep", Given.Activity("c", "Elsa.Complete", $"\"outcomes\":{Given.Literal("[\\\"A\\\",\\\"B\\\"]", "Object")}"), Given.Line("not reached"))}")}", "s->never", "s->if"));
        var instance = Instance(Given.Flowchart($"{Use("Inner", "u")},{Given.Line("a")},{Given.Line("b")},{Given.Line("d")}", "u:A->a", "u:B->b", "u:Done->d"));

        instance.Start();

        Assert.Equal(["a", "b"], instance.Lines);
        Assert.Equal("Finished/Finished", instance.Status);
        Assert.Contains("never.Canceled", instance.Events);
    }

    [Fact]
    public void A_fault_inside_faults_the_instance_and_a_retry_goes_on_inside()
    {
        Publish("Inner", Say("l", "if (getInput('Value') < 1) throw new Error('too small'); return 'fine'"), Arguments(Argument("Value"), ""));
        var instance = Instance(Given.Sequence("s", Use("Inner", "u", Input("value", "getVariable('n')")), Given.Line("after")), $"[{Given.Variable("n")}]");

        instance.Start();
        Assert.Equal("Workflow2:s:u:Workflow1:l", Assert.Single(instance.State.Incidents).NodeId);
        instance.Overwrite(state => state.Executions.First(execution => execution.NodeId == "Workflow2:s:u").Cells![0].Value = 3);
        instance.Run(new Stimulus.Retry());

        Assert.Equal(["fine", "after"], instance.Lines);
    }

    [Fact]
    public void One_that_is_not_there_faults_with_Elsas_words_when_it_is_reached()
    {
        var instance = Instance(Given.Sequence("s", Given.Line("before"), Use("Gone", "u")));

        instance.Start();

        Assert.Equal(["before"], instance.Lines);
        Assert.Equal("Could not find workflow definition with ID Gone.", Assert.Single(instance.State.Incidents).Message);
    }
}
