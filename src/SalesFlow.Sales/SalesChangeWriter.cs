using SalesFlow.Engine;
using SalesFlow.Runtime;
using SalesFlow.Sales.Approvals;
using SalesFlow.Sales.Deals;
using SalesFlow.Sales.Documents;
using SalesFlow.Sales.Mails;
using SalesFlow.Sales.Meetings;
using SalesFlow.Sales.Notifications;
using SalesFlow.Sales.Requests;
using SalesFlow.Sales.Tasks;
using static SalesFlow.Runtime.ColumnType;

namespace SalesFlow.Sales;

/// <summary>The rows of a turn's changes. Deals, tasks and visits are written as the facts have them when the turn ends, each row once.</summary>
public sealed class SalesChangeWriter : ChangeWriter
{
    private static readonly RowShape NewClient = RowShape.Upsert("clients", [("id", Number)], ("name", Words), ("inn", Words), ("contact", Words), ("email", Words), ("phone", Words));
    private static readonly RowShape NewDeal = RowShape.Insert("deals", ("id", Number), ("number", Words), ("title", Words), ("pipeline", Words), ("pipeline_key", Words),
        ("definition_version_id", Words), ("definition_version", Count), ("stage_key", Words), ("stage_name", Words), ("stage_entered_at", Number), ("owner", Number), ("client_id", Number),
        ("amount", Number), ("currency", Words), ("channel", Words), ("fields", Words), ("created_at", Number), ("version", Number), ("won_at", Number), ("lost_at", Number), ("close_reason", Words));
    // Columns with an index stand in a shape of their own, so that a turn that moves nothing rewrites no index.
    private static readonly RowShape ChangedDeal = RowShape.Update("deals", [("id", Number)], ("title", Words), ("amount", Number), ("currency", Words), ("channel", Words), ("fields", Words), ("version", Number));
    private static readonly RowShape MovedDeal = RowShape.Update("deals", [("id", Number)], ("definition_version_id", Words), ("definition_version", Count), ("stage_key", Words), ("stage_name", Words),
        ("stage_entered_at", Number), ("owner", Number), ("won_at", Number), ("lost_at", Number), ("close_reason", Words), ("version", Number));
    private static readonly RowShape NewTask = RowShape.Insert("tasks", ("id", Number), ("deal_id", Number), ("title", Words), ("description", Words), ("stage_key", Words), ("assignee", Number),
        ("candidate_role", Words), ("created_at", Number), ("due_at", Number), ("due_order", Number), ("outcomes", Words), ("form", Words), ("status", Count), ("outcome", Words),
        ("completed_by", Number), ("completed_at", Number), ("comment", Words), ("activity_id", Words), ("bookmark", Count), ("version", Number), ("instead_of", Number));
    private static readonly RowShape ChangedTask = RowShape.Update("tasks", [("id", Number)], ("assignee", Number), ("status", Count), ("outcome", Words), ("completed_by", Number),
        ("completed_at", Number), ("comment", Words), ("version", Number));
    // Apart from the others: the due time stands in the indexes of the inbox.
    private static readonly RowShape PlannedTask = RowShape.Update("tasks", [("id", Number)], ("due_at", Number), ("due_order", Number), ("snoozed_until", Number), ("waiting_since", Number), ("waited_seconds", Number), ("instead_of", Number));
    private static readonly RowShape Mention = RowShape.Insert("mentions", ("deal_id", Number), ("person", Number), ("text", Words), ("at", Number), ("by", Number));
    private static readonly RowShape Told = RowShape.Insert("notifications", ("person", Number), ("kind", Words), ("deal_id", Number), ("task_id", Number), ("data", Words), ("at", Number), ("by", Number), ("mail_due", Number));
    private static readonly RowShape NewVisit = RowShape.Insert("visits", ("deal_id", Number), ("number", Count), ("stage_key", Words), ("stage_name", Words), ("entered_at", Number), ("left_at", Number),
        ("outcome", Words), ("calendar_seconds", Number), ("working_seconds", Number), ("owner", Number), ("definition_version_id", Words), ("definition_version", Count), ("limit_seconds", Number), ("limit_at", Number));
    private static readonly RowShape LimitedVisit = RowShape.Update("visits", [("deal_id", Number), ("number", Count)], ("limit_seconds", Number), ("limit_at", Number));
    private static readonly RowShape EndedVisit = RowShape.Update("visits", [("deal_id", Number), ("number", Count)], ("left_at", Number), ("outcome", Words), ("calendar_seconds", Number), ("working_seconds", Number),
        ("waiting_since", Number), ("waited_seconds", Number));
    private static readonly RowShape WaitingVisit = RowShape.Update("visits", [("deal_id", Number), ("number", Count)], ("waiting_since", Number), ("waited_seconds", Number));
    private static readonly RowShape RenamedVisit = RowShape.Update("visits", [("deal_id", Number), ("number", Count)], ("stage_key", Words), ("stage_name", Words));
    private static readonly RowShape NewDocument = RowShape.Insert("documents", ("id", Number), ("deal_id", Number), ("kind", Words), ("number", Words), ("template_key", Words), ("template_version", Count), ("template_hash", Words),
        ("language", Words), ("hash", Words), ("at", Number), ("times_sent", Count));
    private static readonly RowShape NewText = RowShape.Insert("document_texts", ("document_id", Number), ("html", Words), ("making", Words));
    private static readonly RowShape VoidedDocument = RowShape.Update("documents", [("id", Number)], ("voided_at", Number), ("voided_by", Number), ("void_reason", Words));
    private static readonly RowShape SentDocument = RowShape.Update("documents", [("id", Number)], ("sent_at", Number), ("times_sent", Count));
    private static readonly RowShape NewApproval = RowShape.Insert("approvals", ("id", Number), ("deal_id", Number), ("activity_id", Words), ("matrix", Words), ("matrix_version", Count), ("terms", Words), ("terms_hash", Words),
        ("levels", Words), ("requested_at", Number), ("status", Count), ("votes", Words), ("closed_at", Number));
    private static readonly RowShape ChangedApproval = RowShape.Update("approvals", [("id", Number)], ("status", Count), ("votes", Words), ("closed_at", Number));
    private static readonly RowShape GivenVote = RowShape.Insert("approval_votes", ("task_id", Number), ("deal_id", Number), ("person", Number), ("at", Number), ("outcome", Words));
    private static readonly RowShape UsedLink = RowShape.Update("approval_links", [("id", Number)], ("used_at", Number));
    private static readonly RowShape PassedRule = RowShape.Insert("passed_rules", ("deal_id", Number), ("stage_key", Words), ("kind", Words), ("words", Words), ("severity", Count), ("reason", Words),
        ("at", Number), ("actor", Number));
    private static readonly RowShape Assignment = RowShape.Insert("assignments", ("deal_id", Number), ("step", Words), ("chosen", Number), ("why", Words), ("candidates", Words), ("at", Number));
    private static readonly RowShape Request = RowShape.Insert("idempotency", ("key_hash", Words), ("actor_id", Number), ("request_hash", Words), ("status", Count), ("body", Words), ("at", Number));

