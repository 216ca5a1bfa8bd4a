using CsCheck;
using SalesFlow.Engine.Definitions;

namespace SalesFlow.Engine.Tests;

/// <summary>A flowchart is drawn anew while an instance waits in it: the flow goes on along the new drawing and is lost nowhere.</summary>
public sealed class RedrawingTests
{
    [Fact]
    public void What_led_to_the_waiting_activity_and_now_comes_after_it_runs_when_the_flow_comes_to_it()
    {
        var instance = Started(Flow("first,early,wait,last", "first->early", "early->wait", "wait->last"));

        instance.Follow(Definition(Flow("first,wait,early,last", "first->wait", "wait->early", "early->last"), "v2"));
        instance.Event("wait");

        Assert.Equal(["first", "early", "early", "last"], instance.Lines);
        Assert.Equal("Finished/Finished", instance.Status);
    }

    [Fact]
    public void What_no_branch_had_led_to_runs_when_the_waiting_activity_leads_to_it_now()
    {
        const string decision = """{"id":"first","type":"Elsa.FlowDecision","condition":{"typeName":"Boolean","expression":{"type":"Literal","value":"true"}}}""";
        string Drawing(params string[] wires) => Given.Flowchart($"{decision},{Given.Event("wait")},{Given.Line("late")},{Given.Line("last")}", wires);
        var instance = Started(Drawing("first:True->wait", "first:False->late", "wait->last"));

        instance.Follow(Definition(Drawing("first:True->wait", "first:False->late", "wait->late"), "v2"));
        instance.Event("wait");

        Assert.Equal(["late"], instance.Lines);
    }

    [Fact]
    public void Wherever_an_instance_stands_and_however_the_picture_changes_it_goes_on_along_the_new_one() =>
        Gen.Select(FlowchartPropertyTests.Redrawings, Gen.Int[0, 1000], Gen.Int[0, 6]).Sample((change, order, turns) =>
        {
            var instance = Started(change.Before);
            for (var turn = 0; turn < turns; turn++)
                Resume(instance, order + turn);
            var (ran, standing) = (FlowchartPropertyTests.Ran(instance), instance.State.Bookmarks.Select(bookmark => bookmark.ActivityId).ToList());
            if (standing.Count == 0 || change.ExpectedFrom(ran, standing) is not { } expected)
                return;

            instance.Journal.Clear();
            instance.Follow(Definition(change.After, "v2"));
            for (var turn = 0; instance.State.Bookmarks.Count > 0; turn++)
                Resume(instance, order + turn);

            Assert.Equal("Finished/Finished", instance.Status);
            Assert.Equal(expected, FlowchartPropertyTests.Ran(instance));
        }, iter: 1500);

    private static void Resume(Instance instance, int which)
    {
        if (instance.State.Bookmarks is { Count: > 0 } waiting)
            instance.Resume(waiting[which % waiting.Count]);
    }

    private static Instance Started(string root)
    {
        var instance = new Instance(Definition(root, "v1"));
        instance.Start();
        return instance;
    }

    private static WorkflowDefinition Definition(string root, string version) => Given.Definition(Given.Document(root).Replace("\"id\":\"v1\"", $"\"id\":\"{version}\"", StringComparison.Ordinal));

    /// <summary>What is called wait waits, everything else writes its id.</summary>
    private static string Flow(string ids, params string[] wires) =>
        Given.Flowchart(string.Join(",", ids.Split(',').Select(id => id == "wait" ? Given.Event(id) : Given.Line(id))), wires);
}
