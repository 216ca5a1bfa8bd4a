using System.Text;

namespace SalesFlow.Sales.Tests.Workflows;

/// <summary>
/// Every shipped definition plays its scripts exactly as approved. A changed journal is reviewed like code: run the tests with SALESFLOW_APPROVE=1 to write the journals anew.
/// </summary>
public sealed class ApprovedJournalTests
{
    private static readonly string Folder = Path.Combine(Shipped.Repository, "tests", "SalesFlow.Sales.Tests", "Workflows");

    public static TheoryData<string> Cases => [.. Directory.GetFiles(Folder, "*.script").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_script_gives_its_approved_journal(string name)
    {
        var (script, approved) = (Path.Combine(Folder, $"{name}.script"), Path.Combine(Folder, $"{name}.journal"));

        var journal = Script.Play(File.ReadAllText(script), Shipped.Definition(name[..name.LastIndexOf('.')]));

        if (Environment.GetEnvironmentVariable("SALESFLOW_APPROVE") == "1")
            File.WriteAllText(approved, journal);
        var expected = File.Exists(approved) ? File.ReadAllText(approved).ReplaceLineEndings("\n") : "";
        Assert.True(expected == journal, $"{name} plays differently from {Path.GetFileName(approved)}. Approve with SALESFLOW_APPROVE=1 if that is meant.\n{Difference(expected.Split('\n'), journal.Split('\n'))}");
    }

    [Fact]
    public void Every_shipped_definition_has_journals_and_every_journal_a_definition()
    {
        var played = Cases.Select(one => one.Data[..one.Data.LastIndexOf('.')]).ToHashSet();

        Assert.Equal(Shipped.Names.Order(StringComparer.Ordinal), played.Order(StringComparer.Ordinal));
        Assert.Equal(Cases.Select(one => one.Data), Directory.GetFiles(Folder, "*.journal").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_outcome_of_every_stage_and_task_happens_in_some_journal()
    {
        var all = string.Concat(Directory.GetFiles(Folder, "*.journal").Select(File.ReadAllText));

        var missing = from name in Shipped.Names
                      from node in Shipped.Definition(name).Nodes.Values
                      where !node.Path.Contains('<', StringComparison.Ordinal) && node.Type is "SalesFlow.Task" or "SalesFlow.Approval"
                      from outcome in node.Type == "SalesFlow.Approval" ? [.. SalesFlow.Sales.Approvals.ApprovalOutcomes.All] : ((List<object?>)Engine.Expressions.Json.Parse(node.Inputs["Outcomes"].Value.GetString()!)!).Select(key => key!.ToString())
                      where !all.Contains($"    {node.Id} Completed [{outcome}]", StringComparison.Ordinal)
                      select $"{name}: {node.Id} {outcome}";

        Assert.Empty(missing);
    }

    [Fact]
    public void The_difference_shows_what_went_and_what_came() =>
        Assert.Equal("  a\n- b\n+ x\n  c", Difference(["a", "b", "c"], ["a", "x", "c"]));

    /// <summary>Lines that went (-) and came (+), each with two lines around it.</summary>
    private static string Difference(string[] before, string[] after)
    {
        var common = new int[before.Length + 1, after.Length + 1];
        for (var i = before.Length - 1; i >= 0; i--)
            for (var j = after.Length - 1; j >= 0; j--)
                common[i, j] = before[i] == after[j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);
        var lines = new List<string>();
        for (var (i, j) = (0, 0); i < before.Length || j < after.Length;)
            if (i < before.Length && j < after.Length && before[i] == after[j])
                (lines, i, j) = ([.. lines, $"  {before[i]}"], i + 1, j + 1);
            else if (i < before.Length && (j == after.Length || common[i + 1, j] >= common[i, j + 1]))
                lines.Add($"- {before[i++]}");
            else
                lines.Add($"+ {after[j++]}");
        var near = lines.Select((_, at) => lines.Skip(Math.Max(0, at - 2)).Take(5).Any(line => line[0] != ' ')).ToList();
        var text = new StringBuilder();
        for (var at = 0; at < lines.Count; at++)
            if (near[at])
                text.Append(text.Length == 0 ? "" : at > 0 && !near[at - 1] ? "\n  ...\n" : "\n").Append(lines[at]);
        return text.ToString();
    }
}
