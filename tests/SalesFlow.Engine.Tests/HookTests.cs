using SalesFlow.Engine.Definitions;

namespace SalesFlow.Engine.Tests;

/// <summary>What an activity written on <see cref="Activity"/> may rely on: a stage-like composite and a task-like waiter.</summary>
public sealed class HookTests
{
    private sealed record Note(string Text) : Change;

    /// <summary>Runs its body, ends with the body's outcomes, notes everything it hears.</summary>
    private sealed class Box() : Activity(new("Test.Box", new("Box", "Короб"), new("Test", "Проба")) { Slots = [new("Body", new("Body", "Тело"))] })
    {
        public override void Execute(Activation activation)
        {
            activation.Change(new Note($"enter {activation.Node.Id}"));
            activation.Remember("entered", activation.Now);
            activation.Wait("Test.Box", activation.Node.Id, autoBurn: false);
            if (activation.Node.Slots.TryGetValue("Body", out var body))
                activation.Schedule(body);
        }

        public override void Resume(Activation activation, Bookmark bookmark, object? input)
        {
            if (input is string outcome)
                activation.Complete(outcome);
        }

        public override void ChildCompleted(Activation activation, Activation child, Outcomes outcomes) => activation.Change(new Note($"body done {activation.Node.Id}"));

        public override bool Receive(Activation activation, Signal signal)
        {
            if (signal is not Signal.Complete complete)
                return false;
            activation.Complete([.. complete.Outcomes.Names]);
            return true;
        }

        public override void Cancelled(Activation activation) => activation.Change(new Note($"leave {activation.Node.Id}, entered {activation.Recall<DateTimeOffset>("entered"):HH:mm}"));

        public override void Completing(Activation activation, Outcomes outcomes) => activation.Change(new Note($"complete {activation.Node.Id} {string.Join('+', outcomes.Names)}"));
    }

    /// <summary>Waits; throws from the hook named in its id.</summary>
    private sealed class Waiter() : Activity(new("Test.Waiter", new("Waiter", "Ждун"), new("Test", "Проба")))
    {
        public override void Execute(Activation activation) => activation.Wait("Test.Waiter", activation.Node.Id);

        public override void Completing(Activation activation, Outcomes outcomes) => Break(activation, "completing");

        public override void Cancelled(Activation activation)
        {
            Break(activation, "cancelled");
            activation.Change(new Note($"forget {activation.Node.Id}"));
        }

        private static void Break(Activation activation, string hook)
        {
            if (activation.Node.Id == $"throws-{hook}")
                throw new FaultException($"broken {hook}");
        }
    }

    private static readonly Activity[] Own = [new Box(), new Waiter()];

    private static string BoxOf(string id, string? body = null) => Given.Activity(id, "Test.Box", body is null ? "" : $"\"body\":{body}");

    private static string WaiterOf(string id) => Given.Activity(id, "Test.Waiter");

    private static string[] Notes(Instance instance) => [.. instance.Changes.Cast<Note>().Select(note => note.Text)];

    private static Instance Pipeline(params string[] wires) => Given.Instance(Given.Flowchart(string.Join(",",
        BoxOf("a", Given.FlowchartNamed("fa", WaiterOf("wa"))), BoxOf("b", Given.FlowchartNamed("fb", WaiterOf("wb"))), BoxOf("c", Given.FlowchartNamed("fc", WaiterOf("wc"))), Given.Line("lost")), wires), extra: Own);

    [Fact]
    public void A_composite_hears_of_its_body_and_ends_when_it_likes()
    {
        var instance = Pipeline("a->b", "b->c", "b:Lost->lost");

        instance.Start();
        instance.Event("wa");
        Assert.Equal(["enter a", "body done a"], Notes(instance));
        instance.Event("a", "Done");

        Assert.Equal(["enter a", "body done a", "complete a Done", "enter b"], Notes(instance));
        Assert.Equal(["b", "wb"], instance.State.Bookmarks.Select(bookmark => bookmark.Stimulus));
    }

