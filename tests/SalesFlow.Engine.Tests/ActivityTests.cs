namespace SalesFlow.Engine.Tests;

public sealed class ActivityTests
{
    private static readonly string N = $"[{Given.Variable("n")}]";

    private static string[] LinesOf(string root, string variables = "[]")
    {
        var instance = Given.Instance(root, variables);
        instance.Start();
        Assert.Equal("Finished/Finished", instance.Status);
        return [.. instance.Lines];
    }

    private static string Say(string id, string script) => Given.Activity(id, "Elsa.WriteLine", $"\"text\":{Given.Script(script)}");

    private static string Number(int number) => Given.Literal($"{number}", "Int32");

    [Theory]
    [InlineData(1, 3, 1, "true", "1 2 3")]
    [InlineData(1, 3, 1, "false", "1 2")]
    [InlineData(3, 1, -1, "true", "3 2 1")]
    [InlineData(5, 1, 1, "true", "")]
    public void For_counts_in_either_direction(int start, int end, int step, string inclusive, string expected) =>
        Assert.Equal(expected, string.Join(' ', LinesOf(Given.Activity("for", "Elsa.For",
            $"\"start\":{Number(start)},\"end\":{Number(end)},\"step\":{Number(step)},\"outerBoundInclusive\":{Given.Literal(inclusive, "Boolean")},\"body\":{Say("b", "getVariable('CurrentValue')")}"))));

    [Fact]
    public void A_For_without_body_or_with_step_zero_does_not_hang()
    {
        Assert.Empty(LinesOf(Given.Activity("for", "Elsa.For", $"\"end\":{Number(3)}")));

        var zero = Given.Instance(Given.Activity("for", "Elsa.For", $"\"end\":{Number(3)},\"step\":{Number(0)},\"body\":{Given.Line("b")}"));
        zero.Start();

        Assert.Equal(WorkflowStatus.Finished, zero.State.Status);
    }

    [Fact]
    public void Nested_loops_keep_their_own_current_value_even_across_waits()
    {
        var inner = Given.Activity("inner", "Elsa.ForEach", $"\"items\":{Given.Script("[1,2]")},\"body\":{Given.Sequence("s", Given.Event("e"), Say("i", "'in ' + getVariable('CurrentValue')"))}");
        var root = Given.Activity("outer", "Elsa.ForEach", $"\"items\":{Given.Script("['a','b']")},\"body\":{Given.Sequence("os", inner, Say("o", "'out ' + getVariable('CurrentValue')"))}");
        var instance = Given.Instance(root);

        instance.Start();
        while (instance.State.Bookmarks.Count > 0)
            instance.Event("e");

        Assert.Equal(["in 1", "in 2", "out a", "in 1", "in 2", "out b"], instance.Lines);
    }

    [Fact]
    public void ParallelForEach_waits_for_all_in_any_order()
    {
        var instance = Given.Instance(Given.Sequence("s", Given.Activity("p", "Elsa.ParallelForEach", $"\"items\":{Given.Script("['a','b','c']")},\"body\":{Given.Sequence("b", Given.Event("e"), Say("l", "getVariable('CurrentValue') + getVariable('CurrentIndex')"))}"), Given.Line("end")));

        instance.Start();
        foreach (var which in new[] { 1, 1, 0 })
            instance.Resume(instance.State.Bookmarks[which]);

        Assert.Equal(["b1", "c2", "a0", "end"], instance.Lines);
    }

    [Fact]
    public void Break_leaves_the_nearest_loop_only()
    {
        var body = Given.Flowchart($"{Given.Line("in")},{Given.Activity("br", "Elsa.Break")},{Given.Line("never")}", "in->br", "br->never");
        var inner = Given.Activity("w", "Elsa.While", $"\"condition\":{Given.Literal("true", "Boolean")},\"body\":{body}");

        Assert.Equal(["in", "after", "in", "after"], LinesOf(Given.Activity("f", "Elsa.ForEach", $"\"items\":{Given.Script("[1,2]")},\"body\":{Given.Sequence("s", inner, Given.Line("after"))}")));
    }

