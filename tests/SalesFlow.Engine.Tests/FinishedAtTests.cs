namespace SalesFlow.Engine.Tests;

public sealed class FinishedAtTests
{
    private static readonly DateTimeOffset Tuesday = Given.Monday.AddDays(1);

    [Fact]
    public void An_instance_knows_when_it_finished_and_later_changes_do_not_move_that()
    {
        var instance = Given.Instance(Given.Flowchart($"{Given.Event("e")},{Given.Line("l")}", "e->l"));
        instance.Start();
        Assert.Null(instance.State.FinishedAt);

        instance.Run(new Stimulus.Resume(instance.State.Bookmarks[0].Number), now: Tuesday);
        instance.Run(new Stimulus.None(), now: Tuesday.AddDays(1));

        Assert.Equal(Tuesday, instance.State.FinishedAt);
    }

    [Fact]
    public void A_retried_instance_has_not_finished()
    {
        var faulted = Given.Instance(Given.Flowchart($"{Given.Activity("s", "Elsa.Start")},{Given.Event("e")},{Given.Activity("f", "Elsa.WriteLine", $"\"text\":{Given.Script("if (getVariable('n') == 0) throw new Error('not yet'); return 'x'")}")}", "s->e", "s->f"), $"[{Given.Variable("n")}]");
        faulted.Start();
        Assert.Equal(Given.Monday, faulted.State.FinishedAt);
        faulted.Overwrite(state => state.Executions[0].Cells![0].Value = 1);
        faulted.Run(new Stimulus.Retry(), now: Tuesday);

        Assert.Equal(("Running/Suspended", null), (faulted.Status, faulted.State.FinishedAt));
    }
}
