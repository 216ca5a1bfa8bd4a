using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace SalesFlow.Sales.Deals;

/// <summary>Something that happened to a deal: what kind of thing and its particulars. It becomes a sentence when it is read, in the reader's language.</summary>
public sealed class TimelineEntry
{
    /// <summary>Grows in the order in which things happened.</summary>
    public long Id { get; private set; }
    /// <summary>The deal.</summary>
    public DealId DealId { get; private set; }
    /// <summary>One of <see cref="TimelineKinds"/>.</summary>
    public string Kind { get; private set; } = "";
    /// <summary>Particulars as a JSON object of strings.</summary>
    public string Data { get; private set; } = "{}";
    /// <summary>When it happened.</summary>
    public DateTimeOffset At { get; private set; }
    /// <summary>Who did it; null for the process itself.</summary>
    public UserId? Actor { get; private set; }
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

/// <summary>The table of what happened: appended only, read by deal.</summary>
internal sealed class TimelineTable : IEntityTypeConfiguration<TimelineEntry>
{
    public void Configure(EntityTypeBuilder<TimelineEntry> entry)
    {
        entry.ToTable("timeline");
        entry.HasKey(t => t.Id);
        entry.Property(t => t.Id).ValueGeneratedOnAdd();
        entry.HasIndex(t => new { t.DealId, t.Id });
    }
}
