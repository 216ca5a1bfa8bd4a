using SalesFlow.Engine.Definitions;

namespace SalesFlow.Engine.Tests;

public sealed class VersionChangeTests
{
    private static readonly string N = $"[{Given.Variable("n")}]";

    /// <summary>Waits, and notes the text of its version when the version changes.</summary>
    private sealed class Listener() : Activity(new("Test.Listener", new("Listener", "Слушатель"), new("Test", "Проба")) { Inputs = [new("Text", "String", new("Text", "Текст"))] })
    {
        public override void Execute(Activation activation) => activation.Wait("Test.Listener", activation.Node.Id);

        public override void VersionChanged(Activation activation) => activation.Line($"{activation.Node.Id} hears {activation.Input<string>("Text")}");
    }

    private static WorkflowDefinition Version(int number, string root, string variables = "[]", Func<DefinitionReference, string?>? resolve = null) =>
        Assert.IsType<Reading.Fine>(DefinitionReader.Read(
            Given.Document(root, variables).Replace("\"id\":\"v1\"", $"\"id\":\"v{number}\"", StringComparison.Ordinal).Replace("\"version\":1,\"variables\"", $"\"version\":{number},\"variables\"", StringComparison.Ordinal),
            new ActivityCatalogue([new Listener()]), resolve)).Definition;

    private static string Start => Given.Activity("s", "Elsa.Start");

    private static Instance Started(WorkflowDefinition definition)
    {
        var instance = new Instance(definition);
        instance.Start();
        return instance;
    }

    private static string[] Reasons(Instance instance, WorkflowDefinition from, WorkflowDefinition to) => [.. VersionChange.Check(instance.State, from, to).Select(misfit => misfit.Reason.En)];

    [Fact]
    public void A_waiting_instance_goes_on_in_the_new_version_and_runs_no_completed_step_again()
    {
        var from = Version(1, Given.Flowchart($"{Given.Line("a")},{Given.Event("e")},{Given.Line("b")}", "a->e", "e->b"));
        var to = Version(2, Given.Flowchart($"{Given.Line("new")},{Given.Line("a")},{Given.Event("e")},{Given.Line("c")},{Given.Line("b")}", "new->a", "a->e", "e->c", "c->b"));
        var instance = Started(from);
        var bookmark = Assert.Single(instance.State.Bookmarks);

        Assert.Empty(Reasons(instance, from, to));
        var turn = instance.Follow(to);
        Assert.Equal(("v2", bookmark), (turn.State.DefinitionVersionId, Assert.Single(turn.State.Bookmarks)));
        Assert.Empty(turn.Bookmarked.Concat(turn.Burned));
        instance.Event("e");

        Assert.Equal(["a", "c", "b"], instance.Lines);
        Assert.Equal("Finished/Finished", instance.Status);
        Assert.Contains("Workflow1.Migrated", instance.Events);
    }

    [Fact]
    public void It_stays_when_something_unfinished_has_no_place_and_says_why_in_both_languages()
    {
        var from = Version(1, Given.Flowchart($"{Start},{Given.Event("a")},{Given.Event("b")}", "s->a", "s->b"), N);
        var instance = Started(from);

        Assert.Equal(["'b' is not there (version 2)."], Reasons(instance, from, Version(2, Given.Flowchart($"{Start},{Given.Event("a")}", "s->a"))));
        Assert.Equal(["'b' is of type Elsa.Delay there and was of type Elsa.Event (version 2)."], Reasons(instance, from, Version(2, Given.Flowchart($"{Start},{Given.Event("a")},{Given.Activity("b", "Elsa.Delay")}", "s->a", "s->b"))));
        Assert.Equal(["'b' has nothing leading to it there, and other activities run beside it (version 2)."], Reasons(instance, from, Version(2, Given.Flowchart($"{Start},{Given.Event("a")},{Given.Event("b")}", "s->a"))));
        Assert.Equal(3, VersionChange.Check(instance.State, from, Version(2, Given.FlowchartNamed("other", $"{Start},{Given.Event("a")},{Given.Event("b")}", "s->a", "s->b"))).Length);
        Assert.Equal("«b»: её там нет (версия 2).", VersionChange.Check(instance.State, from, Version(2, Given.Flowchart($"{Start},{Given.Event("a")}", "s->a")))[0].Reason.Ru);

        var before = instance.Bytes;
        Assert.Throws<MisfitException>(() => instance.Follow(Version(2, Given.Flowchart($"{Start},{Given.Event("a")}", "s->a"))));
        Assert.Equal(before, instance.Bytes);
    }