    [Fact]
    public void While_evaluates_its_condition_before_each_round() =>
        Assert.Equal(["1", "2", "3"], LinesOf(Given.Activity("w", "Elsa.While", $"\"condition\":{Given.Script("getVariable('n') < 3", "Boolean")},\"body\":{Given.Sequence("s", Given.Set("set", "n", "getVariable('n') + 1"), Say("l", "getVariable('n')"))}"), N));

    [Theory, InlineData("[]", ""), InlineData("'one'", "one"), InlineData("null", "fault")]
    public void ForEach_takes_lists_and_faults_on_nothing(string items, string expected)
    {
        var instance = Given.Instance(Given.Activity("f", "Elsa.ForEach", $"\"items\":{Given.Script(items)},\"body\":{Say("l", "getVariable('CurrentValue')")}"));

        instance.Start();

        Assert.Equal(expected, instance.State.SubStatus == WorkflowSubStatus.Faulted ? "fault" : string.Join(' ', instance.Lines));
    }

    [Theory, InlineData("MatchFirst", "a"), InlineData("MatchAny", "a b")]
    public void Switches_follow_their_mode(string mode, string expected)
    {
        string Cases(bool embedded) => $"\"mode\":{Given.Literal(mode, "SwitchMode")},\"cases\":[{string.Join(",", new[] { ("a", "true"), ("b", "true"), ("c", "false") }.Select(one =>
            $$"""{"label":"{{one.Item1}}","condition":{"type":"JavaScript","value":"{{one.Item2}}"}{{(embedded ? $",\"activity\":{Given.Line(one.Item1)}" : "")}}}"""))}]";

        Assert.Equal(expected, string.Join(' ', LinesOf(Given.Activity("sw", "Elsa.Switch", Cases(true)))));
        Assert.Equal(expected, string.Join(' ', LinesOf(Given.Flowchart($"{Given.Activity("sw", "Elsa.FlowSwitch", Cases(false))},{Given.Line("a")},{Given.Line("b")},{Given.Line("c")},{Given.Line("d")}", "sw:a->a", "sw:b->b", "sw:c->c", "sw:Default->d"))));
    }

    [Fact]
    public void Forks_follow_the_branches_they_name() =>
        Assert.Equal(["a", "c"], LinesOf(Given.Flowchart($$$"""{{{Given.Activity("f", "Elsa.FlowFork", """ "branches":{"typeName":"String[]","expression":{"type":"Object","value":"[\"A\",\"C\"]"}} """)}}},{{{Given.Line("a")}}},{{{Given.Line("b")}}},{{{Given.Line("c")}}}""", "f:A->a", "f:B->b", "f:C->c")));

    [Fact]
    public void Finish_ends_everything_wherever_it_is()
    {
        var instance = Given.Instance(Given.Flowchart($"{Given.Activity("s", "Elsa.Start")},{Given.Event("e")},{Given.FlowchartNamed("in", Given.Activity("fin", "Elsa.Finish"))},{Given.Line("never")}", "s->e", "s->in", "in->never"));

        instance.Start();

        Assert.Equal("Finished/Finished", instance.Status);
        Assert.Empty(instance.State.Bookmarks);
        Assert.Empty(instance.Lines);
    }

    [Fact]
    public void End_ends_its_own_flowchart_only() =>
        Assert.Equal(["after"], LinesOf(Given.Flowchart($"{Given.FlowchartNamed("in", $"{Given.Activity("end", "Elsa.End")},{Given.Line("never")}", "end->never")},{Given.Line("after")}", "in->after")));

    [Fact]
    public void A_trigger_that_fired_completes_at_once_and_waits_when_the_flow_comes_back_to_it()
    {
        var instance = Given.Instance(Given.Flowchart($"{Given.Line("other")},{Given.Event("t")},{Given.Line("told")},{Given.Event("e")}", "t->told", "told->e", "e->t"));

        instance.Start(trigger: "t");
        Assert.Equal(["told"], instance.Lines);
        Assert.Equal("e", Assert.Single(instance.State.Bookmarks).Stimulus);
        instance.Event("e");
        Assert.Equal("t", Assert.Single(instance.State.Bookmarks).Stimulus);
        instance.Event("t");

        Assert.Equal(["told", "told"], instance.Lines);
    }

    [Fact]
    public void A_delay_is_a_timer_and_a_task_asks_the_host()
    {
        var instance = Given.Instance(Given.Sequence("s", Given.Activity("d", "Elsa.Delay", $"\"timeSpan\":{Given.Literal("01:30:00", "TimeSpan")}"),
            Given.Activity("t", "Elsa.RunTask", $$$"""
                "taskName":{{{Given.Literal("print")}}},"result":{"typeName":"Object","memoryReference":{"id":"n"}}
                """), Say("l", "getVariable('n')")), N);

        instance.Start();
        var timer = Assert.Single(instance.State.Bookmarks);
        Assert.Equal(("Elsa.Delay", Given.Monday.AddMinutes(90)), (timer.Name, timer.DueAt));
        var turn = instance.Resume(timer);
        var task = Assert.IsType<TaskRequested>(Assert.Single(turn.Effects).Effect);
        Assert.Equal(Assert.Single(turn.Bookmarked).Number, turn.Effects[0].AnswerBookmark);
        instance.Event(task.TaskId, 42L);

        Assert.Equal(["42"], instance.Lines);
    }

    [Fact]
    public void Scripts_choose_outcomes_and_the_instance_gets_its_name_and_correlation()
    {
        var script = Given.Activity("js", "Elsa.RunJavaScript", $"\"script\":{Given.Literal("setOutcome('B')")}");
        var instance = Given.Instance(Given.Flowchart($"{script},{Given.Line("a")},{Given.Line("b")},{Given.Activity("n", "Elsa.SetName", $"\"value\":{Given.Literal("Deal 7")}")},{Given.Activity("c", "Elsa.Correlate", $"\"correlationId\":{Given.Literal("d-7")}")},{Given.Activity("p", "Elsa.PublishEvent", $"\"eventName\":{Given.Literal("born")}")}", "js:A->a", "js:B->b", "b->n", "n->c", "c->p"));

        instance.Start();

        Assert.Equal(["b"], instance.Lines);
        Assert.Equal(("Deal 7", "d-7"), (instance.State.Name, instance.State.CorrelationId));
        Assert.Equal("born", Assert.IsType<EventPublished>(Assert.Single(instance.Effects)).EventName);
    }

    [Fact]
    public void Only_variables_with_a_storage_driver_survive_a_wait()
    {
        var fleeting = Given.Variable("m").Replace("WorkflowInstanceStorageDriver", "MemoryStorageDriver", StringComparison.Ordinal);
        var instance = Given.Instance(Given.Sequence("s", Given.Set("a", "n", "5"), Given.Set("b", "m", "6"), Given.Event("e"), Say("l", "getVariable('n') + ' ' + getVariable('m')")), $"[{Given.Variable("n")},{fleeting}]");

        instance.Start();
        instance.Event("e");

        Assert.Equal(["5 0"], instance.Lines);
    }

    [Fact]
    public void An_instance_may_be_started_with_other_values_of_its_variables()
    {
        var instance = Given.Instance(Say("l", "getVariable('n') + 1"), N);

        instance.Run(new Stimulus.Start(Variables: new Dictionary<string, object?> { ["n"] = "41" }));

        Assert.Equal(["42"], instance.Lines);
    }

    [Fact]
    public void A_typical_waiting_instance_is_small()
    {
        var instance = Given.Instance(Given.Flowchart($"{Given.Line("a")},{Given.Line("b")},{Given.Event("e")},{Given.Line("c")},{Given.Line("d")}", "a->b", "b->e", "e->c", "c->d"), N);

        instance.Start();

        Assert.InRange(instance.Bytes!.Length, 1, 600);
    }

    [Fact]
    public void Every_built_in_activity_speaks_both_languages() => Assert.All(ActivityCatalogue.BuiltIn.All, activity =>
    {
        Assert.Matches("[а-яёА-ЯЁJ]", activity.Descriptor.DisplayName.Ru);
        Assert.All(activity.Descriptor.Inputs, input => Assert.Matches("[а-яё]", input.DisplayName.Ru));
    });
}
