namespace SalesFlow.Engine.Tests;

/// <summary>Activities that start other workflows: what they ask for, and what they make of the answers.</summary>
public sealed class DispatchTests
{
    private const string Wait = "\"waitForCompletion\":{\"typeName\":\"Boolean\",\"expression\":{\"type\":\"Literal\",\"value\":true}}";
    private const string NoWait = "\"waitForCompletion\":{\"typeName\":\"Boolean\",\"expression\":{\"type\":\"Literal\",\"value\":false}}";

    [Fact]
    public void A_dispatched_child_gets_its_inputs_its_correlation_and_the_id_of_its_parent()
    {
        var instance = Given.Instance(Call("Elsa.DispatchWorkflow", $"{Wait},\"correlationId\":{Given.Literal("order-1")},\"input\":{Given.Script("({ Amount: 5 })", "ObjectDictionary")}"));

        var asked = Asked(instance.Start());

        var child = Assert.Single(asked.Children);
        Assert.Equal(("other", "order-1", instance.State.Bookmarks.Single().Number), (asked.DefinitionId, child.CorrelationId, asked.Bookmark));
        Assert.Equal([("Amount", "5"), ("ParentInstanceId", "7")], child.Input.Select(input => (input.Key, $"{input.Value}")));
    }

    [Fact]
    public void Without_a_definition_there_is_nothing_to_start() =>
        Assert.Contains("nothing to start", Given.Instance(Given.Sequence("steps", Given.Activity("call", "Elsa.DispatchWorkflow"))).Start().Incidents.Single().Message, StringComparison.Ordinal);

    [Fact]
    public void A_refused_start_faults_the_activity()
    {
        var instance = Given.Instance(Call("Elsa.DispatchWorkflow", NoWait));
        instance.Start();

        var turn = instance.Resume(instance.State.Bookmarks.Single(), new ChildAnswer.Refused("No published version."));

        Assert.Equal(("call", "No published version."), (turn.Incidents.Single().ActivityId, turn.Incidents.Single().Message));
    }

    [Fact]
    public void A_bulk_without_items_is_done_and_starts_nothing()
    {
        var instance = Given.Instance(Flow("[]"));

        var turn = instance.Start();

        Assert.Empty(turn.Effects);
        Assert.Equal(["done"], instance.Lines);
    }

    [Fact]
    public void A_bulk_that_does_not_wait_is_done_when_its_children_have_been_started()
    {
        var instance = Given.Instance(Flow("[1,2]", NoWait));
        Assert.Null(Asked(instance.Start()).Bookmark);
        Assert.Empty(instance.Lines);

        instance.Resume(instance.State.Bookmarks.Single(), new ChildAnswer.Started(8, WorkflowStatus.Running, WorkflowSubStatus.Suspended, new Dictionary<string, object?>()));

        Assert.Equal(["done"], instance.Lines);
    }

    [Fact]
    public void A_bulk_gives_each_child_its_item_and_a_dictionary_becomes_the_inputs_themselves()
    {
        var instance = Given.Instance(Flow("[7,{'Sku':'A'}]", $"{Wait},\"defaultItemInputKey\":{Given.Literal("Row")},\"input\":{Given.Script("({ Currency: 'RUB' })", "ObjectDictionary")},\"correlationIdFunction\":{Given.Script("'item-' + (getItem().Sku ?? getItem())")}",
            Given.Variable("Item", "String", "the workflow's own")).Replace("'Sku':'A'", "\\\"Sku\\\":\\\"A\\\"", StringComparison.Ordinal));

        var asked = Asked(instance.Start());

        Assert.Equal(["Currency=RUB ParentInstanceId=7 Row=7", "Currency=RUB ParentInstanceId=7 Sku=A"],
            asked.Children.Select(child => string.Join(' ', child.Input.OrderBy(input => input.Key, StringComparer.Ordinal).Select(input => $"{input.Key}={input.Value}"))));
        Assert.Equal(["item-7", "item-A"], asked.Children.Select(child => child.CorrelationId));
    }

