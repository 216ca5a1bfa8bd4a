namespace SalesFlow.Engine.Tests;

/// <summary>Outcomes and faults of the activities that do one small thing.</summary>
public sealed class SmallActivityTests
{
    private static readonly string N = $"[{Given.Variable("n")},{Given.Variable("r", "Object", "")}]";

    private static Instance Ran(string root)
    {
        var instance = Given.Instance(root, N);
        instance.Start();
        return instance;
    }

    private static string Say(string id, string script) => Given.Activity(id, "Elsa.WriteLine", $"\"text\":{Given.Script(script)}");

    private static string Fault(string root) => Assert.Single(Ran(root).State.Incidents).Message;

    [Theory]
    [InlineData("true", "then end true")]
    [InlineData("false", "else end false")]
    public void If_runs_one_branch_and_puts_out_what_it_decided(string condition, string expected)
    {
        const string Result = """ "result":{"typeName":"Boolean","memoryReference":{"id":"r"}} """;
        var root = Given.Sequence("s", Given.Activity("if", "Elsa.If", $"\"condition\":{Given.Script(condition, "Boolean")},\"then\":{Given.Line("then")},\"else\":{Given.Line("else")},{Result}"), Given.Line("end"), Say("r", "String(getR())"));

        Assert.Equal(expected, string.Join(' ', Ran(root).Lines));
    }

    [Fact]
    public void If_without_the_branch_completes_and_in_a_flowchart_it_leaves_by_Done()
    {
        var branch = Given.Activity("if", "Elsa.If", $"\"condition\":{Given.Literal("false", "Boolean")},\"then\":{Given.Line("then")}");

        Assert.Equal(["end"], Ran(Given.Flowchart($"{branch},{Given.Line("end")},{Given.Line("no")}", "if->end", "if:False->no")).Lines);
        Assert.StartsWith("Failed to evaluate activity input 'Condition'", Fault(Given.Activity("if", "Elsa.If", $"\"condition\":{Given.Script("nowhere.atAll", "Boolean")}")), StringComparison.Ordinal);
    }

