using System.Text.Json.Nodes;

namespace SalesFlow.Studio.Tests;

/// <summary>No recorded answer is forgotten, and the comparison sees what it is there for.</summary>
public sealed class GoldenCoverageTests
{
    [Fact]
    public void Every_recorded_answer_is_compared_or_has_a_reason_not_to_be()
    {
        var files = Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "elsa-golden"), "*.json").Select(file => Path.GetFileName(file)[..3]).Order();
        var scenarios = Recorded.Instances.Append(Recorded.Lists).SelectMany(scenario => scenario.Saves.Concat(scenario.Stretches.SelectMany(stretch => stretch.Calls)));

        Assert.Equal(files, Recorded.Definitions.Concat(scenarios).Distinct().Concat(Recorded.NotCompared.Keys).Order());
    }

    [Theory]
    [InlineData("""{"b":"text"}""", ".a is missing")]
    [InlineData("""{"A":"text","b":"text"}""", ".a is missing")]
    [InlineData("""{"a":7}""", ".a is a Number, Elsa's a String")]
    [InlineData("""{"a":null}""", ".a is missing")]
    [InlineData("""{"a":["text"]}""", ".a is a Array, Elsa's a String")]
    public void A_missing_renamed_or_retyped_property_is_a_difference(string ours, string expected) => Assert.StartsWith(expected, Assert.Single(Differences("""{"a":"text"}""", ours)), StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"status":"Finished"}""", """{"status":"finished"}""")]
    [InlineData("""{"status":"Finished"}""", """{"status":"Completed"}""")]
    [InlineData("""{"kind":"Action"}""", """{"kind":"action"}""")]
    [InlineData("""{"ports":[{"type":"Flow"}]}""", """{"ports":[{"type":"Outcome"}]}""")]
    public void An_enum_spelled_otherwise_is_a_difference(string theirs, string ours) => Assert.Single(Differences(theirs, ours));

    [Theory]
    [InlineData("""{"at":"2026-11-23T12:44:36.2884481+00:00"}""", """{"at":"yesterday"}""")]
    [InlineData("""{"items":[{"name":"a"},{"name":"b"}]}""", """{"items":[{"name":"b"}]}""")]
    public void A_time_that_is_none_and_a_lost_item_are_differences(string theirs, string ours) => Assert.Single(Differences(theirs, ours));

    [Fact]
    public void Other_values_and_additions_are_none() => Assert.Empty(Differences("""{"message":"theirs","items":[{"name":"a"}]}""", """{"message":"ours","more":1,"items":[{"name":"b"},{"name":"a"}]}"""));

    private static List<string> Differences(string theirs, string ours)
    {
        var differences = new List<string>();
        Shape.Compare(JsonNode.Parse(theirs), JsonNode.Parse(ours), "", differences);
        return differences;
    }
}
