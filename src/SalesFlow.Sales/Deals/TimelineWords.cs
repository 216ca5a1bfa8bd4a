using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using SalesFlow.Engine;
using SalesFlow.Sales.Approvals;
using SalesFlow.Sales.Documents;
using SalesFlow.Sales.FailedSteps;
using SalesFlow.Sales.Meetings;
using SalesFlow.Sales.People;
using SalesFlow.Sales.Rules;

namespace SalesFlow.Sales.Deals;

/// <summary>Turns what is stored of an event into a sentence in the reader's language.</summary>
internal static class TimelineWords
{
    // {0}, {1} are the entry's particulars, named beside the sentence.
    private static readonly Dictionary<string, (Text Sentence, string[] Particulars)> Sentences = new()
    {
        [TimelineKinds.Created] = (new("The deal was created: {0}", "Сделка создана: {0}"), ["title"]),
        [TimelineKinds.FieldsChanged] = (new("Changed: {0}", "Изменено: {0}"), ["fields"]),
        [TimelineKinds.OwnerChanged] = (new("The owner is now {0}", "Ответственный: {0}"), ["user"]),
        [TimelineKinds.Assigned] = (new("Assigned to {0}: {1}", "Назначен ответственный: {0} — {1}"), ["user", "why"]),
        [TimelineKinds.StageEntered] = (new("Entered the stage “{0}”", "Этап «{0}» начат"), ["stage"]),
        [TimelineKinds.Moved] = (new("Moved to the stage “{0}”", "Переведена на этап «{0}»"), ["stage"]),
        [TimelineKinds.StageLeft] = (new("Left the stage “{0}” ({1})", "Этап «{0}» завершён ({1})"), ["stage", "outcome"]),
        [TimelineKinds.DefinitionFollowed] = (new("The process goes on by version {1} instead of {0}", "Процесс продолжается по версии {1} вместо {0}"), ["from", "to"]),
        [TimelineKinds.TaskOpened] = (new("Task: {0}", "Поставлена задача: {0}"), ["task"]),
        [TimelineKinds.TaskCompleted] = (new("Task done: {0} — {1} {2}", "Задача выполнена: {0} — {1} {2}"), ["task", "outcome", "comment"]),
        [TimelineKinds.TaskCancelled] = (new("Task withdrawn: {0}", "Задача отменена: {0}"), ["task"]),
        [TimelineKinds.TaskAssigned] = (new("Task “{0}” goes to {1}", "Задача «{0}» передана: {1}"), ["task", "user"]),
        [TimelineKinds.TaskStoodIn] = (new("Task “{0}” goes to {1} in the place of {2}, who is away", "Задача «{0}»: {1} вместо {2} (отсутствует)"), ["task", "user", "insteadOf"]),
        [TimelineKinds.TaskLeftBehind] = (new("Task “{0}” goes back to the queue: {1} is away", "Задача «{0}» возвращена в очередь: {1} отсутствует"), ["task", "insteadOf"]),
        [TimelineKinds.TaskUnattended] = (new("Task “{0}” waits: {1} is away, and nobody else is there", "Задача «{0}» ждёт: {1} отсутствует, и больше никого нет"), ["task", "insteadOf"]),
        [TimelineKinds.TaskReturned] = (new("Task “{0}” goes back to the queue: {1}", "Задача «{0}» возвращена в очередь: {1}"), ["task", "reason"]),
        [TimelineKinds.TaskSnoozed] = (new("Task “{0}” was put off", "Задача «{0}» отложена"), ["task"]),
        [TimelineKinds.TaskWaits] = (new("Task “{0}” waits for the client {1}", "Задача «{0}» ждёт клиента {1}"), ["task", "comment"]),
        [TimelineKinds.TaskGoesOn] = (new("Task “{0}” goes on: the client has answered", "Задача «{0}» продолжается: клиент ответил"), ["task"]),
        [TimelineKinds.TaskRescheduled] = (new("Task “{0}” is due at another time", "У задачи «{0}» новый срок"), ["task"]),
        [TimelineKinds.MeetingOffered] = (new("A meeting is to be booked: {0}", "Нужна встреча: {0}"), ["meeting"]),
        [TimelineKinds.MeetingAgreed] = (new("The client agreed to meet: {0}", "Клиент согласился встретиться: {0}"), ["meeting"]),
        [TimelineKinds.MeetingInvited] = (new("A booking link for the client was made: {0}", "Создана ссылка для записи клиента: {0}"), ["meeting"]),
        [TimelineKinds.MeetingBooked] = (new("Meeting booked for {1}: {0} {2}", "Встреча назначена на {1}: {0} {2}"), ["meeting", "time", "who"]),
        [TimelineKinds.MeetingMoved] = (new("Meeting moved to {1}: {0} {2}", "Встреча перенесена на {1}: {0} {2}"), ["meeting", "time", "who"]),
        [TimelineKinds.MeetingHandedOver] = (new("Meeting “{0}”: {1} holds it in the place of {2}, who is away then", "Встреча «{0}»: проводит {1} вместо {2} (отсутствует)"), ["meeting", "user", "insteadOf"]),
        [TimelineKinds.MeetingCancelled] = (new("Meeting cancelled: {0} {2} {1}", "Встреча отменена: {0} {2} {1}"), ["meeting", "comment", "who"]),
        [TimelineKinds.MeetingEnded] = (new("Meeting: {0} — {1} {2}", "Встреча: {0} — {1} {2}"), ["meeting", "result", "comment"]),
        [TimelineKinds.ApprovalRequested] = (new("Approval of the terms: {0}", "Согласование условий: {0}"), ["levels"]),
        [TimelineKinds.ApprovalVotedFor] = (new("Decided in the place of {0}: {1}", "Решение вместо {0}: {1}"), ["user", "outcome"]),
        [TimelineKinds.ApprovalVotedByLink] = (new("Decided by the link in a letter: {0}", "Решение по ссылке из письма: {0}"), ["outcome"]),
        [TimelineKinds.ApprovalEscalated] = (new("Not decided in time: “{0}” goes to {1}", "Не решено в срок: «{0}» — теперь {1}"), ["level", "to"]),
        [TimelineKinds.ApprovalClosed] = (new("Approval of the terms: {0}", "Согласование условий: {0}"), ["status"]),
        [TimelineKinds.DocumentIssued] = (new("Document issued: {0} {1}", "Выпущен документ: {0} {1}"), ["kind", "number"]),
        [TimelineKinds.DocumentSent] = (new("Document sent: {0} {1} to {2}", "Документ отправлен: {0} {1} на адрес {2}"), ["kind", "number", "to"]),
        [TimelineKinds.DocumentVoided] = (new("Document voided: {0} {1} — {2}", "Документ аннулирован: {0} {1} — {2}"), ["kind", "number", "reason"]),
        [TimelineKinds.Won] = (new("The deal was won {0}", "Сделка выиграна {0}"), ["reason"]),
        [TimelineKinds.Lost] = (new("The deal was lost: {0}", "Сделка проиграна: {0}"), ["reason"]),
        [TimelineKinds.RulePassed] = (new("Past the rule “{0}” ({1}) {2}", "В обход правила «{0}» ({1}) {2}"), ["rule", "how", "reason"]),
        [TimelineKinds.StepFailed] = (new("A step of the process failed and waits for an administrator: {0}. {1}", "Шаг процесса не удался и ждёт администратора: {0}. {1}"), ["step", "error"]),
        [TimelineKinds.StepRetried] = (new("The failed step is tried again: {0}", "Сбойный шаг повторяется: {0}"), ["step"]),
        [TimelineKinds.Told] = (new("Colleagues were told: {0}", "Сотрудникам сообщено: {0}"), ["subject"]),
        [TimelineKinds.Commented] = (new("{0}", "{0}"), ["text"]),
    };

