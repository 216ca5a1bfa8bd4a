using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using SalesFlow.Engine;
using SalesFlow.Runtime;
using SalesFlow.Sales;
using SalesFlow.Sales.Mails;
using SalesFlow.Sales.People;

namespace SalesFlow.Storage.Tests.Sales;

/// <summary>Letters are written with what causes them and sent at least once; written once for both databases.</summary>
public abstract class MailFacts : IAsyncLifetime
{
    private static readonly Actor Admin = new(new UserId(1), "Anna", [Roles.Administrator], "en");
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 23, 9, 0, 0, TimeSpan.Zero));
    private Action<IServiceCollection> _database = null!;
    private ServiceProvider _services = null!;

    protected abstract Task<Action<IServiceCollection>> DatabaseAsync();

    public async ValueTask InitializeAsync()
    {
        _database = await DatabaseAsync();
        _services = Server();
        await using var db = Open();
        await Schema.UpdateAsync(db, default);
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private MailCommands Mails => _services.GetRequiredService<MailCommands>();

    [Fact]
    public async Task A_letter_of_a_turn_and_one_of_a_command_are_written_with_all_that_belongs_to_them()
    {
        await WriteInTurnAsync(Draft("turn"));
        await WriteAsync(Draft("command"));

        var due = (await Mails.TakeDueAsync(default)).Mails;

        Assert.Equal(["turn", "command"], due.Select(mail => mail.Mail.Key));
        Assert.All(due, mail =>
        {
            Assert.Equal(("client@example.com", "Клиент", "About turnstiles", MailStatus.Waiting), (mail.Address, mail.Name, mail.Mail.Subject, mail.Mail.Status));
            Assert.Equal(("Text", "<p>Html</p>", CalendarMethod.Cancel, "BEGIN:VCALENDAR"), (mail.Content.Text, mail.Content.Html, mail.Content.CalendarMethod, mail.Content.Calendar));
            var file = Assert.Single(mail.Files);
            Assert.Equal(("offer.pdf", "application/pdf"), (file.Name, file.ContentType));
            Assert.Equal([1, 2, 3], file.Content);
        });
        Assert.NotEqual(due[0].Mail.MessageId, due[1].Mail.MessageId);
    }

    [Fact]
    public async Task Under_one_key_one_letter_is_written()
    {
        await WriteAsync(Draft("once"));

        await Assert.ThrowsAsync<DbUpdateException>(() => WriteAsync(Draft("once")));
        await Assert.ThrowsAnyAsync<Exception>(() => WriteInTurnAsync(Draft("once")));

        Assert.Single((await Mails.TakeDueAsync(default)).Mails);
    }

    [Fact]
    public async Task Of_several_servers_one_takes_a_letter()
    {
        await using var other = Server();
        for (var letter = 0; letter < 15; letter++)
            await WriteAsync(Draft($"letter {letter}"));

        var taken = await Task.WhenAll(Enumerable.Range(0, 6).Select(number => Task.Run(() => (number % 2 == 0 ? _services : other).GetRequiredService<MailCommands>().TakeDueAsync(default))));

        Assert.Equal(15, taken.Sum(one => one.Mails.Count));
        Assert.Equal(15, taken.SelectMany(one => one.Mails).Select(mail => mail.Mail.Id).Distinct().Count());
    }

    [Fact]
    public async Task A_letter_whose_server_died_is_sent_again_under_the_same_message_id()
    {
        await WriteAsync(Draft("lost"));
        var first = Assert.Single((await Mails.TakeDueAsync(default)).Mails);

        var (none, next) = await Mails.TakeDueAsync(default);
        _clock.Advance(TimeSpan.FromMinutes(6));
        var again = Assert.Single((await Mails.TakeDueAsync(default)).Mails);

        Assert.Empty(none);
        Assert.Equal(TimeSpan.FromMinutes(5), next - new DateTimeOffset(2026, 11, 23, 9, 0, 0, TimeSpan.Zero));
        Assert.Equal(first.Mail.MessageId, again.Mail.MessageId);
    }

    [Fact]
    public async Task A_letter_that_cannot_be_sent_is_tried_again_ever_later_then_given_up_and_can_be_sent_again_by_hand()
    {
        await WriteAsync(Draft("stubborn"));
        var waits = new List<TimeSpan>();
        for (var (due, next) = await Mails.TakeDueAsync(default); due.Count > 0; (due, next) = await Mails.TakeDueAsync(default))
        {
            await Mails.FailedAsync(due[0], "The mail server\r\nis not there", forGood: false, default);
            if ((await OneAsync()) is { Status: MailStatus.Waiting } waiting)
            {
                waits.Add(waiting.NextTry - _clock.GetUtcNow());
                _clock.SetUtcNow(waiting.NextTry);
            }
        }

        Assert.Equal([1, 5, 15, 60, 180, 360, 720, 1440], waits.Select(wait => (int)wait.TotalMinutes));
        var failed = await OneAsync();
        Assert.Equal((MailStatus.Failed, 9, "The mail server is not there"), (failed.Status, failed.Attempts, failed.LastError));
        await Mails.RetryAsync(failed.Id, Admin, default);
        await Assert.ThrowsAsync<RefusedException>(() => Mails.RetryAsync(failed.Id, Admin, default));
        var again = Assert.Single((await Mails.TakeDueAsync(default)).Mails);
        await Mails.DoneAsync(again, filed: false, default);
        Assert.Equal((MailStatus.Sent, 1, (string?)null, _clock.GetUtcNow()), ((await OneAsync()).Status, (await OneAsync()).Attempts, (await OneAsync()).LastError, (await OneAsync()).SentAt));
    }

    [Fact]
    public async Task A_letter_that_is_held_back_waits_for_its_time()
    {
        await WriteAsync(Draft("later") with { NotBefore = _clock.GetUtcNow().AddHours(3) });

        Assert.Empty((await Mails.TakeDueAsync(default)).Mails);
        _clock.Advance(TimeSpan.FromHours(3));
        Assert.Single((await Mails.TakeDueAsync(default)).Mails);
    }

    private static MailDraft Draft(string key) => new(key, MailKinds.Document, new MailRecipient.Outside(EmailAddress.Parse("to", "client@example.com", "en"), "Клиент"), "About\r\nturnstiles", "Text")
    {
        Html = "<p>Html</p>", Calendar = new(CalendarMethod.Cancel, "BEGIN:VCALENDAR"), Attachments = [new("offer.pdf", "application/pdf", [1, 2, 3])],
    };

    private async Task WriteAsync(MailDraft draft)
    {
        await using var db = Open();
        MailCommands.Add(db, draft, _clock.GetUtcNow());
        await db.SaveChangesAsync();
    }

    private async Task WriteInTurnAsync(MailDraft draft)
    {
        var rows = new RowBatch();
        _services.GetRequiredService<ChangeWriter>().Write([new MailWritten(draft, _clock.GetUtcNow())], Facts.None, rows);
        await _services.GetRequiredService<TurnStore>().CommitAsync(rows);
    }

    private async Task<OutgoingMail> OneAsync()
    {
        await using var db = Open();
        return await db.Mails.AsNoTracking().SingleAsync();
    }

    private SalesFlowDb Open() => SalesServer.Open(_services);

    private ServiceProvider Server() => SalesServer.Over(_database, _clock);
}

public sealed class MailsOnSqlite : MailFacts
{
    protected override Task<Action<IServiceCollection>> DatabaseAsync() => SalesServer.SqliteAsync("mails");
}

public sealed class MailsOnPostgres : MailFacts
{
    protected override Task<Action<IServiceCollection>> DatabaseAsync() => SalesServer.PostgresAsync();
}