    [Fact]
    public void A_value_that_its_variable_can_no_longer_hold_keeps_the_instance_where_it_is()
    {
        var from = Version(1, Given.Flowchart($"{Given.Set("set", "n", "'{oops'")},{Given.Event("e")}", "set->e"), $"[{Given.Variable("n", "String", "")}]");
        var instance = Started(from);

        Assert.Contains("declares the variable 'n' as ObjectDictionary", Assert.Single(Reasons(instance, from, Version(2, Given.Flowchart($"{Given.Event("e")}"), $"[{Given.Variable("n", "ObjectDictionary", "")}]"))), StringComparison.Ordinal);
    }

    [Fact]
    public void A_finished_instance_and_another_process_are_refused()
    {
        var from = Version(1, Given.Flowchart(Given.Line("a")));
        var finished = Started(from);
        var waiting = Started(Version(1, Given.Flowchart(Given.Event("e"))));

        Assert.Equal(["The instance is Finished."], Reasons(finished, from, Version(2, Given.Flowchart(Given.Line("a")))));
        Assert.Contains("another process", Assert.Single(Reasons(waiting, Version(1, Given.Flowchart(Given.Event("e"))), Given.Definition(Given.Document(Given.Flowchart(Given.Event("e"))).Replace("\"d1\"", "\"d2\"", StringComparison.Ordinal)))), StringComparison.Ordinal);
    }

    [Fact]
    public void A_join_does_not_wait_for_a_branch_that_was_added_behind_the_instance()
    {
        var instance = Started(Version(1, Given.Flowchart($"{Start},{Given.Event("a")},{Given.Event("b")},{Given.Line("j")}", "s->a", "s->b", "a->j", "b->j")));

        instance.Event("a");
        instance.Follow(Version(2, Given.Flowchart($"{Start},{Given.Event("a")},{Given.Event("b")},{Given.Line("j")},{Given.Event("added")},{Given.Line("more")}", "s->a", "s->b", "a->j", "b->j", "s->added", "added->more", "more->j")));
        instance.Event("b");

        Assert.Equal(["j"], instance.Lines);
        Assert.Equal("Finished/Finished", instance.Status);
    }

