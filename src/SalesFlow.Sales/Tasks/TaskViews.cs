using System.Collections.Immutable;
using SalesFlow.Sales.Deals;

namespace SalesFlow.Sales.Tasks;

/// <summary>A task as the inbox, the deal page and the API show it.</summary>
public sealed record TaskView
{
    /// <summary>Id of the task.</summary>
    public required string Id { get; init; }
    /// <summary>Id of its deal.</summary>
    public required string DealId { get; init; }
    /// <summary>Number of its deal.</summary>
    public required string DealNumber { get; init; }
    /// <summary>Title of its deal.</summary>
    public required string DealTitle { get; init; }
    /// <summary>Name of the deal's client.</summary>
    public required string ClientName { get; init; }
    /// <summary>What to do, in a few words.</summary>
    public required string Title { get; init; }
    /// <summary>What to do, at length.</summary>
    public required string Description { get; init; }
    /// <summary>Key of the stage it belongs to.</summary>
    public required string Stage { get; init; }
    /// <summary>Sign-in name of the one who is to do it; null when any candidate may claim it.</summary>
    public string? Assignee { get; init; }
    /// <summary>Display name of the assignee.</summary>
    public string? AssigneeName { get; init; }
    /// <summary>Display name of the one whose it was or would have been, had they been there; null for nobody.</summary>
    public string? InsteadOfName { get; init; }
    /// <summary>Roles whose people may claim it.</summary>
    public required ImmutableArray<string> Candidates { get; init; }
    /// <summary>When it was opened.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
    /// <summary>When it is due, in working time from its creation.</summary>
    public DateTimeOffset? DueAt { get; init; }
    /// <summary>Working seconds until it is due, below nought once it is late; null without a due time. Stands still while it waits for the client.</summary>
    public long? WorkingSecondsLeft { get; init; }
    /// <summary>Out of sight until then.</summary>
    public DateTimeOffset? SnoozedUntil { get; init; }
    /// <summary>Since when it waits for the client; its clock stands still.</summary>
    public DateTimeOffset? WaitingSince { get; init; }
    /// <summary>Working seconds that it has waited for the client so far.</summary>
    public long WaitedSeconds { get; init; }
    /// <summary>What its completion unblocks: the words of the stage's rules that ask for it, in the reader's language.</summary>
    public ImmutableArray<string> Unblocks { get; init; } = [];
    /// <summary>Why it is asked for now, in the reader's language.</summary>
    public string? WhyNow { get; init; }
    /// <summary>True when the one who asks may give it back to the queue it came from.</summary>
    public bool MayReturn { get; init; }
    /// <summary>True when the one who asks may hand it to somebody else.</summary>
    public bool MayHandOver { get; init; }
    /// <summary>Sign-in names and names of those it may go to, when it may; of a decision on terms also while it waits in a queue, from which it is claimed first.</summary>
    public ImmutableArray<PersonChoice> MayGoTo { get; init; } = [];
    /// <summary>True when it is open past its due time.</summary>
    public required bool Overdue { get; init; }
    /// <summary>True when the one who asks may press its buttons, claiming it first or not.</summary>
    public bool MayComplete { get; init; }
    /// <summary>True when it asks for a decision on the terms of its deal.</summary>
    public bool Approval { get; init; }
    /// <summary>The buttons.</summary>
    public required ImmutableArray<OutcomeView> Outcomes { get; init; }
    /// <summary>The fields to fill in.</summary>
    public required ImmutableArray<FormFieldView> Form { get; init; }
    /// <summary>What the deal already holds of the form's fields.</summary>
    public ImmutableDictionary<string, object?> Values { get; init; } = ImmutableDictionary<string, object?>.Empty;
    /// <summary>open, done or cancelled.</summary>
    public required string Status { get; init; }
    /// <summary>Grows with every change.</summary>
    public required long Version { get; init; }
    /// <summary>The button that was pressed.</summary>
    public string? Outcome { get; init; }
    /// <summary>Sign-in name of the one who completed it.</summary>
    public string? CompletedBy { get; init; }
    /// <summary>Display name of the one who completed it.</summary>
    public string? CompletedByName { get; init; }
    /// <summary>When it was completed.</summary>
    public DateTimeOffset? CompletedAt { get; init; }
    /// <summary>What was said when it was completed.</summary>
    public string? Comment { get; init; }
}

/// <summary>Somebody to choose.</summary>
public sealed record PersonChoice(string Name, string DisplayName);

/// <summary>A button of a task.</summary>
public sealed record OutcomeView(string Key, string Name);

/// <summary>
/// A field of a task's form; <paramref name="Type"/> is text, number, money, date, bool or choice. It is required whatever the button, or only by the
/// buttons of <paramref name="RequiredFor"/>. <paramref name="Options"/> are the values of a choice, <paramref name="OptionNames"/> what they are called, in
/// the same order. With <paramref name="OnlyFor"/> those buttons alone ask for it.
/// </summary>
public sealed record FormFieldView(string Field, string Label, string Type, bool Required, ImmutableArray<string> Options, ImmutableArray<string> RequiredFor,
    ImmutableArray<string> OptionNames = default, ImmutableArray<string>? OnlyFor = null)
{
    internal static FormFieldView Of(FormField field, string language) =>
        new(field.Field, field.Label.In(language), field.Type.ToString().ToLowerInvariant(), field.Required, [.. field.Options], [.. field.RequiredFor ?? []], [.. field.Options.Select(option => field.NameOf(option).In(language))],
            field.OnlyFor is { } only ? [.. only] : null);
}

/// <summary>A completed task and where its deal stands afterwards.</summary>
public sealed record TaskCompletion(TaskView Task, DealView Deal);

/// <summary>Which tasks to list. <paramref name="Status"/> is open, done or all; <paramref name="Assignee"/> me, any or a sign-in name.</summary>
public sealed record TaskFilter(string Status = "open", string Assignee = "me", DealId? Deal = null, int Limit = 50, string? Cursor = null);
