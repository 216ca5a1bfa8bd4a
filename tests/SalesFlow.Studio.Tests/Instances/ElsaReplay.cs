namespace SalesFlow.Studio.Tests.Instances;

/// <summary>Plays a part of what was recorded and compares the answers.</summary>
public abstract class ElsaReplay(StudioServer server)
{
    private readonly Replay _replay = new(server.Client());

    /// <summary>Saves what the recording saved, then asks what it asked.</summary>
    protected async Task SameAsync(Scenario scenario)
    {
        var differences = new List<string>();
        foreach (var number in scenario.Saves)
            await _replay.PrepareAsync(number);
        foreach (var stretch in scenario.Stretches)
        {
            var finished = stretch.Finishes ? server.NextFinish() : Task.CompletedTask;
            foreach (var number in stretch.Calls)
                differences.AddRange(await _replay.DifferencesAsync(number, stretch.Instead, stretch.Except));
            await finished;
        }
        Assert.True(differences.Count == 0, string.Join("\n", differences));
    }
}
