using CsCheck;
using SalesFlow.Engine.Definitions;

namespace SalesFlow.Engine.Tests;

/// <summary>Flowcharts that pass tokens (<see cref="FlowchartMode.TokenBased"/>), as line sequences.</summary>
public sealed class TokenFlowchartTests
{
    private static readonly string N = $"[{Given.Variable("n")}]";

    private static string Start => Given.Activity("s", "Elsa.Start");

    private static string Decide(string id, string script) => Given.Activity(id, "Elsa.FlowDecision", $"\"condition\":{Given.Script(script, "Boolean")}");

    private static string Join(string id, string mode) => Given.Activity(id, "Elsa.FlowJoin", $"\"mode\":{Given.Literal(mode, "FlowJoinMode")}");

    private static string Line(string id, string mergeMode) => Given.Activity(id, "Elsa.WriteLine", $"\"text\":{Given.Literal(id)},\"customProperties\":{{\"mergeMode\":\"{mergeMode}\"}}");

    private static Instance Started(string activities, params string[] wires)
    {
        var instance = Given.Instance(Given.Flowchart(activities, wires), N);
        instance.Start(flowcharts: FlowchartMode.TokenBased);
        return instance;
    }

    private static string LinesOf(string activities, params string[] wires)
    {
        var instance = Started(activities, wires);
        Assert.Equal("Finished/Finished", instance.Status);
        return string.Join(' ', instance.Lines);
    }

    private static string Lines(params string[] ids) => string.Join(",", ids.Select(id => Given.Line(id)));

    [Fact]
    public void Without_a_merge_mode_an_activity_waits_for_neighbours_that_are_about_to_run()
    {
        Assert.Equal("a b c", LinesOf(Lines("a", "b", "c"), "a->b", "b->c"));
        Assert.Equal("a b c", LinesOf(Lines("a", "b", "c"), "a->b", "a->c", "b->c"));
        Assert.Equal("s a b j", LinesOf(Lines("s", "a", "b", "j"), "s->a", "s->b", "a->j", "b->j"));
        Assert.Equal("s a b c j", LinesOf(Lines("s", "a", "b", "c", "j"), "s->a", "s->b", "a->c", "c->j", "b->j"));
    }

    [Fact]
    public void It_looks_no_further_than_its_neighbours_and_runs_again_for_a_longer_branch() =>
        Assert.Equal("s a b c j d j", LinesOf(Lines("s", "a", "b", "c", "d", "j"), "s->a", "s->b", "a->c", "c->d", "d->j", "b->j"));

    [Fact]
    public void What_waited_for_a_neighbour_that_went_another_way_runs_in_the_end()
    {
        var activities = $"{Start},{Decide("d", "false")},{Lines("x", "t")}";

        Assert.Equal("t", LinesOf(activities, "s->d", "s->t", "d:True->t"));
        Assert.Equal("x t", LinesOf(activities, "s->d", "s->t", "d:True->t", "d:False->x"));
    }

    [Fact]
    public void A_race_that_cancels_all_that_runs_does_not_end_the_flow_before_its_other_branches()
    {
        // What leaves d also leads on to e; b, the last that runs, is cancelled by the race at j.
        var instance = Started($"{Start},{Decide("d", "true")},{Lines("b")},{Join("j", "WaitAny")},{Given.Event("e")},{Lines("after")}", "s->d", "s->b", "b->j", "d:True->j", "d:True->e", "e->after");

        Assert.Equal("Running/Suspended", instance.Status);
        Assert.DoesNotContain(instance.Journal, line => line.Event == "Completed" && line.ActivityId == "flow");
        instance.Event("e");
        Assert.Equal(["after"], instance.Lines);
        Assert.Equal("Finished/Finished", instance.Status);
    }

    [Theory, InlineData("Merge"), InlineData("Converge")]
    public void A_merge_waits_for_a_token_on_every_connection(string mode)
    {
        var instance = Started($"{Start},{Given.Event("a")},{Given.Event("b")},{Line("j", mode)}", "s->a", "s->b", "a->j", "b->j");

        instance.Event("b");
        Assert.Empty(instance.Lines);
        instance.Event("a");

        Assert.Equal(["j"], instance.Lines);
        Assert.Equal("Finished/Finished", instance.Status);
    }

