using System.Collections.Immutable;
using SalesFlow.Engine;
using SalesFlow.Sales.Approvals;
using SalesFlow.Sales.Deals;
using SalesFlow.Sales.Notifications;
using SalesFlow.Sales.People;
using SalesFlow.Sales.Rules;
using SalesFlow.Sales.Tasks;
using SalesFlow.Sales.Tests.Deals;
using static SalesFlow.Sales.Tests.Given;

namespace SalesFlow.Sales.Tests.Approvals;

public sealed class ApprovalActivityTests
{
    private const string Document = """
        {"definitionId":"p","id":"p-1","version":1,"name":"P","root":{"id":"fc","type":"Elsa.Flowchart","activities":[
          {"id":"ask","type":"SalesFlow.Approval","subject":{"typeName":"String","expression":{"type":"Literal","value":"Approve"}}},
          {"id":"end","type":"Elsa.End"}],
         "connections":[{"source":{"activity":"ask","port":"Approved"},"target":{"activity":"end"}}]}}
        """;

    // Rep 1 owns the deal; 2, 3 and 4 are approvers, 8 is the administrator, 9 the head of sales.
    private readonly Deal _deal = Deal.Blank();
    private readonly DealFacts _facts;
    private ApprovalMatrix _matrix = ApprovalMatrix.Empty;
    private DateTimeOffset _now = Monday;
    private ImmutableArray<AbsenceView> _away = [];
    private long[] _alsoAway = [];
    private Dictionary<long, string> _substitutes = [];
    private LivedDeal _life;

    public ApprovalActivityTests()
    {
        _facts = new(_deal, Calendar, () => Book) { Matrices = _ => new(_matrix, 1) };
        _life = new(Process(Document), _facts);
    }

    private PeopleBook Book => new(new (long Id, string Role)[] { (1, Roles.Rep), (2, Roles.Approver), (3, Roles.Approver), (4, Roles.Approver), (8, Roles.Administrator), (9, Roles.HeadOfSales) }.ToImmutableDictionary(
        person => new UserId(person.Id), person => new UserView($"{person.Id}", $"p{person.Id}", $"P{person.Id}", [person.Role], null, "en") { Absences = person.Id == 2 || _alsoAway.Contains(person.Id) ? [.. _away.Select(absence => absence with { Substitute = _substitutes.GetValueOrDefault(person.Id, absence.Substitute!) })] : [] }));

    [Fact]
    public void Levels_are_asked_one_after_another_and_all_must_say_yes()
    {
        Begin(Level("finance", ["role:approver"]), Level("board", ["user:p4"]));
        Assert.Equal(["Approve: finance"], OpenTitles);

        Press(2, ApprovalOutcomes.Approved);
        Assert.Equal(["Approve: board"], OpenTitles);
        Assert.Equal(new UserId(4), Open.Single().Assignee);

        Press(4, ApprovalOutcomes.Approved);
        Assert.Equal(ApprovalStatus.Approved, _deal.Approvals.Single().Status);
        Assert.Equal(WorkflowStatus.Finished, _life.State.Status);
    }

    [Fact]
    public void In_parallel_everybody_is_asked_at_once_and_the_first_no_ends_it()
    {
        Begin(Level("all", ["user:p2", "user:p3"], ApprovalMode.Parallel));
        Assert.Equal(2, Open.Count);

        Press(3, ApprovalOutcomes.Rejected);

        Assert.Empty(Open);
        Assert.Equal(ApprovalStatus.Rejected, _deal.Approvals.Single().Status);
    }

    [Fact]
    public void A_quorum_asks_each_person_of_a_role_and_ends_with_enough_votes()
    {
        Begin(Level("board", ["role:approver"], ApprovalMode.Quorum, 2));
        Assert.Equal([2L, 3, 4], Open.Select(task => task.Assignee!.Value.Value));

        Press(2, ApprovalOutcomes.Approved);
        Press(3, ApprovalOutcomes.Rejected);
        Assert.Equal(ApprovalStatus.Open, _deal.Approvals.Single().Status);
        Press(4, ApprovalOutcomes.Approved);

        Assert.Equal(ApprovalStatus.Approved, _deal.Approvals.Single().Status);
    }

    [Fact]
    public void A_quorum_that_cannot_be_reached_any_more_is_a_no()
    {
        Begin(Level("board", ["role:approver"], ApprovalMode.Quorum, 2));

        Press(2, ApprovalOutcomes.Rejected);
        Press(3, ApprovalOutcomes.Rejected);

        Assert.Equal(ApprovalStatus.Rejected, _deal.Approvals.Single().Status);
        Assert.Empty(Open);
    }

