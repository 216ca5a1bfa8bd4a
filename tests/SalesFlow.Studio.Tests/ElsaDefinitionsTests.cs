using System.Net;

namespace SalesFlow.Studio.Tests;

/// <summary>Our answers about definitions and descriptors have the shape of a real Elsa's: the recorded calls, in the recorded order, on a server of their own.</summary>
public sealed class ElsaDefinitionsTests(HostCodeServer server) : IClassFixture<HostCodeServer>
{
    /// <summary>Where the recorded server misbehaves, or where ours knows better.</summary>
    private static readonly Dictionary<string, HttpStatusCode> Instead = new()
    {
        // Elsa fails on these with an empty 500.
        ["078"] = HttpStatusCode.OK, ["128"] = HttpStatusCode.OK, ["086"] = HttpStatusCode.BadRequest, ["160"] = HttpStatusCode.BadRequest,
    };

    /// <summary>What a real Elsa has and this server does not: modules, types of its host, ids of memory cells that nothing reads, a line of C#.</summary>
    private static readonly (string Call, string Part)[] NotHere =
    [
        ("002", "items["), ("012", "items["), ("161", ".customProperties.source is missing"), ("162", ".customProperties.source is missing"),
        ("125", ".in1.memoryReference is missing"), ("129", ".in1.memoryReference is missing"), ("130", ".in1.memoryReference is missing"), ("131", ".in1.memoryReference is missing"), ("134", ".in1.memoryReference is missing"),
        // An unknown language of an expression is an error here.
        ("181", "status is 400, expected 200"), ("191", "bad-conv"),
        // An input that is not set is null here: its default is the descriptor's.
        ("109", ".authorize is missing"), ("109", ".policy is missing"), ("109", ".responseHeaders is missing"),
        // Elsa offers a dropdown without choices, and hints with a dash that its Studio does not know.
        ("005", ".uiHint is \"singleline\""), ("124", ".uiHint is \"singleline\""),
        // Activities written in C# that a definition cannot hold.
        ("005", ".DynamicActivity\""), ("005", ".HostMethodActivity\""), ("005", ".WorkflowDefinitionActivity\""),
    ];


    [Fact]
    public async Task Every_recorded_answer_has_its_shape_here()
    {
        var (replay, differences) = (new Replay(server.Client()), new List<string>());

        foreach (var number in Recorded.Definitions)
            differences.AddRange((await replay.DifferencesAsync(number, Instead.TryGetValue(number, out var status) ? status : null))
                .Where(difference => !NotHere.Any(known => known.Call == number && difference.Contains(known.Part, StringComparison.Ordinal))));

        Assert.True(differences.Count == 0, string.Join("\n", differences));
    }
}