    [Fact]
    public void A_merge_behind_a_way_that_is_not_taken_waits_for_ever()
    {
        var instance = Started($"{Start},{Lines("a", "b")},{Decide("d", "false")},{Join("j", "WaitAll")},{Given.Line("after")}", "s->a", "s->d", "d:True->b", "a->j", "b->j", "j->after");

        Assert.Equal(["a"], instance.Lines);
        Assert.Equal("Running/Suspended", instance.Status);
        Assert.Empty(instance.State.Bookmarks);
    }

    [Fact]
    public void Converge_counts_the_way_back_of_a_loop_too_and_Merge_does_not()
    {
        string Loop(string mode) => $"{Given.Set("set", "n", "0")},{Line("a", mode)},{Given.Set("more", "n", "getVariable('n') + 1")},{Decide("d", "getVariable('n') < 3")},{Given.Line("end")}";
        string[] wires = ["set->a", "a->more", "more->d", "d:True->a", "d:False->end"];

        Assert.Equal("a a a end", LinesOf(Loop("Merge"), wires));
        Assert.Equal("a a a end", LinesOf(Loop("Stream"), wires));
        Assert.Equal("a a a end", LinesOf(Loop("None"), wires));
        Assert.Empty(Started(Loop("Converge"), wires).Lines);
    }

    [Fact]
    public void A_join_that_waits_for_any_cancels_the_others_and_goes_on_once()
    {
        var instance = Started($"{Start},{Given.Event("a")},{Given.Event("b")},{Given.Line("late")},{Join("j", "WaitAny")},{Given.Line("after")}", "s->a", "s->b", "a->j", "b->late", "late->j", "j->after");

        instance.Event("a");

        Assert.Equal(["after"], instance.Lines);
        Assert.Contains("b.Canceled", instance.Events);
        Assert.Equal("Finished/Finished", instance.Status);
    }

    [Fact]
    public void A_join_that_waits_for_any_does_so_in_every_round_of_a_loop()
    {
        var instance = Started($"{Start},{Given.Event("a")},{Given.Event("b")},{Join("j", "WaitAny")},{Given.Set("more", "n", "getVariable('n') + 1")},{Decide("d", "getVariable('n') < 2")},{Given.Line("end")},{Given.Line("round")}",
            "s->round", "round->a", "round->b", "a->j", "b->j", "j->more", "more->d", "d:True->round", "d:False->end");

        instance.Event("a");
        Assert.Equal(["a", "b"], instance.State.Bookmarks.Select(bookmark => bookmark.Stimulus));
        instance.Event("b");

        Assert.Equal(["round", "round", "end"], instance.Lines);
        Assert.Equal("Finished/Finished", instance.Status);
    }

    [Fact]
    public void Cascade_runs_once_for_tokens_that_come_together_and_again_for_one_that_comes_later()
    {
        Assert.Equal("s a b j", LinesOf($"{Lines("s", "a", "b")},{Line("j", "Cascade")}", "s->a", "s->b", "a->j", "b->j"));

        var instance = Started($"{Start},{Given.Event("a")},{Given.Event("b")},{Line("j", "Cascade")}", "s->a", "s->b", "a->j", "b->j");
        instance.Event("a");
        Assert.Equal(["j"], instance.Lines);
        instance.Event("b");

        Assert.Equal(["j", "j"], instance.Lines);
        Assert.Equal("Finished/Finished", instance.Status);
    }

    [Fact]
    public void A_cancelled_activity_takes_its_tokens_with_it()
    {
        var instance = Started($"{Start},{Given.Event("a")},{Given.Event("b")},{Given.Line("j")}", "s->a", "s->b", "a->j", "b->j");

        instance.Run(new Stimulus.Alter([new Alteration.CancelActivity(new Aim("a"))]));
        Assert.Equal("Running/Suspended", instance.Status);
        instance.Event("b");

        Assert.Equal(["j"], instance.Lines);
        Assert.Equal("Finished/Finished", instance.Status);
    }

    [Fact]
    public void An_End_ends_the_flowchart_whatever_tokens_are_left()
    {
        var instance = Started($"{Start},{Given.Event("a")},{Given.Activity("e", "Elsa.End")}", "s->a", "s->e");

        Assert.Equal("Finished/Finished", instance.Status);
    }