    [Fact]
    public void A_composite_that_ends_early_cancels_its_body()
    {
        var instance = Pipeline("a->b", "a:Lost->lost");

        instance.Start();
        instance.Event("a", "Lost");

        Assert.Equal(["enter a", "forget wa", "complete a Lost"], Notes(instance));
        Assert.Equal(["lost"], instance.Lines);
        Assert.Equal("Finished/Finished", instance.Status);
        Assert.Contains("wa.Canceled", instance.Events);
        Assert.Contains("fa.Canceled", instance.Events);
    }

    [Fact]
    public void Complete_inside_the_body_chooses_the_outcome_of_the_nearest_composite()
    {
        var body = Given.FlowchartNamed("inner", Given.Activity("c", "Elsa.Complete", $"\"outcomes\":{Given.Literal("Lost", "Object")}"));
        var instance = Given.Instance(Given.Flowchart($"{BoxOf("a", body)},{Given.Line("won")},{Given.Line("lost")}", "a->won", "a:Lost->lost"), extra: Own);

        instance.Start();

        Assert.Equal(["lost"], instance.Lines);
        Assert.Equal(["enter a", "complete a Lost"], Notes(instance));
    }

    [Fact]
    public void A_jump_leaves_what_runs_and_goes_on_at_the_target()
    {
        var instance = Pipeline("a->b", "b->c");

        instance.Start();
        instance.Run(new Stimulus.Jump("c"));

        Assert.Equal(["enter a", "forget wa", "leave a, entered 09:00", "enter c"], Notes(instance));
        Assert.Equal(["c", "wc"], instance.State.Bookmarks.Select(bookmark => bookmark.Stimulus));
        instance.Event("c", "Done");
        Assert.Equal("Finished/Finished", instance.Status);
    }

