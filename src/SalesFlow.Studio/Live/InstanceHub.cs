using Microsoft.AspNetCore.SignalR;

namespace SalesFlow.Studio.Live;

/// <summary>Where Studio's instance viewer listens. Method names are Elsa's.</summary>
internal sealed class InstanceHub(LiveInstances live) : Hub
{
    /// <summary>The viewer wants to hear of an instance; it says so once for each connection.</summary>
    public async Task ObserveInstanceAsync(string instanceId)
    {
        await Groups.AddToGroupAsync(Context.ConnectionId, instanceId, Context.ConnectionAborted);
        live.Observe(Context.ConnectionId, instanceId);
    }

    /// <inheritdoc />
    public override Task OnDisconnectedAsync(Exception? exception)
    {
        live.Forget(Context.ConnectionId);
        return base.OnDisconnectedAsync(exception);
    }
}