    [Fact]
    public void A_jump_passes_the_branches_that_a_merge_ahead_would_wait_for()
    {
        var instance = Started($"{Start},{Given.Event("a")},{Given.Event("b")},{Join("j", "WaitAll")},{Given.Event("after")}", "s->a", "s->b", "a->j", "b->j", "j->after");

        instance.Run(new Stimulus.Jump("b"));
        instance.Event("b");
        instance.Event("after");

        Assert.Equal("Finished/Finished", instance.Status);
    }

    [Fact]
    public void A_fault_keeps_the_flowchart_open_until_the_retry()
    {
        var instance = Started($"{Given.Activity("f", "Elsa.WriteLine", $"\"text\":{Given.Script("if (getVariable('n') == 0) throw new Error('not yet'); return 'passed'")}")},{Given.Line("after")}", "f->after");
        Assert.Equal("Finished/Faulted", instance.Status);

        instance.Overwrite(state => state.Executions[0].Cells![0].Value = 1);
        instance.Run(new Stimulus.Retry());

        Assert.Equal(["passed", "after"], instance.Lines);
        Assert.Equal("Finished/Finished", instance.Status);
    }

    [Fact]
    public void The_mode_is_the_hosts_unless_the_instance_was_started_with_one_and_a_running_flowchart_keeps_its_own()
    {
        // A longer branch runs what follows it again only where tokens are passed.
        var definition = Given.Definition(Given.Document(Given.Flowchart($"{Start},{Given.Event("a")},{Lines("b", "c", "d", "j")}", "s->a", "s->b", "a->c", "c->d", "d->j", "b->j")));
        string LinesOf(FlowchartMode host, FlowchartMode start, FlowchartMode later)
        {
            var began = new Interpreter(flowcharts: host).Run(definition, null, 7, new Stimulus.Start(Flowcharts: start), Facts.None, Given.Monday);
            var state = InstanceState.FromBytes(began.State.ToBytes());
            var ended = new Interpreter(flowcharts: later).Run(definition, state, 7, new Stimulus.Resume(state.Bookmarks[0].Number), Facts.None, Given.Monday);
            Assert.Equal(WorkflowSubStatus.Finished, ended.State.SubStatus);
            return string.Join(' ', began.Lines.Concat(ended.Lines));
        }

        Assert.Equal("b c d j", LinesOf(FlowchartMode.CounterBased, FlowchartMode.Default, FlowchartMode.TokenBased));
        Assert.Equal("b j c d j", LinesOf(FlowchartMode.TokenBased, FlowchartMode.Default, FlowchartMode.CounterBased));
        Assert.Equal("b j c d j", LinesOf(FlowchartMode.CounterBased, FlowchartMode.TokenBased, FlowchartMode.CounterBased));
        Assert.Equal("b c d j", LinesOf(FlowchartMode.TokenBased, FlowchartMode.CounterBased, FlowchartMode.TokenBased));
    }

    [Fact]
    public void Whatever_the_graph_a_flowchart_without_merges_runs_all_that_is_reached_and_ends() =>
        Gen.Select(Gen.Int[2, 12], Gen.Int[0, int.MaxValue]).Sample((size, seed) =>
        {
            var edges = new List<(int From, int To)>();
            for (var to = 1; to < size; to++)
                for (var from = 0; from < to; from++)
                    if ((seed = seed * 1103515245 + 12345) >> 16 is var chance && chance % 3 == 0)
                        edges.Add((from, to));
            var reached = new HashSet<int> { 0 };
            foreach (var (from, to) in edges.OrderBy(edge => edge.To))
                if (reached.Contains(from))
                    reached.Add(to);
            var activities = string.Join(",", Enumerable.Range(0, size).Select(i => i == 0 ? Given.Activity("n0", "Elsa.Start") : i % 4 == 3 ? Given.Event($"n{i}") : Given.Line($"n{i}")));

            var instance = Started(activities, [.. edges.Select(edge => $"n{edge.From}->n{edge.To}")]);
            for (var order = size; instance.State.Bookmarks is { Count: > 0 } waiting; order = order * 31 % 1009)
                instance.Resume(waiting[order % waiting.Count]);

            Assert.Equal("Finished/Finished", instance.Status);
            Assert.Equal(reached.Select(i => $"n{i}").Order(), instance.Journal.Where(line => line.Event == "Completed" && line.ActivityId[0] == 'n').Select(line => line.ActivityId).Distinct().Order());
        }, iter: 400);
}
