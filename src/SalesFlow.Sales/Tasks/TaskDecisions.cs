using System.Collections.Immutable;
using SalesFlow.Engine;
using SalesFlow.Runtime;
using SalesFlow.Sales.Calendars;
using SalesFlow.Sales.Deals;
using SalesFlow.Sales.People;

namespace SalesFlow.Sales.Tasks;

/// <summary>What may be done with a task, and what becomes of it.</summary>
internal static partial class TaskDecisions
{
    private const int LongestComment = 10_000;

    public static TurnRequest Complete(DealMoment moment, SalesTask task, string outcome, IReadOnlyDictionary<string, object?>? fields, string? comment, Actor actor,
        ImmutableDictionary<UserId, UserView> people)
    {
        var deal = moment.Facts.Deal;
        DealAccess.DemandTask(deal, task, actor);
        DemandOpen(moment, task, actor, people);
        if (!task.Outcomes.Exists(known => known.Key == outcome))
            throw new ValidationException("outcome", $"The task has no outcome '{outcome}'. It has: {string.Join(", ", task.Outcomes.Select(known => known.Key))}.");
        if (comment?.Length > LongestComment)
            throw new ValidationException("comment", $"The comment has {comment.Length} characters; at most {LongestComment} are kept.");
        if (deal.Approvals.Exists(approval => approval.HasVoted(task.Id, actor.Id)))
            throw Refused("alreadyVoted", new Text("You have decided on this level already; it needs somebody else's vote too.", "Вы уже голосовали на этом уровне; нужен голос другого сотрудника."), actor,
                new Text("Hand the task over to somebody else who may decide.", "Передайте задачу другому согласующему."));
        var values = TaskForm.Read(task.Form, fields, outcome, actor.Language);
        DealTurnCommands.DemandRunning(moment, actor.Language);
        if (!moment.State.Bookmarks.Exists(bookmark => bookmark.Number == task.Bookmark))
            throw new InvalidOperationException($"Task {task.Id} is open, but its process no longer waits for it.");
        var changes = ImmutableArray.CreateBuilder<Change>();
        if (GoesOn(moment, task, actor) is { } goesOn)
            changes.Add(goesOn);
        if (values.Count > 0)
            changes.Add(new FieldsChanged(deal.Id, moment.Now, actor.Id, values.ToImmutableDictionary()));
        changes.Add(new TaskCompleted(deal.Id, moment.Now, actor.Id, task.Id, outcome, string.IsNullOrWhiteSpace(comment) ? null : comment.Trim()));
        var said = new Dictionary<string, object?> { ["outcome"] = outcome };
        if (actor.ByLink)
            said["byLink"] = "yes";
        return new(new Stimulus.Resume(task.Bookmark, said), changes.ToImmutable());
    }

    public static TurnRequest Claim(DealMoment moment, SalesTask task, Actor actor, ImmutableDictionary<UserId, UserView> people)
    {
        var deal = moment.Facts.Deal;
        if (!DealAccess.MayClaim(deal.Owner, task, actor) && task.Assignee != actor.Id && !DealAccess.Leads(actor))
            throw DealAccess.MaySee(deal, actor) ? new ForbiddenException(new Text("The task is not for your role.", "Задача не для вашей роли.").In(actor.Language)) : NotFound(task.Id);
        DemandOpen(moment, task, actor, people);
        if (task.Assignee is { } other && other != actor.Id)
            throw Refused("taskTaken", new Text($"The task is {NameOf(other, people)}'s already.", $"Задачу уже взял(а) {NameOf(other, people)}."), actor,
                new Text("Ask the head of sales to reassign it.", "Попросите руководителя передать её вам."));
        return task.Assignee == actor.Id ? new(new Stimulus.None(), []) : new(new Stimulus.None(), [new TaskAssigned(deal.Id, moment.Now, actor.Id, task.Id, actor.Id)]);
    }

    public static TurnRequest Reassign(DealMoment moment, SalesTask task, UserId to, Actor actor, ImmutableDictionary<UserId, UserView> people)
    {
        if (!DealAccess.Leads(actor) && task.Assignee != actor.Id)
            throw DealAccess.MaySee(moment.Facts.Deal, actor) ? new ForbiddenException(new Text("Only whoever has the task, the head of sales or an administrator may hand it to somebody.",
                "Передать задачу может её исполнитель, руководитель отдела продаж или администратор.").In(actor.Language)) : NotFound(task.Id);
        DemandOpen(moment, task, actor, people);
        var wanted = task.CandidateRole ?? Roles.Rep;
        if (!people.TryGetValue(to, out var person) || !MayHave(task, person))
            throw new ValidationException("user", $"The task is for someone with the role '{wanted}', which '{person?.Name ?? to.ToString()}' does not have.");
        if (task.IsApproval && moment.Facts.Deal.Owner == to)
            throw new ValidationException("user", new Text($"{person.DisplayName} carries the deal: nobody decides on the terms of their own.", $"{person.DisplayName} ведёт эту сделку: условия своей сделки никто не согласует.").In(actor.Language));
        return task.Assignee == to ? new(new Stimulus.None(), []) : new(new Stimulus.None(), [new TaskAssigned(moment.Facts.Deal.Id, moment.Now, actor.Id, task.Id, to)]);
    }

    /// <summary>True for those that a task may be handed to.</summary>
    public static bool MayHave(SalesTask task, UserView person) => person.Active && person.Roles.Any(role => role == (task.CandidateRole ?? Roles.Rep) || role is Roles.HeadOfSales or Roles.Administrator);

    public static NotFoundException NotFound(TaskId id) => new($"There is no task {id}, or you may not see it.");

    internal static void DemandOpen(DealMoment moment, SalesTask task, Actor actor, ImmutableDictionary<UserId, UserView> people)
    {
        if (task.Status == SalesTaskStatus.Cancelled)
            throw Refused("taskCancelled", new Text("The process no longer needs this task: the deal has moved on.", "Задача больше не нужна: сделка пошла дальше."), actor);
        if (task.Status != SalesTaskStatus.Done)
            return;
        var (who, button) = (task.CompletedBy is { } by ? NameOf(by, people) : "SalesFlow", task.NameOf(task.Outcome ?? ""));
        var at = ZoneWords.Moment(task.CompletedAt ?? moment.Now, moment.Facts.CalendarOf(actor.Id).Zone, actor.Language);
        throw Refused("taskDone", new Text($"{who} completed this task at {at}: {button.En}.", $"Задачу уже выполнил(а) {who}, {at}: {button.Ru}."), actor);
    }

    private static string NameOf(UserId id, ImmutableDictionary<UserId, UserView> people) => DealQueries.NameOf(id, people)?.DisplayName ?? id.ToString();

    private static RefusedException Refused(string code, Text message, Actor actor, Text? fix = null) =>
        new(message.In(actor.Language), [new Obstacle(code, message.In(actor.Language), fix?.In(actor.Language))]);
}
