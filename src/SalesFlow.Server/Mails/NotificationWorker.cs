using SalesFlow.Sales.Digests;
using SalesFlow.Sales.Meetings;
using SalesFlow.Sales.Notifications;
using SalesFlow.Sales.Tasks;

namespace SalesFlow.Server.Mails;

/// <summary>Hands over the tasks of people who are away from now on and the meetings of those who will be away, tells people what time brings, and writes the letters of what they were told and of the morning.</summary>
internal sealed class NotificationWorker(AbsentTaskCommands absent, AbsentMeetingCommands meetings, MeetingLinkCommands links, NotificationCommands notifications, DigestCommands digests, TimeProvider clock, ILogger<NotificationWorker> log) : BackgroundService
{
    // Limits of stages are working hours, links live for a month: minutes do not matter there.
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(20), LongRest = TimeSpan.FromMinutes(5);

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Rest, clock);
        var seldom = clock.GetUtcNow();
        do
        {
            await TryAsync(absent.HandOverAsync, stoppingToken);
            await TryAsync(meetings.ReplaceHostsAsync, stoppingToken);
            await TryAsync(notifications.TellOverdueTasksAsync, stoppingToken);
            if (clock.GetUtcNow() >= seldom)
            {
                await TryAsync(notifications.TellOverdueStagesAsync, stoppingToken);
                await TryAsync(links.RemoveExpiredAsync, stoppingToken);
                seldom = clock.GetUtcNow() + LongRest;
            }
            await TryAsync(notifications.WriteLettersAsync, stoppingToken);
            await TryAsync(digests.SendDueAsync, stoppingToken);
        }
        while (await TickAsync(timer, stoppingToken));
    }

    // What one of them stumbles over must not hold up the others.
    private async Task TryAsync(Func<CancellationToken, Task> work, CancellationToken stop)
    {
        try
        {
            await work(stop);
        }
        catch (Exception over) when (over is ObjectDisposedException || stop.IsCancellationRequested)
        {
            // The server stops, and some of it has gone already.
        }
        catch (Exception failure)
        {
            log.LogError(failure, "Notifications could not be looked after; trying again.");
        }
    }

    private static async Task<bool> TickAsync(PeriodicTimer timer, CancellationToken stop)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stop);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
