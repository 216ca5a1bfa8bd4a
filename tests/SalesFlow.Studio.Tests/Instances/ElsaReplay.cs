using System.Net;
using Microsoft.Extensions.DependencyInjection;
using SalesFlow.Runtime;

namespace SalesFlow.Studio.Tests.Instances;

/// <summary>Plays a part of what was recorded and compares the answers.</summary>
public abstract class ElsaReplay(StudioServer server)
{
    protected StudioServer Server { get; } = server;
    protected Replay Replay { get; } = new(server.Client());

    /// <summary>Saves and publishes what the recording saved.</summary>
    protected async Task SaveAsync(params string[] numbers)
    {
        foreach (var number in numbers)
            await Server.App.Services.GetRequiredService<DefinitionStore>().PublishAsync(Golden.Load(number).Body!["model"]!.ToJsonString(), CancellationToken.None);
    }

    protected Task SameAsync(params string[] numbers) => SameAsync(numbers, null);

    protected async Task SameAsync(string[] numbers, HttpStatusCode? instead = null, params string[] except)
    {
        var differences = new List<string>();
        foreach (var number in numbers)
            differences.AddRange(await Replay.DifferencesAsync(number, instead, except));
        Assert.True(differences.Count == 0, string.Join("\n", differences));
    }
}
