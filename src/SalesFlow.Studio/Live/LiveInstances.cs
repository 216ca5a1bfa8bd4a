using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.AspNetCore.SignalR;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SalesFlow.Runtime;
using SalesFlow.Studio.Instances;

namespace SalesFlow.Studio.Live;

/// <summary>
/// Tells viewers that an instance has gone on: at once when this server ran the turn, within seconds when another one did. Instances that nobody
/// looks at cost nothing but a look into a dictionary.
/// </summary>
internal sealed class LiveInstances(TurnFeed feed, IHubContext<InstanceHub> hub, InstanceQueries instances, IDbContextFactory<WorkflowDb> databases, TimeProvider clock, ILogger<LiveInstances> log) : BackgroundService
{
    private static readonly TimeSpan LookForOthers = TimeSpan.FromSeconds(2);
    private readonly ConcurrentDictionary<string, InstanceId> _observers = new();
    private readonly ConcurrentDictionary<long, long> _told = new();
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>A connection observes an instance; an id that is none is never told of anything.</summary>
    public void Observe(string connection, string instanceId)
    {
        if (ElsaIds.Instance(instanceId) is not { } id)
            return;
        _observers[connection] = id;
        _wake.Writer.TryWrite(true);
    }

    /// <summary>A connection is gone.</summary>
    public void Forget(string connection) => _observers.TryRemove(connection, out _);

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        feed.Committed += Hear;
        try
        {
            while (true)
            {
                await WaitAsync(stoppingToken);
                await TellAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops.
        }
        finally
        {
            feed.Committed -= Hear;
        }
    }

    private void Hear(TurnOutcome outcome)
    {
        if (_told.ContainsKey(outcome.Instance.Value))
            _wake.Writer.TryWrite(true);
    }

    /// <summary>Waits until there is something to tell; while somebody observes, at most until it is time to look what other servers did.</summary>
    private async Task WaitAsync(CancellationToken stop)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var woken = _wake.Reader.WaitToReadAsync(either.Token).AsTask();
        if (!_observers.IsEmpty)
            await Task.WhenAny(woken, Task.Delay(LookForOthers, clock, either.Token));
        else
            await woken;
        await either.CancelAsync();
        stop.ThrowIfCancellationRequested();
        _wake.Reader.TryRead(out _);
    }

    private async Task TellAsync(CancellationToken cancel)
    {
        var observed = _observers.Values.Select(id => id.Value).Distinct().ToList();
        foreach (var gone in _told.Keys.Except(observed).ToList())
            _told.TryRemove(gone, out _);
        try
        {
            await using var db = await databases.CreateDbContextAsync(cancel);
            foreach (var row in await db.Instances.Where(row => observed.Contains(row.Id)).Select(row => new { row.Id, row.Version }).ToListAsync(cancel))
            {
                if (_told.TryGetValue(row.Id, out var told) && told == row.Version)
                    continue;
                _told[row.Id] = row.Version;
                await TellAsync(new InstanceId(row.Id), cancel);
            }
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            log.LogWarning(failure, "Viewers of instances could not be told what happened.");
        }
    }

    private async Task TellAsync(InstanceId id, CancellationToken cancel)
    {
        if (await instances.FindAsync(id, cancel) is not { } instance)
            return;
        var viewers = hub.Clients.Group(id.ToString());
        await viewers.SendAsync("ActivityExecutionLogUpdatedAsync", new { stats = ExecutionRoutes.Stats(instance, null) }, cancel);
        await viewers.SendAsync("WorkflowExecutionLogUpdatedAsync", new { }, cancel);
        await viewers.SendAsync("WorkflowInstanceUpdatedAsync", new { workflowInstanceId = instance.Id }, cancel);
    }
}
