using System.Collections.Immutable;
using System.Globalization;
using SalesFlow.Engine;
using SalesFlow.Sales.Activities;
using SalesFlow.Sales.Deals;
using SalesFlow.Sales.People;
using SalesFlow.Sales.Tasks;

namespace SalesFlow.Sales.Approvals;

/// <summary>Puts the terms of the deal before those whom the matrix names, level by level, and goes on by what they say. Each of them gets a task. A yes that still holds is not asked for again.</summary>
public sealed class ApprovalActivity() : Activity(new(ApprovalMatrixQueries.UsedBy, new("Approval", "Согласование"), SalesActivities.Category)
{
    Description = new("Asks those whom the approval matrix names for the terms of the deal.", "Спрашивает тех, кого для условий сделки называет матрица согласования."),
    Outcomes = [new(ApprovalOutcomes.Approved, Names[0]), new(ApprovalOutcomes.Rejected, Names[2]), new(ApprovalOutcomes.Changes, Names[1])],
    Inputs =
    [
        new("Subject", "String", new("Subject", "Тема")), new("Instructions", "String", new("Instructions", "Инструкция")) { UIHint = "multiline" },
        new("Matrix", "String", new("Matrix", "Матрица")) { Default = ApprovalMatrixQueries.Terms },
        new("Fallback", "String", new("Who decides where no row fits", "Кто решает, когда строки нет")) { Default = $"role:{Roles.HeadOfSales}", Description = new("role:<role> or user:<name>", "role:<роль> или user:<имя>") },
        new("DueHours", "Double", new("Due in working hours, where the matrix does not say", "Срок в рабочих часах, если его нет в матрице")) { Default = 8 },
    ],
    Outputs = [new("Result", "String", new("Outcome", "Исход"))],
})
{
    /// <summary>The field of the deal that holds what an approver asks for.</summary>
    internal const string Remarks = "approvalComment";
    private const string EscalationName = "SalesFlow.ApprovalEscalation", Uncovered = "uncovered";
    private const double UsualHours = 8;
    private static readonly ImmutableArray<Text> Names = [new("Approved", "Согласовано"), new("Changes requested", "Есть замечания"), new("Rejected", "Отклонено")];
    private static readonly ImmutableArray<TaskOutcome> Buttons = [.. ApprovalOutcomes.All.Select((key, index) => new TaskOutcome(key, Names[index]))];

    /// <summary>What an approver fills in.</summary>
    internal static ImmutableArray<FormField> Form { get; } = [new(Remarks, new("Remarks", "Замечания"), FieldType.Text, false, [], [ApprovalOutcomes.Changes, ApprovalOutcomes.Rejected])];

    /// <inheritdoc />
    public override void Execute(Activation activation) => Begin(activation, SalesActivities.Facts(activation));

    /// <inheritdoc />
    public override bool WatchesFacts => true;

    /// <summary>Terms that change while somebody is being asked are put before those who have to see them anew.</summary>
    public override void FactsChanged(Activation activation)
    {
        if (activation.Facts is not DealFacts facts || Find(activation, facts) is not { Status: ApprovalStatus.Open } approval)
            return;
        if (SalesActivities.NewHours(activation, "DueHours") is not null)
            Plan(activation, facts, approval, otherHours: true);
        KeepClocks(activation, facts, approval);
        if (approval.TermsHash == Terms.Of(facts.Deal).Hash)
            return;
        Withdraw(activation, facts, approval);
        activation.Change(new ApprovalClosed(facts.Deal.Id, activation.Now, approval.Id, ApprovalStatus.Withdrawn));
        Begin(activation, facts);
    }

    /// <inheritdoc />
    public override bool WatchesTime => true;

    /// <summary>Who is asked has as many working hours as before, and whoever is to answer instead is asked when these are over.</summary>
    public override void TimeChanged(Activation activation)
    {
        if (activation.Facts is not DealFacts facts || Find(activation, facts) is not { Status: ApprovalStatus.Open } approval)
            return;
        Plan(activation, facts, approval, otherHours: false);
    }

    /// <summary>Counts the hours of open questions anew; with <paramref name="otherHours"/> those of the step are others now, which leaves alone whom the matrix gives hours of their own.</summary>
    private static void Plan(Activation activation, DealFacts facts, Approval approval, bool otherHours)
    {
        foreach (var vote in approval.Votes.Where(vote => vote.Outcome is null && IsOpen(facts, vote)))
            if (approval.Levels.Find(level => level.Level.Key == vote.Level)!.Level is var level && !(otherHours && level.Hours is not null))
                TaskActivity.PlanAnew(activation, new(vote.Task), Hours(activation, level), otherHours);
    }

    /// <summary>A question goes further when its task is due, whenever that comes to be. While the task waits for the client its clock stands still.</summary>
    private static void KeepClocks(Activation activation, DealFacts facts, Approval approval)
    {
        foreach (var vote in approval.Votes.Where(vote => vote is { Outcome: null, EscalatedAt: null }))
        {
            if (facts.Deal.Task(new(vote.Task)) is not { Status: SalesTaskStatus.Open } task || approval.Levels.Find(level => level.Level.Key == vote.Level)?.Level is not { Hours: not null, EscalateTo: not null })
                continue;
            var (due, tag) = (task.WaitingSince is null ? task.DueAt : null, vote.Number.ToString(CultureInfo.InvariantCulture));
            var timer = activation.Instance.Bookmarks.Find(waiting => waiting.Activation == activation.Id && waiting.Name == EscalationName && waiting.Tag == tag);
            // Tables keep microseconds, the state keeps all of it.
            if (timer?.DueAt == due || timer?.DueAt is { } planned && due is { } wanted && (planned - wanted).Duration() < TimeSpan.FromMilliseconds(1))
                continue;
            if (timer is not null)
                activation.Burn(timer);
            if (due is { } at)
                activation.WaitUntil(at, EscalationName, tag: tag);
        }
    }

    /// <inheritdoc />
    public override void Resume(Activation activation, Bookmark bookmark, object? input)
    {
        var facts = SalesActivities.Facts(activation);
        var approval = Current(activation, facts);
        if (!int.TryParse(bookmark.Tag, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || approval.Vote(number) is not { Outcome: null } vote)
            return;
        if (bookmark.Name == EscalationName)
        {
            Escalate(activation, facts, approval, vote);
            return;
        }
        Vote(activation, facts, approval, vote, input);
        var level = approval.Levels.Find(level => level.Level.Key == vote.Level)!;
        var outcome = approval.OutcomeOf(level);
        if (outcome is null)
            Ask(activation, facts, approval, level);
        else
        {
            Withdraw(activation, facts, approval);
            if (outcome == ApprovalOutcomes.Approved)
                GoOn(activation, facts, approval);
            else
                Close(activation, facts, approval, outcome);
        }
    }

    /// <inheritdoc />
    public override void Cancelled(Activation activation)
    {
        if (activation.Facts is not DealFacts facts || Find(activation, facts) is not { Status: ApprovalStatus.Open } approval)
            return;
        foreach (var vote in approval.Votes.Where(vote => vote.Outcome is null && IsOpen(facts, vote)))
            activation.Change(new TaskCancelled(facts.Deal.Id, activation.Now, new(vote.Task)));
        activation.Change(new ApprovalClosed(facts.Deal.Id, activation.Now, approval.Id, ApprovalStatus.Withdrawn));
    }

    private static void Begin(Activation activation, DealFacts facts)
    {
        var (key, now) = (Input(activation, "Matrix") ?? ApprovalMatrixQueries.Terms, Terms.Of(facts.Deal));
        var matrix = facts.Matrices(key);
        var row = matrix?.Matrix.RowFor(now) ?? ApprovalMatrix.Uncovered(Input(activation, "Fallback") ?? "");
        var id = new ApprovalId(activation.Instance.InstanceId << 20 | (long)activation.NextNumber());
        activation.Remember("Approval", id.Value);
        SalesActivities.NewHours(activation, "DueHours");
        activation.Change(new ApprovalRequested(facts.Deal.Id, activation.Now, id, activation.Node.Id, key, matrix?.Version ?? 0, now, Approval.LevelsOf(row, now, facts.Deal.FormerApproval(key))));
        // What was said to earlier terms is not said to these.
        if (facts.Deal.Fields.GetValueOrDefault(Remarks) is string { Length: > 0 })
            activation.Change(new FieldsChanged(facts.Deal.Id, activation.Now, null, ImmutableDictionary<string, object?>.Empty.Add(Remarks, null)));
        GoOn(activation, facts, Current(activation, facts));
    }

    // Evaluated here and now: changed facts evaluate no inputs.
    private static string? Input(Activation activation, string name) => activation.Node.Inputs.TryGetValue(name, out var written) ? activation.Evaluate(written, "String") as string : null;

    private static Approval? Find(Activation activation, DealFacts facts) => facts.Deal.Approvals.Find(known => known.Id.Value == activation.Recall<long>("Approval"));

    private static Approval Current(Activation activation, DealFacts facts) => Find(activation, facts)
        ?? throw new FaultException($"The approval {activation.Recall<long>("Approval")} of the deal is gone; run the step again.");

    private static void GoOn(Activation activation, DealFacts facts, Approval approval)
    {
        if (approval.NextLevel is { } level)
            Ask(activation, facts, approval, level);
        else
            Close(activation, facts, approval, ApprovalOutcomes.Approved);
    }

    private static void Close(Activation activation, DealFacts facts, Approval approval, string outcome)
    {
        activation.Change(new ApprovalClosed(facts.Deal.Id, activation.Now, approval.Id, Enum.Parse<ApprovalStatus>(outcome)));
        activation.Output("Result", outcome);
        activation.Complete(outcome);
    }

    /// <summary>Asks everybody of the level, or the next one where they are asked in turn.</summary>
    private static void Ask(Activation activation, DealFacts facts, Approval approval, AskedLevel level)
    {
        var seats = Seats.Of(level, facts.People);
        var asked = approval.Votes.Count(vote => vote.Level == level.Level.Key);
        foreach (var seat in level.Level.Mode == ApprovalMode.Sequential ? seats.Skip(asked).Take(1) : asked == 0 ? seats : [])
        {
            var number = approval.Votes.Count + 1;
            var asks = Asked(facts, approval, level, seat, activation.Now);
            var due = facts.CalendarOf(asks.Person).Add(activation.Now, TimeSpan.FromHours(Hours(activation, level.Level)));
            var tag = number.ToString(CultureInfo.InvariantCulture);
            var task = Open(activation, facts, level.Level, (seat, asks), activation.Wait(TaskActivity.BookmarkName, tag: tag).Number, due);
            if (level.Level is { Hours: not null, EscalateTo: not null })
                activation.WaitUntil(due, EscalationName, tag: tag);
            activation.Change(new ApprovalAsked(facts.Deal.Id, activation.Now, approval.Id, new(number, level.Level.Key, task.Value, seat.Person?.Value, seat.Role, activation.Now, due)));
        }
    }

    private static (UserId? Person, string Role) Asked(DealFacts facts, Approval approval, AskedLevel level, Seat seat, DateTimeOffset now) =>
        Seats.Asked(seat, facts.Deal.Owner, facts.People, Seats.Taken(facts.Deal, approval, level, seat, facts.People), now);

    private static TaskId Open(Activation activation, DealFacts facts, ApprovalLevel level, (Seat Seat, (UserId? Person, string Role) By) asked, int bookmark, DateTimeOffset due)
    {
        var task = new TaskId(activation.Instance.InstanceId << 20 | (long)activation.NextNumber());
        var subject = Texts.Read(Input(activation, "Subject") ?? activation.Node.Title);
        var title = level.Key == Uncovered ? subject : new Text($"{subject.En}: {level.Name.En}", $"{subject.Ru}: {level.Name.Ru}");
        var (seat, (assignee, role)) = asked;
        activation.Change(new TaskOpened(facts.Deal.Id, activation.Now, task, title, Texts.Read(Input(activation, "Instructions")), facts.Deal.StageKey ?? "", assignee, role, due,
            Buttons, Form, activation.Node.Id, bookmark) { InsteadOf = assignee == seat.Person ? null : seat.Person });
        return task;
    }

    private static double Hours(Activation activation, ApprovalLevel level) =>
        level.Hours ?? (double.TryParse(Input(activation, "DueHours"), NumberStyles.Float, CultureInfo.InvariantCulture, out var hours) && hours is > 0 and < 10_000 ? hours : UsualHours);

    private static void Vote(Activation activation, DealFacts facts, Approval approval, ApprovalVote vote, object? input)
    {
        var outcome = SalesActivities.Member(input, "outcome") ?? "";
        if (!ApprovalOutcomes.All.Contains(outcome))
            throw new FaultException($"'{outcome}' is no decision; expected {string.Join(", ", ApprovalOutcomes.All)}.");
        var task = facts.Deal.Task(new(vote.Task));
        var remarks = outcome == ApprovalOutcomes.Approved ? null : facts.Deal.Fields.GetValueOrDefault(Remarks) as string;
        UserId? meant = vote.Meant is { } id && id != task?.CompletedBy?.Value ? new UserId(id) : null;
        activation.Change(new ApprovalVoted(facts.Deal.Id, activation.Now, task?.CompletedBy, approval.Id, vote.Number, outcome, task?.Comment ?? remarks, meant) { ByLink = SalesActivities.Member(input, "byLink") is not null });
        Burn(activation, vote);
    }

    /// <summary>Whoever is to answer instead gets a task of their own; the process waits at the same place.</summary>
    private static void Escalate(Activation activation, DealFacts facts, Approval approval, ApprovalVote vote)
    {
        var asked = approval.Levels.Find(level => level.Level.Key == vote.Level)!;
        var level = asked.Level;
        var answer = activation.Instance.Bookmarks.Find(waiting => waiting.Activation == activation.Id && waiting.Name == TaskActivity.BookmarkName && waiting.Tag == vote.Number.ToString(CultureInfo.InvariantCulture));
        if (answer is null || level.EscalateTo is not { } to)
            return;
        if (IsOpen(facts, vote))
            activation.Change(new TaskCancelled(facts.Deal.Id, activation.Now, new(vote.Task)));
        var seat = Seats.One(to, facts.People);
        var asks = Asked(facts, approval, asked, seat, activation.Now);
        var due = facts.CalendarOf(asks.Person).Add(activation.Now, TimeSpan.FromHours(level.Hours ?? UsualHours));
        var task = Open(activation, facts, level, (seat, asks), answer.Number, due);
        activation.Change(new ApprovalEscalated(facts.Deal.Id, activation.Now, approval.Id, vote.Number, to, task));
    }

    /// <summary>Whoever has not answered need not.</summary>
    private static void Withdraw(Activation activation, DealFacts facts, Approval approval)
    {
        foreach (var vote in approval.Votes.Where(vote => vote.Outcome is null))
        {
            Burn(activation, vote);
            if (IsOpen(facts, vote))
                activation.Change(new TaskCancelled(facts.Deal.Id, activation.Now, new(vote.Task)));
        }
    }

    private static void Burn(Activation activation, ApprovalVote vote)
    {
        var tag = vote.Number.ToString(CultureInfo.InvariantCulture);
        foreach (var waiting in activation.Instance.Bookmarks.Where(waiting => waiting.Activation == activation.Id && waiting.Tag == tag).ToArray())
            activation.Burn(waiting);
    }

    private static bool IsOpen(DealFacts facts, ApprovalVote vote) => facts.Deal.Task(new(vote.Task)) is { Status: SalesTaskStatus.Open };
}