    [Fact]
    public void In_sequence_the_second_person_is_asked_once_the_first_has_said_yes()
    {
        Begin(Level("both", ["user:p2", "user:p3"]));
        Assert.Equal([2L], Open.Select(task => task.Assignee!.Value.Value));

        Press(2, ApprovalOutcomes.Approved);

        Assert.Equal([3L], Open.Select(task => task.Assignee!.Value.Value));
    }

    [Fact]
    public void While_somebody_is_away_the_substitute_decides_and_both_names_are_kept()
    {
        _away = [new("1", Monday.AddDays(-1), Monday.AddDays(5), "4", null)];
        Begin(Level("finance", ["user:p2"]));
        Assert.Equal(new UserId(4), Open.Single().Assignee);

        Press(4, ApprovalOutcomes.Approved);

        Assert.Equal((2, 4), (_deal.Approvals.Single().Votes.Single().Meant, _deal.Approvals.Single().Votes.Single().By));
    }

    [Theory]
    [InlineData(new long[] { }, 3)]
    [InlineData(new long[] { 3, 4 }, 9)]
    public void While_somebody_is_away_and_nobody_stands_in_another_of_the_role_is_asked_else_the_head_of_sales(long[] alsoAway, long asked)
    {
        (_away, _alsoAway) = ([new("1", Monday.AddDays(-1), Monday.AddDays(5), null, null)], alsoAway);
        Begin(Level("finance", ["user:p2"]));
        Assert.Equal((new UserId(asked), new UserId(2)), (Open.Single().Assignee, Open.Single().InsteadOf));

        Press(asked, ApprovalOutcomes.Approved);

        Assert.Equal((2, asked), (_deal.Approvals.Single().Votes.Single().Meant, _deal.Approvals.Single().Votes.Single().By));
    }

    [Fact]
    public void A_question_to_a_role_of_which_nobody_is_there_is_put_to_the_head_of_sales()
    {
        (_away, _alsoAway) = ([new("1", Monday.AddDays(-1), Monday.AddDays(5), null, null)], [3, 4]);

        Begin(Level("finance", ["role:approver"]));

        Assert.Equal(new UserId(9), Open.Single().Assignee);
    }

    [Fact]
    public void Nobody_is_asked_twice_in_a_quorum_because_others_are_away()
    {
        _away = [new("1", Monday.AddDays(-1), Monday.AddDays(5), null, null)];

        Begin(Level("board", ["role:approver"], ApprovalMode.Quorum, 2));

        Assert.Equal([9L, 3, 4], Open.Select(task => task.Assignee!.Value.Value));
    }

    [Fact]
    public void A_substitute_who_is_asked_on_the_same_level_is_not_asked_twice()
    {
        _away = [new("1", Monday.AddDays(-1), Monday.AddDays(5), "3", null)];

        Begin(Level("both", ["user:p2", "user:p3"], ApprovalMode.Parallel));

        Assert.Equal([4L, 3], Open.Select(task => task.Assignee!.Value.Value));
    }

    [Fact]
    public void Whoever_has_decided_in_the_place_of_another_is_not_asked_again_for_their_own_seat()
    {
        Begin(Level("both", ["user:p2", "user:p3"]) with { Hours = 8, EscalateTo = "user:p3" });
        _now = Monday.AddHours(9);
        Run(new Stimulus.Resume(_life.State.Bookmarks.Single(bookmark => bookmark.DueAt is not null).Number));
        Assert.Equal(new UserId(3), Open.Single().Assignee);

        Press(3, ApprovalOutcomes.Approved);

        Assert.Equal(new UserId(4), Open.Single().Assignee);
    }

    [Fact]
    public void A_question_of_somebody_who_falls_ill_is_not_handed_to_a_substitute_who_is_asked_already()
    {
        Begin(Level("both", ["user:p2", "user:p3"], ApprovalMode.Parallel));
        (_away, _alsoAway) = ([new("1", Monday.AddDays(-1), Monday.AddDays(5), "3", null)], [4]);

        var handed = TaskDecisions.HandOver(new(_life.State, _facts, new("p", new("P", "П"), "p", 1, [], []), _now), new(2), new Dictionary<UserId, int>());

        Assert.Equal(new UserId(9), Assert.IsType<TaskAssigned>(Assert.Single(handed.Changes)).Assignee);
    }

