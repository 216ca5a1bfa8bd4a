using System.Collections.Immutable;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using SalesFlow.Sales;
using SalesFlow.Sales.Board;
using SalesFlow.Sales.Deals;
using SalesFlow.Sales.Mails;
using SalesFlow.Sales.Notifications;
using SalesFlow.Sales.People;
using SalesFlow.Sales.Seeds;
using SalesFlow.Sales.Tasks;

namespace SalesFlow.Storage.Tests.Sales;

/// <summary>People are told what concerns them, once, and by letters at times that suit them; written once for both databases.</summary>
public abstract class NotificationFacts : IAsyncLifetime
{
    private static readonly Actor Anna = Person(1, "Anna", Roles.Rep), Boris = Person(2, "Boris", Roles.Rep), Head = Person(3, "Helen", Roles.HeadOfSales);
    // A Monday in Moscow, where people work from 9 to 18.
    private static readonly DateTimeOffset Noon = new(2026, 11, 23, 9, 0, 0, TimeSpan.Zero);
    private readonly FakeTimeProvider _clock = new(Noon);
    private ServiceProvider _services = null!;

    protected abstract Task<Action<IServiceCollection>> DatabaseAsync();

    public async ValueTask InitializeAsync()
    {
        _services = SalesServer.Over(await DatabaseAsync(), _clock);
        await using var db = Open();
        await Schema.UpdateAsync(db, default);
        await SalesServer.HireAsync(db, [Anna, Boris, Head], Boris);
        await Get<SeedCommands>().ImportNewAsync(default);
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_note_is_told_to_those_it_names_and_not_to_its_author()
    {
        var deal = await CreateAsync();

        await Deals.CommentAsync(deal, "@Helen and @Anna, look", Anna, default);

        var told = Assert.Single(await ToldAsync(Head));
        Assert.Equal((NotificationKinds.Mention, "You were mentioned: @Helen and @Anna, look", true), (told.Kind, told.Text, told.IsNew));
        Assert.Empty(await ToldAsync(Anna));
        Assert.Equal(1, await Get<NotificationQueries>().NewAsync(Head, default));
        await Assert.ThrowsAsync<NotFoundException>(() => Commands.SeeAsync(long.Parse(told.Id), Anna, default));
        await Commands.SeeAsync(null, Head, default);
        Assert.Equal(0, await Get<NotificationQueries>().NewAsync(Head, default));
    }

    [Fact]
    public async Task Who_is_handed_a_deal_is_told_and_heads_hear_of_one_that_loses_its_owner()
    {
        var deal = await CreateAsync();

        await Deals.ChangeAsync(deal, new DealPatch(Owner: "Boris"), null, Head, default);
        Assert.Equal([NotificationKinds.DealHanded], (await ToldAsync(Boris)).Select(told => told.Kind));
        await Deals.ChangeAsync(deal, new DealPatch(Owner: ""), null, Person(9, "Admin", Roles.Administrator), default);

        Assert.Equal([NotificationKinds.DealWithoutOwner], (await ToldAsync(Head)).Select(told => told.Kind));
    }

    [Fact]
    public async Task An_overdue_task_is_told_to_its_assignee_once()
    {
        await CreateAsync();
        await Commands.TellOverdueAsync(default);
        Assert.Empty(await ToldAsync(Anna));
        await using var db = Open();
        var task = await db.Tasks.AsNoTracking().Where(t => t.DueAt != null).OrderBy(t => t.DueAt).FirstAsync();
        _clock.SetUtcNow(task.DueAt!.Value.AddMinutes(1));

        await Commands.TellOverdueAsync(default);
        await Commands.TellOverdueAsync(default);

        var told = Assert.Single(await ToldAsync(Anna), one => one.Kind == NotificationKinds.TaskOverdue);
        Assert.Equal($"Task overdue: {task.Title.En}", told.Text);
        Assert.True(told.IsNew);
    }

    [Fact]
    public async Task What_tells_of_a_task_is_no_news_once_the_task_is_over()
    {
        var deal = await CreateAsync();
        await using (var db = Open())
            _clock.SetUtcNow((await db.Tasks.AsNoTracking().Where(t => t.DueAt != null).MinAsync(t => t.DueAt))!.Value.AddMinutes(1));
        await Commands.TellOverdueTasksAsync(default);
        Assert.Equal(1, await Get<NotificationQueries>().NewAsync(Anna, default));

        await Deals.CloseAsync(deal, won: false, "noNeed", Anna, default);

        Assert.Equal(0, await Get<NotificationQueries>().NewAsync(Anna, default));
        Assert.Empty((await Get<NotificationQueries>().ListAsync(onlyNew: true, 50, null, Anna, default)).Items);
        Assert.False(Assert.Single(await ToldAsync(Anna)).IsNew);
    }

    [Fact]
    public async Task A_deal_that_stays_in_a_stage_for_longer_than_planned_is_told_to_its_owner_once()
    {
        var deal = await CreateAsync();
        for (var day = 0; day < 30 && !(await ToldAsync(Anna)).Any(told => told.Kind == NotificationKinds.StageOverdue); day++)
        {
            _clock.Advance(TimeSpan.FromDays(1));
            await Commands.TellOverdueAsync(default);
        }

        await Commands.TellOverdueAsync(default);

        var told = Assert.Single(await ToldAsync(Anna), one => one.Kind == NotificationKinds.StageOverdue);
        Assert.Equal(deal.ToString(), told.DealId);
        _clock.Advance(TimeSpan.FromMinutes(1));
        var board = await _services.GetRequiredService<BoardQueries>().GetAsync(new BoardFilter("b2b-new-clients"), Anna, default);
        var card = Assert.Single(board.Columns.SelectMany(column => column.First));
        Assert.True(card.Late && card.SpentSeconds > card.LimitSeconds);
        var visit = Assert.Single(await _services.GetRequiredService<DealQueries>().VisitsAsync(deal, Anna, default));
        Assert.Equal((card.LimitSeconds, true), (visit.LimitSeconds, visit.Late));
        // What pages show is what the engine has computed, whatever the picture says.
        await using (var db = Open())
            await db.Visits.ExecuteUpdateAsync(set => set.SetProperty(v => v.LimitSeconds, 7_200_000L).SetProperty(v => v.LimitAt, _clock.GetUtcNow().AddDays(100)));
        var later = Assert.Single((await _services.GetRequiredService<BoardQueries>().GetAsync(new BoardFilter("b2b-new-clients"), Anna, default)).Columns.SelectMany(column => column.First));
        Assert.Equal((7_200_000L, false), (later.LimitSeconds, later.Late));
    }

    [Fact]
    public async Task A_letter_of_the_evening_waits_for_the_morning_and_nobody_without_an_address_gets_one()
    {
        var deal = await CreateAsync();
        _clock.SetUtcNow(Noon.AddHours(9));

        await Deals.CommentAsync(deal, "@Helen @Boris", Anna, default);
        await Commands.WriteLettersAsync(default);
        await Commands.WriteLettersAsync(default);

        await using var db = Open();
        var mail = await db.Mails.AsNoTracking().SingleAsync();
        Assert.Equal(Head.Id, mail.Person);
        Assert.Equal(new DateTimeOffset(2026, 11, 24, 6, 0, 1, TimeSpan.Zero), mail.NextTry);
    }

    [Fact]
    public async Task What_is_asked_for_as_a_digest_comes_as_one_letter_on_the_next_working_morning()
    {
        await Commands.SetAsync(new NotificationSettings { Digest = true }, Head, default);
        var deal = await CreateAsync();
        await Deals.CommentAsync(deal, "@Helen first", Anna, default);
        await Deals.CommentAsync(deal, "@Helen second", Anna, default);

        await Commands.WriteLettersAsync(default);
        await using var db = Open();
        Assert.Empty(await db.Mails.ToListAsync());
        _clock.SetUtcNow(new(2026, 11, 24, 6, 0, 2, TimeSpan.Zero));
        await Commands.WriteLettersAsync(default);
        await Commands.WriteLettersAsync(default);

        var mail = await db.Mails.AsNoTracking().SingleAsync();
        var text = await db.MailContents.Select(content => content.Text).SingleAsync();
        Assert.Equal("SalesFlow: 2 notifications", mail.Subject);
        Assert.Contains("first", text, StringComparison.Ordinal);
        Assert.Contains("second", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Somebody_who_wants_not_to_be_told_is_not()
    {
        await Commands.SetAsync(new NotificationSettings { Ways = ImmutableSortedDictionary<string, NotificationWay>.Empty.Add(NotificationKinds.Mention, NotificationWay.None) }, Head, default);
        var deal = await CreateAsync();

        await Deals.CommentAsync(deal, "@Helen", Anna, default);
        await Commands.WriteLettersAsync(default);

        Assert.Empty(await ToldAsync(Head));
        await using var db = Open();
        Assert.Empty(await db.Mails.ToListAsync());
        await Assert.ThrowsAsync<ValidationException>(() => Commands.SetAsync(new NotificationSettings { Ways = ImmutableSortedDictionary<string, NotificationWay>.Empty.Add("gossip", NotificationWay.Mail) }, Head, default));
    }

    [Fact]
    public async Task Whoever_had_a_mail_sent_is_told_when_it_is_given_up()
    {
        await using var db = Open();
        MailCommands.Add(db, new MailDraft("k", MailKinds.Document, new MailRecipient.Outside(EmailAddress.Parse("to", "client@example.com", "en")), "Your offer", "Text") { By = Anna.Id }, _clock.GetUtcNow());
        await db.SaveChangesAsync();

        await Get<MailCommands>().FailedAsync((await Get<MailCommands>().TakeDueAsync(default)).Mails.Single(), "No such mailbox", forGood: true, default);

        Assert.Equal("A mail could not be sent: Your offer", Assert.Single(await ToldAsync(Anna)).Text);
    }

    private NotificationCommands Commands => Get<NotificationCommands>();
    private DealCommands Deals => Get<DealCommands>();

    private T Get<T>() where T : notnull => _services.GetRequiredService<T>();

    private SalesFlowDb Open() => SalesServer.Open(_services);

    private async Task<IReadOnlyList<NotificationView>> ToldAsync(Actor person) => (await Get<NotificationQueries>().ListAsync(false, 50, null, person, default)).Items;

    private async Task<DealId> CreateAsync()
    {
        var deal = await Deals.CreateAsync(new NewDeal("b2b-new-clients", "Turnstiles", new NewClient("Vector LLC"), 100, "RUB", "site"), Anna, default);
        return DealId.TryParse(deal.Id, out var id) ? id : throw new FormatException(deal.Id);
    }

    private static Actor Person(long id, string name, string role) => new(new UserId(id), name, [role], "en");
}

public sealed class NotificationsOnSqlite : NotificationFacts
{
    protected override Task<Action<IServiceCollection>> DatabaseAsync() => SalesServer.SqliteAsync("notifications");
}

public sealed class NotificationsOnPostgres : NotificationFacts
{
    protected override Task<Action<IServiceCollection>> DatabaseAsync() => SalesServer.PostgresAsync();
}
