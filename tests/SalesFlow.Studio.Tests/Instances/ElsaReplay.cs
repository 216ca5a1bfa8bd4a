using System.Net;

namespace SalesFlow.Studio.Tests.Instances;

/// <summary>Plays a part of what was recorded and compares the answers.</summary>
public abstract class ElsaReplay(StudioServer server)
{
    protected StudioServer Server { get; } = server;
    protected Replay Replay { get; } = new(server.Client());

    /// <summary>Saves what the recording saved, and publishes it if that did.</summary>
    protected async Task SaveAsync(params string[] numbers)
    {
        foreach (var number in numbers)
            await Replay.PrepareAsync(number);
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
