using System.Collections.Immutable;
using SalesFlow.Engine.Checks;
using SalesFlow.Engine.Definitions;

namespace SalesFlow.Engine.Tests.Checks;

public sealed class DefinitionChecksTests
{
    [Fact]
    public void A_sound_definition_has_no_findings() =>
        Assert.Empty(Find("a->b, b->c", Line("a"), Event("b"), Line("c")));

    [Fact]
    public void An_activity_that_nothing_leads_to_is_found_but_not_a_trigger()
    {
        var findings = Find("a->b, t->b", Line("a"), Line("b"), Line("lost"), """{"id": "t", "type": "Elsa.Event", "customProperties": {"canStartWorkflow": true}, "eventName": "Go"}""", Line("after", "Island"), """{"id": "s", "type": "Elsa.Start"}""");

        // The flow begins at Start, which leads nowhere.
        Assert.Equal(["unreachable a", "unreachable lost", "unreachable after"], findings.Where(finding => finding.Code == "unreachable").Select(finding => $"{finding.Code} {finding.ActivityId}"));
        Assert.Equal(("root.activities[4]", "Island", false), (findings[^1].Path, findings[^1].ActivityName, findings[^1].IsError));
    }

    [Fact]
    public void A_way_back_into_one_of_two_branches_is_an_error_as_it_is_when_it_runs()
    {
        var activities = new[] { """{"id": "s", "type": "Elsa.Start"}""", Line("a"), Line("b"), Event("e") };
        const string wires = "s->a, s->b, a->e, b->e, e->a";

        var finding = Assert.Single(Find(wires, activities), finding => finding.Code == "brokenLoop");

        Assert.Equal(("e", true), (finding.ActivityId, finding.IsError));
        var run = new Play(Document(wires, activities)).Start().Tell("e");
        Assert.Contains("Invalid backward connection", Assert.Single(run.State.Incidents).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a->b, b->a", true)]
    [InlineData("a->b, b->e, e->a", false)]
    [InlineData("a->d, d:True->a, d:False->b", false)]
    [InlineData("a->d, d:True->a", false)]
    [InlineData("a->d, d:True->a, d:False->a", true)]
    public void A_loop_without_a_way_out_and_without_a_wait_is_an_error(string wires, bool isEndless) =>
        Assert.Equal(isEndless, Find($"s->a, {wires}", Given.Activity("s", "Elsa.Start"), Line("a"), Line("b"), Event("e"), Decision("d")).Any(finding => finding is { Code: "endlessLoop", IsError: true }));

    [Fact]
    public void A_merge_that_a_loop_starves_is_found_and_does_starve()
    {
        // What leads from "first" to "lost" lies before the loop: after going back it does not come again.
        const string wires = "first:True->second, first:False->lost, second->count, count->third, third:False->second, third:True->lost";
        var activities = new[] { Decision("first"), Event("second"), Given.Set("count", "n", "(getVariable('n') || 0) + 1"), Decision("third", "getVariable('n') > 1"), Line("lost") };

        var finding = Assert.Single(Find(wires, activities), finding => finding.Code == "stalledMerge");

        Assert.Equal("lost", finding.ActivityId);
        var run = new Play(Document(wires, activities)).Start().Tell("second").Tell("second");
        Assert.Equal((WorkflowSubStatus.Finished, 0), (run.State.SubStatus, run.Lines.Count));
    }

    [Fact]
    public void A_merge_all_of_which_lies_in_the_loop_is_not_starved() =>
        Assert.DoesNotContain(Find("first->second, second:True->a, second:False->b, a->c, b->c, c:False->first, c:True->d", Event("first"), Decision("second"), Line("a"), Line("b"), Decision("c"), Line("d")),
            finding => finding.Code == "stalledMerge");

    [Fact]
    public void A_join_that_takes_any_branch_is_not_starved() =>
        Assert.DoesNotContain(Find("s->d, d:True->e, d:False->j, e->x, x:True->e, x:False->j", """{"id": "s", "type": "Elsa.Start"}""", Decision("d"), Event("e"), Decision("x"), """{"id": "j", "type": "Elsa.FlowJoin"}"""),
            finding => finding.Code == "stalledMerge");

    [Fact]
    public void A_connection_by_an_outcome_that_there_is_not_is_found()
    {
        var finding = Assert.Single(Find("d:Yes->a", Decision("d"), Line("a")), finding => finding.Code == "unknownOutcome");

        Assert.Contains("'Yes'", finding.Words.En, StringComparison.Ordinal);
        Assert.Contains("True, False", finding.Words.Ru, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("f:Left->a, f:Right->a", 0)]
    [InlineData("f:Left->a", 0)]
    [InlineData("a->f", 1)]
    public void Chosen_outcomes_that_lead_nowhere_are_found_when_the_choice_makes_no_difference(string wires, int expected) =>
        Assert.Equal(expected, Find(wires, """{"id": "f", "type": "Elsa.FlowFork", "branches": {"typeName": "String[]", "expression": {"type": "Object", "value": "[\"Left\", \"Right\"]"}}}""", Line("a"))
            .Count(finding => finding.Code == "looseOutcomes"));

    [Fact]
    public void An_unknown_type_and_an_undeclared_outcome_are_found()
    {
        var findings = Find("a->c", """{"id": "a", "type": "Acme.Rocket"}""", """{"id": "c", "type": "Elsa.Complete", "outcomes": {"typeName": "Object", "expression": {"type": "Object", "value": "[\"Up\", \"Done\", \"Down\"]"}}}""");

        Assert.Equal(["unknownType a type", "undeclaredOutcome c outcomes"], findings.Select(finding => $"{finding.Code} {finding.ActivityId} {finding.Path.Split('.')[^1]}"));
        Assert.Contains("'Down'", findings[1].Words.En, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Variable", """{\"id\": \"total\", \"name\": \"total\"}""", null)]
    [InlineData("Variable", """{\"id\": \"v9\", \"name\": \"sum\"}""", "unknownVariable")]
    [InlineData("Input", """{\"name\": \"order\"}""", null)]
    [InlineData("Input", """{\"name\": \"ordre\"}""", "unknownInput")]
    [InlineData("JavaScript", "getTotal() + getOrder() + variables.total + getVariable('total') + getInput('order')", null)]
    [InlineData("JavaScript", "getTotl()", "unknownName")]
    [InlineData("JavaScript", "variables.totl", "unknownVariable")]
    [InlineData("JavaScript", "getVariable('totl')", "unknownVariable")]
    [InlineData("JavaScript", "getInput('ordre')", "unknownInput")]
    [InlineData("JavaScript", "deal.amount > 5 && JSON.stringify(deal).length", null)]
    [InlineData("JavaScript", "dael.amount > 5", "unknownName")]
    [InlineData("JavaScript", "const x = [1].map(y => y + 1); return x", null)]
    [InlineData("JavaScript", "setVariable('made', 1); variables.other = 2; return getVariable('made') + variables.other", null)]
    [InlineData("JavaScript", "getCurrentValue()", "unknownName")]
    [InlineData("Liquid", "{{ Variables.total }} {{ Input.order }}", null)]
    [InlineData("Liquid", "{{ Variables.totl }}", "unknownVariable")]
    [InlineData("Scriban", "{{ Variables.total }} {{ Input.order }}", null)]
    [InlineData("Scriban", "{{ Variables.totl }}", "unknownVariable")]
    [InlineData("Scriban", "{{ Input.ordre }}", "unknownInput")]
    [InlineData("Literal", "getTotl()", null)]
    public void A_name_in_an_expression_that_nothing_answers_to_is_found(string type, string value, string? code)
    {
        var findings = Find("", Given.Activity("a", "Elsa.WriteLine", $"\"text\":{{\"typeName\":\"String\",\"expression\":{{\"type\":\"{type}\",\"value\":\"{value}\"}}}}"));

        Assert.Equal(code, findings.SingleOrDefault()?.Code);
        Assert.All(findings, finding => Assert.Equal(("root.activities[0].text", false), (finding.Path, finding.IsError)));
    }

    [Fact]
    public void The_value_of_a_loop_is_known_inside_it_and_a_variable_that_is_set_but_not_declared_is_found()
    {
        var loop = Given.Activity("l", "Elsa.ForEach", $"\"items\":{Given.Script("[1]")},\"body\":{Given.Activity("w", "Elsa.WriteLine", $"\"text\":{Given.Script("getCurrentValue()")}")}");

        var finding = Assert.Single(Find("l->s", loop, """{"id": "s", "type": "Elsa.SetVariable", "variable": {"id": "nowhere", "name": "nowhere"}, "value": "1"}"""));

        Assert.Equal(("undeclaredVariable", "root.activities[1].variable"), (finding.Code, finding.Path));
    }

    [Fact]
    public void A_used_definition_is_looked_over_by_itself()
    {
        const string used = """{"definitionId": "inner", "name": "Inner", "outcomes": ["Good", "Bad"], "root": {"id": "f", "type": "Elsa.Flowchart", "activities": [{"id": "a", "type": "Elsa.Start"}, {"id": "lost", "type": "Elsa.End"}]}}""";

        var findings = Find("i:Good->a, i:Ugly->a", reference => used, """{"id": "i", "type": "Inner", "workflowDefinitionId": "inner"}""", Line("a"));

        Assert.Equal(["unknownOutcome"], findings.Select(finding => finding.Code));
    }

    private static ImmutableArray<Finding> Find(string wires, params string[] activities) => Find(wires, null, activities);

    private static ImmutableArray<Finding> Find(string wires, Func<DefinitionReference, string?>? resolve, params string[] activities) =>
        DefinitionReader.Read(Document(wires, activities), ActivityCatalogue.BuiltIn, resolve) is Reading.Broken broken ? throw new InvalidOperationException(string.Join("; ", broken.Problems))
            : DefinitionChecks.Find(((Reading.Fine)DefinitionReader.Read(Document(wires, activities), ActivityCatalogue.BuiltIn, resolve)).Definition, ["deal"]);

    private static string Document(string wires, params string[] activities) => Given.Document(
        Given.Flowchart(string.Join(",", activities), wires.Split(", ", StringSplitOptions.RemoveEmptyEntries)), $"[{Given.Variable("total")}, {Given.Variable("n", "Object")}]",
        """{"usableAsActivity": true}""", ""","outcomes": ["Up"], "inputs": [{"name": "order", "type": "Object"}]""");

    private static string Line(string id, string? title = null) => Given.Activity(id, "Elsa.WriteLine", $"\"metadata\":{{\"displayText\":\"{title ?? id}\"}},\"text\":{Given.Literal(id)}");

    private static string Event(string id) => Given.Event(id);

    private static string Decision(string id, string condition = "true") => Given.Activity(id, "Elsa.FlowDecision", $"\"condition\":{Given.Script(condition, "Boolean")}");
}