    /// <summary>What is kept of a turn's changes, as <see cref="TimelineEntry.Read"/> reads it; null when there is nothing to tell.</summary>
    public static string? Told(IReadOnlyList<Change> changes, Deal deal)
    {
        var told = new List<(string, string, DateTimeOffset, long?)>();
        foreach (var change in changes)
            if (OfStep(change) is { } step)
                told.Add(step);
            else if (change is DealChange dealChange && Of(dealChange, deal) is var (kind, data))
                told.Add((kind, data, dealChange.At, dealChange.By?.Value));
        return TimelineEntry.Write(told);
    }

    /// <summary>What is kept of a step that the outside gave up or tries again; null for any other change.</summary>
    public static (string Kind, string Data, DateTimeOffset At, long? By)? OfStep(Change change) => change switch
    {
        EffectGivenUp failed => (TimelineKinds.StepFailed, Json.Write(new { step = StepWords.Of(failed.Kind), error = failed.Message }), failed.At, null),
        EffectTriedAgain again => (TimelineKinds.StepRetried, Json.Write(new { step = StepWords.Of(again.Kind) }), again.At, again.By),
        _ => null,
    };

    /// <summary>What is kept of a change: its kind and its particulars as a JSON object; null for one that another change of the same turn tells of.</summary>
    public static (string Kind, string Data)? Of(DealChange change, Deal deal) => change switch
    {
        DealCreated created => (TimelineKinds.Created, Json.Write(new { title = created.Title })),
        FieldsChanged changed => (TimelineKinds.FieldsChanged, Json.Write(new { fields = FieldWords.Of(changed.Values, deal) })),
        OwnerChanged changed => (TimelineKinds.OwnerChanged, Json.Write(new { user = changed.Owner?.ToString() })),
        OwnerAssigned assigned => (TimelineKinds.Assigned, Json.Write(new { user = assigned.Owner?.ToString(), why = assigned.Why })),
        DealMoved moved => (TimelineKinds.Moved, Json.Write(new { stage = moved.To })),
        StageEntered entered => (TimelineKinds.StageEntered, Json.Write(new { stage = entered.Name })),
        StageLeft left => (TimelineKinds.StageLeft, Json.Write(new { stage = left.Name, outcome = Outcomes.GetValueOrDefault(left.Outcome, new(left.Outcome, left.Outcome)) })),
        DefinitionFollowed followed => (TimelineKinds.DefinitionFollowed, Json.Write(new { from = followed.From, to = followed.To })),
        TaskOpened { InsteadOf: { } away } opened when away != opened.Assignee => (TimelineKinds.TaskStoodIn, Json.Write(new { task = opened.Title, user = opened.Assignee?.ToString(), insteadOf = away.ToString() })),
        TaskOpened opened => (TimelineKinds.TaskOpened, Json.Write(new { task = opened.Title })),
        TaskCompleted completed => (TimelineKinds.TaskCompleted, Json.Write(new { task = deal.Task(completed.Task)?.Title, outcome = deal.Task(completed.Task)?.NameOf(completed.Outcome), comment = completed.Comment })),
        TaskCancelled cancelled => (TimelineKinds.TaskCancelled, Json.Write(new { task = deal.Task(cancelled.Task)?.Title })),
        TaskAssigned { InsteadOf: { } away } assigned => (TimelineKinds.TaskStoodIn, Json.Write(new { task = deal.Task(assigned.Task)?.Title, user = assigned.Assignee.ToString(), insteadOf = away.ToString() })),
        TaskReturned { InsteadOf: { } away } returned => (TimelineKinds.TaskLeftBehind, Json.Write(new { task = deal.Task(returned.Task)?.Title, insteadOf = away.ToString() })),
        TaskAssigned assigned => (TimelineKinds.TaskAssigned, Json.Write(new { task = deal.Task(assigned.Task)?.Title, user = assigned.Assignee.ToString() })),
        TaskReturned returned => (TimelineKinds.TaskReturned, Json.Write(new { task = deal.Task(returned.Task)?.Title, reason = returned.Reason })),
        TaskUnattended left => (TimelineKinds.TaskUnattended, Json.Write(new { task = deal.Task(left.Task)?.Title, insteadOf = deal.Task(left.Task)?.Assignee?.ToString() })),
        TaskSnoozed snoozed => (TimelineKinds.TaskSnoozed, Json.Write(new { task = deal.Task(snoozed.Task)?.Title })),
        TaskWaits waits => (TimelineKinds.TaskWaits, Json.Write(new { task = deal.Task(waits.Task)?.Title, comment = waits.For })),
        TaskGoesOn goesOn => (TimelineKinds.TaskGoesOn, Json.Write(new { task = deal.Task(goesOn.Task)?.Title })),
        TaskRescheduled rescheduled => (TimelineKinds.TaskRescheduled, Json.Write(new { task = deal.Task(rescheduled.Task)?.Title })),
        MeetingChange meeting => MeetingWords.Of(meeting, deal),
        ApprovalRequested asked => (TimelineKinds.ApprovalRequested, Json.Write(new { levels = LevelsOf(asked) })),
        // The tasks that began and ended the wait tell of it.
        StageWaits or StageGoesOn or StageLimited => null,
        ApprovalAsked => null,
        ApprovalVoted { For: null, ByLink: false } => null,
        ApprovalVoted { For: null } voted => (TimelineKinds.ApprovalVotedByLink, Json.Write(new { outcome = ApprovalWords.Outcome(voted.Outcome) })),
        ApprovalVoted voted => (TimelineKinds.ApprovalVotedFor, Json.Write(new { user = voted.For?.ToString(), outcome = ApprovalWords.Decided(voted) })),
        ApprovalEscalated escalated => (TimelineKinds.ApprovalEscalated, Json.Write(new { level = LevelOf(escalated, deal), to = ApprovalWords.Who(escalated.To) })),
        ApprovalClosed closed => (TimelineKinds.ApprovalClosed, Json.Write(new { status = ApprovalWords.Status(closed.Status) })),
        DocumentIssued issued => (TimelineKinds.DocumentIssued, Json.Write(new { kind = DocumentKinds.Name(issued.Kind), number = issued.Number })),
        DocumentSent sent => (TimelineKinds.DocumentSent, Json.Write(new { kind = KindOf(sent.Document, deal), number = NumberOf(sent.Document, deal), to = sent.To })),
        DocumentVoided voided => (TimelineKinds.DocumentVoided, Json.Write(new { kind = KindOf(voided.Document, deal), number = NumberOf(voided.Document, deal), reason = voided.Reason })),
        DealWon won => (TimelineKinds.Won, Json.Write(new { reason = won.Reason })),
        DealLost lost => (TimelineKinds.Lost, Json.Write(new { reason = LossReasons.Say(lost.Reason ?? "") })),
        RulePassed passed => (TimelineKinds.RulePassed, Json.Write(new { rule = passed.Words, how = Passed[passed.Severity], reason = passed.Reason })),
        Notifications.ColleaguesTold told => (TimelineKinds.Told, Json.Write(new { subject = told.Subject })),
        Commented commented => (TimelineKinds.Commented, Json.Write(new { text = commented.Text })),
        _ => throw new UnreachableException($"A change of kind {change.GetType().Name} has no line in the timeline."),
    };

