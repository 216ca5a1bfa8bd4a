namespace SalesFlow.Studio.Tests.Instances;

/// <summary>Our answers about instances have the shape of a real Elsa's, call by call.</summary>
[Collection(OneStudio.Name)]
public sealed class ElsaInstancesTests(StudioServer server) : ElsaReplay(server)
{
    public static TheoryData<int, string> Scenarios => [.. Recorded.Instances.Select((scenario, number) => (number, scenario.Name))];

    [Theory]
    [MemberData(nameof(Scenarios))]
    public async Task Every_recorded_answer_has_its_shape_here(int number, string name)
    {
        Assert.NotEmpty(name);
        await SameAsync(Recorded.Instances[number]);
    }
}

/// <summary>Lists are counted, so this has a server of its own.</summary>
public sealed class ElsaListTests(StudioServer server) : ElsaReplay(server), IClassFixture<StudioServer>
{
    [Fact]
    public Task Lists_filters_cancelling_and_deleting() => SameAsync(Recorded.Lists);
}