    [Theory]
    [InlineData("user:p2", Roles.Approver)]
    [InlineData("role:approver", Roles.Approver)]
    [InlineData("user:p9", Roles.HeadOfSales)]
    public void With_nobody_there_at_all_the_question_waits_in_its_queue_and_heads_and_administrators_are_told(string who, string queue)
    {
        (_away, _alsoAway) = ([new("1", Monday.AddDays(-1), Monday.AddDays(5), "3", null)], [3, 4, 9]);

        Begin(Level("finance", [who]));

        var task = Open.Single();
        Assert.Equal((null, queue), (task.Assignee, task.CandidateRole));
        Assert.Equal(who.StartsWith("user:", StringComparison.Ordinal) ? new UserId(who[^1] - '0') : null, task.InsteadOf);
        var told = Notices.Of([new TaskOpened(Id, _now, task.Id, task.Title, new("", ""), "", null, queue, null, [.. task.Outcomes], [], "ask", 1) { InsteadOf = task.InsteadOf }], _deal, () => Book).ToList();
        Assert.Equal([(new UserId(8), NotificationKinds.NobodyThere), (new UserId(9), NotificationKinds.NobodyThere)], told.Select(notice => (notice.Person, notice.Kind)));
        _now = Monday.AddDays(6);
        Press(who == "user:p9" ? 9 : 4, ApprovalOutcomes.Approved);
        Assert.Equal(ApprovalStatus.Approved, _deal.Approvals.Single().Status);
    }

    [Fact]
    public void A_question_that_is_open_when_the_last_one_leaves_goes_to_its_queue()
    {
        Begin(Level("finance", ["user:p2"]));
        (_away, _alsoAway) = ([new("1", Monday.AddDays(-1), Monday.AddDays(5), "3", null)], [3, 4, 9]);

        var handed = TaskDecisions.HandOver(new(_life.State, _facts, new("p", new("P", "П"), "p", 1, [], []), _now), new(2), new Dictionary<UserId, int>());

        Assert.Equal((Open.Single().Id, new UserId(2)), Assert.IsType<TaskReturned>(Assert.Single(handed.Changes)) is var back ? (back.Task, back.InsteadOf) : default);
    }

    [Fact]
    public void The_substitute_of_a_substitute_is_asked_and_people_who_stand_in_for_each_other_are_nobody()
    {
        (_away, _alsoAway, _substitutes) = ([new("1", Monday.AddDays(-1), Monday.AddDays(5), "3", null)], [3], new() { [3] = "9" });
        Begin(Level("finance", ["user:p2"]));
        Assert.Equal((new UserId(9), new UserId(2)), (Open.Single().Assignee, Open.Single().InsteadOf));

        _substitutes = new() { [3] = "2" };
        Set("discount", 20m);
        _alsoAway = [3, 4];
        Set("discount", 30m);

        Assert.Equal([9L, 4, 9], _deal.Tasks.Select(task => task.Assignee!.Value.Value));
    }

    [Fact]
    public void The_clock_of_a_question_stands_still_while_the_deal_waits_for_its_client()
    {
        Begin(Level("finance", ["user:p2"]) with { Hours = 8, EscalateTo = "role:headOfSales" });
        DateTimeOffset? Timer() => _life.State.Bookmarks.Find(bookmark => bookmark.DueAt is not null)?.DueAt;
        Assert.Equal(Monday.AddHours(9), Timer());

        _now = Monday.AddHours(2);
        Run(new Stimulus.None(), new TaskWaits(Id, _now, new(1), Open.Single().Id, null));
        Assert.Null(Timer());
        _now = Monday.AddDays(1).AddHours(2);
        Run(new Stimulus.None(), new TaskGoesOn(Id, _now, new(1), Open.Single().Id, Monday.AddDays(1).AddHours(9), 8 * 3600));

        Assert.Equal(Monday.AddDays(1).AddHours(9), Timer());
        _now = Timer()!.Value;
        Run(new Stimulus.Resume(_life.State.Bookmarks.Single(bookmark => bookmark.DueAt is not null).Number));
        Assert.Equal(_now, _deal.Approvals.Single().Votes.Single().EscalatedAt);
        Assert.Null(Timer());
    }

    [Fact]
    public void Hours_that_are_computed_from_a_field_follow_it_except_where_the_matrix_gives_its_own()
    {
        _life = new(Process(Document.Replace("\"subject\"", """
            "dueHours":{"typeName":"Double","expression":{"type":"JavaScript","value":"deal.fields.hours"}},"subject"
            """, StringComparison.Ordinal)), _facts);
        _matrix = new() { Rows = [new(new(), [Level("both", ["user:p2"], ApprovalMode.Parallel), Level("own", ["user:p3"]) with { Hours = 3 }])] };
        Start(("hours", 4));
        Assert.Equal(Calendar.Add(Monday, TimeSpan.FromHours(4)), Open.Single().DueAt);

        Set("hours", 12);
        Assert.Equal(Calendar.Add(Monday, TimeSpan.FromHours(12)), Open.Single().DueAt);

        Press(2, ApprovalOutcomes.Approved);
        Set("hours", 2);
        Assert.Equal(Calendar.Add(Monday, TimeSpan.FromHours(3)), Open.Single().DueAt);
    }