    private static Text KindOf(DocumentId id, Deal deal) => DocumentKinds.Name(deal.Documents.Find(document => document.Id == id)?.Kind ?? "");

    private static string? NumberOf(DocumentId id, Deal deal) => deal.Documents.Find(document => document.Id == id)?.Number;

    private static Text LevelsOf(ApprovalRequested asked) => asked.Levels.IsEmpty ? new("nobody has to be asked", "никого спрашивать не нужно")
        : new(string.Join(" → ", asked.Levels.Select(level => level.KeptFrom is null ? level.Level.Name.En : $"{level.Level.Name.En} (kept)")), string.Join(" → ", asked.Levels.Select(level => level.KeptFrom is null ? level.Level.Name.Ru : $"{level.Level.Name.Ru} (сохранено)")));

    private static Text? LevelOf(ApprovalEscalated escalated, Deal deal) => deal.Approvals.Find(approval => approval.Id == escalated.Approval) is { } approval && approval.Vote(escalated.Vote) is { } vote
        ? approval.Levels.Find(level => level.Level.Key == vote.Level)?.Level.Name : null;

    private static readonly Dictionary<Severity, Text> Passed = new()
    {
        [Severity.Hard] = new("the glass was broken", "аварийный обход"), [Severity.Soft] = new("with a reason", "с объяснением"), [Severity.Measured] = new("counted", "учтено"),
    };