    [Fact]
    public void A_jump_back_lets_the_flow_come_forward_again()
    {
        var instance = Pipeline("a->b", "b->c");

        instance.Start();
        instance.Event("a", "Done");
        instance.Event("b", "Done");
        instance.Run(new Stimulus.Jump("a"));
        foreach (var stage in new[] { "a", "b", "c" })
            instance.Event(stage, "Done");

        Assert.Equal("Finished/Finished", instance.Status);
        Assert.Equal(["enter a", "enter b", "enter c", "enter a", "enter b", "enter c"], Notes(instance).Where(note => note.StartsWith("enter", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_jump_over_a_join_does_not_leave_it_waiting()
    {
        var join = Given.Activity("join", "Elsa.FlowJoin", $"\"mode\":{Given.Literal("WaitAllActive", "FlowJoinMode")}");
        var instance = Given.Instance(Given.Flowchart($"{Given.Activity("s", "Elsa.Start")},{WaiterOf("x")},{WaiterOf("y")},{join},{Given.Line("after")}", "s->x", "s->y", "x->join", "y->join", "join->after"), extra: Own);

        instance.Start();
        instance.Run(new Stimulus.Jump("x"));
        instance.Event("x");

        Assert.Equal(["after"], instance.Lines);
        Assert.Equal("Finished/Finished", instance.Status);
    }

    [Fact]
    public void A_jump_finds_activities_of_nested_flowcharts_and_ignores_unknown_ones()
    {
        var nested = Given.FlowchartNamed("inner", $"{WaiterOf("x")},{WaiterOf("y")}", "x->y");
        var instance = Given.Instance(Given.Flowchart(BoxOf("a", nested)), extra: Own);

        instance.Start();

        Assert.False(instance.Run(new Stimulus.Jump("nowhere")).Woke);
        Assert.True(instance.Run(new Stimulus.Jump("y")).Woke);
        Assert.Equal(["a", "y"], instance.State.Bookmarks.Select(bookmark => bookmark.Stimulus));
    }

    [Fact]
    public void A_cancelled_instance_tells_every_activity_and_wakes_no_more()
    {
        var instance = Pipeline("a->b");

        instance.Start();
        var bookmark = instance.State.Bookmarks[0];
        var turn = instance.Run(new Stimulus.Cancel());

        Assert.Equal("Finished/Cancelled", instance.Status);
        Assert.Equal(["enter a", "forget wa", "leave a, entered 09:00"], Notes(instance));
        Assert.Equal(2, turn.Burned.Length);
        Assert.False(instance.Resume(bookmark).Woke);
        Assert.False(instance.Run(new Stimulus.Cancel()).Woke);
        Assert.False(instance.Run(new Stimulus.Jump("b")).Woke);
        Assert.False(instance.Run(new Stimulus.Retry()).Woke);
    }

    [Fact]
    public void A_mistake_in_the_completing_hook_is_an_incident_of_that_activity_and_can_be_retried()
    {
        var instance = Given.Instance(Given.Flowchart(WaiterOf("throws-completing")), extra: Own);

        instance.Start();
        instance.Event("throws-completing");

        Assert.Equal("Finished/Faulted", instance.Status);
        Assert.Equal(("throws-completing", "broken completing"), instance.State.Incidents.Select(incident => (incident.ActivityId, incident.Message)).Single());
        Assert.True(instance.Run(new Stimulus.Retry()).Woke);
        Assert.Equal("Running/Suspended", instance.Status);
        Assert.Empty(instance.State.Incidents);
    }

    [Theory, InlineData("cancel"), InlineData("jump"), InlineData("complete")]
    public void A_mistake_in_the_cancelled_hook_never_leaves_the_turn(string how)
    {
        var instance = Given.Instance(Given.Flowchart($"{BoxOf("a", WaiterOf("throws-cancelled"))},{WaiterOf("b")}", "a->b"), extra: Own);

        instance.Start();
        if (how == "complete")
            instance.Event("a", "Done");
        else
            instance.Run(how == "cancel" ? new Stimulus.Cancel() : new Stimulus.Jump("b"));

        Assert.Equal("broken cancelled", Assert.Single(instance.State.Incidents).Message);
        Assert.Contains("leave a, entered 09:00", how == "complete" ? ["leave a, entered 09:00"] : Notes(instance));
        Assert.DoesNotContain(instance.State.Bookmarks, bookmark => bookmark.Stimulus == "throws-cancelled");
    }

    [Fact]
    public void Changes_that_come_with_the_command_are_known_to_the_facts_and_come_first()
    {
        var instance = Pipeline("a->b");
        var facts = new Memory();

        instance.Run(new Stimulus.Start(), facts, null, new Note("command"));
        var none = instance.Run(new Stimulus.None(), facts, null, new Note("only"));

        Assert.Equal(["command", "enter a", "only"], facts.Heard);
        Assert.Equal(["command", "enter a", "only"], Notes(instance));
        Assert.True(none.Woke);
        Assert.False(instance.Run(new Stimulus.None(), facts).Woke);
    }

    private sealed class Memory : Facts
    {
        public List<string> Heard { get; } = [];
        public override IReadOnlyCollection<string> Names => ["heard"];
        public override object? Read(string name) => Heard.Count;
        public override void Apply(Change change) => Heard.Add(((Note)change).Text);
    }

    [Fact]
    public void A_script_sees_a_change_made_earlier_in_the_same_turn()
    {
        var instance = Given.Instance(Given.Flowchart($"{BoxOf("a", Given.Activity("l", "Elsa.WriteLine", $"\"text\":{Given.Script("'heard ' + heard")}"))}"), extra: Own);

        instance.Run(new Stimulus.Start(), new Memory());

        Assert.Equal(["heard 1"], instance.Lines);
    }

    [Fact]
    public void A_definition_version_that_dropped_a_node_does_not_break_waiting_instances()
    {
        var document = Given.Document(Given.Flowchart($"{WaiterOf("x")},{WaiterOf("y")}", "x->y"));
        var instance = new Instance(Given.Definition(document, Own));
        instance.Start();
        var later = new Interpreter().Run(Given.Definition(Given.Document(Given.Flowchart(WaiterOf("y"))), Own), instance.State, 7, new Stimulus.Resume(instance.State.Bookmarks[0].Number), Facts.None, Given.Monday);

        Assert.False(later.Woke);
    }
}
