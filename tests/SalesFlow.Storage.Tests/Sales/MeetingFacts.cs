using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using SalesFlow.Runtime;
using SalesFlow.Sales;
using SalesFlow.Sales.Deals;
using SalesFlow.Sales.Mails;
using SalesFlow.Sales.Meetings;
using SalesFlow.Sales.Notifications;
using SalesFlow.Sales.People;
using SalesFlow.Sales.Seeds;
using SalesFlow.Sales.Tasks;

namespace SalesFlow.Storage.Tests.Sales;

/// <summary>Meetings take time that nobody else can take; written once for both databases.</summary>
public abstract class MeetingFacts : IAsyncLifetime
{
    private const string Process = """
        {"definitionId":"meets","id":"meets-1","version":1,"name":"Meets","isPublished":true,"isLatest":true,"root":{"id":"fc","type":"Elsa.Flowchart","activities":[
          {"id":"go","type":"SalesFlow.DealStarted"},
          {"id":"s1","type":"SalesFlow.Stage","stage":"meeting","nameEn":"Meeting","rules":"[{\"kind\":\"meetingHeld\"}]",
           "body":{"id":"b1","type":"Elsa.Flowchart","activities":[{"id":"meet","type":"SalesFlow.Meeting","subject":"Talk","noticeHours":{"typeName":"Double","expression":{"type":"Literal","value":"2"}}}],"connections":[]}},
          {"id":"won","type":"SalesFlow.CloseDeal"}],
         "connections":[{"source":{"activity":"go","port":"Done"},"target":{"activity":"s1"}},{"source":{"activity":"s1","port":"Done"},"target":{"activity":"won"}}]}}
        """;

    // Monday, nine in the morning in Moscow; ten is free.
    private static readonly DateTimeOffset Monday = new(2026, 11, 23, 6, 0, 0, TimeSpan.Zero), Ten = Monday.AddHours(1);
    private static readonly Actor Anna = new(new UserId(11), "Anna", [Roles.Rep], "en"), Boris = new(new UserId(12), "Boris", [Roles.Rep], "en"), Head = new(new UserId(13), "Helen", [Roles.HeadOfSales], "en");
    private readonly string _folder = Directory.CreateTempSubdirectory("salesflow-meetings-").FullName;
    private readonly FakeTimeProvider _clock = new(Monday);
    private ServiceProvider _services = null!;

    protected abstract Task<Action<IServiceCollection>> DatabaseAsync();

    // Which space stands before AM depends on the machine's Unicode data.
    private const char NarrowSpace = '\u202f';

