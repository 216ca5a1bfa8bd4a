using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using SalesFlow.Engine.Definitions;
using SalesFlow.Sales.Pipelines;

namespace SalesFlow.Sales.Tests.Workflows;

/// <summary>The shipped files are what the genuine Studio exports and opens.</summary>
public sealed partial class ShippedDefinitionTests
{
    public static TheoryData<string> All => [.. Shipped.Names];

    [Theory]
    [MemberData(nameof(All))]
    public void It_reads_without_a_warning_and_its_node_ids_are_those_that_Elsa_computes(string name)
    {
        var definition = Shipped.Definition(name);

        var own = Own(definition).Where(node => node.Type != "Elsa.Workflow").ToList();

        Assert.Empty(definition.Warnings);
        Assert.Equal(own.Select(node => node.NodeId), own.Select(node => node.Json.GetProperty("nodeId").GetString()));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void It_has_the_head_of_an_exported_published_version(string name)
    {
        var document = JsonNode.Parse(Shipped.Text(name))!.AsObject();

        Assert.Equal("https://elsaworkflows.io/schemas/workflow-definition/v3.0.0/schema.json", (string?)document["$schema"]);
        Assert.Equal((name, $"{name}-1", 1, true, true), ((string?)document["definitionId"], (string?)document["id"], (int)document["version"]!, (bool)document["isLatest"]!, (bool)document["isPublished"]!));
        Assert.All(["nameRu", "nameEn"], language => Assert.NotEmpty((string?)document["customProperties"]![language] ?? ""));
        Assert.Equal("Elsa.Flowchart", (string?)document["root"]!["type"]);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Its_inputs_are_wrapped_and_its_connections_leave_by_outcomes_that_there_are(string name)
    {
        foreach (var node in Own(Shipped.Definition(name)).Where(node => node.Type != "Elsa.Workflow"))
        {
            Assert.All(node.Activity.Descriptor.Inputs.Where(input => input.IsWrapped && node.Inputs.ContainsKey(input.Name)), input =>
                Assert.True(node.Json.TryGetProperty(Camel(input.Name), out var json) && json.TryGetProperty("typeName", out _) && json.GetProperty("expression").TryGetProperty("type", out _), $"{node.Id}.{input.Name} is not wrapped"));
            if (!node.Json.TryGetProperty("connections", out var connections))
                continue;
            foreach (var connection in connections.EnumerateArray())
            {
                var source = node.Children.Single(child => child.Id == connection.GetProperty("source").GetProperty("activity").GetString());
                Assert.Contains(connection.GetProperty("source").GetProperty("port").GetString(), Ports(source));
                Assert.Equal("In", connection.GetProperty("target").GetProperty("port").GetString());
                Assert.Equal(0, connection.GetProperty("vertices").GetArrayLength());
            }
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Its_picture_goes_from_left_to_right_and_nothing_covers_anything(string name)
    {
        foreach (var chart in Own(Shipped.Definition(name)).Where(node => node.Type == "Elsa.Flowchart"))
        {
            var places = chart.Children.ToDictionary(child => child.Id, Place);
            Assert.All(places, one => Assert.DoesNotContain(places, other => other.Key != one.Key && one.Value.Touches(other.Value)));
            Assert.All(chart.Children.Where(child => child.Type is "SalesFlow.CloseDeal" or "Elsa.End"), last =>
                Assert.True(places[last.Id].X >= places.Values.Min(place => place.X), $"{last.Id} stands left of the beginning"));
            Assert.Equal(places.Values.Min(place => place.X), places[chart.Children[0].Id].X);
        }
    }

    [Fact]
    public void No_two_flowcharts_share_an_id_because_Studio_does_not_load_a_canvas_that_it_believes_to_show_already()
    {
        var ids = Shipped.Names.SelectMany(name => Own(Shipped.Definition(name))).Where(node => node.Type == "Elsa.Flowchart").Select(node => node.Id).ToList();

        Assert.Equal(ids.Distinct(), ids);
    }

    [Fact]
    public void Four_are_usable_as_activities_by_their_id_and_by_the_type_that_their_name_makes()
    {
        var usable = Shipped.Names.Select(Shipped.Definition).Where(definition => definition.UsableAsActivity).ToList();

        Assert.Equal(["client-qualification", "commercial-offer", "meeting-booking", "terms-approval"], usable.Select(definition => definition.DefinitionId));
        Assert.Equal(["КвалификацияКлиента", "КоммерческоеПредложение", "ВстречаСКлиентом", "СогласованиеУсловий"], usable.Select(definition => DefinitionHead.TypeNameOf(definition.Name)));
        Assert.All(Shipped.Definition("b2b-new-clients").Nodes.Values.Where(node => node.Json.TryGetProperty("workflowDefinitionId", out _)), node =>
        {
            var used = usable.Single(definition => definition.DefinitionId == node.Json.GetProperty("workflowDefinitionId").GetString());
            Assert.Equal((DefinitionHead.TypeNameOf(used.Name), used.VersionId, used.Version), (node.Type, node.Json.GetProperty("workflowDefinitionVersionId").GetString(), node.Json.GetProperty("version").GetInt32()));
            Assert.NotEmpty(node.Children);
        });
    }

    [Fact]
    public void Everything_that_a_person_reads_is_in_both_languages()
    {
        var texts = from name in Shipped.Names
                    from node in Shipped.Definition(name).Nodes.Values
                    where node.Type is "SalesFlow.Task" or "SalesFlow.Approval"
                    from input in (string[])["Subject", "Instructions", "OutcomeNames", "Form"]
                    where node.Inputs.TryGetValue(input, out _)
                    select (Where: $"{name}: {node.Id}.{input}", Text: node.Inputs[input].Value.GetString()!);

        Assert.All(texts, text => Assert.Equal((text.Where, Count(text.Text, "ru")), (text.Where, Count(text.Text, "en"))));
        Assert.All(texts, text => Assert.True(Count(text.Text, "ru") > 0, text.Where));
        Assert.All(Shipped.Names.SelectMany(name => Pipeline.Read(Shipped.Definition(name)).Stages), stage =>
            Assert.All(stage.Rules, rule => Assert.True(rule.Words.Ru != rule.Words.En && Cyrillic().IsMatch(rule.Words.Ru) && !Cyrillic().IsMatch(rule.Words.En), $"{stage.Key}: {rule.Words}")));
    }

    [Fact]
    public void Templates_name_only_what_some_form_of_the_process_asks_for()
    {
        var asked = Shipped.Names.SelectMany(name => Shipped.Definition(name).Nodes.Values).Where(node => node.Inputs.ContainsKey("Form"))
            .SelectMany(node => FieldName().Matches(node.Inputs["Form"].Value.GetString()!)).Select(match => match.Groups[1].Value).ToHashSet();

        var named = Directory.GetFiles(Path.Combine(Shipped.Folder, "templates")).SelectMany(file => FieldOfDeal().Matches(File.ReadAllText(file))).Select(match => match.Groups[1].Value).ToHashSet();

        Assert.NotEmpty(named);
        Assert.Empty(named.Except(asked));
    }

    /// <summary>The nodes of the document itself, without those of the definitions that it uses.</summary>
    private static IEnumerable<Node> Own(WorkflowDefinition definition) => definition.Nodes.Values.Where(node => !node.Path.Contains('<', StringComparison.Ordinal) && (node == definition.Workflow || node.Type != "Elsa.Workflow"));

    private static IEnumerable<string> Ports(Node node) => node.Inputs.TryGetValue("Outcomes", out var outcomes)
        ? JsonNode.Parse(outcomes.Value.GetString()!)!.AsArray().Select(key => (string)key!)
        : node.Activity.Descriptor.Outcomes.IsEmpty ? ["Done"] : node.Activity.Descriptor.Outcomes.Select(port => port.Name);

    private sealed record Rectangle(double X, double Y, double Width, double Height)
    {
        public bool Touches(Rectangle other) => X < other.X + other.Width && other.X < X + Width && Y < other.Y + other.Height && other.Y < Y + Height;
    }

    private static Rectangle Place(Node node)
    {
        var designer = node.Json.GetProperty("metadata").GetProperty("designer");
        var (position, size) = (designer.GetProperty("position"), designer.GetProperty("size"));
        return new(position.GetProperty("x").GetDouble(), position.GetProperty("y").GetDouble(), size.GetProperty("width").GetDouble(), size.GetProperty("height").GetDouble());
    }

    private static string Camel(string name) => char.ToLowerInvariant(name[0]) + name[1..];

    private static int Count(string text, string language) => Regex.Count(text, $@"\b{language}""?:");

    [GeneratedRegex(@"\p{IsCyrillic}")]
    private static partial Regex Cyrillic();

    [GeneratedRegex(@"""field"": ""(\w+)""")]
    private static partial Regex FieldName();

    [GeneratedRegex(@"deal\.fields\.(\w+)")]
    private static partial Regex FieldOfDeal();
}