    [Fact]
    public void A_question_that_nobody_answers_in_working_time_goes_further()
    {
        Begin(Level("finance", ["user:p2"]) with { Hours = 8, EscalateTo = "role:headOfSales" });
        var timer = _life.State.Bookmarks.Single(bookmark => bookmark.DueAt is not null);
        Assert.Equal(Monday.AddHours(9), timer.DueAt);

        _now = timer.DueAt!.Value;
        Run(new Stimulus.Resume(timer.Number));

        var vote = _deal.Approvals.Single().Votes.Single();
        Assert.Equal(("role:headOfSales", _now), (vote.EscalatedTo, vote.EscalatedAt));
        Assert.Equal(Roles.HeadOfSales, Open.Single().CandidateRole);
        Press(9, ApprovalOutcomes.Approved);
        Assert.Equal((ApprovalStatus.Approved, 9), (_deal.Approvals.Single().Status, _deal.Approvals.Single().Votes.Single().By));
    }

    [Fact]
    public void Terms_that_change_while_they_are_looked_at_are_asked_anew_and_the_levels_that_do_not_depend_keep_their_yes()
    {
        _matrix = new() { Rows = [new(new() { Discount = new(null, 50) }, [Level("first", ["role:approver"]), Level("second", ["role:approver"])])] };
        Start();
        Press(2, ApprovalOutcomes.Approved);

        Set("margin", 5m);
        Assert.Equal(["Approve: second"], OpenTitles);
        Assert.Equal([ApprovalStatus.Withdrawn, ApprovalStatus.Open], _deal.Approvals.Select(approval => approval.Status));
        Set("discount", 20m);
        Assert.Equal(["Approve: first"], OpenTitles);
    }

    [Fact]
    public void Where_no_row_fits_the_head_of_sales_is_asked()
    {
        Start();

        Assert.Equal((Roles.HeadOfSales, "Approve"), (Open.Single().CandidateRole, Open.Single().Title.En));
    }

    [Fact]
    public void A_row_without_levels_needs_nobody()
    {
        Begin();

        Assert.Equal((ApprovalStatus.Approved, WorkflowStatus.Finished), (_deal.Approvals.Single().Status, _life.State.Status));
    }

    [Fact]
    public void The_rule_holds_for_approved_terms_and_better_ones_and_not_for_worse()
    {
        var rule = Assert.Single(StageRule.Read("""[{"kind": "approvalValid"}]"""));
        bool Met() => rule.IsMet(new(_facts, "s", Monday));
        _matrix = new() { Rows = [new(new() { Discount = new(null, 50) }, [Level("finance", ["role:approver"])])] };
        Start(("discount", 10m));

        Assert.False(Met());
        Press(2, ApprovalOutcomes.Approved);
        Assert.True(Met());
        _deal.Apply(new FieldsChanged(Id, Monday, null, ImmutableDictionary<string, object?>.Empty.Add("discount", 8m)));
        Assert.True(Met());
        _deal.Apply(new FieldsChanged(Id, Monday, null, ImmutableDictionary<string, object?>.Empty.Add("discount", 11m)));
        Assert.False(Met());
    }

    private List<SalesTask> Open => _deal.Tasks.FindAll(task => task.Status == SalesTaskStatus.Open);

    private IEnumerable<string> OpenTitles => Open.Select(task => task.Title.En);

    private static ApprovalLevel Level(string key, ImmutableArray<string> who, ApprovalMode mode = ApprovalMode.Sequential, int? quorum = null) => new(key, new(key, key), who, mode, quorum);

    private void Begin(params ImmutableArray<ApprovalLevel> levels)
    {
        _matrix = new() { Rows = [new(new(), levels)] };
        Start();
    }

    private void Start(params (string Name, object? Value)[] fields) => Run(new Stimulus.Start(), Created(new UserId(1), fields));

    private void Set(string field, object value) => Run(new Stimulus.None(), new FieldsChanged(Id, _now, new(1), ImmutableDictionary<string, object?>.Empty.Add(field, value)));

    private void Press(long person, string outcome)
    {
        var task = Open.Find(task => task.Assignee?.Value == person) ?? Open.Find(task => task.Assignee is null)!;
        _life.Press(task, outcome, _now, new(person));
    }

    private void Run(Stimulus stimulus, params Change[] changes) => _life.Run(stimulus, _now, changes);
}
