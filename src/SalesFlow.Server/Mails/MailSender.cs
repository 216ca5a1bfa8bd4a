using System.Net.Sockets;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using Microsoft.Extensions.Options;
using SalesFlow.Engine;
using SalesFlow.Runtime;
using SalesFlow.Sales.Approvals;
using SalesFlow.Sales.Mails;
using SalesFlow.Sales.Meetings;

namespace SalesFlow.Server.Mails;

/// <summary>
/// Sends letters that are due, each at least once: through the mail server of the settings, or into files where there is none. A server that dies between sending and taking note sends again under the same Message-ID.
/// </summary>
internal sealed partial class MailSender(MailCommands mails, ApprovalLinkCommands links, MeetingLinkCommands bookings, MailOpeningCommands openings, MailFeed feed, TurnFeed turns, IOptions<SmtpOptions> settings, ServerOptions server, TimeProvider clock, ILogger<MailSender> log) : BackgroundService
{
    private static readonly TimeSpan LongestSleep = TimeSpan.FromSeconds(15);
    private readonly Alarm _alarm = new(clock);
    private readonly SemaphoreSlim _one = new(1, 1);

    /// <summary>Sends everything that is due now; answers when the next letter is.</summary>
    public async Task<DateTimeOffset?> SendDueAsync(CancellationToken cancel)
    {
        await _one.WaitAsync(cancel);
        try
        {
            while (true)
            {
                var (due, next) = await mails.TakeDueAsync(cancel);
                if (due.Count == 0)
                    return next;
                await (settings.Value.IsSet ? SendAsync(due, cancel) : FileAsync(due, cancel));
            }
        }
        finally
        {
            _one.Release();
        }
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        feed.Changed += _alarm.Ring;
        turns.Changed += NoteTurn;
        while (!stoppingToken.IsCancellationRequested)
            try
            {
                await _alarm.SleepAsync(await SendDueAsync(stoppingToken), LongestSleep, stoppingToken);
            }
            catch (Exception over) when (over is ObjectDisposedException || stoppingToken.IsCancellationRequested)
            {
                // The server stops, and some of it has gone already.
                break;
            }
            catch (Exception failure)
            {
                log.LogError(failure, "The mails that are due could not be read; trying again.");
                await Task.WhenAny(Task.Delay(LongestSleep, clock, stoppingToken));
            }
        feed.Changed -= _alarm.Ring;
        turns.Changed -= NoteTurn;
    }

    private async Task SendAsync(IReadOnlyList<MailToSend> due, CancellationToken cancel)
    {
        using var smtp = new SmtpClient { Timeout = (int)settings.Value.TimeLimit.TotalMilliseconds };
        Exception? unreachable = null;
        foreach (var mail in due)
            try
            {
                using var message = MailForm.Of(unreachable is null ? await FillAsync(mail, cancel) : mail, settings.Value.Sender);
                // One server that does not answer costs its time limit once, not once a letter.
                if (unreachable is null)
                    await ConnectAsync(smtp, cancel);
                else
                    throw new IOException(unreachable.Message, unreachable);
                await smtp.SendAsync(message, cancel);
                await mails.DoneAsync(mail, filed: false, cancel);
            }
            catch (Exception failure) when (IsOfTheConversation(failure) && !cancel.IsCancellationRequested)
            {
                await NoteAsync(mail, failure, cancel);
                unreachable = failure is UnsendableException or SmtpCommandException ? unreachable : failure;
            }
        if (smtp.IsConnected)
            await smtp.DisconnectAsync(quit: true, cancel);
    }

    // A secret in a letter is made as late as this, so that no table holds it.
    private async Task<MailToSend> FillAsync(MailToSend mail, CancellationToken cancel) => await openings.FillAsync(await bookings.FillAsync(await links.FillAsync(mail, cancel), cancel), cancel);

    private async Task ConnectAsync(SmtpClient smtp, CancellationToken cancel)
    {
        if (smtp.IsConnected)
            return;
        var (at, user) = (settings.Value, settings.Value.User ?? "");
        await smtp.ConnectAsync(at.Host ?? "", at.Port, at.Connection, cancel);
        if (user.Length > 0)
            await smtp.AuthenticateAsync(user, at.Password ?? "", cancel);
    }

    private static bool IsOfTheConversation(Exception failure) => failure is UnsendableException or CommandException or ProtocolException or ServiceNotConnectedException or ServiceNotAuthenticatedException
        or AuthenticationException or SslHandshakeException or IOException or SocketException or TimeoutException or NotSupportedException or OperationCanceledException;

    private async Task FileAsync(IReadOnlyList<MailToSend> due, CancellationToken cancel)
    {
        var folder = Directory.CreateDirectory(server.InData("mail")).FullName;
        foreach (var mail in due)
            try
            {
                var (file, unfinished) = (Path.Combine(folder, $"{mail.Mail.CreatedAt.UtcDateTime:yyyyMMdd-HHmmss}-{mail.Mail.Id}.eml"), Path.Combine(folder, $"{mail.Mail.Id}.tmp"));
                using (var message = MailForm.Of(await FillAsync(mail, cancel), settings.Value.Sender))
                    await message.WriteToAsync(unfinished, cancel);
                File.Move(unfinished, file, overwrite: true);
                await mails.DoneAsync(mail, filed: true, cancel);
            }
            catch (Exception failure) when (failure is UnsendableException or IOException or UnauthorizedAccessException)
            {
                await NoteAsync(mail, failure, cancel);
            }
    }

    private Task NoteAsync(MailToSend mail, Exception failure, CancellationToken cancel)
    {
        // A mail server that does not take the reader or the text will not do so tomorrow either; one that refuses us may be set up wrongly.
        var forGood = failure is UnsendableException || failure is SmtpCommandException { ErrorCode: SmtpErrorCode.RecipientNotAccepted or SmtpErrorCode.MessageNotAccepted } refused && (int)refused.StatusCode >= 500;
        LogFailure(mail.Mail.Id, mail.Mail.Attempts + 1, failure.GetType().Name);
        return mails.FailedAsync(mail, failure.Message, forGood, cancel);
    }

    private void NoteTurn(InstanceId instance, IReadOnlyList<Change> changes)
    {
        foreach (var change in changes)
            if (change is MailWritten)
            {
                feed.Tell();
                return;
            }
    }

    /// <inheritdoc />
    public override void Dispose()
    {
        base.Dispose();
        _alarm.Dispose();
        _one.Dispose();
    }

    // Addresses and answers of mail servers, which repeat them, are personal: the page shows them to whom they concern.
    [LoggerMessage(Level = LogLevel.Warning, Message = "Mail {Mail} could not be sent (attempt {Attempt}): {Failure}")]
    private partial void LogFailure(long mail, int attempt, string failure);
}

/// <summary>Adds the sending of letters to the server.</summary>
internal static class MailRegistration
{
    public static IServiceCollection AddMails(this IServiceCollection services, ServerOptions options) =>
        services.AddSingleton(options).AddSingleton<MailSender>().AddHostedService(provider => provider.GetRequiredService<MailSender>()).AddHostedService<NotificationWorker>();
}
