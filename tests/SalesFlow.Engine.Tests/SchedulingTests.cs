using SalesFlow.Engine.Definitions;

namespace SalesFlow.Engine.Tests;

/// <summary>Timer, Cron and StartAt: as what starts instances, and as a wait in the middle.</summary>
public sealed class SchedulingTests
{
    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    [Fact]
    public void A_timer_in_the_middle_waits_one_interval()
    {
        var instance = Given.Instance(Given.Sequence("steps", Timer("pause", "00:15:00"), Given.Line("after")));

        var waiting = instance.Start().Bookmarked.Single();
        instance.Resume(waiting);

        Assert.Equal(("Elsa.Timer", Given.Monday.AddMinutes(15)), (waiting.Name, waiting.DueAt));
        Assert.Equal(["after"], instance.Lines);
    }

    [Fact]
    public void A_timer_that_started_the_workflow_completes_at_once_and_waits_when_it_is_reached_again()
    {
        var instance = Given.Instance(Given.Flowchart($"{Timer("tick", "01:00:00", starts: true)},{Given.Line("line")}", "tick->line", "line->tick"));

        var turn = instance.Start(trigger: "tick");

        Assert.Equal(["line"], instance.Lines);
        Assert.Equal(Given.Monday.AddHours(1), turn.Bookmarked.Single().DueAt);
    }

    [Fact]
    public void A_timer_keeps_its_rhythm_and_makes_up_for_missed_times_once()
    {
        var definition = Given.Definition(Given.Document(Given.Sequence("steps", Timer("tick", "00:10:00", starts: true))));
        var first = Triggers.Of(definition, Given.Monday).Found.Single().DueAt!.Value;

        Assert.Equal(Given.Monday.AddMinutes(10), first);
        Assert.Equal(Given.Monday.AddMinutes(20), Triggers.Next(definition, "tick", first, first.AddSeconds(3)));
        Assert.Equal(Given.Monday.AddMinutes(70), Triggers.Next(definition, "tick", first, Given.Monday.AddMinutes(65)));
        Assert.Equal(Given.Monday.AddMinutes(70), Triggers.Next(definition, "tick", first, Given.Monday.AddMinutes(60)));
    }

    [Theory]
    [InlineData("00:00:00")]
    [InlineData("00:00:00.5")]
    [InlineData("-00:01:00")]
    public void A_timer_that_would_never_rest_is_no_trigger(string interval) =>
        Assert.Contains("shortest is one second", ProblemOf(Timer("tick", interval, starts: true)), StringComparison.Ordinal);

    [Theory]
    // 29 March 2026: at 02:00 the clocks of Berlin go on to 03:00.
    [InlineData("0 0 9 * * *", "2026-03-28T12:00Z", "2026-03-29T07:00Z")]
    [InlineData("0 30 2 * * *", "2026-03-28T12:00Z", "2026-03-29T01:00Z")]
    [InlineData("0 30 2 * * *", "2026-03-29T01:00Z", "2026-03-30T00:30Z")]
    [InlineData("0 0 * * * *", "2026-03-29T00:00Z", "2026-03-29T01:00Z")]
    // 25 October 2026: at 03:00 they go back to 02:00, so 02:30 comes twice.
    [InlineData("0 0 9 * * *", "2026-10-24T12:00Z", "2026-10-25T08:00Z")]
    [InlineData("0 30 2 * * *", "2026-10-24T12:00Z", "2026-10-25T00:30Z")]
    [InlineData("0 30 2 * * *", "2026-10-25T00:30Z", "2026-10-26T01:30Z")]
    [InlineData("0 0 * * * *", "2026-10-25T00:00Z", "2026-10-25T01:00Z")]
    public void Cron_follows_the_clocks_of_its_zone_when_they_change(string expression, string from, string next)
    {
        var catalogue = new ActivityCatalogue([], Berlin);
        var definition = Assert.IsType<Reading.Fine>(DefinitionReader.Read(Given.Document(Given.Sequence("steps", Cron("cron", expression, starts: true))), catalogue)).Definition;

        Assert.Equal(Time(next), Triggers.Of(definition, Time(from)).Found.Single().DueAt);
    }

    [Fact]
    public void Cron_is_read_in_utc_unless_a_zone_is_given()
    {
        var instance = Given.Instance(Given.Sequence("steps", Cron("cron", "0 0 12 * * *"), Given.Line("noon")));

        var waiting = instance.Start().Bookmarked.Single();
        instance.Resume(waiting);

        Assert.Equal(new DateTimeOffset(2026, 3, 2, 12, 0, 0, TimeSpan.Zero), waiting.DueAt);
        Assert.Equal(["noon"], instance.Lines);
    }

