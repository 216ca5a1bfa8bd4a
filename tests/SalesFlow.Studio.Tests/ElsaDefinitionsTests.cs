using System.Net;

namespace SalesFlow.Studio.Tests;

/// <summary>Our answers about definitions and descriptors have the shape of a real Elsa's: the recorded calls, in the recorded order, on a server of their own.</summary>
public sealed class ElsaDefinitionsTests(StudioServer server) : IClassFixture<StudioServer>
{
    /// <summary>Where the recorded server misbehaves, or where ours knows better.</summary>
    private static readonly Dictionary<string, HttpStatusCode> Instead = new()
    {
        // Elsa fails on these with an empty 500.
        ["078"] = HttpStatusCode.OK, ["128"] = HttpStatusCode.OK, ["086"] = HttpStatusCode.BadRequest, ["160"] = HttpStatusCode.BadRequest,
    };

    private static readonly string[] Calls =
    [
        "001", "002", "003", "004", "005", "007", "008", "009", "010", "011", "012", "013", "014", "015", "016", "017", "018", "019", "020", "026", "027", "028", "033", "035",
        "036", "037", "038", "039", "042", "043", "044", "045", "047", "071", "072", "073", "074", "075", "076", "077", "078", "079", "080", "081", "082", "083", "084", "085", "086", "087",
        "088", "089", "090", "091", "092", "093", "094", "095", "096", "097", "098", "099", "100", "101", "102", "103", "109", "123", "124", "125", "128", "129", "130", "131", "132", "133", "134",
        "158", "159", "160", "161", "162", "163", "168", "169", "170", "171", "172", "173", "174", "175", "176", "177", "179", "180", "181", "183", "185", "186", "187", "188", "189", "190", "191", "192",
        "215", "216", "217",
    ];

    /// <summary>What a real Elsa has and this server does not: modules, types of its host, ids of memory cells that nothing reads, a line of C#.</summary>
    private static readonly (string Call, string Part)[] NotHere =
    [
        ("002", "items["), ("012", "items["), ("161", ".customProperties.source is missing"), ("162", ".customProperties.source is missing"),
        ("125", ".in1.memoryReference is missing"), ("129", ".in1.memoryReference is missing"), ("130", ".in1.memoryReference is missing"), ("131", ".in1.memoryReference is missing"), ("134", ".in1.memoryReference is missing"),
        // An unknown language of an expression is an error here.
        ("181", "status is 400, expected 200"), ("191", "bad-conv"),
        // HTTP activities are not in the catalogue yet.
        ("026", ""), ("109", ""), ("175", ""), ("005", "HttpRe"), ("005", "HttpFile"), ("005", "HttpEndpoint"),
    ];

    /// <summary>Activities written in C# that a definition cannot hold.</summary>
    private static readonly string[] TypesOfTheHost = ["DynamicActivity", "HostMethodActivity", "WorkflowDefinitionActivity"];

    [Fact]
    public async Task Every_recorded_answer_has_its_shape_here()
    {
        var (replay, differences) = (new Replay(server.Client()), new List<string>());

        foreach (var number in Calls)
            differences.AddRange((await replay.DifferencesAsync(number, Instead.TryGetValue(number, out var status) ? status : null))
                .Where(difference => !NotHere.Any(known => known.Call == number && difference.Contains(known.Part, StringComparison.Ordinal)) && !TypesOfTheHost.Any(type => difference.Contains($".{type}\"", StringComparison.Ordinal))));

        Assert.True(differences.Count == 0, string.Join("\n", differences));
    }
}
