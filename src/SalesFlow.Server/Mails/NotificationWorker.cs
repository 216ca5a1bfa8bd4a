using SalesFlow.Sales.Digests;
using SalesFlow.Sales.Notifications;

namespace SalesFlow.Server.Mails;

/// <summary>Tells people what time brings, and writes the letters of what they were told and of the morning.</summary>
internal sealed class NotificationWorker(NotificationCommands notifications, DigestCommands digests, TimeProvider clock, ILogger<NotificationWorker> log) : BackgroundService
{
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(15);

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Rest, clock);
        do
        {
            try
            {
                await notifications.TellOverdueAsync(stoppingToken);
                await notifications.WriteLettersAsync(stoppingToken);
                await digests.SendDueAsync(stoppingToken);
            }
            catch (Exception over) when (over is ObjectDisposedException || stoppingToken.IsCancellationRequested)
            {
                // The server stops, and some of it has gone already.
                return;
            }
            catch (Exception failure)
            {
                log.LogError(failure, "Notifications could not be looked after; trying again.");
            }
        }
        while (await TickAsync(timer, stoppingToken));
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
