using SalesFlow.Engine.Definitions;

namespace SalesFlow.Engine.Tests;

public sealed class ContainerTests
{
    private static string Fork(string mode, params string[] branches) => Given.Activity("fork", "Elsa.Fork", $"\"joinMode\":{mode},\"branches\":[{string.Join(",", branches)}]");

    private static string Parallel(params string[] activities) => Given.Activity("par", "Elsa.Parallel", $"\"activities\":[{string.Join(",", activities)}]");

    [Theory, InlineData("\"WaitAll\""), InlineData("null"), InlineData("0")]
    public void A_fork_that_waits_for_all_goes_on_after_its_last_branch(string mode)
    {
        var instance = Given.Instance(Given.Sequence("s", Fork(mode, Given.Sequence("x", Given.Event("a"), Given.Line("after a")), Given.Event("b")), Given.Line("end")));

        instance.Start();
        instance.Event("b");
        Assert.Empty(instance.Lines);
        instance.Event("a");

        Assert.Equal(["after a", "end"], instance.Lines);
        Assert.Equal("Finished/Finished", instance.Status);
    }

    [Theory, InlineData("\"WaitAny\""), InlineData("1")]
    public void A_fork_that_waits_for_any_cancels_the_other_branches(string mode)
    {
        var instance = Given.Instance(Given.Sequence("s", Fork(mode, Given.Sequence("x", Given.Event("a"), Given.Line("after a")), Given.Event("b")), Given.Line("end")));

        instance.Start();
        instance.Event("b");

        Assert.Equal(["end"], instance.Lines);
        Assert.Contains("a.Canceled", instance.Events);
        Assert.Equal("Finished/Finished", instance.Status);
    }

    [Fact]
    public void A_fork_without_branches_completes_and_one_of_an_unknown_mode_is_warned_of()
    {
        var instance = Given.Instance(Given.Sequence("s", Fork("\"WaitAll\""), Given.Line("end")));
        instance.Start();

        Assert.Equal(["end"], instance.Lines);
        Assert.Contains("WaitAll or WaitAny", Assert.Single(Given.Definition(Given.Document(Fork("\"Quorum\""))).Warnings).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_Break_ends_the_fork_around_it_and_inside_a_loop_the_loop()
    {
        var branch = Given.Sequence("b", Given.Line("in"), Given.Activity("br", "Elsa.Break"), Given.Line("never"));
        var loop = Given.Activity("w", "Elsa.While", $"\"condition\":{Given.Literal("true", "Boolean")},\"body\":{Given.Sequence("body", Fork("\"WaitAll\"", branch, Given.Event("e")), Given.Line("never either"))}");

        foreach (var root in new[] { Fork("\"WaitAll\"", branch, Given.Event("e")), loop })
        {
            var instance = Given.Instance(Given.Sequence("s", root, Given.Line("end")));
            instance.Start();

            Assert.Equal(["in", "end"], instance.Lines);
            Assert.Equal("Finished/Finished", instance.Status);
        }
    }

    [Fact]
    public void A_faulted_branch_holds_its_fork_until_it_is_retried()
    {
        var fragile = Given.Activity("f", "Elsa.WriteLine", $"\"text\":{Given.Script("if (getVariable('n') == 0) throw new Error('not yet'); return 'passed'")}");
        var instance = Given.Instance(Given.Sequence("s", Fork("\"WaitAll\"", fragile, Given.Line("b")), Given.Line("end")), $"[{Given.Variable("n")}]");

        instance.Start();
        Assert.Equal(["b"], instance.Lines);
        instance.Overwrite(state => state.Executions[0].Cells![0].Value = 1);
        instance.Run(new Stimulus.Retry());

        Assert.Equal(["b", "passed", "end"], instance.Lines);
    }

    [Fact]
    public void Parallel_goes_on_after_its_last_activity_whatever_the_order()
    {
        var instance = Given.Instance(Given.Sequence("s", Parallel(Given.Event("a"), Given.Line("l"), Given.Event("b")), Given.Line("end")));

        instance.Start();
        instance.Event("b");
        Assert.Equal(["l"], instance.Lines);
        instance.Event("a");

        Assert.Equal(["l", "end"], instance.Lines);
    }

    [Theory]
    [InlineData("Elsa.RunCSharp", "C# workflow expression execution is disabled")]
    [InlineData("Elsa.RunPython", "Python workflow expression execution is disabled")]
    [InlineData("Elsa.ReadLine", "nobody types there")]
    public void What_a_server_cannot_do_is_read_and_faults_when_it_is_reached(string type, string message)
    {
        var instance = Given.Instance(Given.Flowchart($"{Given.Event("e")},{Given.Activity("x", type, $"\"script\":{Given.Literal("return 1;")}")}", "e->x"));

        instance.Start();
        Assert.Equal("Running/Suspended", instance.Status);
        instance.Event("e");

        Assert.Contains(message, Assert.Single(instance.State.Incidents).Message, StringComparison.Ordinal);
        // What only a host's setting lists says so; the rest is in no toolbox.
        Assert.True(ActivityCatalogue.BuiltIn.Find(type)!.Descriptor is { IsHostCode: true } or { IsBrowsable: false });
    }

    [Fact]
    public void A_mistake_in_a_script_a_case_or_a_condition_is_found_before_it_runs()
    {
        var root = Given.Sequence("s", Given.Activity("js", "Elsa.RunJavaScript", $"\"script\":{Given.Literal("let x = ;")}"),
            Given.Activity("sw", "Elsa.FlowSwitch", """ "cases":[{"label":"a","condition":{"type":"JavaScript","value":"1 +"}}] """));

        Assert.Equal(["root.activities[0].script", "root.activities[1].cases[0].condition"], Given.Definition(Given.Document(root)).Warnings.Select(warning => warning.Path));
    }
}