    /// <summary>How many want one time at once.</summary>
    protected virtual int Rivals => 1000;

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "calendars"));
        Directory.CreateDirectory(Path.Combine(_folder, "templates"));
        File.Copy(Path.Combine(AppContext.BaseDirectory, "workflows", "calendars", "ru.json"), Path.Combine(_folder, "calendars", "ru.json"));
        await File.WriteAllTextAsync(Path.Combine(_folder, "meets.json"), Process);
        var database = await DatabaseAsync();
        _services = SalesServer.Over(services => database(services.AddSingleton(new PublicAddress(() => "https://sales.example.com", () => null))), _clock, _folder);
        await using var db = Open();
        await Schema.UpdateAsync(db, default);
        await _services.GetRequiredService<SeedCommands>().ImportNewAsync(default);
        await SalesServer.HireAsync(db, [Anna, Boris, Head], Anna, Boris, Head);
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Booking_ends_the_task_to_agree_and_asks_for_the_result_and_the_rule_holds_once_it_was_held()
    {
        var (deal, meeting) = await MeetingAsync(Anna);

        var booked = await Meetings.BookAsync(meeting, new Booking(Ten, "Office"), Anna, default);

        Assert.Equal(("booked", Ten, "Office", "Anna"), (booked.Status, booked.StartAt, booked.Place, Assert.Single(booked.Hosts).Name));
        var tasks = await TasksAsync(deal);
        Assert.Equal([(MeetingActivity.Booked, SalesTaskStatus.Done), (null, SalesTaskStatus.Open)], tasks.Select(task => (task.Outcome, task.Status)));
        Assert.Equal([MeetingActivity.Held, MeetingActivity.NoShow, MeetingActivity.Declined], tasks[1].Outcomes.Select(outcome => outcome.Key));

        var held = await Meetings.ResultAsync(meeting, MeetingActivity.Held, "They want pumps.", null, Anna, default);

        Assert.Equal(("held", "They want pumps."), (held.Status, held.Notes));
        Assert.Equal("won", (await Deals.GetAsync(deal, Anna, default)).State);
    }

    [Fact]
    public async Task Of_many_who_book_one_time_at_the_same_instant_exactly_one_gets_it()
    {
        var wanted = new List<MeetingId>();
        for (var i = 0; i < Rivals; i++)
            wanted.Add((await MeetingAsync(Anna)).Meeting);

        var answers = await Race.RunAsync([.. wanted.Select(meeting => (Func<Task>)(() => Meetings.BookAsync(meeting, new Booking(Ten), Head, default)))]);

        Assert.Single(answers, answer => answer is null);
        Assert.All(answers.OfType<RefusedException>().Select(refused => refused.Obstacles[0]), obstacle =>
            Assert.Equal(("slotTaken", "That time was taken by Helen at 11/23/2026 9:00:00 AM (Moscow, UTC+3)."), (obstacle.Code, obstacle.Message.Replace(NarrowSpace, ' '))));
        await using var db = Open();
        Assert.Equal(1, await db.Meetings.CountAsync(meeting => meeting.Status == MeetingStatus.Booked));
        Assert.Equal(5, await db.BusyQuarters.CountAsync());
    }

    [Fact]
    public async Task The_time_before_is_free_again_when_a_meeting_moves_is_cancelled_or_its_deal_is_closed()
    {
        var (_, one) = await MeetingAsync(Anna);
        var (deal, other) = await MeetingAsync(Anna);
        await Meetings.BookAsync(one, new Booking(Ten), Anna, default);
        await RefusedAsync(() => Meetings.BookAsync(other, new Booking(Ten.AddHours(1)), Anna, default));

        // Half an hour later it overlaps with itself only.
        await Meetings.BookAsync(one, new Booking(Ten.AddMinutes(30)), Anna, default);
        await Meetings.CancelAsync(one, "ill", Anna, default);
        await Meetings.BookAsync(other, new Booking(Ten), Anna, default);
        await RefusedAsync(() => Meetings.BookAsync(one, new Booking(Ten), Anna, default));
        await _services.GetRequiredService<DealCommands>().CloseAsync(deal, won: false, "no", Anna, default);
        await Meetings.BookAsync(one, new Booking(Ten), Anna, default);

        await using var db = Open();
        Assert.Equal(5, await db.BusyQuarters.CountAsync(cell => cell.MeetingId == one));
        Assert.Equal(MeetingStatus.Withdrawn, (await db.Meetings.SingleAsync(meeting => meeting.Id == other)).Status);
    }

    [Fact]
    public async Task The_database_itself_refuses_to_book_somebody_twice()
    {
        var (_, one) = await MeetingAsync(Anna);
        await Meetings.BookAsync(one, new Booking(Ten), Anna, default);
        await using var db = Open();
        var taken = await db.BusyQuarters.AsNoTracking().FirstAsync();
        var (member, quarter) = (taken.Member.Value, taken.Quarter);

        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => db.Database.ExecuteSqlAsync($"INSERT INTO busy_quarters (member, quarter, meeting_id) VALUES ({member}, {quarter}, 99)"));
    }

    [Fact]
    public async Task A_cancelled_meeting_asks_for_another_time_and_a_moved_one_is_due_later()
    {
        var (deal, meeting) = await MeetingAsync(Anna);
        await Meetings.BookAsync(meeting, new Booking(Ten), Anna, default);
        var due = (await TasksAsync(deal))[^1].DueAt;

        await Meetings.BookAsync(meeting, new Booking(Ten.AddDays(1)), Anna, default);
        Assert.Equal(due!.Value.AddDays(1), (await TasksAsync(deal))[^1].DueAt);
        await Meetings.CancelAsync(meeting, null, Anna, default);

        var tasks = await TasksAsync(deal);
        Assert.Equal([SalesTaskStatus.Done, SalesTaskStatus.Cancelled, SalesTaskStatus.Open], tasks.Select(task => task.Status));
        Assert.Equal(MeetingActivity.Booked, tasks[^1].Outcomes[0].Key);
        var lines = (await Deals.TimelineAsync(deal, 50, null, Anna, default)).Items.Select(line => line.Kind).ToList();
        Assert.Equal([TimelineKinds.MeetingCancelled, TimelineKinds.MeetingMoved, TimelineKinds.MeetingBooked, TimelineKinds.MeetingOffered], lines.Where(kind => kind.StartsWith("meeting", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_deal_forgets_the_date_of_a_cancelled_meeting_and_keeps_one_that_was_given_since()
    {
        var (deal, meeting) = await MeetingAsync(Anna);
        await Meetings.BookAsync(meeting, new Booking(Ten), Anna, default);
        Assert.Equal("2026-11-23", await DateAsync());

        await Meetings.CancelAsync(meeting, null, Anna, default);
        Assert.Null(await DateAsync());

        await Meetings.BookAsync(meeting, new Booking(Ten), Anna, default);
        await _services.GetRequiredService<DealCommands>().ChangeAsync(deal, new DealPatch(Fields: new Dictionary<string, object?> { ["meetingDate"] = "2026-12-24" }), null, Anna, default);
        await Meetings.CancelAsync(meeting, null, Anna, default);
        Assert.Equal("2026-12-24", await DateAsync());

        async Task<string?> DateAsync() => (await Deals.GetAsync(deal, Anna, default)).Fields.GetValueOrDefault("meetingDate")?.ToString();
    }

    [Fact]
    public async Task Whoever_may_not_change_the_deal_may_not_book_and_learns_nothing()
    {
        var (_, meeting) = await MeetingAsync(Anna);

        await Assert.ThrowsAsync<NotFoundException>(() => Meetings.BookAsync(meeting, new Booking(Ten), Boris, default));
        await Assert.ThrowsAsync<NotFoundException>(() => Queries.SlotsAsync(meeting, Boris, default));
        await RefusedAsync(() => Meetings.BookAsync(meeting, new Booking(Monday.AddHours(-1)), Anna, default));
        await RefusedAsync(() => Meetings.BookAsync(meeting, new Booking(Ten.AddHours(12)), Anna, default));
        await Assert.ThrowsAsync<ValidationException>(() => Meetings.BookAsync(meeting, new Booking(Ten, Zone: "Mars/Olympus"), Anna, default));
        Assert.NotEmpty(await Queries.SlotsAsync(meeting, Anna, default));
    }

    [Fact]
    public async Task A_link_is_kept_as_a_hash_and_the_next_one_replaces_it()
    {
        var (_, meeting) = await MeetingAsync(Anna);

        var (first, second) = (await Meetings.InviteAsync(meeting, "en", Anna, default), await Meetings.InviteAsync(meeting, "en", Anna, default));

        await using var db = Open();
        var stored = await db.Meetings.AsNoTracking().SingleAsync(m => m.Id == meeting);
        Assert.Equal(43, second.Path["/book/".Length..].Length);
        Assert.NotEqual(first.Path, second.Path);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(second.Path["/book/".Length..]))), stored.TokenHash);
    }

    [Fact]
    public async Task The_client_is_invited_told_of_changes_and_reminded_by_letters_that_calendars_read()
    {
        var (_, meeting) = await MeetingAsync(Anna);

        await Meetings.BookAsync(meeting, new Booking(Ten.AddHours(6)), Anna, default);
        await Meetings.BookAsync(meeting, new Booking(Ten.AddHours(5)), Anna, default);
        _clock.Advance(TimeSpan.FromHours(4));
        await _services.GetRequiredService<Workers>().CatchUpAsync(default);
        await Meetings.CancelAsync(meeting, null, Anna, default);

        await using var db = Open();
        var letters = await db.MailContents.AsNoTracking().Where(content => db.Mails.Any(mail => mail.Key == content.MailKey && mail.Address == "client@example.com")).ToListAsync();
        Assert.Equal(4, letters.Count);
        Assert.Equal(["METHOD:CANCEL SEQUENCE:2", "METHOD:REQUEST SEQUENCE:0", "METHOD:REQUEST SEQUENCE:1"],
            letters.Select(letter => letter.Calendar).OfType<string>().Select(text => string.Join(' ', text.Split("\r\n").Where(line => line.StartsWith("METHOD", StringComparison.Ordinal) || line.StartsWith("SEQUENCE", StringComparison.Ordinal)))).Order());
    }

    [Fact]
    public async Task When_the_host_will_be_away_whoever_stands_in_and_is_free_holds_the_meeting_and_everybody_hears_of_it()
    {
        var (deal, meeting) = await MeetingAsync(Anna);
        await Meetings.BookAsync(meeting, new Booking(Ten), Anna, default);

        await AwayAsync(Anna, Ten.AddMinutes(-30), Ten.AddDays(3), substitute: Boris);

        await using var db = Open();
        var stored = await db.Meetings.AsNoTracking().SingleAsync(m => m.Id == meeting);
        Assert.Equal((MeetingStatus.Booked, Ten, Boris.Id.Value, Anna.Id), (stored.Status, stored.StartAt!.Value, Assert.Single(stored.Hosts), stored.BookedBy!.Value));
        Assert.Equal([Boris.Id], await db.BusyQuarters.Select(cell => cell.Member).Distinct().ToListAsync());
        Assert.Equal([(Anna.Id, "Boris holds the meeting “Meeting” in the place of Anna, who is away then"), (Boris.Id, "You hold the meeting “Meeting” in the place of Anna, who is away then")], await ToldAsync(db));
        Assert.Contains("Встречу проведёт другой сотрудник: Встреча", await SubjectsAsync(db));
        Assert.Contains("Meeting “Meeting”: Boris holds it in the place of Anna, who is away then", (await Deals.TimelineAsync(deal, 50, null, Head, default)).Items.Select(line => line.Text));
    }

    [Fact]
    public async Task With_nobody_free_instead_the_meeting_is_offered_anew_and_the_client_the_owner_and_the_timeline_say_so()
    {
        var (deal, meeting) = await MeetingAsync(Anna);
        await Meetings.BookAsync(meeting, new Booking(Ten), Anna, default);
        var (_, busy) = await MeetingAsync(Boris);
        await Meetings.BookAsync(busy, new Booking(Ten), Boris, default);
        var (_, later) = await MeetingAsync(Anna);
        await Meetings.BookAsync(later, new Booking(Ten.AddDays(1)), Anna, default);

        await AwayAsync(Anna, Ten.AddMinutes(-30), Ten.AddHours(3), substitute: Boris);

        await using var db = Open();
        Assert.Equal([MeetingStatus.Offered, MeetingStatus.Booked, MeetingStatus.Booked], await db.Meetings.OrderBy(m => m.Id).Select(m => m.Status).ToListAsync());
        Assert.Equal((MeetingActivity.Booked, SalesTaskStatus.Open), ((await TasksAsync(deal))[^1].Outcomes[0].Key, (await TasksAsync(deal))[^1].Status));
        Assert.Equal([(Anna.Id, "The meeting “Meeting” needs another time: Anna is away then")], await ToldAsync(db));
        Assert.Contains("Для встречи нужно другое время: Встреча", await SubjectsAsync(db));
        Assert.Contains("Meeting cancelled: Meeting (whoever was to hold it is away; another time is needed)", (await Deals.TimelineAsync(deal, 50, null, Head, default)).Items.Select(line => line.Text.Trim()));
    }

    [Fact]
    public async Task Letters_to_the_client_carry_a_link_of_their_own_until_a_colleague_makes_a_new_one()
    {
        var (_, meeting) = await MeetingAsync(Anna);
        await Meetings.BookAsync(meeting, new Booking(Ten.AddDays(1)), Anna, default);
        await using var db = Open();
        var invitation = (await _services.GetRequiredService<MailCommands>().TakeDueAsync(default)).Mails.Single(mail => mail.Address == "client@example.com");

        var (one, two) = (Link(await Links.FillAsync(invitation, default)), Link(await Links.FillAsync(invitation, default)));
        var clients = _services.GetRequiredService<ClientMeetingCommands>();
        await clients.BookAsync(one, Ten.AddDays(2), null, "en", default);
        await clients.CancelAsync(two, "en", default);

        Assert.Equal(2, await db.MeetingLinks.CountAsync());
        Assert.DoesNotContain(await db.MeetingLinks.Select(link => link.Hash).ToListAsync(), hash => hash == one || hash == two);
        await Meetings.InviteAsync(meeting, null, Anna, default);
        await Assert.ThrowsAsync<NotFoundException>(() => clients.BookAsync(one, Ten.AddDays(2), null, "en", default));
        Assert.Null(await _services.GetRequiredService<ClientMeetingQueries>().GetAsync(two, "en", default));
    }

    [Fact]
    public async Task The_letter_of_a_meeting_that_a_person_cancels_leads_to_another_time_while_one_is_wanted_and_links_go_when_they_expire()
    {
        var (_, meeting) = await MeetingAsync(Anna);
        var mails = _services.GetRequiredService<MailCommands>();
        async Task<MailToSend> LastAsync() => (await mails.TakeDueAsync(default)).Mails.Where(mail => mail.Address == "client@example.com").MaxBy(mail => mail.Mail.Id)!;
        await Meetings.BookAsync(meeting, new Booking(Ten.AddDays(1)), Anna, default);
        await LastAsync();
        await Meetings.CancelAsync(meeting, "Ill", Anna, default);
        var letter = await LastAsync();
        Assert.Equal("Встреча отменена: Встреча", letter.Mail.Subject);

        var filled = await Links.FillAsync(letter, default);

        Assert.Contains("Выбрать другое время: https://sales.example.com/book/", filled.Content.Text, StringComparison.Ordinal);
        await _services.GetRequiredService<ClientMeetingCommands>().BookAsync(Link(filled), Ten.AddDays(2), null, "en", default);
        await using var db = Open();
        await Links.RemoveExpiredAsync(default);
        Assert.Equal(1, await db.MeetingLinks.CountAsync());
        _clock.Advance(MeetingLink.Lifetime);
        await Links.RemoveExpiredAsync(default);
        Assert.Equal(0, await db.MeetingLinks.CountAsync());
    }

    private MeetingLinkCommands Links => _services.GetRequiredService<MeetingLinkCommands>();

    private static string Link(MailToSend filled) => filled.Content.Text.Split("https://sales.example.com/book/")[1].Trim();

    private async Task AwayAsync(Actor person, DateTimeOffset from, DateTimeOffset to, Actor substitute) =>
        await _services.GetRequiredService<PeopleCommands>().AddAbsenceAsync(person.Id, new NewAbsence(from, to, substitute.Name, null), person, default);

    private static async Task<IEnumerable<(UserId, string)>> ToldAsync(SalesFlowDb db) => (await db.Notifications.AsNoTracking().Where(told => told.Kind == NotificationKinds.MeetingHostAway).OrderBy(told => told.Person).ToListAsync())
        .Select(told => (told.Person, System.Text.Json.Nodes.JsonNode.Parse(told.Data)!["text"]!["en"]!.GetValue<string>()));

    private static async Task<List<string>> SubjectsAsync(SalesFlowDb db) => await db.Mails.Where(mail => mail.Address == "client@example.com").Select(mail => mail.Subject).ToListAsync();

    private MeetingCommands Meetings => _services.GetRequiredService<MeetingCommands>();
    private MeetingQueries Queries => _services.GetRequiredService<MeetingQueries>();
    private DealQueries Deals => _services.GetRequiredService<DealQueries>();
    private SalesFlowDb Open() => SalesServer.Open(_services);

    private static async Task RefusedAsync(Func<Task> act) => Assert.NotEmpty((await Assert.ThrowsAsync<RefusedException>(act)).Obstacles);

    private async Task<(DealId Deal, MeetingId Meeting)> MeetingAsync(Actor owner)
    {
        var deal = await _services.GetRequiredService<DealCommands>().CreateAsync(new NewDeal("meets", "Pumps", new NewClient("Vector", Email: "client@example.com"), 100m, "RUB", Owner: owner.Name), owner, default);
        _ = DealId.TryParse(deal.Id, out var id);
        Assert.True(MeetingId.TryParse((await Queries.OfDealAsync(id, owner, default)).Single().Id, out var meeting));
        return (id, meeting);
    }

    private async Task<List<SalesTask>> TasksAsync(DealId deal)
    {
        await using var db = Open();
        return await db.Tasks.AsNoTracking().Where(task => task.DealId == deal).OrderBy(task => task.Id).ToListAsync();
    }
}

public sealed class MeetingsOnSqlite : MeetingFacts
{
    protected override Task<Action<IServiceCollection>> DatabaseAsync() => SalesServer.SqliteAsync("meetings-db");
}

public sealed class MeetingsOnPostgres : MeetingFacts
{
    protected override int Rivals => 300;

    protected override Task<Action<IServiceCollection>> DatabaseAsync() => SalesServer.PostgresAsync();
}