    /// <inheritdoc />
    public override string? Write(IReadOnlyList<Change> changes, Facts facts, RowBatch rows)
    {
        foreach (var done in changes.OfType<RequestDone>())
            rows.Add(Request, done.KeyHash, done.Actor.Value, done.RequestHash, 0, done.Resource, Stored.Micros(done.At));
        foreach (var written in changes.OfType<MailWritten>())
            MailRows.Write(written, rows);
        foreach (var used in changes.OfType<ApprovalLinkUsed>())
            rows.Add(UsedLink, used.Link, Stored.Micros(used.At));
        if (facts is not DealFacts { Deal: var deal } known)
            return null;
        WriteDeal(deal, changes, rows);
        WriteTasks(deal, changes, rows);
        WriteVisits(deal, changes, rows);
        MeetingRows.Write(deal, changes, rows);
        foreach (var issued in changes.OfType<DocumentIssued>())
        {
            rows.Add(NewDocument, issued.Document.Value, deal.Id.Value, issued.Kind, issued.Number, issued.TemplateKey, issued.TemplateVersion, issued.TemplateHash, issued.Language, issued.Hash, Stored.Micros(issued.At), 0);
            rows.Add(NewText, issued.Document.Value, issued.Html, issued.Making);
        }
        foreach (var sent in changes.OfType<DocumentSent>())
            if (deal.Documents.Find(document => document.Id == sent.Document) is { } document)
                rows.Add(SentDocument, document.Id.Value, Stored.Micros(sent.At), document.TimesSent);
        WriteApprovals(deal, changes, rows);
        WriteVotes(deal, changes, rows);
        foreach (var voided in changes.OfType<DocumentVoided>())
            rows.Add(VoidedDocument, voided.Document.Value, Stored.Micros(voided.At), voided.By?.Value, voided.Reason);
        foreach (var assigned in changes.OfType<OwnerAssigned>())
            rows.Add(Assignment, deal.Id.Value, assigned.Step, assigned.Owner?.Value, Json.Write(assigned.Why), Json.Write(assigned.Candidates), Stored.Micros(assigned.At));
        foreach (var passed in changes.OfType<RulePassed>())
            rows.Add(PassedRule, deal.Id.Value, passed.StageKey, passed.Kind, Json.Write(passed.Words), (int)passed.Severity, passed.Reason, Stored.Micros(passed.At), passed.By?.Value);
        foreach (var note in changes.OfType<Commented>())
            foreach (var person in note.Mentions)
                rows.Add(Mention, deal.Id.Value, person.Value, note.Text, Stored.Micros(note.At), note.By?.Value);
        WriteNotices(deal, changes, known, rows);
        return TimelineWords.Told(changes, deal);
    }

