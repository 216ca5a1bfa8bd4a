using SalesFlow.Engine.Definitions;

namespace SalesFlow.Engine.Tests;

public sealed class StateMachineTests
{
    private static string Machine(string states, string transitions, string more = "") =>
        Given.Activity("m", "Elsa.StateMachine", $"\"states\":[{states}],\"transitions\":[{transitions}]{more}");

    private static string State(string name, string? entry = null, string? exit = null) =>
        $$"""{"name":"{{name}}"{{(entry is null ? "" : $",\"entry\":{entry}")}}{{(exit is null ? "" : $",\"exit\":{exit}")}}}""";

    private static string Transition(string from, string to, string? trigger = null, string? condition = null, string? action = null) =>
        $$"""{"from":"{{from}}","to":"{{to}}"{{(trigger is null ? "" : $",\"trigger\":{trigger}")}}{{(condition is null ? "" : $",\"condition\":{Given.Script(condition, "Boolean")}")}}{{(action is null ? "" : $",\"action\":{action}")}}}""";

    private static readonly string Order = Machine(
        string.Join(",", State("New", Given.Line("enter New"), Given.Line("leave New")), State("Approved", Given.Line("enter Approved")), State("Rejected")),
        string.Join(",", Transition("New", "Approved", Given.Event("approve"), "getVariable('n') > 0", Given.Line("thank")), Transition("New", "Rejected", Given.Event("reject"))),
        ",\"initialState\":\"New\"");

    private static Instance Started(string n)
    {
        var instance = Given.Instance(Given.Sequence("s", Order, Given.Line("end")), $"[{Given.Variable("n", "Int32", n)}]");
        instance.Start();
        return instance;
    }

    [Fact]
    public void The_trigger_that_comes_first_takes_its_transition_and_the_others_are_cancelled()
    {
        var instance = Started("1");
        Assert.Equal(["approve", "reject"], instance.State.Bookmarks.Select(bookmark => bookmark.Stimulus));

        instance.Event("approve");

        Assert.Equal(["enter New", "leave New", "thank", "enter Approved", "end"], instance.Lines);
        Assert.Contains("reject.Canceled", instance.Events);
        Assert.Equal("Finished/Finished", instance.Status);
    }

    [Fact]
    public void A_trigger_whose_condition_fails_leaves_the_machine_where_it_is()
    {
        var instance = Started("0");

        instance.Event("approve");
        Assert.Equal(["approve", "reject"], instance.State.Bookmarks.Select(bookmark => bookmark.Stimulus).Order());
        instance.Event("reject");

        Assert.Equal(["enter New", "leave New", "end"], instance.Lines);
    }

    [Fact]
    public void A_transition_without_a_trigger_is_taken_as_soon_as_its_condition_holds()
    {
        var root = Machine(string.Join(",", State("A"), State("B", Given.Line("b")), State("C", Given.Line("c"))),
            string.Join(",", Transition("A", "B", condition: "getVariable('n') > 5"), Transition("A", "C", condition: "getVariable('n') < 5"), Transition("A", "B", Given.Event("e"))));

        var instance = Given.Instance(root, $"[{Given.Variable("n")}]");
        instance.Start();

        Assert.Equal(["c"], instance.Lines);
        Assert.Equal("Finished/Finished", instance.Status);
    }

    [Theory]
    [InlineData("false", "cannot be left")]
    [InlineData("true", "seem to loop")]
    public void A_machine_that_can_never_leave_or_never_rests_faults(string condition, string message)
    {
        var instance = Given.Instance(Machine($"{State("A")},{State("B")}", $"{Transition("A", "B", condition: condition)},{Transition("B", "A", condition: condition)}"));

        instance.Start();

        Assert.Contains(message, Assert.Single(instance.State.Incidents).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_mistake_in_a_machine_is_reported_and_an_empty_one_completes()
    {
        var broken = Machine($"{State("A")},{State("A")},{{}}", $"{Transition("A", "Z")},{{\"from\":\"A\"}}", ",\"initialState\":\"Q\"");

        var problems = Assert.IsType<Reading.Broken>(DefinitionReader.Read(Given.Document(broken), ActivityCatalogue.BuiltIn)).Problems;

        Assert.Equal(["root.states[1].name", "root.states[2].name", "root.transitions[1]", "root.transitions[0]", "root.initialState"], problems.Select(problem => problem.Path));
        var empty = Given.Instance(Machine("", ""));
        empty.Start();
        Assert.Equal("Finished/Finished", empty.Status);
    }
}