    [Theory, InlineData("1 > 0", "yes"), InlineData("1 < 0", "no"), InlineData("'true'", "yes"), InlineData("null", "no")]
    public void FlowDecision_leaves_by_True_or_False(string script, string expected) =>
        Assert.Equal([expected], Ran(Given.Flowchart($"{Given.Activity("d", "Elsa.FlowDecision", $"\"condition\":{Given.Script(script, "Boolean")}")},{Given.Line("yes")},{Given.Line("no")}", "d:True->yes", "d:False->no")).Lines);

    private static string Cases(string mode, string condition) => $"\"mode\":{Given.Literal(mode, "SwitchMode")},\"cases\":[{{\"label\":\"a\",\"condition\":{{\"type\":\"JavaScript\",\"value\":\"{condition}\"}}}}]";

    [Fact]
    public void Switches_without_a_match_take_the_default_and_with_a_bad_condition_fault()
    {
        Assert.Equal(["d"], Ran(Given.Flowchart($"{Given.Activity("sw", "Elsa.FlowSwitch", Cases("MatchAny", "false"))},{Given.Line("a")},{Given.Line("d")}", "sw:a->a", "sw:Default->d")).Lines);
        Assert.Equal(["d"], Ran(Given.Activity("sw", "Elsa.Switch", $"{Cases("MatchFirst", "false")},\"default\":{Given.Line("d")}")).Lines);
        Assert.Equal("Finished/Finished", Ran(Given.Activity("sw", "Elsa.Switch", Cases("MatchFirst", "false"))).Status);
        Assert.Contains("nowhere is not defined", Fault(Given.Activity("sw", "Elsa.Switch", Cases("MatchFirst", "nowhere"))), StringComparison.Ordinal);
    }

    [Fact]
    public void FlowFork_leaves_by_Done_without_a_list_and_by_nothing_with_an_empty_one()
    {
        string Flow(string branches) => Given.Flowchart($"{Given.Activity("f", "Elsa.FlowFork", branches)},{Given.Line("a")},{Given.Line("done")}", "f:A->a", "f->done");

        Assert.Equal(["done"], Ran(Flow("\"other\":1")).Lines);
        Assert.Empty(Ran(Flow($"\"branches\":{Given.Script("[]")}")).Lines);
        Assert.Equal("Finished/Finished", Ran(Flow($"\"branches\":{Given.Script("[]")}")).Status);
    }

    [Fact]
    public void FlowNode_and_Inline_pass_on()
    {
        Assert.Equal(["in", "end"], Ran(Given.Sequence("s", Given.Activity("fn", "Elsa.FlowNode", $"\"body\":{Given.Line("in")}"), Given.Activity("i", "Elsa.Inline"), Given.Line("end"))).Lines);
        Assert.Equal(["end"], Ran(Given.Sequence("s", Given.Activity("fn", "Elsa.FlowNode"), Given.Line("end"))).Lines);
    }

    [Fact]
    public void SetVariable_makes_a_new_variable_of_an_unknown_name_and_does_nothing_without_one()
    {
        var unknown = Ran(Given.Sequence("s", Given.Set("a", "fresh", "5"), Given.Activity("b", "Elsa.SetVariable", $"\"value\":{Given.Script("6")}"), Given.Line("end")));

        Assert.Equal(["end"], unknown.Lines);
        Assert.Equal("Finished/Finished", unknown.Status);
    }

    [Fact]
    public void SetVariable_converts_to_the_type_of_the_variable() =>
        Assert.Equal(["number 7"], Ran(Given.Sequence("s", Given.Set("a", "n", "'7'"), Say("l", "typeof getN() + ' ' + getN()"))).Lines);

    [Fact]
    public void SetOutput_sets_an_output_of_the_workflow_and_needs_its_name()
    {
        Assert.Equal(5L, Ran(Given.Activity("so", "Elsa.SetOutput", $"\"outputName\":{Given.Literal("Total")},\"outputValue\":{Given.Script("5")}")).State.Output["Total"]);
        Assert.Contains("no output name", Fault(Given.Activity("so", "Elsa.SetOutput", $"\"outputValue\":{Given.Script("5")}")), StringComparison.Ordinal);
    }

    [Fact]
    public void RunJavaScript_leaves_by_Done_or_by_what_it_names_and_a_blank_script_has_no_result()
    {
        string Run(string script) => Given.Flowchart($"{Given.Activity("js", "Elsa.RunJavaScript", $"\"script\":{Given.Literal(script)}")},{Say("done", "'done ' + getLastResult()")},{Say("a", "'a ' + getLastResult()")},{Given.Line("b")}", "js->done", "js:A->a", "js:B->b");

        Assert.Equal(["done 5"], Ran(Run("return 5")).Lines);
        Assert.Equal(["done null"], Ran(Run(" ")).Lines);
        Assert.Equal(["a 7", "b"], Ran(Run("setOutcomes(['A', 'B']); return 7")).Lines);
        Assert.Contains("nowhere is not defined", Fault(Run("nowhere()")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_Fault_has_the_message_it_was_given_and_an_Event_needs_a_name()
    {
        var fault = Ran(Given.Activity("f", "Elsa.Fault", $"\"code\":{Given.Literal("E1")},\"message\":{Given.Literal("credit refused")}"));

        Assert.Equal(("credit refused", "FaultException"), (fault.State.Incidents[0].Message, fault.State.Incidents[0].ExceptionType));
        Assert.Contains("The event has no name", Fault(Given.Activity("e", "Elsa.Event")), StringComparison.Ordinal);
    }

    [Fact]
    public void An_Event_puts_out_what_came_with_it()
    {
        const string Result = """ "result":{"typeName":"Object","memoryReference":{"id":"r"}} """;
        var instance = Ran(Given.Sequence("s", Given.Activity("e", "Elsa.Event", $"\"eventName\":{Given.Literal("signed")},{Result}"), Say("l", "'by ' + getR().by")));

        instance.Event("signed", new Dictionary<string, object?> { ["by"] = "Ann" });

        Assert.Equal(["by Ann"], instance.Lines);
    }

    [Fact]
    public void A_Delay_that_is_no_time_faults() =>
        Assert.Contains("'banana'", Fault(Given.Activity("d", "Elsa.Delay", $"\"timeSpan\":{Given.Literal("banana", "TimeSpan")}")), StringComparison.Ordinal);

    [Theory, InlineData("WaitAll", "b a j"), InlineData("WaitAllActive", "b a j"), InlineData("WaitAny", "b j")]
    public void FlowJoin_waits_as_it_is_told(string mode, string expected)
    {
        var join = Given.Activity("join", "Elsa.FlowJoin", $"\"mode\":{Given.Literal(mode, "FlowJoinMode")}");
        var instance = Ran(Given.Flowchart($"{Given.Activity("s", "Elsa.Start")},{Given.Event("ea")},{Given.Event("eb")},{Given.Line("a")},{Given.Line("b")},{join},{Given.Line("j")}", "s->ea", "s->eb", "ea->a", "eb->b", "a->join", "b->join", "join->j"));

        instance.Event("eb");
        if (instance.State.Bookmarks.Count > 0)
            instance.Event("ea");

        Assert.Equal(expected, string.Join(' ', instance.Lines));
        Assert.Equal("Finished/Finished", instance.Status);
    }

    [Theory, InlineData("WaitAll", ""), InlineData("WaitAllActive", "j"), InlineData("WaitAny", "j")]
    public void FlowJoin_behind_a_way_not_taken_runs_unless_it_waits_for_all(string mode, string expected)
    {
        var join = Given.Activity("join", "Elsa.FlowJoin", $"\"mode\":{Given.Literal(mode, "FlowJoinMode")}");
        var decision = Given.Activity("d", "Elsa.FlowDecision", $"\"condition\":{Given.Literal("true", "Boolean")}");

        var instance = Ran(Given.Flowchart($"{decision},{join},{Given.Line("j")}", "d:True->join", "d:False->join", "join->j"));

        Assert.Equal(expected, string.Join(' ', instance.Lines));
        Assert.Equal("Finished/Finished", instance.Status);
    }
}
