using System.Text.Json;
using SalesFlow.Engine.Definitions;

namespace SalesFlow.Engine.Tests;

/// <summary>The journal and the execution records that a real Elsa server answered for a handful of workflows (elsa-cases/executions.json).</summary>
public sealed class ElsaExecutionsTests
{
    private static readonly List<JsonElement> All =
        [.. JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "elsa-cases", "executions.json"))).RootElement.EnumerateArray()];

    public static TheoryData<string> With(string member)
    {
        var data = new TheoryData<string>();
        foreach (var one in All)
            if (one.TryGetProperty(member, out _))
                data.Add(one.GetProperty("name").GetString()!);
        return data;
    }

    [Theory, MemberData(nameof(With), "journal")]
    public void The_journal_names_the_same_nodes_events_and_parents(string name)
    {
        var (one, instance) = Run(name);
        var nodes = instance.Journal.DistinctBy(line => line.Activation).ToDictionary(line => line.Activation, line => line.NodeId);

        Assert.Equal(one.GetProperty("journal").EnumerateArray().Select(line => $"{line[0]} {line[1]} in {line[2]}"),
            instance.Journal.Select(line => $"{line.NodeId} {line.Event} in {nodes.GetValueOrDefault(line.Parent)}"));
    }

    [Theory, MemberData(nameof(With), "records")]
    public void The_journal_alone_gives_the_same_execution_records(string name)
    {
        var (one, instance) = Run(name);

        var stored = JsonSerializer.Deserialize<List<JournalEntry>>(JsonSerializer.Serialize(instance.Journal))!;
        var records = ExecutionRecord.Of(stored);

        Assert.Equal(one.GetProperty("records").EnumerateArray().Select(record => $"{Text(record, "node")} {Text(record, "type")} {Text(record, "status")} {Text(record, "hasBookmarks")} {Text(record, "faults")}"),
            records.Select(record => $"{record.NodeId} {record.ActivityType} {record.Status} {record.HasBookmarks} {record.FaultCount}"));
        foreach (var (expected, record) in one.GetProperty("records").EnumerateArray().Zip(records))
        {
            AssertMembers(expected, "state", record.State);
            AssertMembers(expected, "outputs", record.Outputs);
            if (expected.TryGetProperty("outcomes", out var outcomes))
                Assert.Equal(outcomes.EnumerateArray().Select(outcome => outcome.GetString()), record.Outcomes);
        }
    }

    /// <summary>The same names and, where they are neither ids nor activities, the same values.</summary>
    private static void AssertMembers(JsonElement expected, string name, Snapshot? actual)
    {
        var wanted = expected.TryGetProperty(name, out var members) ? members.EnumerateObject().ToList() : [];
        var found = actual is null ? [] : JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(actual.Json)!;

        Assert.Equal(wanted.Select(member => member.Name).Order(), found.Keys.Order());
        foreach (var member in wanted.Where(member => member.Name is not ("TaskId" or "Variable" or "Cases")))
            Assert.True(JsonElement.DeepEquals(member.Value, found[member.Name]), $"{Text(expected, "node")}.{member.Name}: expected {member.Value}, got {found[member.Name]}");
    }

    private static (JsonElement Case, Instance Instance) Run(string name)
    {
        var one = All.Find(candidate => candidate.GetProperty("name").GetString() == name);
        string? Resolve(DefinitionReference reference) => one.TryGetProperty("uses", out var used) && used.GetProperty("definitionId").GetString() == reference.DefinitionId ? used.GetRawText() : null;
        var reading = DefinitionReader.Read(one.GetProperty("definition").GetRawText(), ActivityCatalogue.BuiltIn, Resolve);
        var instance = new Instance(Assert.IsType<Reading.Fine>(reading).Definition);
        instance.Start(one.TryGetProperty("input", out var input) ? input.EnumerateObject().ToDictionary(member => member.Name, member => (object?)member.Value.GetInt32()) : null);
        return (one, instance);
    }

    private static string Text(JsonElement json, string name) => $"{json.GetProperty(name)}";
}