    [Fact]
    public void A_bulk_runs_a_slot_for_each_child_and_completes_after_the_last_one()
    {
        var instance = Given.Instance(Flow("[1,2,3]"));
        instance.Start();

        End(instance, 11, WorkflowSubStatus.Finished);
        End(instance, 12, WorkflowSubStatus.Faulted);
        Assert.Equal(["11 completed", "12 faulted"], instance.Lines);
        End(instance, 13, WorkflowSubStatus.Finished);

        Assert.Equal(["11 completed", "12 faulted", "13 completed", "completed", "done"], instance.Lines);
        Assert.Equal("Finished/Finished", instance.Status);
    }

    [Fact]
    public void A_bulk_with_a_cancelled_child_leaves_by_another_way()
    {
        var instance = Given.Instance(Flow("[1,2]"));
        instance.Start();

        End(instance, 11, WorkflowSubStatus.Cancelled);
        End(instance, 12, WorkflowSubStatus.Finished);

        Assert.Equal(["11 faulted", "12 completed", "canceled", "done"], instance.Lines);
    }

    [Fact]
    public void A_bulk_waits_for_a_slot_that_waits()
    {
        var instance = Given.Instance(Flow("[1]").Replace(Slot("onCompleted", "completed"), Given.Event("onCompleted", "Go"), StringComparison.Ordinal));
        instance.Start();

        End(instance, 11, WorkflowSubStatus.Finished);
        Assert.Empty(instance.Lines);
        instance.Event("Go");

        Assert.Equal(["completed", "done"], instance.Lines);
    }

    [Theory]
    [InlineData(false, "Finished")]
    [InlineData(true, "Cancelled")]
    public void A_child_tells_its_parent_of_its_end_and_what_it_put_out(bool cancelled, string expected)
    {
        var child = Given.Instance(Given.Sequence("steps", Given.Activity("out", "Elsa.SetOutput", $"\"outputName\":{Given.Literal("Sum")},\"outputValue\":{Given.Literal("9")}"), Given.Event("Go")));
        child.Run(new Stimulus.Start(Parent: new ParentLink(70, 3, 1)));
        Assert.Empty(child.Effects);

        var turn = cancelled ? child.Run(new Stimulus.Cancel()) : child.Event("Go");

        var told = Assert.IsType<ChildFinished>(turn.Effects.Single().Effect);
        Assert.Equal((70L, 3, expected, "9"), (told.ParentId, told.Bookmark, $"{told.SubStatus}", told.Output["Sum"]));
    }

    [Fact]
    public void A_child_that_nobody_waits_for_tells_nobody()
    {
        var child = Given.Instance(Given.Line("a"));

        child.Run(new Stimulus.Start(Parent: new ParentLink(70, null, 0)));

        Assert.Empty(child.Effects);
    }

    [Fact]
    public void An_instance_that_has_started_others_cancels_them_with_itself()
    {
        var parent = Given.Instance(Call("Elsa.DispatchWorkflow", Wait));
        parent.Start();

        Assert.IsType<ChildrenCancelled>(parent.Run(new Stimulus.Cancel()).Effects.Single().Effect);
    }

    private static void End(Instance instance, long child, WorkflowSubStatus status) => instance.Resume(instance.State.Bookmarks.Single(), new ChildAnswer.Finished(child, status, new Dictionary<string, object?>()));

    private static WorkflowsDispatched Asked(Turn turn) => Assert.IsType<WorkflowsDispatched>(turn.Effects.Single().Effect);

    private static string Call(string type, string more) => Given.Activity("call", type, $"\"workflowDefinitionId\":{Given.Literal("other")},{more}");

    private static string Slot(string id, string ending) => Given.Activity(id, "Elsa.WriteLine", $"\"text\":{Given.Script($"getChildInstanceId() + ' {ending}'", "String")}");

    private static string Flow(string items, string more = Wait, string? variable = null) => Given.Flowchart(
        $"{Call("Elsa.BulkDispatchWorkflows", $"\"items\":{{\"typeName\":\"Object\",\"expression\":{{\"type\":\"Object\",\"value\":\"{items}\"}}}},\"childCompleted\":{Slot("onCompleted", "completed")},\"childFaulted\":{Slot("onFaulted", "faulted")},{more}")},{Given.Line("completed")},{Given.Line("canceled")},{Given.Line("done")}",
        "call:Completed->completed", "call:Canceled->canceled", "call->done").Replace("\"connections\"", $"\"variables\":[{variable}],\"connections\"", StringComparison.Ordinal);
}
