using System.Text.Json;
using SalesFlow.Engine.Definitions;

namespace SalesFlow.Engine.Tests;

/// <summary>250 generated graphs and what a real Elsa server did with them (elsa-cases/).</summary>
public sealed class ElsaCasesTests
{
    public static TheoryData<string, int> Cases()
    {
        var data = new TheoryData<string, int>();
        foreach (var file in new[] { "plain", "event" })
            for (var i = 0; i < Load(file).Count; i++)
                data.Add(file, i);
        return data;
    }

    [Theory, MemberData(nameof(Cases))]
    public void The_engine_does_what_elsa_did(string file, int index)
    {
        var one = Load(file)[index];
        var play = new Play(one.GetProperty("definition").GetRawText());

        foreach (var step in one.GetProperty("steps").EnumerateArray())
        {
            if (!step.TryGetProperty("event", out var name))
                play.Start();
            else if (name.GetString() == "(settled)")
                play.Settle();
            else
                play.Tell(name.GetString()!);
            // Elsa delivers a kept event a moment after somebody begins to wait for it: sometimes within the step, sometimes after it.
            if (play.Journal.Count < step.GetProperty("journal").GetArrayLength())
                play.Settle();

            Assert.Equal(Texts(step.GetProperty("lines")), play.Lines);
            Assert.Equal(step.GetProperty("journal").EnumerateArray().Select(pair => $"{pair[0]} {pair[1]}"), play.Journal);
            Assert.Equal((step.GetProperty("status").GetString(), step.GetProperty("subStatus").GetString()), ($"{play.State.Status}", $"{play.State.SubStatus}"));
            Assert.Equal(step.GetProperty("incidents").GetArrayLength(), play.State.Incidents.Count);
        }
    }

    private static readonly Dictionary<string, List<JsonElement>> Files = [];

    private static List<JsonElement> Load(string file)
    {
        lock (Files)
        {
            if (!Files.TryGetValue(file, out var cases))
                Files[file] = cases = [.. JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "elsa-cases", $"{file}.json"))).RootElement.EnumerateArray()];
            return cases;
        }
    }

    private static IEnumerable<string> Texts(JsonElement list) => list.EnumerateArray().Select(text => text.GetString()!);
}
