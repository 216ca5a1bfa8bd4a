using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using SalesFlow.Runtime;

namespace SalesFlow.Sales.Deals;

/// <summary>
/// Something that happened to a deal: what kind of thing and its particulars. It becomes a sentence when it is read, in the reader's language. What one turn told is
/// kept in one row, the journal's, so that the timeline needs neither a table nor an index of its own.
/// </summary>
/// <param name="Id">Grows in the order in which things happened to the deal; deals have the same ids.</param>
/// <param name="Kind">One of <see cref="TimelineKinds"/>.</param>
/// <param name="Data">Particulars as a JSON object.</param>
/// <param name="At">When it happened.</param>
/// <param name="Actor">Who did it; null for the process itself.</param>
public sealed record TimelineEntry(long Id, string Kind, string Data, DateTimeOffset At, UserId? Actor)
{
    private const int PlaceBits = 20;

    /// <summary>The turn in which the entry with that id was told.</summary>
    public static long TurnOf(long id) => id >> PlaceBits;

    /// <summary>What a turn told, last first, of what <see cref="Write"/> made.</summary>
    public static ImmutableArray<TimelineEntry> Read(long turn, string told)
    {
        using var list = JsonDocument.Parse(told);
        return [.. list.RootElement.EnumerateArray().Select((entry, place) => new TimelineEntry(turn << PlaceBits | (uint)place, entry.GetProperty("kind").GetString()!, entry.GetProperty("data").GetRawText(),
            Stored.Time(entry.GetProperty("at").GetInt64()), entry.TryGetProperty("by", out var by) ? new UserId(by.GetInt64()) : null)).Reverse()];
    }

    /// <summary>A JSON list of what a turn told; null when that is nothing. The data are JSON already, and the kinds are words of ours.</summary>
    public static string? Write(IReadOnlyList<(string Kind, string Data, DateTimeOffset At, long? By)> told)
    {
        if (told.Count == 0)
            return null;
        var json = new StringBuilder("[");
        foreach (var (kind, data, at, by) in told)
        {
            json.Append(json.Length > 1 ? "," : "").Append(CultureInfo.InvariantCulture, $"{{\"kind\":\"{kind}\",\"at\":{Stored.Micros(at)}");
            if (by is { } person)
                json.Append(CultureInfo.InvariantCulture, $",\"by\":{person}");
            json.Append(",\"data\":").Append(data).Append('}');
        }
        return json.Append(']').ToString();
    }
}

/// <summary>The kinds of things that happen to a deal; stable words for the wire and the table.</summary>
public static class TimelineKinds
{
    /// <summary>The deal was created.</summary>
    public const string Created = "created";
    /// <summary>Fields were changed.</summary>
    public const string FieldsChanged = "fieldsChanged";
    /// <summary>It changed hands.</summary>
    public const string OwnerChanged = "ownerChanged";
    /// <summary>The process picked its owner, or found nobody.</summary>
    public const string Assigned = "assigned";
    /// <summary>It entered a stage.</summary>
    public const string StageEntered = "stageEntered";
    /// <summary>Somebody moved it to a stage.</summary>
    public const string Moved = "moved";
    /// <summary>It left a stage.</summary>
    public const string StageLeft = "stageLeft";
    /// <summary>It goes on with another version of its process.</summary>
    public const string DefinitionFollowed = "definitionFollowed";
    /// <summary>A task was opened.</summary>
    public const string TaskOpened = "taskOpened";
    /// <summary>A task was completed.</summary>
    public const string TaskCompleted = "taskCompleted";
    /// <summary>A task was withdrawn.</summary>
    public const string TaskCancelled = "taskCancelled";
    /// <summary>A task went to someone.</summary>
    public const string TaskAssigned = "taskAssigned";
    /// <summary>A task went to someone in the place of somebody who is away.</summary>
    public const string TaskStoodIn = "taskStoodIn";
    /// <summary>A task went back to the queue, since whoever had it is away.</summary>
    public const string TaskLeftBehind = "taskLeftBehind";
    /// <summary>A task waits, since whoever has it is away and nobody else is there.</summary>
    public const string TaskUnattended = "taskUnattended";
    /// <summary>A task went back to the queue.</summary>
    public const string TaskReturned = "taskReturned";
    /// <summary>A task was put off.</summary>
    public const string TaskSnoozed = "taskSnoozed";
    /// <summary>A task waits for the client.</summary>
    public const string TaskWaits = "taskWaits";
    /// <summary>The client has answered.</summary>
    public const string TaskGoesOn = "taskGoesOn";
    /// <summary>The process asks for a meeting.</summary>
    public const string MeetingOffered = "meetingOffered";
    /// <summary>The client agreed to meet.</summary>
    public const string MeetingAgreed = "meetingAgreed";
    /// <summary>A link for booking was made.</summary>
    public const string MeetingInvited = "meetingInvited";
    /// <summary>A meeting got its time.</summary>
    public const string MeetingBooked = "meetingBooked";
    /// <summary>A meeting got another time.</summary>
    public const string MeetingMoved = "meetingMoved";
    /// <summary>Somebody else holds a meeting, in the place of a colleague who is away then.</summary>
    public const string MeetingHandedOver = "meetingHandedOver";
    /// <summary>A meeting lost its time.</summary>
    public const string MeetingCancelled = "meetingCancelled";
    /// <summary>A meeting got its result.</summary>
    public const string MeetingEnded = "meetingEnded";
    /// <summary>A task is due at another time.</summary>
    public const string TaskRescheduled = "taskRescheduled";
    /// <summary>The terms were put before those who decide on them.</summary>
    public const string ApprovalRequested = "approvalRequested";
    /// <summary>Somebody decided on the terms in another's place.</summary>
    public const string ApprovalVotedFor = "approvalVotedFor";
    /// <summary>Somebody decided by the link in a letter.</summary>
    public const string ApprovalVotedByLink = "approvalVotedByLink";
    /// <summary>Nobody decided on the terms in time.</summary>
    public const string ApprovalEscalated = "approvalEscalated";
    /// <summary>It was decided on the terms.</summary>
    public const string ApprovalClosed = "approvalClosed";
    /// <summary>A document was issued.</summary>
    public const string DocumentIssued = "documentIssued";
    /// <summary>A document was sent to the client.</summary>
    public const string DocumentSent = "documentSent";
    /// <summary>A document was voided.</summary>
    public const string DocumentVoided = "documentVoided";
    /// <summary>It was won.</summary>
    public const string Won = "won";
    /// <summary>It was lost.</summary>
    public const string Lost = "lost";
    /// <summary>It left a stage without meeting a rule.</summary>
    public const string RulePassed = "rulePassed";
    /// <summary>A step of its process failed so often that it was given up.</summary>
    public const string StepFailed = "stepFailed";
    /// <summary>That step is tried again.</summary>
    public const string StepRetried = "stepRetried";
    /// <summary>A step of its process told colleagues something.</summary>
    public const string Told = "told";
    /// <summary>Someone noted something.</summary>
    public const string Commented = "commented";
}