    private static void WriteNotices(Deal deal, IReadOnlyList<Change> changes, DealFacts facts, RowBatch rows)
    {
        foreach (var notice in Notices.Of(changes, deal, () => facts.People))
            rows.Add(Told, notice.Person.Value, notice.Kind, deal.Id.Value, notice.Task?.Value, notice.Data, Stored.Micros(notice.At), notice.By?.Value, notice.MayMail ? Stored.Micros(notice.At) : null);
    }

    private static void WriteDeal(Deal deal, IReadOnlyList<Change> changes, RowBatch rows)
    {
        if (changes.OfType<DealCreated>().Any())
        {
            var client = deal.Client;
            rows.Add(NewClient, client.Id.Value, client.Name, client.Inn, client.Contact, client.Email, client.Phone);
            rows.Add(NewDeal, deal.Id.Value, deal.Number, deal.Title, deal.Pipeline, deal.PipelineKey, deal.DefinitionVersionId, deal.DefinitionVersion, deal.StageKey, Name(deal),
                Micros(deal.StageEnteredAt), deal.Owner?.Value, client.Id.Value, Stored.Hundredths(deal.Amount), deal.Currency, deal.Channel, Json.Write(deal.Fields), Stored.Micros(deal.CreatedAt), deal.Version,
                Micros(deal.WonAt), Micros(deal.LostAt), deal.CloseReason);
            return;
        }
        if (changes.Any(change => change is FieldsChanged))
            rows.Add(ChangedDeal, deal.Id.Value, deal.Title, Stored.Hundredths(deal.Amount), deal.Currency, deal.Channel, Json.Write(deal.Fields), deal.Version);
        if (changes.OfType<DealChange>().Any(Deal.Moves))
            rows.Add(MovedDeal, deal.Id.Value, deal.DefinitionVersionId, deal.DefinitionVersion, deal.StageKey, Name(deal), Micros(deal.StageEnteredAt), deal.Owner?.Value,
                Micros(deal.WonAt), Micros(deal.LostAt), deal.CloseReason, deal.Version);
    }

    private static void WriteTasks(Deal deal, IReadOnlyList<Change> changes, RowBatch rows)
    {
        var opened = changes.OfType<TaskOpened>().Select(change => change.Task).ToHashSet();
        foreach (var task in deal.Tasks.Where(task => opened.Contains(task.Id)))
            rows.Add(NewTask, task.Id.Value, deal.Id.Value, Json.Write(task.Title), Json.Write(task.Description), task.StageKey, task.Assignee?.Value, task.CandidateRole, Stored.Micros(task.CreatedAt),
                Micros(task.DueAt), Micros(task.DueAt) ?? long.MaxValue, Json.Write(task.Outcomes), Json.Write(task.Form), (int)task.Status, task.Outcome, task.CompletedBy?.Value,
                Micros(task.CompletedAt), task.Comment, task.ActivityId, task.Bookmark, task.Version, task.InsteadOf?.Value);
        var touched = changes.Select(change => change switch
        {
            TaskCompleted completed => completed.Task,
            TaskCancelled cancelled => cancelled.Task,
            TaskAssigned assigned => assigned.Task,
            TaskReturned returned => returned.Task,
            _ => Planned(change),
        }).OfType<TaskId>().Where(id => !opened.Contains(id)).ToHashSet();
        var planned = changes.Select(change => Planned(change) ?? (change as TaskAssigned)?.Task ?? (change as TaskReturned)?.Task).OfType<TaskId>().Where(id => !opened.Contains(id)).ToHashSet();
        foreach (var task in deal.Tasks.Where(task => planned.Contains(task.Id)))
            rows.Add(PlannedTask, task.Id.Value, Micros(task.DueAt), Micros(task.DueAt) ?? long.MaxValue, Micros(task.SnoozedUntil), Micros(task.WaitingSince), task.WaitedSeconds, task.InsteadOf?.Value);
        foreach (var task in deal.Tasks.Where(task => touched.Contains(task.Id)))
            rows.Add(ChangedTask, task.Id.Value, task.Assignee?.Value, (int)task.Status, task.Outcome, task.CompletedBy?.Value, Micros(task.CompletedAt), task.Comment, task.Version);
    }

