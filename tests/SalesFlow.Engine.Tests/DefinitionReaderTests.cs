using CsCheck;
using SalesFlow.Engine.Definitions;

namespace SalesFlow.Engine.Tests;

public sealed class DefinitionReaderTests
{
    private static Problem[] Problems(string json, Func<DefinitionReference, string?>? resolve = null) =>
        DefinitionReader.Read(json, ActivityCatalogue.BuiltIn, resolve) is Reading.Broken broken ? [.. broken.Problems] : [];

    private static WorkflowDefinition Fine(string json, Func<DefinitionReference, string?>? resolve = null) =>
        Assert.IsType<Reading.Fine>(DefinitionReader.Read(json, ActivityCatalogue.BuiltIn, resolve)).Definition;

    [Fact]
    public void Every_problem_is_reported_with_its_path()
    {
        var problems = Problems(Given.Document($$"""{"id":"f","type":"Elsa.Flowchart","activities":[{{Given.Line("a")}},{{Given.Line("a")}},7,{"id":"x"}],"connections":[{"source":1}]}"""));

        Assert.Equal(["root.activities[1].id", "root.activities[2]", "root.activities[3].type", "root.connections[0]"], problems.Select(problem => problem.Path));
    }

    [Theory]
    [InlineData("", "line 1, column 1")]
    [InlineData("{\n  \"root\": }", "line 2, column 11")]
    [InlineData("[]", "object with \"root\"")]
    [InlineData("{}", "is missing")]
    [InlineData("""{"root":7}""", "expected an activity")]
    [InlineData("""{"root":{"type":"Elsa.Sequence","activities":7}}""", "expected a list")]
    [InlineData("""{"root":{"type":"Elsa.Sequence"},"variables":7}""", "expected a list")]
    [InlineData("""{"root":{"type":"Elsa.Sequence"},"inputs":[{"name":"a","type":"Rocket"}]}""", "Rocket")]
    [InlineData("""{"root":{"type":"Elsa.Flowchart","connections":{}}}""", "expected a list")]
    [InlineData("""{"root":{"type":"Elsa.WriteLine","text":"\ud800"},"name":"\ud800"}""", "cannot be read")]
    public void Broken_documents_get_a_reason(string json, string reason) => Assert.Contains(reason, Assert.Single(Problems(json)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_document_a_thousand_levels_deep_is_refused()
    {
        var json = Given.Document(string.Concat(Enumerable.Repeat("""{"type":"Elsa.Sequence","activities":[""", 1000)) + string.Concat(Enumerable.Repeat("]}", 1000)));

        Assert.Contains("deeper", Assert.Single(Problems(json)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_document_of_many_megabytes_is_answered()
    {
        var large = Given.Document(Given.Line("a", new string('x', 10 << 20)));
        var huge = Given.Document(Given.Line("a", new string('x', 21 << 20)));

        Assert.Empty(Problems(large));
        Assert.Contains("bytes", Assert.Single(Problems(huge)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_dense_flowchart_is_prepared_in_moderate_time_and_a_larger_one_is_refused()
    {
        static string Dense(int activities) => Given.Document(Given.Flowchart(string.Join(",", Enumerable.Range(0, activities).Select(i => Given.Line($"n{i}"))),
            [.. Enumerable.Range(0, activities).SelectMany(i => Enumerable.Range(1, 5).Select(step => $"n{i}->n{(i * 7 + step * 131) % activities}"))]));

        Fine(Dense(1990));
        Assert.Contains("nested flowchart", Assert.Single(Problems(Dense(2100))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_are_read_in_any_case_and_missing_ids_are_made_up()
    {
        var definition = Fine("""{"Root":{"Type":"Elsa.Sequence","Activities":[{"type":"Elsa.WriteLine"},{"type":"Elsa.WriteLine","id":"WriteLine1"},{"type":"Elsa.WriteLine"}]}}""");

        Assert.Equal(3, definition.Root.Children.Select(child => child.Id).Distinct().Count());
        Assert.Contains("WriteLine1", definition.Root.Children.Select(child => child.Id));
    }

    [Fact]
    public void Node_ids_are_paths_and_the_document_is_kept_as_received()
    {
        var json = " " + Given.Document(Given.Flowchart(Given.Activity("if", "Elsa.If", $"\"then\":{Given.Line("t")}")));

        var definition = Fine(json);

        Assert.Equal(["Workflow1", "Workflow1:flow", "Workflow1:flow:if", "Workflow1:flow:if:t"], definition.Nodes.Keys.Order());
        Assert.Same(json, definition.Document);
    }

    [Fact]
    public void Connections_of_the_old_flat_form_are_read_and_dangling_ones_are_warned_of()
    {
        var definition = Fine(Given.Document($$"""{"id":"f","type":"Elsa.Flowchart","activities":[{{Given.Line("a")}},{{Given.Line("b")}}],"connections":[{"source":"a","target":"b","sourcePort":"Done","targetPort":"In"},{"source":"a","target":"gone"}]}"""));
        var instance = new Instance(definition);

        instance.Start();

        Assert.Equal(["a", "b"], instance.Lines);
        Assert.Contains("gone", Assert.Single(definition.Warnings).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Old_wrappers_of_lists_and_unknown_types_of_a_containers_variables_are_read()
    {
        var cases = """ "cases":{"_type":"List","$values":[{"label":"a","condition":{"type":"Literal","value":true}}]} """;
        var sequence = Given.Activity("s", "Elsa.Sequence", $"\"variables\":[{Given.Variable("m", "Rocket", "7")}],\"activities\":{{\"_type\":\"List\",\"items\":[{Given.Activity("sw", "Elsa.FlowSwitch", cases)},{Given.Activity("l", "Elsa.WriteLine", $"\"text\":{Given.Script("getVariable('m')")}")}]}}");
        var definition = Fine(Given.Document(sequence));
        var instance = new Instance(definition);

        instance.Start();

        Assert.Empty(definition.Warnings);
        Assert.Equal(["7"], instance.Lines);
        Assert.Equal(["a"], instance.Journal.First(line => line is { ActivityId: "sw", Event: "Completed" }).Outcomes);
    }

    [Fact]
    public void A_default_that_cannot_be_read_is_a_warning()
    {
        var definition = Fine(Given.Document(Given.Line("a"), $"[{Given.Variable("n", "ObjectDictionary", "{broken")},{Given.Variable("m", "Rocket")}]"));

        Assert.Equal(["variables[0].value", "variables[1].typeName"], definition.Warnings.Select(warning => warning.Path));
    }

    private static string Used(string id, string root, string more = "") =>
        $$"""{"id":"{{id}}-1","definitionId":"{{id}}","name":"{{id}}","version":1,"options":{"usableAsActivity":true}{{more}},"root":{{root}}}""";

    private static string Use(string id, string node, string more = "") => Given.Activity(node, id, $"\"workflowDefinitionId\":\"{id}\"{more}");

    [Fact]
    public void A_used_definition_runs_inline_with_its_own_scope_and_chooses_the_outcome()
    {
        var inner = Used("Inner", Given.Flowchart(
            $"{Given.Activity("out", "Elsa.SetOutput", $"\"outputName\":{Given.Literal("Sum")},\"outputValue\":{Given.Script("getInput('Amount') * 2")}")},{Given.Event("wait")},{Given.Activity("c", "Elsa.Complete", $"\"outcomes\":{Given.Literal("Good", "Object")}")}", "out->wait", "wait->c"),
            ""","inputs":[{"name":"Amount","type":"Int32"}],"outputs":[{"name":"Sum","type":"Int32"}],"outcomes":["Good","Bad"]""");
        var root = Given.Flowchart($$$"""{{{Use("Inner", "u", $",\"amount\":{Given.Literal("21", "Int32")},\"sum\":{{\"typeName\":\"Int32\",\"memoryReference\":{{\"id\":\"n\"}}}}")}}},{{{Given.Activity("l", "Elsa.WriteLine", $"\"text\":{Given.Script("'sum ' + getVariable('n')")}")}}}""", "u:Good->l");
        var instance = new Instance(Fine(Given.Document(root, $"[{Given.Variable("n")}]"), reference => reference.DefinitionId == "Inner" ? inner : null));

        instance.Start();
        Assert.Equal("Workflow2:flow:u:Workflow1:flow:wait", Assert.Single(instance.State.Bookmarks).NodeId);
        instance.Event("wait");

        Assert.Equal(["sum 42"], instance.Lines);
        Assert.Equal("Finished/Finished", instance.Status);
    }

    [Fact]
    public void A_definition_that_uses_itself_is_refused()
    {
        string? Resolve(DefinitionReference reference) => reference.DefinitionId switch { "A" => Used("A", Use("B", "b")), "B" => Used("B", Use("A", "a")), _ => null };

        Assert.Contains("A → B → A", Assert.Single(Problems(Used("A", Use("B", "b")), Resolve)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_definition_that_nobody_has_published_may_not_use_itself_either(bool byTypeAlone)
    {
        var use = byTypeAlone ? Given.Activity("own", "A") : Use("A", "own");

        var problem = Assert.Single(Problems(Used("A", Given.Sequence("s", Given.Line("x"), use))));

        Assert.Equal("root.activities[1]", problem.Path);
        Assert.Contains("A → A", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_circle_is_told_of_the_activity_that_the_designer_sees()
    {
        static string? Resolve(DefinitionReference reference) => reference.DefinitionId == "B" ? Used("B", Given.Sequence("s", Use("A", "inner"))) : null;

        var problem = Assert.Single(Problems(Used("A", Given.Sequence("s", Use("B", "outer"))), Resolve));

        Assert.Equal("root.activities[0]", problem.Path);
        Assert.Contains("A → B → A", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Definitions_that_double_with_every_level_are_refused()
    {
        static string? Resolve(DefinitionReference reference) =>
            int.Parse(reference.DefinitionId![1..]) is var level && level > 60 ? Used($"D{level}", Given.Line("end")) : Used($"D{level}", Given.Sequence("s", Use($"D{level + 1}", "x"), Use($"D{level + 1}", "y")));

        Assert.Contains(Problems(Used("D0", Given.Sequence("s", Use("D1", "x"), Use("D1", "y"))), Resolve), problem => problem.Message.Contains("20,000", StringComparison.Ordinal));
    }

    [Fact]
    public void A_long_chain_of_definitions_is_refused()
    {
        static string? Resolve(DefinitionReference reference) => Used(reference.DefinitionId!, Use($"D{int.Parse(reference.DefinitionId![1..]) + 1}", "x"));

        Assert.Contains(Problems(Used("D0", Use("D1", "x")), Resolve), problem => problem.Message.Contains("deeper than", StringComparison.Ordinal));
    }

    [Fact]
    public void Whatever_is_done_to_a_document_reading_and_running_it_never_throws()
    {
        var document = Given.Document(Given.Flowchart(string.Join(",", Given.Line("a"), Given.Event("e"), Given.Set("s", "n", "1 + 1"),
            Given.Activity("sw", "Elsa.FlowSwitch", """ "cases":[{"label":"x","condition":{"type":"JavaScript","value":"true"}}] """), Given.Activity("fe", "Elsa.ForEach", $"\"items\":{Given.Script("[1,2]")},\"body\":{Given.Line("body")}")),
            "a->e", "e->s", "s->sw", "sw:x->fe"), $"[{Given.Variable("n")}]");
        var pieces = new[] { "", "{", "}", "[]", "null", "7", "\"x\"", ",", "true", "-1e999", "\"\\ud800\"", "{\"type\":\"Elsa.Complete\"}" };

        Gen.Select(Gen.Int[0, document.Length - 1], Gen.Int[0, 12], Gen.Int[0, pieces.Length - 1]).Sample((at, length, piece) =>
        {
            var mutated = document[..at] + pieces[piece] + document[Math.Min(document.Length, at + length)..];
            if (DefinitionReader.Read(mutated, ActivityCatalogue.BuiltIn) is Reading.Fine fine)
                new Instance(fine.Definition).Start();
        }, iter: 3000);
    }
}