    [Fact]
    public void A_loop_in_its_second_round_goes_on_with_the_step_that_was_added_to_it()
    {
        string Loop(string middle, params string[] wires) => Given.Flowchart($"{Given.Set("more", "n", "getVariable('n') + 1")},{Given.Event("e")},{Given.Line("w")},{middle}{Given.Activity("d", "Elsa.FlowDecision", $"\"condition\":{Given.Script("getVariable('n') < 4", "Boolean")}")},{Given.Line("end")}",
            ["more->e", "more->w", "w->d", "d:True->more", "d:False->end", .. wires]);
        var instance = Started(Version(1, Loop("", "e->d"), N));

        instance.Event("e");
        instance.Follow(Version(2, Loop($"{Given.Line("x")},", "e->x", "x->d"), N));
        while (instance.State.Bookmarks.Count > 0)
            instance.Event("e");

        Assert.Equal(["w", "w", "x", "w", "x", "w", "x", "end"], instance.Lines);
        Assert.Equal("Finished/Finished", instance.Status);
    }

    [Fact]
    public void What_waited_for_a_branch_that_was_removed_runs_at_once()
    {
        var activities = $"{Start},{Given.Event("a")},{Given.Event("b")},{Given.Line("j")},{Given.Line("k")}";
        var instance = Started(Version(1, Given.Flowchart(activities, "s->a", "s->b", "a->j", "b->j", "j->k")));

        instance.Event("a");
        Assert.Empty(instance.Lines);
        instance.Follow(Version(2, Given.Flowchart(activities, "s->a", "s->b", "a->j", "j->k")));

        Assert.Equal(["j", "k"], instance.Lines);
        instance.Event("b");
        Assert.Equal("Finished/Finished", instance.Status);
    }

    [Fact]
    public void The_only_running_activity_goes_on_even_when_nothing_leads_to_it_any_more()
    {
        var instance = Started(Version(1, Given.Flowchart($"{Given.Line("a")},{Given.Event("e")},{Given.Line("b")}", "a->e", "e->b")));

        instance.Follow(Version(2, Given.Flowchart($"{Given.Line("a")},{Given.Line("b")},{Given.Event("e")}", "a->b", "e->b")));
        instance.Event("e");

        Assert.Equal(["a", "b"], instance.Lines);
        Assert.Equal("Finished/Finished", instance.Status);
    }

    [Fact]
    public void A_sequence_goes_on_after_the_step_it_is_in_wherever_that_step_is_now()
    {
        var instance = Started(Version(1, Given.Sequence("seq", Given.Line("a"), Given.Event("e"), Given.Line("b"))));

        instance.Follow(Version(2, Given.Sequence("seq", Given.Line("x"), Given.Line("y"), Given.Line("a"), Given.Event("e"), Given.Line("c"))));
        instance.Event("e");

        Assert.Equal(["a", "c"], instance.Lines);
    }

    [Fact]
    public void A_state_machine_goes_on_from_its_state()
    {
        string Machine(string more) => Given.Activity("m", "Elsa.StateMachine", $$"""
            "states":[{"name":"Other"},{"name":"A","exit":{{Given.Event("leaving")}}},{"name":"B"}],"transitions":[{{more}}{"from":"A","to":"B","trigger":{{Given.Event("go")}},"action":{{Given.Line("acted")}}}],"initialState":"A"
            """);
        var instance = Started(Version(1, Machine("")));

        instance.Event("go");
        instance.Follow(Version(2, Machine("""{"from":"Other","to":"A"},""")));
        instance.Event("leaving");

        Assert.Equal(["acted"], instance.Lines);
        Assert.Equal("Finished/Finished", instance.Status);
    }

    [Fact]
    public void Only_what_reads_differently_hears_of_the_change_with_its_new_inputs()
    {
        string Listeners(string x, string y) => Given.Flowchart($"{Start},{Given.Activity("x", "Test.Listener", $"\"text\":{Given.Literal(x)}")},{Given.Activity("y", "Test.Listener", $"\"text\":{Given.Literal(y)}")}", "s->x", "s->y");
        var instance = Started(Version(1, Listeners("one", "one")));

        instance.Follow(Version(2, Listeners("one", "two")));

        Assert.Equal(["y hears two"], instance.Lines);
    }

    [Fact]
    public void A_faulted_instance_follows_the_mended_version_and_is_retried_there()
    {
        string Root(string script) => Given.Flowchart($"{Given.Activity("f", "Elsa.WriteLine", $"\"text\":{Given.Script(script)}")},{Given.Line("after")}", "f->after");
        var instance = Started(Version(1, Root("nowhere.atAll")));

        instance.Follow(Version(2, Root("'mended'")));
        Assert.Equal("Finished/Faulted", instance.Status);
        instance.Run(new Stimulus.Retry());

        Assert.Equal(["mended", "after"], instance.Lines);
        Assert.Equal("Finished/Finished", instance.Status);
    }

    [Fact]
    public void A_process_that_comes_to_use_another_one_is_followed_though_its_node_ids_are_numbered_anew()
    {
        var used = Given.Document(Given.Line("inner")).Replace("\"definitionId\":\"d1\"", "\"definitionId\":\"Used\"", StringComparison.Ordinal);
        var instance = Started(Version(1, Given.Flowchart(Given.Event("e"))));

        instance.Follow(Version(2, Given.Flowchart($"{Given.Event("e")},{Given.Activity("u", "Used", "\"workflowDefinitionId\":\"Used\"")}", "e->u"), resolve: reference => reference.DefinitionId == "Used" ? used : null));
        Assert.Equal("Workflow2:flow:e", Assert.Single(instance.State.Bookmarks).NodeId);
        instance.Event("e");

        Assert.Equal(["inner"], instance.Lines);
    }

    [Fact]
    public void Flowcharts_that_pass_tokens_are_followed_too()
    {
        var from = Version(1, Given.Flowchart($"{Start},{Given.Event("a")},{Given.Event("b")},{Given.Line("j")}", "s->a", "s->b", "a->j", "b->j"));
        var instance = new Instance(from);
        instance.Start(flowcharts: FlowchartMode.TokenBased);

        instance.Event("a");
        instance.Follow(Version(2, Given.Flowchart($"{Given.Event("b")},{Given.Line("j")},{Given.Line("k")},{Given.Event("a")},{Start}", "j->k", "s->a", "s->b", "a->j", "b->j")));
        instance.Event("b");

        Assert.Equal(["j", "k"], instance.Lines);
        Assert.Equal("Finished/Finished", instance.Status);
    }

    [Fact]
    public void A_jump_to_an_activity_that_nothing_leads_to_goes_on_from_there()
    {
        var instance = Started(Version(1, Given.Flowchart($"{Given.Event("e")},{Given.Line("end")},{Given.Event("aside")},{Given.Line("b")}", "e->end", "aside->b")));

        instance.Run(new Stimulus.Jump("aside"));
        instance.Event("aside");
        Assert.Equal(["b"], instance.Lines);
        Assert.Equal("Finished/Finished", instance.Status);
    }
}