    [Fact]
    public void A_broken_cron_expression_is_a_problem_in_Elsas_words()
    {
        Assert.Equal("Error when parsing cron expression: The given cron expression has an invalid format. Seconds: Value must be a number between 0 and 59 (all inclusive).", ProblemOf(Cron("cron", "not a cron", starts: true)));
        Assert.Contains("payload", ProblemOf(Given.Activity("cron", "Elsa.Cron", Starts)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_broken_cron_expression_in_the_middle_faults_the_activity()
    {
        var instance = Given.Instance(Given.Sequence("steps", Cron("cron", "* * * * *")));

        Assert.StartsWith("Error when parsing cron expression", instance.Start().Incidents.Single().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cron_expression_without_a_next_time_faults_the_activity()
    {
        var instance = Given.Instance(Given.Sequence("steps", Cron("cron", "0 0 0 30 2 *")));

        Assert.Contains("has no time after", instance.Start().Incidents.Single().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void StartAt_in_the_middle_waits_for_its_time_and_does_not_wait_for_a_past_one()
    {
        var instance = Given.Instance(Given.Sequence("steps", StartAt("past", "2026-03-02T08:59:59Z"), Given.Line("past over"), StartAt("later", "2026-03-02T13:00:00+03:00"), Given.Line("later over")));

        var waiting = instance.Start().Bookmarked.Single();

        Assert.Equal(["past over"], instance.Lines);
        Assert.Equal(new DateTimeOffset(2026, 3, 2, 10, 0, 0, TimeSpan.Zero), waiting.DueAt);
        instance.Resume(waiting);
        Assert.Equal(["past over", "later over"], instance.Lines);
    }

    [Fact]
    public void StartAt_starts_once_and_not_at_all_when_it_is_published_too_late()
    {
        var definition = Given.Definition(Given.Document(Given.Sequence("steps", StartAt("at", "2026-03-02T10:00:00Z", starts: true))));
        var due = Given.Monday.AddHours(1);

        Assert.Equal(due, Triggers.Of(definition, Given.Monday).Found.Single().DueAt);
        Assert.Null(Triggers.Next(definition, "at", due, due));
        Assert.Null(Triggers.Of(definition, due.AddMinutes(1)).Found.Single().DueAt);
    }

    [Fact]
    public void An_activity_that_may_not_start_the_workflow_is_no_trigger() =>
        Assert.Empty(Triggers.Of(Given.Definition(Given.Document(Given.Sequence("steps", Timer("tick", "00:10:00"), Given.Event("told")))), Given.Monday).Found);

    [Fact]
    public void The_triggers_of_a_used_definition_start_that_one_only()
    {
        var inner = $$"""{"id":"in1","definitionId":"inner","name":"Inner","version":1,"options":{"usableAsActivity":true},"root":{{Timer("tick", "00:10:00", starts: true)}}}""";
        var outer = Given.Document(Given.Sequence("steps", """{"id":"use","type":"Inner","version":1,"workflowDefinitionId":"inner"}"""));
        var definition = Assert.IsType<Reading.Fine>(DefinitionReader.Read(outer, ActivityCatalogue.BuiltIn, _ => inner)).Definition;

        Assert.Empty(Triggers.Of(definition, Given.Monday).Found);
    }

    [Fact]
    public void A_trigger_is_evaluated_without_variables()
    {
        var definition = Given.Definition(Given.Document(Given.Activity("told", "Elsa.Event", $"{Starts},\"eventName\":{Given.Script("'Order' + (getVariable('Kind') ?? 'Any')", "String")}"), $"[{Given.Variable("Kind", "String", "Big")}]"));

        Assert.Equal("OrderAny", Triggers.Of(definition, Given.Monday).Found.Single().Stimulus);
    }

    [Theory]
    [InlineData("Elsa.Workflows.Runtime.ActivationValidators.SingletonStrategy, Elsa.Workflows.Runtime", ActivationStrategy.Singleton)]
    [InlineData("SingletonStrategy", ActivationStrategy.Singleton)]
    [InlineData("CorrelatedSingletonStrategy", ActivationStrategy.CorrelatedSingleton)]
    [InlineData("Elsa.Workflows.Runtime.ActivationValidators.CorrelationStrategy, Elsa.Workflows.Runtime", ActivationStrategy.Correlation)]
    [InlineData("Elsa.Workflows.ActivationValidators.AllowAlwaysStrategy, Elsa.Workflows.Core", ActivationStrategy.Always)]
    public void Activation_strategies_are_known_by_their_short_and_long_names(string name, ActivationStrategy expected) =>
        Assert.Equal(expected, Given.Definition(Given.Document(Given.Line("a"), options: $$"""{"activationStrategyType":"{{name}}"}""")).Activation);

    [Fact]
    public void An_unknown_activation_strategy_is_refused()
    {
        var broken = Assert.IsType<Reading.Broken>(DefinitionReader.Read(Given.Document(Given.Line("a"), options: """{"activationStrategyType":"SometimesStrategy"}"""), ActivityCatalogue.BuiltIn));

        Assert.Contains("SometimesStrategy", broken.Problems.Single().Message, StringComparison.Ordinal);
    }

    private const string Starts = "\"customProperties\":{\"canStartWorkflow\":true}";

    private static string Timer(string id, string interval, bool starts = false) => Timed(id, "Elsa.Timer", $"\"interval\":{Given.Literal(interval, "TimeSpan")}", starts);

    private static string Cron(string id, string expression, bool starts = false) => Timed(id, "Elsa.Cron", $"\"cronExpression\":{Given.Literal(expression)}", starts);

    private static string StartAt(string id, string time, bool starts = false) => Timed(id, "Elsa.StartAt", $"\"dateTime\":{Given.Literal(time, "DateTimeOffset")}", starts);

    private static string Timed(string id, string type, string input, bool starts) => Given.Activity(id, type, starts ? $"{Starts},{input}" : input);

    private static string ProblemOf(string activity) => Triggers.Of(Given.Definition(Given.Document(Given.Sequence("steps", activity))), Given.Monday).Problems.Single().Message;

    private static DateTimeOffset Time(string text) => DateTimeOffset.ParseExact(text, "yyyy-MM-ddTHH:mmK", System.Globalization.CultureInfo.InvariantCulture);
}
