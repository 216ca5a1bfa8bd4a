using System.Collections.Immutable;
using Microsoft.Extensions.Time.Testing;
using SalesFlow.Engine;
using SalesFlow.Runtime;
using SalesFlow.Sales;
using SalesFlow.Sales.Calendars;
using SalesFlow.Sales.Deals;
using SalesFlow.Sales.Documents;
using SalesFlow.Sales.People;
using SalesFlow.Sales.Requests;
using SalesFlow.Sales.Tasks;
using Xunit;

namespace SalesFlow.Storage.Tests.Sales;

public sealed class SalesQueriesTests : IDisposable
{
    private static readonly Actor Anna = Person(1, Roles.Rep);
    private static readonly Actor Boris = Person(2, Roles.Rep);
    private static readonly Actor Head = Person(3, Roles.HeadOfSales);
    private static readonly Actor Lawyer = Person(4, Roles.Approver);
    private static readonly Actor Owner = Person(5, Roles.ProcessOwner);
    private readonly SqliteInMemory database = new();
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 3, 2, 9, 0, 0, TimeSpan.Zero));

    public SalesQueriesTests()
    {
        foreach (var (id, name, display) in new[] { (1, "anna", "Anna A."), (2, "boris", "Boris B."), (3, "head", "Helen H."), (4, "lawyer", "Lev L."), (5, "owner", "Olga O.") })
            database.Execute($"""
                INSERT INTO users (id, user_name, normalized_user_name, display_name, language, email_confirmed, phone_number_confirmed, two_factor_enabled, lockout_enabled, access_failed_count, skills, active)
                VALUES ({id}, '{name}', '{name.ToUpperInvariant()}', '{display}', 'en', 0, 0, 0, 0, 0, '', 1)
                """);
        database.Execute("INSERT INTO clients (id, name) VALUES (1, 'Romashka')");
    }

    public void Dispose() => database.Dispose();

    [Fact]
    public async Task A_rep_sees_own_and_unassigned_deals_the_head_all_and_an_approver_those_that_hold_his_task()
    {
        Deal(10, owner: 1);
        Deal(11, owner: 2);
        Deal(12, owner: null);
        TaskOf(11, 1, assignee: null, role: Roles.Approver);

        Assert.Equal(["12", "10"], await SeenBy(Anna));
        Assert.Equal(["12", "11"], await SeenBy(Boris));
        Assert.Equal(["12", "11", "10"], await SeenBy(Head));
        Assert.Equal(["12", "11", "10"], await SeenBy(Owner));
        Assert.Equal(["11"], await SeenBy(Lawyer));
    }

    [Fact]
    public async Task A_deal_that_may_not_be_seen_is_not_there()
    {
        Deal(11, owner: 2);

        await Assert.ThrowsAsync<NotFoundException>(() => Deals().GetAsync(new DealId(11), Anna, default));
        await Assert.ThrowsAsync<NotFoundException>(() => Deals().VisitsAsync(new DealId(11), Anna, default));
        await Assert.ThrowsAsync<NotFoundException>(() => Deals().TimelineAsync(new DealId(11), 10, null, Anna, default));
        await Assert.ThrowsAsync<NotFoundException>(() => new DocumentQueries(database, new TemplateQueries(database)).ListAsync(new DealId(11), Anna, default));
    }

    [Fact]
    public async Task A_deal_is_shown_with_its_stage_client_and_the_names_of_people()
    {
        Deal(10, owner: 1);

        var deal = await Deals().GetAsync(new DealId(10), Anna, default);

        Assert.Equal(("10", "open", "anna", "Anna A.", "Romashka", 1500.25m), (deal.Id, deal.State, deal.Owner, deal.OwnerName, deal.Client.Name, deal.Amount));
        Assert.Equal(new StageView("offer", "Offer", At(1)), deal.Stage);
        Assert.Equal("5", deal.Fields["seats"]?.ToString());
    }

    [Fact]
    public async Task Pages_neither_repeat_nor_lose_a_deal_when_others_are_created_in_between()
    {
        for (var id = 10; id < 17; id++) Deal(id, owner: 1);

        var first = await Deals().ListAsync(new(Limit: 3), Anna, default);
        Deal(20, owner: 1);
        var second = await Deals().ListAsync(new(Limit: 3, Cursor: first.NextCursor), Anna, default);
        var third = await Deals().ListAsync(new(Limit: 3, Cursor: second.NextCursor), Anna, default);

        Assert.Equal(["16", "15", "14", "13", "12", "11", "10"], first.Items.Concat(second.Items).Concat(third.Items).Select(d => d.Id));
        Assert.Null(third.NextCursor);
    }

    [Fact]
    public async Task The_inbox_holds_own_and_claimable_tasks_soonest_due_first_and_those_without_a_due_time_last()
    {
        Deal(10, owner: 1);
        TaskOf(10, 1, assignee: 1, role: null);
        TaskOf(10, 2, assignee: 1, role: null, due: 50);
        TaskOf(10, 3, assignee: null, role: Roles.Rep, due: 40);
        TaskOf(10, 4, assignee: 2, role: null, due: 30);
        TaskOf(10, 5, assignee: 1, role: null, due: 20, status: 1);

        var first = await Tasks().ListAsync(new(Limit: 2), Anna, default);
        var second = await Tasks().ListAsync(new(Limit: 2, Cursor: first.NextCursor), Anna, default);

        Assert.Equal(["T3", "T2", "T1"], first.Items.Concat(second.Items).Select(t => t.Title));
        Assert.True(first.Items[0].Overdue);
        Assert.Null(second.NextCursor);
    }

    [Theory]
    [InlineData("stat", null, "status")]
    [InlineData("open", "nobody", "assignee")]
    public async Task A_filter_that_means_nothing_is_refused_by_name(string status, string? assignee, string field)
    {
        var refused = await Assert.ThrowsAsync<ValidationException>(() => Tasks().ListAsync(new(status, assignee ?? "me"), Anna, default));

        Assert.Equal([field], refused.Errors.Keys);
    }

    [Fact]
    public async Task A_key_opens_for_its_owner_until_it_is_revoked()
    {
        var keys = new ApiKeyCommands(database, Users(), clock);
        var key = await keys.CreateAsync(new UserId(1), "export", default);

        Assert.Equal(new UserId(1), (await Users().ActorOfKeyAsync(key, default))?.Id);
        Assert.Null(await Users().ActorOfKeyAsync(key + "x", default));
        await keys.RevokeAsync(1, default);
        Assert.Null(await Users().ActorOfKeyAsync(key, default));
    }

    [Fact]
    public async Task A_repeated_request_gets_the_first_answer_and_another_one_under_its_key_is_refused()
    {
        var kept = new IdempotencyCommands(database, clock);
        var first = IdempotencyCommands.KeyOf("k", "POST /api/deals {}", Anna);
        await kept.KeepAsync(first, Anna, new(201, "one"), default);
        await kept.KeepAsync(first, Anna, new(201, "two"), default);

        Assert.Equal(new KeptAnswer(201, "one"), await kept.FindAsync(first, default));
        Assert.Null(await kept.FindAsync(IdempotencyCommands.KeyOf("k", "POST /api/deals {}", Boris), default));
        await Assert.ThrowsAsync<KeyReusedException>(() => kept.FindAsync(IdempotencyCommands.KeyOf("k", "POST /api/deals {1}", Anna), default));
    }

    [Fact]
    public async Task The_timeline_speaks_the_readers_language()
    {
        Deal(10, owner: 1);
        Told(10, turn: 3, """[{"kind":"stageEntered","at":0,"by":1,"data":{"stage":{"ru":"Договор","en":"Contract"}}},{"kind":"won","at":0,"data":{}}]""");

        var english = await Deals().TimelineAsync(new DealId(10), 10, null, Anna, default);
        var russian = await Deals().TimelineAsync(new DealId(10), 10, null, Anna with { Language = "ru" }, default);

        Assert.Equal(["The deal was won", "Entered the stage “Contract”"], english.Items.Select(t => t.Text));
        Assert.Equal("Этап «Договор» начат", russian.Items[1].Text);
    }

    [Fact]
    public async Task A_timeline_read_in_pages_shows_everything_once_also_when_a_page_ends_within_a_turn()
    {
        Deal(10, owner: 1);
        for (var turn = 1; turn <= 4; turn++)
            Told(10, turn, $"[{string.Join(',', "abc".Select(entry => $$$"""{"kind":"commented","at":{{{turn}}},"data":{"text":"{{{turn}}} {{{entry}}}"}}"""))}]");
        var (seen, cursor) = (new List<string>(), (string?)null);

        do
        {
            var page = await Deals().TimelineAsync(new DealId(10), 2, cursor, Anna, default);
            seen.AddRange(page.Items.Select(item => item.Text));
            cursor = page.NextCursor;
        }
        while (cursor is not null);

        Assert.Equal(["4 c", "4 b", "4 a", "3 c", "3 b", "3 a", "2 c", "2 b", "2 a", "1 c", "1 b", "1 a"], seen);
    }

    private static Actor Person(long id, string role) => new(new UserId(id), $"person {id}", [role], "en");

    private static DateTimeOffset At(long seconds) => DateTimeOffset.UnixEpoch.AddSeconds(seconds);

    private static readonly WorkingCalendar Calendar = WorkingCalendar.Read("""{"zone": "Europe/Moscow", "hours": [["09:00", "18:00"]], "years": {}}""");

    private UserQueries Users() => new(database, Calendar, clock);

    private DealQueries Deals() => new(database, Users(), null!, null!, Calendar, clock);

    private TaskQueries Tasks() => new(database, Users(), new DefinitionStore(database, new ActivityCatalogue([]), [], [], clock), Calendar, clock);

    private async Task<ImmutableArray<string>> SeenBy(Actor actor) => [.. (await Deals().ListAsync(new(), actor, default)).Items.Select(d => d.Id)];

    private void Deal(long id, long? owner) => database.Execute($$"""
        INSERT INTO deals (id, number, title, pipeline, pipeline_key, definition_version_id, definition_version, stage_key, stage_name, stage_entered_at,
            owner, client_id, amount, currency, fields, created_at, version)
        VALUES ({{id}}, 'D-{{id}}', 'Deal {{id}}', 'b2b', 'b2b', 'v1', 1, 'offer', 'Offer', 1000000, {{owner?.ToString() ?? "NULL"}}, 1, 150025, 'RUB', '{"seats":5}', 0, 1)
        """);

    private void Told(long deal, long turn, string told) =>
        database.Execute($$$"""INSERT INTO journal (instance_id, turn, at, entries, tells) VALUES ({{{deal}}}, {{{turn}}}, 0, CAST('{"told":{{{told}}},"lines":[]}' AS BLOB), 1)""");

    private void TaskOf(long deal, long number, long? assignee, string? role, long? due = null, int status = 0) => database.Execute($$"""
        INSERT INTO tasks (id, deal_id, title, description, stage_key, assignee, candidate_role, created_at, due_at, due_order, outcomes, form, status, activity_id, bookmark, version)
        VALUES ({{(deal << 20) | number}}, {{deal}}, '{"en":"T{{number}}","ru":"Z"}', '{"en":"","ru":""}', 'offer', {{assignee?.ToString() ?? "NULL"}},
            {{(role is null ? "NULL" : $"'{role}'")}}, 0, {{(due * 1000000)?.ToString() ?? "NULL"}}, {{due * 1000000 ?? long.MaxValue}}, '[]', '[]', {{status}}, 'a', 1, 1)
        """);
}