    private static void WriteApprovals(Deal deal, IReadOnlyList<Change> changes, RowBatch rows)
    {
        var asked = changes.OfType<ApprovalRequested>().Select(change => change.Approval).ToHashSet();
        var touched = changes.Select(change => change switch { ApprovalAsked vote => vote.Approval, ApprovalVoted vote => vote.Approval, ApprovalEscalated vote => vote.Approval, ApprovalClosed closed => closed.Approval, _ => (ApprovalId?)null })
            .OfType<ApprovalId>().ToHashSet();
        foreach (var approval in deal.Approvals)
            if (asked.Contains(approval.Id))
                rows.Add(NewApproval, approval.Id.Value, deal.Id.Value, approval.ActivityId, approval.Matrix, approval.MatrixVersion, approval.TermsText, approval.TermsHash, Json.Write(approval.Levels),
                    Stored.Micros(approval.RequestedAt), (int)approval.Status, Json.Write(approval.Votes), Micros(approval.ClosedAt));
            else if (touched.Contains(approval.Id))
                rows.Add(ChangedApproval, approval.Id.Value, (int)approval.Status, Json.Write(approval.Votes), Micros(approval.ClosedAt));
    }

    private static void WriteVotes(Deal deal, IReadOnlyList<Change> changes, RowBatch rows)
    {
        foreach (var voted in changes.OfType<ApprovalVoted>())
            if (voted.By is { } by && deal.Approvals.Find(approval => approval.Id == voted.Approval)?.Vote(voted.Vote) is { } vote)
                rows.Add(GivenVote, vote.Task, deal.Id.Value, by.Value, Stored.Micros(voted.At), voted.Outcome);
    }

    private static TaskId? Planned(Change change) => change switch
    {
        TaskUnattended left => left.Task,
        TaskSnoozed snoozed => snoozed.Task,
        TaskWaits waits => waits.Task,
        TaskGoesOn goesOn => goesOn.Task,
        TaskRescheduled rescheduled => rescheduled.Task,
        _ => null,
    };

    private static void WriteVisits(Deal deal, IReadOnlyList<Change> changes, RowBatch rows)
    {
        var entered = changes.OfType<StageEntered>().Select(change => change.Visit).ToHashSet();
        var left = changes.OfType<StageLeft>().Select(change => change.Visit).ToHashSet();
        var waits = changes.Select(change => change switch { StageWaits one => one.Visit, StageGoesOn one => one.Visit, _ => (int?)null }).OfType<int>().ToHashSet();
        var limited = changes.OfType<StageLimited>().Select(change => change.Visit).ToHashSet();
        var renamed = changes.Any(change => change is DefinitionFollowed { StageKey: not null });
        foreach (var visit in deal.Visits)
        {
            if (waits.Contains(visit.Number) && !left.Contains(visit.Number))
                rows.Add(WaitingVisit, deal.Id.Value, visit.Number, Micros(visit.WaitingSince), visit.WaitedSeconds);
            if (limited.Contains(visit.Number) && !entered.Contains(visit.Number))
                rows.Add(LimitedVisit, deal.Id.Value, visit.Number, visit.LimitSeconds, Micros(visit.LimitAt));
            if (renamed && visit.LeftAt is null && !entered.Contains(visit.Number))
                rows.Add(RenamedVisit, deal.Id.Value, visit.Number, visit.StageKey, Json.Write(visit.StageName));
            else if (entered.Contains(visit.Number))
                rows.Add(NewVisit, deal.Id.Value, visit.Number, visit.StageKey, Json.Write(visit.StageName), Stored.Micros(visit.EnteredAt), Micros(visit.LeftAt), visit.Outcome, visit.CalendarSeconds,
                    visit.WorkingSeconds, visit.Owner?.Value, visit.DefinitionVersionId, visit.DefinitionVersion, visit.LimitSeconds, Micros(visit.LimitAt));
            else if (left.Contains(visit.Number))
                rows.Add(EndedVisit, deal.Id.Value, visit.Number, Micros(visit.LeftAt), visit.Outcome, visit.CalendarSeconds, visit.WorkingSeconds, Micros(visit.WaitingSince), visit.WaitedSeconds);
        }
    }

    private static string? Name(Deal deal) => deal.StageName is { } name ? Json.Write(name) : null;

    private static long? Micros(DateTimeOffset? at) => at is { } known ? Stored.Micros(known) : null;
}
