using System.Globalization;
using System.Text;
using SalesFlow.Engine;
using SalesFlow.Sales.Calendars;
using SalesFlow.Sales.Approvals;
using SalesFlow.Sales.Deals;
using SalesFlow.Sales.Meetings;
using SalesFlow.Sales.Rehearsals;
using SalesFlow.Sales.Tasks;
using Json = SalesFlow.Engine.Expressions.Json;

namespace SalesFlow.Sales.Tests.Workflows;

/// <summary>Writes what turns came to as text that people review: the engine's journal, and what became true with it.</summary>
internal sealed class JournalWriter(StringBuilder text, WorkingCalendar calendar)
{
    private DateTimeOffset? _last;

    public void Write(Turn turn, DateTimeOffset now)
    {
        if (_last != now)
            text.Append("  ").AppendLine(Time(now));
        _last = now;
        // The timer of a stay says the same of its limit.
        foreach (var change in turn.Changes.Where(change => change is not StageLimited))
            text.Append("    * ").AppendLine(Words(change));
        foreach (var entry in turn.Journal)
            text.Append("    ").Append(entry.ActivityId).Append(' ').Append(entry.Event).Append(entry.Outcomes is [not "Done", ..] ? $" [{string.Join(", ", entry.Outcomes)}]" : "")
                .AppendLine(entry.Message is { } message ? $": {message}" : "");
        foreach (var line in turn.Lines)
            text.Append("    > ").AppendLine(line);
    }

    public void WriteEnd(RehearsedInstance instance)
    {
        text.Append("at last ").Append(instance.State.Status).Append('/').AppendLine(instance.State.SubStatus.ToString());
        foreach (var bookmark in instance.State.Bookmarks)
            text.Append("  waits at ").Append(bookmark.ActivityId).Append(" for ").Append(bookmark.Name).AppendLine(bookmark.DueAt is { } due ? $" until {Time(due)}" : "");
        foreach (var incident in instance.State.Incidents)
            text.Append("  incident at ").Append(incident.ActivityId).Append(": ").AppendLine(incident.Message);
        // A sub-process by itself stands in no stage and closes nothing.
        if (instance.Facts is not DealFacts { Deal: { Visits.Count: > 0 } deal })
            return;
        text.Append("  deal ").AppendLine(deal.State switch { DealState.Won => "won", DealState.Lost lost => $"lost: {lost.Reason}", _ => $"open in stage {deal.StageKey}" });
        foreach (var visit in deal.Visits)
            text.Append("  visited ").Append(visit.StageKey).AppendLine(visit.Outcome is null ? ", still there" : $": {visit.Outcome} after {Hours(visit.WorkingSeconds)} working hours");
    }

    private string Words(Change change) => change switch
    {
        DealCreated created => $"deal created: {created.Title}, {created.Amount.ToString("0.##", CultureInfo.InvariantCulture)} {created.Currency}, {created.Client.Name}",
        FieldsChanged changed => $"fields set: {string.Join(", ", changed.Values.OrderBy(field => field.Key, StringComparer.Ordinal).Select(field => $"{field.Key} = {Json.Text(field.Value)}"))}",
        StageEntered entered => $"stage entered: {entered.Key} «{entered.Name.Ru}» / {entered.Name.En}",
        StageLeft left => $"stage left: {left.Key} by {left.Outcome} after {Hours(left.WorkingSeconds)} working hours",
        DealMoved moved => $"moved to «{moved.To.Ru}» / {moved.To.En}",
        TaskOpened opened => Words(opened),
        TaskCompleted completed => $"task completed: {completed.Outcome}",
        TaskCancelled => "task cancelled",
        MeetingOffered offered => $"meeting wanted: {offered.Rules.Length} minutes with {offered.Need.ToString().ToLowerInvariant()} of {offered.Members}",
        MeetingAgreed => "meeting agreed, without a time",
        MeetingEnded ended => $"meeting: {ended.Result} {ended.Notes}".TrimEnd(),
        ApprovalRequested asked => $"approval asked: {string.Join(", ", asked.Levels.Select(level => level.KeptFrom is null ? level.Level.Key : $"{level.Level.Key} kept"))} on {asked.Terms.Canonical}",
        ApprovalAsked vote => $"vote {vote.Vote.Number} of level {vote.Vote.Level}",
        ApprovalVoted voted => $"voted: {voted.Outcome}{(voted.Comment is { } comment ? $" «{comment}»" : "")}",
        ApprovalEscalated escalated => $"vote {escalated.Vote} goes to {escalated.To}",
        ApprovalClosed closed => $"approval closed: {closed.Status}",
        DocumentIssued issued => $"document issued: {issued.Kind} {issued.Number} in {issued.Language}, {(issued.Html.Length > 0 ? "rendered" : "without a text")}",
        DealWon won => $"deal won {won.Reason}".TrimEnd(),
        DealLost lost => $"deal lost: {lost.Reason}",
        RulePassed passed => $"rule passed ({passed.Severity}) at {passed.StageKey}: {passed.Words.En} because {passed.Reason}",
        Commented comment => $"comment: {comment.Text}",
        _ => change.GetType().Name,
    };

    private string Words(TaskOpened task)
    {
        var who = task.CandidateRole is { } role ? $"anyone with role {role}" : task.Assignee is { } person ? person.Value == 1 ? "the owner" : $"person {person}" : "nobody";
        var due = task.DueAt is { } at ? $", due {Time(at)}" : "";
        var form = task.Form.Length == 0 ? "" : $"; form {string.Join(", ", task.Form.Select(Words))}";
        return $"task opened: «{task.Title.Ru}» / {task.Title.En} for {who}{due}; buttons {string.Join(", ", task.Outcomes.Select(button => button.Key))}{form}"
            + (task.Description.Ru.Length > 0 ? $"\n      «{task.Description.Ru}»" : "");
    }

    private static string Words(FormField field) => field.Field + (field.Required ? "!" : field.RequiredFor is { Count: > 0 } buttons ? $" (for {string.Join("|", buttons)})" : "");

    private static string Hours(long? seconds) => (seconds / 3600.0)?.ToString("0.##", CultureInfo.InvariantCulture) ?? "?";

    private string Time(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, calendar.Zone).ToString("ddd yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
}
