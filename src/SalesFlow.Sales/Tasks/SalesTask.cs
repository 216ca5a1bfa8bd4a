using System.Text.Json.Serialization;
using SalesFlow.Engine;
using SalesFlow.Sales.Approvals;

namespace SalesFlow.Sales.Tasks;

/// <summary>What became of a task.</summary>
public enum SalesTaskStatus
{
    /// <summary>Someone is to do it.</summary>
    Open = 0,
    /// <summary>Someone did it.</summary>
    Done = 1,
    /// <summary>The process no longer needs it.</summary>
    Cancelled = 2,
}

/// <summary>What kind of value a form field takes.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FieldType>))]
public enum FieldType { Text, Number, Money, Date, Bool, Choice }

/// <summary>A button of a task.</summary>
public sealed record TaskOutcome(string Key, Text Name);

/// <summary>
/// A field of a task's form, required whatever the button, or only by the buttons named in <paramref name="RequiredFor"/>. <paramref name="Options"/> are the
/// values of a choice, <paramref name="OptionNames"/> what they are called, in the same order; the values themselves when there are none.
/// With <paramref name="OnlyFor"/> the field is asked by those buttons alone; what is given to another is not kept.
/// </summary>
public sealed record FormField(string Field, Text Label, FieldType Type, bool Required, List<string> Options, List<string>? RequiredFor = null, List<Text>? OptionNames = null, List<string>? OnlyFor = null)
{
    /// <summary>True when the button asks for the field.</summary>
    public bool IsAskedBy(string outcome) => OnlyFor is null || OnlyFor.Contains(outcome);

    /// <summary>What a value of a choice is called.</summary>
    public Text NameOf(string option) => Options.IndexOf(option) is >= 0 and var at && at < OptionNames?.Count ? OptionNames[at] : new(option, option);

    /// <summary>True when the button needs the field filled in.</summary>
    public bool IsRequiredBy(string outcome) => Required || RequiredFor?.Contains(outcome) == true;
}

/// <summary>Something a person is to do for a deal.</summary>
public sealed partial class SalesTask
{
    private SalesTask() { }

    /// <summary>The deal's id in its high bits.</summary>
    public TaskId Id { get; private set; }
    /// <summary>The deal.</summary>
    public DealId DealId { get; private set; }
    /// <summary>What to do, in a few words.</summary>
    public Text Title { get; private set; } = new("", "");
    /// <summary>What to do, at length.</summary>
    public Text Description { get; private set; } = new("", "");
    /// <summary>Stage it belongs to.</summary>
    public string StageKey { get; private set; } = "";
    /// <summary>Who is to do it; null when a candidate may claim it.</summary>
    public UserId? Assignee { get; private set; }
    /// <summary>Whose it was or would have been: somebody who was away when it came to its assignee; null for nobody. The assignee where nobody was there at all: then it waits for whoever comes back first.</summary>
    public UserId? InsteadOf { get; private set; }
    /// <summary>Role whose people may claim it.</summary>
    public string? CandidateRole { get; private set; }
    /// <summary>When it was opened.</summary>
    public DateTimeOffset CreatedAt { get; private set; }
    /// <summary>When it is due.</summary>
    public DateTimeOffset? DueAt { get; private set; }
    /// <summary>The buttons.</summary>
    public List<TaskOutcome> Outcomes { get; private set; } = [];
    /// <summary>The fields to fill in.</summary>
    public List<FormField> Form { get; private set; } = [];
    /// <summary>Open, done or cancelled.</summary>
    public SalesTaskStatus Status { get; private set; }
    /// <summary>The button that was pressed.</summary>
    public string? Outcome { get; private set; }
    /// <summary>Who pressed it.</summary>
    public UserId? CompletedBy { get; private set; }
    /// <summary>When it was pressed.</summary>
    public DateTimeOffset? CompletedAt { get; private set; }
    /// <summary>What was said then.</summary>
    public string? Comment { get; private set; }
    /// <summary>The activity that opened it.</summary>
    public string ActivityId { get; private set; } = "";
    /// <summary>The bookmark that its completion resumes.</summary>
    public int Bookmark { get; private set; }
    /// <summary>Out of sight until then.</summary>
    public DateTimeOffset? SnoozedUntil { get; private set; }
    /// <summary>Since when it waits for the client; null while it does not.</summary>
    public DateTimeOffset? WaitingSince { get; private set; }
    /// <summary>Working seconds that it has waited for the client, this wait not counted; they are no time of its assignee's.</summary>
    public long WaitedSeconds { get; private set; }
    /// <summary>True when it asks for a decision on the terms.</summary>
    public bool IsApproval => ApprovalOutcomes.AreOf(Outcomes);
    /// <summary>Grows with every change.</summary>
    public long Version { get; private set; }
}