    private static readonly Dictionary<string, Text> Outcomes = new()
    {
        ["Done"] = new("done", "пройден"), ["Lost"] = new("lost", "проигрыш"), ["Back"] = new("back", "возврат"), ["Overdue"] = new("overdue", "просрочен"), ["Cancelled"] = new("moved", "переход"),
    };

    /// <summary>The sentence with its time and actor. A particular may be one text or one in each language; "user" is an id.</summary>
    public static TimelineView View(TimelineEntry entry, string language, ImmutableDictionary<UserId, UserView> people)
    {
        using var data = JsonDocument.Parse(entry.Data);
        var sentence = Sentences.TryGetValue(entry.Kind, out var known)
            ? string.Format(CultureInfo.InvariantCulture, known.Sentence.In(language), [.. known.Particulars.Select(p => Particular(data.RootElement, p, language, people))]).Trim()
            : entry.Kind;
        return new(entry.Id.ToString(CultureInfo.InvariantCulture), entry.Kind, sentence, entry.At, DealQueries.NameOf(entry.Actor, people)?.DisplayName);
    }

    private static string Particular(JsonElement data, string name, string language, ImmutableDictionary<UserId, UserView> people)
    {
        if (!data.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null) return name == "user" ? "—" : "";
        if (value.ValueKind == JsonValueKind.Object)
            return value.TryGetProperty(new Text("en", "ru").In(language), out var translated) ? translated.ToString() : "";
        if (name is "user" or "insteadOf")
            return UserId.TryParse(value.ToString(), out var id) && people.TryGetValue(id, out var user) ? user.DisplayName : "—";
        return name == "comment" ? string.Format(CultureInfo.InvariantCulture, new Text("“{0}”", "«{0}»").In(language), value.ToString()) : value.ToString();
    }
}
