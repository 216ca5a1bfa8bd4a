using System.Collections.Immutable;

namespace SalesFlow.Engine.Tests;

public sealed class AlterationTests
{
    private static readonly string N = $"[{Given.Variable("n")}]";

    private static string Fragile(string id) => Given.Activity(id, "Elsa.WriteLine", $"\"text\":{Given.Script("if (getVariable('n') == 0) throw new Error('not yet'); return 'passed ' + getVariable('n')")}");

    private static Stimulus.Alter Alter(params ImmutableArray<Alteration> steps) => new(steps);

    private static Aim The(string activity) => new(activity);

    [Fact]
    public void A_variable_is_mended_and_the_faulted_activity_goes_on_with_it()
    {
        var instance = Given.Instance(Given.Flowchart($"{Fragile("f")},{Given.Line("after")}", "f->after"), N);
        instance.Start();
        Assert.Equal("Finished/Faulted", instance.Status);

        instance.Run(Alter(new Alteration.SetVariable("n", "7"), new Alteration.Schedule(The("f"))));

        Assert.Equal(["passed 7", "after"], instance.Lines);
        Assert.Equal("Finished/Finished", instance.Status);
        Assert.Empty(instance.State.Incidents);
        Assert.Equal(2, instance.Events.Count(line => line == "Workflow1.Altered"));
    }

    [Fact]
    public void Setting_a_variable_wakes_nothing_else()
    {
        var instance = Given.Instance(Given.Flowchart($"{Given.Event("e")},{Fragile("f")}", "e->f"), N);
        instance.Start();

        instance.Run(Alter(new Alteration.SetVariable("n", 3)));
        Assert.Equal("Running/Suspended", instance.Status);
        instance.Event("e");

        Assert.Equal(["passed 3"], instance.Lines);
    }

    [Fact]
    public void A_scheduled_activity_runs_beside_what_waits_and_later_joins_still_count_right()
    {
        var instance = Given.Instance(Given.Flowchart($"{Given.Line("a")},{Given.Event("e")},{Given.Line("b")}", "a->e", "e->b"));
        instance.Start();

        instance.Run(Alter(new Alteration.Schedule(The("a"))));
        Assert.Equal(["a", "a"], instance.Lines);
        while (instance.State.Bookmarks.Count > 0)
            instance.Event("e");

        Assert.Equal("Finished/Finished", instance.Status);
        Assert.Contains("b", instance.Lines);
    }

    [Fact]
    public void A_cancelled_activity_is_passed_over()
    {
        var instance = Given.Instance(Given.Flowchart($"{Given.Activity("s", "Elsa.Start")},{Given.Event("e")},{Given.Event("g")},{Given.Line("after")}", "s->e", "s->g", "g->after"));
        instance.Start();

        instance.Run(Alter(new Alteration.CancelActivity(The("e"))));
        Assert.Equal(["g"], instance.State.Bookmarks.Select(bookmark => bookmark.Stimulus));
        instance.Event("g");

        Assert.Equal("Finished/Finished", instance.Status);
        Assert.Contains("e.Canceled", instance.Events);
    }

    [Theory]
    [InlineData("nope", null, "The definition has no activity 'nope'.")]
    [InlineData("inner", null, "Nothing that contains activity 'inner' is running.")]
    [InlineData(null, 4711, "There is no faulted execution 4711 to schedule; name the activity to run it anew.")]
    public void What_cannot_be_scheduled_is_refused_in_words(string? activity, int? activation, string message)
    {
        var instance = Given.Instance(Given.Flowchart($"{Given.Event("e")},{Given.Sequence("box", Given.Line("inner"))}", "e->box"));
        instance.Start();
        var before = instance.Bytes;

        var refused = Assert.Throws<AlterationException>(() => instance.Run(Alter(new Alteration.Schedule(new Aim(activity, activation)))));

        Assert.Equal(message, refused.Message);
        Assert.Equal(before, instance.Bytes);
    }

    [Fact]
    public void A_finished_instance_is_not_altered_any_more()
    {
        var instance = Given.Instance(Given.Flowchart(Given.Line("a")));
        instance.Start();

        Assert.Equal("The instance is Finished: activity 'a' can no longer be altered.", Assert.Throws<AlterationException>(() => instance.Run(Alter(new Alteration.Schedule(The("a"))))).Message);
        Assert.Equal("The instance is Finished: activity 'a' can no longer be altered.", Assert.Throws<AlterationException>(() => instance.Run(Alter(new Alteration.CancelActivity(The("a"))))).Message);
    }

    [Fact]
    public void An_unknown_variable_and_a_value_that_cannot_be_stored_are_refused()
    {
        var instance = Given.Instance(Given.Flowchart(Given.Event("e")), $"[{Given.Variable("n", "Object")}]");
        instance.Start();

        Assert.Equal("The instance has no variable 'x'. Its variables are: n.", Assert.Throws<AlterationException>(() => instance.Run(Alter(new Alteration.SetVariable("x", 1)))).Message);
        var deep = Enumerable.Range(0, 50).Aggregate(new List<object?>(), (inner, _) => [inner]);
        Assert.StartsWith("Variable 'n' cannot have that value: ", Assert.Throws<AlterationException>(() => instance.Run(Alter(new Alteration.SetVariable("n", deep)))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Whoever_looks_sees_variables_counters_and_where_it_stands()
    {
        var definition = Given.Definition(Given.Document(Given.Flowchart($"{Given.Set("set", "n", "5")},{Given.Event("e")}", "set->e"), N));
        var instance = new Instance(definition);
        instance.Start();

        var contexts = instance.State.Contexts(definition).ToList();

        Assert.Equal(["Workflow1", "Workflow1:flow", "Workflow1:flow:e"], contexts.Select(context => context.NodeId));
        Assert.Equal(new VariableView("n", "n", 5L, IsDynamic: false), Assert.Single(contexts[0].Variables));
        Assert.Equal(("set", 1), contexts[1].Visits!.Activities.Select(pair => (pair.Key, pair.Value)).Single());
        Assert.Equal(("set:Done->e:In", true), contexts[1].Visits!.Followed.Select(pair => (pair.Key, pair.Value)).Single());
        Assert.Null(contexts[2].Visits);
    }
}
