using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using SalesFlow.Sales;
using SalesFlow.Sales.Deals;
using SalesFlow.Sales.Digests;
using SalesFlow.Sales.Notifications;
using SalesFlow.Sales.People;
using SalesFlow.Sales.Seeds;
using SalesFlow.Sales.Tasks;

namespace SalesFlow.Storage.Tests.Sales;

/// <summary>The head of sales gets one digest a working day, when work begins; written once for both databases.</summary>
public abstract class DigestFacts : IAsyncLifetime
{
    private static readonly Actor Anna = new(new UserId(1), "Anna", [Roles.Rep], "en"), Head = new(new UserId(3), "Helen", [Roles.HeadOfSales], "en");
    // A Friday in Moscow, where people work from 9 to 18.
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 20, 9, 0, 0, TimeSpan.Zero));
    private Action<IServiceCollection> _database = null!;
    private ServiceProvider _services = null!;

    protected abstract Task<Action<IServiceCollection>> DatabaseAsync();

    public async ValueTask InitializeAsync()
    {
        _database = await DatabaseAsync();
        _services = Server();
        await using var db = Open();
        await Schema.UpdateAsync(db, default);
        await SalesServer.HireAsync(db, [Anna, Head]);
        await Get<SeedCommands>().ImportNewAsync(default);
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task It_comes_when_work_begins_and_once_a_working_day_whatever_restarts()
    {
        var days = new List<string>();
        // From Friday noon over the weekend to Tuesday noon, looked at every half hour by a server that has just started.
        for (var halfHour = 0; halfHour < 2 * 24 * 4; halfHour++)
        {
            await using (var restarted = Server())
                await restarted.GetRequiredService<DigestCommands>().SendDueAsync(default);
            await using var db = Open();
            var count = await db.Mails.CountAsync();
            if (count > days.Count)
                days.Add($"{TimeZoneInfo.ConvertTimeBySystemTimeZoneId(_clock.GetUtcNow(), "Europe/Moscow"):ddd HH:mm}");
            Assert.Equal(days.Count, count);
            _clock.Advance(TimeSpan.FromMinutes(30));
        }

        Assert.Equal(["Fri 12:00", "Mon 09:00", "Tue 09:00"], days);
    }

    [Fact]
    public async Task It_tells_of_glass_that_was_broken_on_friday_and_of_tasks_that_are_overdue()
    {
        var deal = await CreateAsync();
        var last = (await Get<DealQueries>().MovesAsync(deal, Head, default))[^1].Stage;
        await Get<DealCommands>().MoveAsync(deal, last, "An old client", breakGlass: true, Head, default);
        await CreateAsync();
        _clock.SetUtcNow(new(2026, 11, 23, 6, 0, 0, TimeSpan.Zero));

        await Get<DigestCommands>().SendDueAsync(default);

        var digest = await Get<DigestQueries>().NowAsync(Head, default);
        Assert.True(digest.BrokenGlass.Count > 0);
        Assert.All(digest.BrokenGlass.Lines, line => Assert.EndsWith(": An old client", line.What, StringComparison.Ordinal));
        await using var db = Open();
        var (mail, text) = (await db.Mails.AsNoTracking().SingleAsync(), await db.MailContents.Select(content => content.Text).SingleAsync());
        Assert.Equal(("Morning digest, November 23", Head.Id), (mail.Subject, mail.Person));
        Assert.Contains("Broken glass", text, StringComparison.Ordinal);
        Assert.Contains("An old client", text, StringComparison.Ordinal);
        _clock.Advance(TimeSpan.FromDays(2));
        var later = await Get<DigestQueries>().NowAsync(Head, default);
        Assert.Equal(0, later.BrokenGlass.Count);
        Assert.True(later.Overdue.Count > 0);
        await Assert.ThrowsAsync<ForbiddenException>(() => Get<DigestQueries>().NowAsync(Anna, default));
    }

    [Fact]
    public async Task A_task_that_nobody_has_taken_is_told_by_the_name_of_its_role()
    {
        var deal = await CreateAsync();
        await using (var db = Open())
            await db.Tasks.Where(task => task.DealId == deal).ExecuteUpdateAsync(set => set.SetProperty(task => task.Assignee, (UserId?)null).SetProperty(task => task.CandidateRole, Roles.HeadOfSales));
        _clock.Advance(TimeSpan.FromDays(10));

        Assert.Equal("the head of sales", Assert.Single((await Get<DigestQueries>().NowAsync(Head, default)).Overdue.Lines).Who);
        Assert.Equal("руководитель отдела продаж", Assert.Single((await Get<DigestQueries>().NowAsync(Head with { Language = "ru" }, default)).Overdue.Lines).Who);
    }

    [Fact]
    public async Task Tasks_for_which_nobody_is_there_are_listed_until_somebody_is()
    {
        var deal = await CreateAsync();
        var now = _clock.GetUtcNow();
        var head = await Get<PeopleCommands>().AddAbsenceAsync(Head.Id, new NewAbsence(now, now.AddDays(1)), Head, default);
        await Get<PeopleCommands>().AddAbsenceAsync(Anna.Id, new NewAbsence(now, now.AddDays(1)), Head, default);
        Assert.Equal((deal.ToString(), "Anna"), Assert.Single((await Get<DigestQueries>().NowAsync(Head, default)).Unattended.Lines) is var line ? (line.DealId, line.Who) : default);
        Assert.Equal([deal.ToString()], await ListedAsync(Attention.Unattended));

        await using (var db = Open())
            await db.Tasks.Where(task => task.DealId == deal).ExecuteUpdateAsync(set => set.SetProperty(task => task.Assignee, (UserId?)null).SetProperty(task => task.CandidateRole, Roles.Approver));
        Assert.Equal("any approver", Assert.Single((await Get<DigestQueries>().NowAsync(Head, default)).Unattended.Lines).Who);
        await using (var db = Open())
            await db.Tasks.Where(task => task.DealId == deal).ExecuteUpdateAsync(set => set.SetProperty(task => task.CandidateRole, Roles.HeadOfSales));
        Assert.Equal([deal.ToString()], await ListedAsync(Attention.Unattended));
        await Get<PeopleCommands>().RemoveAbsenceAsync(Head.Id, long.Parse(head.Absences[0].Id, System.Globalization.CultureInfo.InvariantCulture), Head, default);

        Assert.Equal(0, (await Get<DigestQueries>().NowAsync(Head, default)).Unattended.Count);
        Assert.Empty(await ListedAsync(Attention.Unattended));
    }

    [Fact]
    public async Task A_task_for_which_nobody_was_there_goes_to_whoever_comes_back_first_and_nothing_comes_twice()
    {
        var now = _clock.GetUtcNow();
        await AwayAsync(Head, now, hours: 1);
        await AwayAsync(Anna, now, hours: 3);
        var opened = await CreateAsync();
        await LookAsync();
        Assert.Equal([(opened, Anna.Id, Anna.Id)], await OpenAsync());

        _clock.Advance(TimeSpan.FromMinutes(61));
        await LookAsync();
        await LookAsync();
        Assert.Equal([(opened, Head.Id, Anna.Id)], await OpenAsync());

        _clock.Advance(TimeSpan.FromHours(3));
        await LookAsync();
        Assert.Equal([(opened, Head.Id, Anna.Id)], await OpenAsync());
        await using var db = Open();
        Assert.Equal([NotificationKinds.NobodyThere, NotificationKinds.TaskAssigned], await db.Notifications.Where(told => told.Person == Head.Id).OrderBy(told => told.Id).Select(told => told.Kind).ToListAsync());
    }

    private Task<UserView> AwayAsync(Actor who, DateTimeOffset from, int hours) => Get<PeopleCommands>().AddAbsenceAsync(who.Id, new NewAbsence(from, from.AddHours(hours)), Head, default);

    private Task LookAsync() => Get<AbsentTaskCommands>().HandOverAsync(default);

    private async Task<List<(DealId, UserId?, UserId?)>> OpenAsync()
    {
        await using var db = Open();
        return [.. (await db.Tasks.AsNoTracking().Where(task => task.Status == SalesTaskStatus.Open).ToListAsync()).Select(task => (task.DealId, task.Assignee, task.InsteadOf))];
    }

    [Fact]
    public async Task Deals_without_a_next_action_and_deals_of_which_nothing_was_heard_are_listed_apart()
    {
        var (idle, stuck) = (await CreateAsync(), await CreateAsync());
        await using (var db = Open())
            await db.Tasks.Where(task => task.DealId == stuck).ExecuteDeleteAsync();
        _clock.Advance(TimeSpan.FromDays(10));

        var digest = await Get<DigestQueries>().NowAsync(Head, default);

        Assert.Equal([stuck.ToString()], digest.WithoutNextAction.Lines.Select(line => line.DealId));
        Assert.Equal([idle.ToString()], digest.Idle.Lines.Select(line => line.DealId));
    }

    [Fact]
    public async Task Each_deal_is_a_link_and_what_is_left_out_leads_to_the_list_that_shows_it()
    {
        for (var number = 0; number < 23; number++)
            await CreateAsync();
        var glass = await CreateAsync();
        await Get<DealCommands>().MoveAsync(glass, (await Get<DealQueries>().MovesAsync(glass, Head, default))[^1].Stage, "An old client", breakGlass: true, Head, default);
        // A Monday morning ten days on, then the Monday after the glass was broken.
        _clock.SetUtcNow(new(2026, 11, 23, 6, 0, 0, TimeSpan.Zero));
        Assert.Equal([glass.ToString()], await ListedAsync(Attention.Broken));
        _clock.SetUtcNow(new(2026, 11, 30, 6, 0, 0, TimeSpan.Zero));
        await Get<DigestCommands>().SendDueAsync(default);

        var digest = await Get<DigestQueries>().NowAsync(Head, default);
        await using var db = Open();
        var text = await db.MailContents.Select(content => content.Text).SingleAsync();

        Assert.Contains($"  http://localhost/deals/{digest.Overdue.Lines[0].DealId}", text, StringComparison.Ordinal);
        Assert.Contains($"… and {digest.Idle.Count - 20} more: http://localhost/deals?attention=quiet&state=all", text, StringComparison.Ordinal);
        Assert.Contains($"… and {digest.Overdue.Count - 20} more: http://localhost/deals?attention=overdue&state=all", text, StringComparison.Ordinal);
        Assert.Equal(digest.Idle.Count, (await ListedAsync(Attention.Quiet)).Count);
        Assert.Superset(digest.Overdue.Lines.Select(line => line.DealId).ToHashSet(), (await ListedAsync(Attention.Overdue)).ToHashSet());
        Assert.Empty(await ListedAsync(Attention.Broken));
    }

    private async Task<List<string>> ListedAsync(Attention why) => [.. (await Get<DealQueries>().ListAsync(new DealFilter(Limit: 200) { Attention = why }, Head, default)).Items.Select(deal => deal.Id)];

    private T Get<T>() where T : notnull => _services.GetRequiredService<T>();

    private SalesFlowDb Open() => SalesServer.Open(_services);

    private async Task<DealId> CreateAsync()
    {
        var deal = await Get<DealCommands>().CreateAsync(new NewDeal("b2b-new-clients", "Turnstiles", new NewClient("Vector LLC"), 100, "RUB", "site"), Anna, default);
        return DealId.TryParse(deal.Id, out var id) ? id : throw new FormatException(deal.Id);
    }

    private ServiceProvider Server() => SalesServer.Over(_database, _clock);
}

public sealed class DigestsOnSqlite : DigestFacts
{
    protected override Task<Action<IServiceCollection>> DatabaseAsync() => SalesServer.SqliteAsync("digests");
}

public sealed class DigestsOnPostgres : DigestFacts
{
    protected override Task<Action<IServiceCollection>> DatabaseAsync() => SalesServer.PostgresAsync();
}
