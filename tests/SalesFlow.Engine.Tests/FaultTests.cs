namespace SalesFlow.Engine.Tests;

public sealed class FaultTests
{
    private const string Continue = """{"incidentStrategyType":"Elsa.Workflows.IncidentStrategies.ContinueWithIncidentsStrategy, Elsa.Workflows.Core"}""";

    private static string Fault(string id, string message) => Given.Activity(id, "Elsa.Fault", $"\"message\":{Given.Literal(message)}");

    /// <summary>Faults while the variable n is zero.</summary>
    private static string Fragile(string id) => Given.Activity(id, "Elsa.WriteLine", $"\"text\":{Given.Script("if (getVariable('n') == 0) throw new Error('not yet'); return 'passed'")}");

    private static readonly string N = $"[{Given.Variable("n")}]";

    [Fact]
    public void A_fault_ends_the_instance_but_what_was_queued_still_runs()
    {
        var instance = Given.Instance(Given.Flowchart($"{Given.Activity("s", "Elsa.Start")},{Fault("f", "boom")},{Given.Line("l")},{Given.Line("m")}", "s->f", "s->l", "f->m"));

        var turn = instance.Start();

        Assert.Equal("Finished/Faulted", instance.Status);
        Assert.Equal(["l"], instance.Lines);
        Assert.Equal(["f"], turn.Incidents.Select(incident => incident.ActivityId));
        Assert.Equal("boom", instance.State.Incidents[0].Message);
        Assert.Contains("f.Faulted", instance.Events);
    }

    [Fact]
    public void With_ContinueWithIncidents_other_branches_go_on()
    {
        var instance = Given.Instance(Given.Flowchart($"{Given.Activity("s", "Elsa.Start")},{Fault("f", "boom")},{Given.Event("e")},{Given.Line("l")}", "s->f", "s->e", "e->l"), options: Continue);

        instance.Start();
        Assert.Equal("Running/Suspended", instance.Status);
        instance.Event("e");

        Assert.Equal(["l"], instance.Lines);
        Assert.Equal("Running/Suspended", instance.Status);
        Assert.Single(instance.State.Incidents);
    }

    [Theory, InlineData("{}"), InlineData(Continue)]
    public void A_retried_activity_runs_again_and_the_flow_goes_on(string options)
    {
        var root = Given.Flowchart($"{Given.Activity("s", "Elsa.Start")},{Given.Event("e")},{Given.Set("set", "n", "1")},{Given.Event("e2")},{Fragile("f")},{Given.Line("after")}", "s->e", "e->set", "s->f", "f->after");
        var instance = Given.Instance(root, N, options);

        instance.Start();
        Assert.Single(instance.State.Incidents);
        instance.Run(new Stimulus.Retry());
        Assert.Contains("not yet", Assert.Single(instance.State.Incidents).Message, StringComparison.Ordinal);
        Retry(instance, "e");

        Assert.Equal(["passed", "after"], instance.Lines);
        Assert.Equal("Finished/Finished", instance.Status);
        Assert.Empty(instance.State.Incidents);
    }

    /// <summary>A Faulted instance takes no events; it must be running again to hear one.</summary>
    private static void Retry(Instance instance, string name)
    {
        if (instance.State.Status == WorkflowStatus.Finished)
        {
            Assert.False(instance.Event(name).Woke);
            instance.Overwrite(state => state.Executions[0].Cells![0].Value = 1);
            instance.Run(new Stimulus.Retry());
            instance.Event(name);
            return;
        }
        instance.Event(name);
        instance.Run(new Stimulus.Retry());
    }

    [Fact]
    public void Only_the_named_execution_is_retried()
    {
        var instance = Given.Instance(Given.Flowchart($"{Given.Activity("s", "Elsa.Start")},{Fault("f", "one")},{Fault("g", "two")}", "s->f", "s->g"));

        instance.Start();
        instance.Run(new Stimulus.Retry(instance.State.Incidents[0].Activation));

        Assert.Equal(["two", "one"], instance.State.Incidents.Select(incident => incident.Message));
        Assert.False(instance.Run(new Stimulus.Retry(9999)).Woke);
    }

    [Fact]
    public void A_faulted_activity_that_is_jumped_over_leaves_no_incident_behind()
    {
        var instance = Given.Instance(Given.Flowchart($"{Fault("f", "boom")},{Given.Event("e")}", "f->e"), options: Continue);

        instance.Start();
        instance.Run(new Stimulus.Jump("e"));

        Assert.Empty(instance.State.Incidents);
        instance.Event("e");
        Assert.Equal("Finished/Finished", instance.Status);
    }

    [Fact]
    public void An_unknown_type_faults_only_when_it_is_reached()
    {
        var instance = Given.Instance(Given.Flowchart($"{Given.Event("e")},{Given.Activity("x", "Acme.Rocket")}", "e->x"));

        instance.Start();
        Assert.Equal("Running/Suspended", instance.Status);
        instance.Event("e");

        Assert.Equal("Activity type 'Acme.Rocket' version '1' could not be found.", instance.State.Incidents[0].Message);
    }

