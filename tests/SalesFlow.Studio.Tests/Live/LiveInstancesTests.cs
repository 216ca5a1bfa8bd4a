using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using SalesFlow.Engine;
using SalesFlow.Runtime;
using SalesFlow.Sales.People;

namespace SalesFlow.Studio.Tests.Live;

[Collection(OneStudio.Name)]
public sealed class LiveInstancesTests(StudioServer server)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Whoever_observes_an_instance_hears_of_its_next_turn()
    {
        var runtime = server.App.Services.GetRequiredService<WorkflowRuntime>();
        await server.App.Services.GetRequiredService<DefinitionStore>().PublishAsync("""
            {"definitionId": "live", "name": "Live", "root": {"id": "flow", "type": "Elsa.Flowchart", "version": 1, "activities": [
              {"id": "signed", "type": "Elsa.Event", "version": 1, "eventName": {"typeName": "String", "expression": {"type": "Literal", "value": "live-signed"}}}]}}
            """, CancellationToken.None);
        var instance = (await runtime.StartAsync("live", new Stimulus.Start(), Facts.None, [], new InstanceId(await runtime.NextIdAsync(default)), default)).Instance;
        await using var viewer = Connect(Roles.ProcessOwner);
        var told = Channel.CreateUnbounded<JsonNode?>();
        var updated = Channel.CreateUnbounded<JsonNode?>();
        viewer.On<JsonNode>("ActivityExecutionLogUpdatedAsync", message => told.Writer.TryWrite(message));
        viewer.On<JsonNode>("WorkflowInstanceUpdatedAsync", message => updated.Writer.TryWrite(message));
        await viewer.StartAsync();
        await viewer.InvokeAsync("ObserveInstanceAsync", instance.ToString());
        var before = await told.Reader.ReadAsync().AsTask().WaitAsync(Patience);

        await runtime.PublishEventAsync("live-signed", null, instance, null, default);

        var after = await told.Reader.ReadAsync().AsTask().WaitAsync(Patience);
        Assert.Equal((0, true), Signed(before));
        Assert.Equal((1, false), Signed(after));
        Assert.Equal(instance.ToString(), (await updated.Reader.ReadAsync())!["workflowInstanceId"]!.GetValue<string>());
    }

    [Fact]
    public async Task Only_those_who_may_see_instances_may_observe_them()
    {
        await using var viewer = Connect(Roles.Rep);

        await Assert.ThrowsAsync<HttpRequestException>(() => viewer.StartAsync());
    }

    private HubConnection Connect(string role) => new HubConnectionBuilder()
        .WithUrl(new Uri(server.Address, StudioApi.HubPath), options => options.Headers["Authorization"] = $"ApiKey {server.KeyOf(role)}").Build();

    private static (int Completed, bool IsBlocked) Signed(JsonNode? message)
    {
        var stats = message!["stats"]!.AsArray().Single(stat => stat!["activityNodeId"]!.GetValue<string>() == "Workflow1:flow:signed")!;
        return (stats["completedCount"]!.GetValue<int>(), stats["isBlocked"]!.GetValue<bool>());
    }
}
