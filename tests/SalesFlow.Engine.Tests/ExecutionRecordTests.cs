using System.Text.Json;

namespace SalesFlow.Engine.Tests;

/// <summary>What the journal keeps of an execution beyond what a real Elsa was seen to answer (<see cref="ElsaExecutionsTests"/>).</summary>
public sealed class ExecutionRecordTests
{
    private static readonly string N = $"[{Given.Variable("n")}]";

    private static IReadOnlyList<ExecutionRecord> Records(Instance instance) =>
        ExecutionRecord.Of(JsonSerializer.Deserialize<List<JournalEntry>>(JsonSerializer.Serialize(instance.Journal))!);

    private static ExecutionRecord Record(Instance instance, string activityId) => Assert.Single(Records(instance), record => record.ActivityId == activityId);

    [Fact]
    public void An_execution_that_waits_has_its_inputs_and_what_it_put_out_so_far_and_later_both()
    {
        var task = Given.Activity("t", "Elsa.RunTask", $"\"taskName\":{Given.Literal("печать")},\"payload\":{Given.Script("({n: getVariable('n') })", "ObjectDictionary")}");
        var instance = Given.Instance(Given.Flowchart($"{task},{Given.Line("l")}", "t->l"), N);

        instance.Start();
        var waiting = Record(instance, "t");
        Assert.Equal((ActivityStatus.Running, true, null), (waiting.Status, waiting.HasBookmarks, waiting.CompletedAt));
        Assert.Equal("""{"TaskName":"печать","Payload":{"n":0}}""", waiting.State!.Json);
        Assert.StartsWith("""{"TaskId":""", waiting.Outputs!.Json, StringComparison.Ordinal);

        instance.Run(new Stimulus.Resume(instance.State.Bookmarks[0].Number, 42L), now: Given.Monday.AddHours(1));
        var done = Record(instance, "t");
        Assert.Equal((ActivityStatus.Completed, false), (done.Status, done.HasBookmarks));
        Assert.Equal((Given.Monday, Given.Monday.AddHours(1)), (done.StartedAt, done.CompletedAt));
        Assert.EndsWith("\"Result\":42}", done.Outputs!.Json, StringComparison.Ordinal);
        Assert.StartsWith("""{"TaskId":""", done.Outputs.Json, StringComparison.Ordinal);
        Assert.Equal(["Done"], done.Outcomes);
    }

    [Fact]
    public void Each_execution_knows_its_container_and_what_led_to_it()
    {
        var instance = Given.Instance(Given.Flowchart($"{Given.Line("a")},{Given.Event("e")},{Given.Line("b")}", "a->e", "e->b"));

        instance.Start();
        instance.Event("e");

        var records = Records(instance);
        Assert.Equal(["Workflow1", "flow", "a", "e", "b"], records.Select(record => record.ActivityId));
        Assert.Equal([0, 1, 2, 3, 4], records.Select(record => record.CallStackDepth));
        Assert.Equal(records.SkipLast(1).Select(record => record.Id), records.Skip(1).Select(record => record.ScheduledBy));
        Assert.All(records.Skip(2), record => Assert.Equal(records[1].Id, record.Parent));
    }

    [Fact]
    public void A_fault_keeps_its_exception_until_the_activity_is_retried_and_is_counted_upwards()
    {
        var fragile = Given.Activity("f", "Elsa.WriteLine", $"\"text\":{Given.Script("if (getVariable('n') == 0) throw new Error('not yet'); return 'passed'")}");
        var instance = Given.Instance(Given.Flowchart(fragile), N);

        instance.Start();
        var faulted = Record(instance, "f");
        Assert.Equal((ActivityStatus.Faulted, 1), (faulted.Status, faulted.FaultCount));
        Assert.Equal("FaultException", faulted.Failure!.Type);
        Assert.Contains("not yet", faulted.Failure.Message, StringComparison.Ordinal);
        Assert.Equal("JavaScriptException", faulted.Failure.Inner!.Inner!.Type);
        Assert.Equal([1, 1, 1], Records(instance).Select(record => record.FaultCount));

        instance.Overwrite(state => state.Executions[0].Cells![0].Value = 1);
        instance.Run(new Stimulus.Retry());
        var retried = Record(instance, "f");
        Assert.Equal((ActivityStatus.Completed, null, 1), (retried.Status, retried.Failure, retried.FaultCount));
        Assert.Equal("""{"Text":"passed"}""", retried.State!.Json);
    }

    [Fact]
    public void A_completed_activity_whose_flowchart_could_not_go_on_is_completed_again_by_a_retry()
    {
        var instance = Given.Instance(Given.Flowchart($"{Given.Line("a")},{Given.Activity("j", "Elsa.FlowJoin", $"\"mode\":{Given.Script("getVariable('n') == 0 ? nowhere : 'WaitAll'", "FlowJoinMode")}")}", "a->j"), N);

        instance.Start();
        Assert.Equal(ActivityStatus.Faulted, Record(instance, "a").Status);
        instance.Overwrite(state => state.Executions[0].Cells![0].Value = 1);
        instance.Run(new Stimulus.Retry());

        Assert.Equal("Finished/Finished", instance.Status);
        Assert.All(Records(instance), record => Assert.Equal(ActivityStatus.Completed, record.Status));
    }

    [Fact]
    public void What_a_Complete_or_Break_passes_on_its_way_is_completed_and_what_it_interrupts_is_cancelled()
    {
        var body = Given.Flowchart($"{Given.Activity("s", "Elsa.Start")},{Given.Event("e")},{Given.Activity("c", "Elsa.Complete")}", "s->e", "s->c");
        var instance = Given.Instance(Given.Sequence("seq", Given.Activity("w", "Elsa.While", $"\"condition\":{Given.Literal("true", "Boolean")},\"body\":{body}")));

        instance.Start();

        string StatusOf(string id) => $"{Record(instance, id).Status}";
        Assert.All(["c", "flow", "seq", "Workflow1"], id => Assert.Equal("Completed", StatusOf(id)));
        Assert.All(["e", "w"], id => Assert.Equal("Canceled", StatusOf(id)));
        Assert.Equal("Finished/Finished", instance.Status);
    }

    [Fact]
    public void A_snapshot_is_the_value_of_its_moment()
    {
        var changing = new List<object?> { 1 };
        var snapshot = Snapshot.Of([new("List", changing), new("Text", "«да»"), new("None", null), new("Number", 1.5m)])!;

        changing.Add(2);

        Assert.Equal("""{"List":[1],"Text":"«да»","None":null,"Number":1.5}""", snapshot.Json);
        Assert.Null(Snapshot.Of([]));
    }

    [Fact]
    public void A_value_that_is_too_long_or_has_no_JSON_is_named_instead()
    {
        var endless = new List<object?>();
        endless.Add(endless);
        var snapshot = Snapshot.Of([new("Long", new string('x', 40_000)), new("Endless", endless), new("NaN", double.NaN), new("Big", Enumerable.Range(0, 20_000).ToList())])!;

        var values = JsonSerializer.Deserialize<Dictionary<string, string?>>(snapshot.Json)!;

        Assert.Equal("(40,000 characters are too many for the journal)", values["Long"]);
        Assert.Contains("cannot be written", values["Endless"], StringComparison.Ordinal);
        Assert.Null(values["NaN"]);
        Assert.EndsWith("are too many for the journal)", values["Big"], StringComparison.Ordinal);
    }
}