    [Fact]
    public void An_input_of_an_unknown_syntax_is_warned_of_and_counts_as_not_given()
    {
        var definition = Given.Definition(Given.Document(Given.Activity("l", "Elsa.WriteLine", """ "text":{"typeName":"String","expression":{"type":"Klingon","value":"x"}} """)));
        var instance = new Instance(definition);

        instance.Start();

        Assert.Equal([""], instance.Lines);
        Assert.Equal("Finished/Finished", instance.Status);
        Assert.Contains("'Klingon'", Assert.Single(definition.Warnings).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_mistake_in_an_input_names_the_input()
    {
        var instance = Given.Instance(Given.Activity("l", "Elsa.WriteLine", $"\"text\":{Given.Script("nowhere.atAll")}"));

        instance.Start();

        Assert.StartsWith("Failed to evaluate activity input 'Text'", instance.State.Incidents[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_loop_back_that_can_be_bypassed_faults_with_Elsas_words()
    {
        var root = Given.Flowchart($"{Given.Activity("s", "Elsa.Start")},{Given.Line("a")},{Given.Line("b")},{Given.Line("c")}", "s->a", "s->b", "a->c", "b->c", "c->a");
        var instance = Given.Instance(root);

        instance.Start();

        Assert.Equal("Invalid backward connection: Every path from the source ('c') must go through the target ('a') when tracing back to the start.", instance.State.Incidents[0].Message);
    }

    [Theory, InlineData(FlowchartMode.CounterBased), InlineData(FlowchartMode.TokenBased)]
    public void A_flow_that_could_not_go_on_goes_on_in_the_retry_without_running_anything_twice(FlowchartMode mode)
    {
        var join = Given.Activity("j", "Elsa.FlowJoin", $"\"mode\":{Given.Script("getVariable('n') == 0 ? nowhere : 'WaitAny'", "FlowJoinMode")}");
        var instance = Given.Instance(Given.Flowchart($"{Given.Line("a")},{Given.Line("b")},{join},{Given.Line("end")}", "a->b", "a->j", "j->end"), N);

        instance.Start(flowcharts: mode);
        Assert.Equal(["a"], instance.Lines);
        instance.Overwrite(state => state.Executions[0].Cells![0].Value = 1);
        instance.Run(new Stimulus.Retry());

        Assert.Equal(["a", "b", "end"], instance.Lines);
        Assert.Equal("Finished/Finished", instance.Status);
    }

    [Fact]
    public void A_workflow_that_never_waits_is_stopped_and_can_be_retried()
    {
        var root = Given.Flowchart($"{Given.Line("a")},{Given.Line("b")}", "a->b", "b->a");
        foreach (var options in new[] { "{}", Continue })
        {
            var instance = new Instance(Given.Definition(Given.Document(root, options: options)), new EngineLimits { MaxSteps = 100 });

            instance.Start();

            Assert.Equal("Finished/Faulted", instance.Status);
            Assert.Contains("100", Assert.Single(instance.State.Incidents).Message, StringComparison.Ordinal);
            Assert.True(instance.Run(new Stimulus.Retry()).Woke);
            Assert.Equal(198, instance.Lines.Count);
        }
    }

    [Fact]
    public void An_instance_that_remembers_too_much_faults_and_keeps_its_place()
    {
        var root = Given.Flowchart($"{Given.Set("set", "n", "'x'.repeat(5000)")},{Given.Event("e")},{Given.Set("clear", "n", "''")},{Given.Event("e2")}", "set->e", "e->clear", "clear->e2");
        var instance = new Instance(Given.Definition(Given.Document(root, $"[{Given.Variable("n", "String", "")}]")), new EngineLimits { MaxStateBytes = 4000 });

        instance.Start();

        Assert.Equal("Finished/Faulted", instance.Status);
        Assert.Contains("4,000 bytes", Assert.Single(instance.State.Incidents).Message, StringComparison.Ordinal);
        Assert.Equal("e", Assert.Single(instance.State.Bookmarks).Stimulus);
        instance.Overwrite(state => state.Executions[0].Cells![0].Value = "");
        Assert.True(instance.Run(new Stimulus.Retry()).Woke);
        Assert.Equal("Running/Suspended", instance.Status);
        Assert.Empty(instance.State.Incidents);
        instance.Event("e");
        Assert.Equal("e2", Assert.Single(instance.State.Bookmarks).Stimulus);
    }

    [Fact]
    public void A_value_nested_too_deeply_is_an_incident()
    {
        var instance = Given.Instance(Given.Flowchart($"{Given.Set("set", "n", "var a = []; for (var i = 0; i < 500; i++) a = [a]; return a")},{Given.Event("e")}", "set->e"), $"[{Given.Variable("n", "Object", "")}]");

        instance.Start();

        Assert.Equal("Finished/Faulted", instance.Status);
    }

    [Fact]
    public void A_long_way_that_is_not_taken_does_not_overflow_the_stack()
    {
        const int length = 1900;
        var root = Given.Flowchart($"{Given.Activity("d", "Elsa.FlowDecision", $"\"condition\":{Given.Literal("false", "Boolean")}")},{string.Join(",", Enumerable.Range(0, length).Select(i => Given.Line($"n{i}")))}",
            ["d:True->n0", .. Enumerable.Range(1, length - 1).Select(i => $"n{i - 1}->n{i}")]);
        var definition = Given.Definition(Given.Document(root));
        var instance = new Instance(definition);
        Exception? thrown = null;

        var small = new Thread(() => { try { instance.Start(); } catch (Exception e) { thrown = e; } }, 256 << 10);
        small.Start();
        small.Join();

        Assert.Null(thrown);
        Assert.Equal("Finished/Finished", instance.Status);
    }
}
