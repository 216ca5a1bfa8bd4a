using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using SalesFlow.Runtime;
using Xunit;

namespace SalesFlow.Server.Tests;

/// <summary>What a new server makes of the shipped definitions.</summary>
[Collection(OneServer.Name)]
public sealed class ShippedDefinitionTests(RunningServer server)
{
    public static TheoryData<string> Files => [.. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "workflows"), "*.json").Select(file => Path.GetFileName(file))];

    [Theory]
    [MemberData(nameof(Files))]
    public async Task A_shipped_file_is_published_at_the_first_start_and_kept_as_it_is(string file)
    {
        var shipped = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "workflows", file)))!.AsObject();
        var kept = await server.App.Services.GetRequiredService<DefinitionStore>().PublishedAsync((string)shipped["definitionId"]!, CancellationToken.None);

        // Said to whoever imports a file, not part of the definition.
        shipped.Remove("$schema");
        Assert.True(JsonNode.DeepEquals(shipped, JsonNode.Parse(kept.Document)), Difference(shipped, JsonNode.Parse(kept.Document)!.AsObject()));
        Assert.Empty(kept.Warnings);
    }

    private static string Difference(JsonObject shipped, JsonObject kept) =>
        string.Join("\n", shipped.Select(member => member.Key).Union(kept.Select(member => member.Key)).Where(name => !JsonNode.DeepEquals(shipped[name], kept[name]))
            .Select(name => $"{name}: shipped {Short(shipped[name])}, kept {Short(kept[name])}"));

    private static string Short(JsonNode? json) => json?.ToJsonString() is { } text ? text[..Math.Min(200, text.Length)] : "nothing";
}
