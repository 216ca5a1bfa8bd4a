using System.Collections.Immutable;
using SalesFlow.Engine;
using SalesFlow.Sales.People;

namespace SalesFlow.Sales.Approvals;

/// <summary>What became of an approval.</summary>
public enum ApprovalStatus
{
    /// <summary>Somebody is being asked.</summary>
    Open = 0,
    /// <summary>Everybody needed said yes.</summary>
    Approved = 1,
    /// <summary>Somebody said no.</summary>
    Rejected = 2,
    /// <summary>Somebody asks for other terms.</summary>
    Changes = 3,
    /// <summary>The process no longer needs it.</summary>
    Withdrawn = 4,
}

/// <summary>The buttons of an approver.</summary>
public static class ApprovalOutcomes
{
    /// <summary>Yes.</summary>
    public const string Approved = "Approved";
    /// <summary>Not so, but perhaps otherwise.</summary>
    public const string Changes = "Changes";
    /// <summary>No.</summary>
    public const string Rejected = "Rejected";
    /// <summary>In the order in which they are shown.</summary>
    public static ImmutableArray<string> All { get; } = [Approved, Changes, Rejected];
    /// <summary>True for the buttons of a task that asks for a decision on terms.</summary>
    internal static bool AreOf(IEnumerable<Tasks.TaskOutcome> buttons) => buttons.Select(button => button.Key).SequenceEqual(All);
}

/// <summary>
/// A level that an approval needs, as the matrix had it then. With <paramref name="KeptFrom"/>, the id of an earlier approval, its yes was kept: it was said to the terms <paramref name="KeptTerms"/>.
/// </summary>
public sealed record AskedLevel(ApprovalLevel Level, int Needed, List<string> DependsOn, long? KeptFrom = null, string? KeptTerms = null);

/// <summary>
/// One person's or role's part in a level. <paramref name="Meant"/> is whom the matrix names, <paramref name="Role"/> whose people may decide; who in fact decided is <see cref="By"/>.
/// </summary>
public sealed record ApprovalVote(int Number, string Level, long Task, long? Meant, string? Role, DateTimeOffset AskedAt, DateTimeOffset DueAt)
{
    /// <summary>When it went further because nobody had answered.</summary>
    public DateTimeOffset? EscalatedAt { get; init; }
    /// <summary>To whom.</summary>
    public string? EscalatedTo { get; init; }
    /// <summary>One of <see cref="ApprovalOutcomes"/>; null while it is open or when it was not needed in the end.</summary>
    public string? Outcome { get; init; }
    /// <summary>Who decided.</summary>
    public long? By { get; init; }
    /// <summary>When.</summary>
    public DateTimeOffset? At { get; init; }
    /// <summary>What was said then.</summary>
    public string? Comment { get; init; }
    /// <summary>True when it was decided by the link in a letter.</summary>
    public bool ByLink { get; init; }
}

/// <summary>The terms of a deal put before those who decide on them.</summary>
public sealed class Approval
{
    private Approval() { }

    /// <summary>The deal's id in its high bits.</summary>
    public ApprovalId Id { get; private set; }
    /// <summary>The deal.</summary>
    public DealId DealId { get; private set; }
    /// <summary>The activity that asks.</summary>
    public string ActivityId { get; private set; } = "";
    /// <summary>Key of the matrix.</summary>
    public string Matrix { get; private set; } = "";
    /// <summary>Its version then; 0 when there was none.</summary>
    public int MatrixVersion { get; private set; }
    /// <summary>How it stands.</summary>
    public ApprovalStatus Status { get; private set; }
    /// <summary>The terms as canonical JSON.</summary>
    public string TermsText { get; private set; } = "";
    /// <summary>Hash of the terms.</summary>
    public string TermsHash { get; private set; } = "";
    /// <summary>Who is asked, level by level.</summary>
    public List<AskedLevel> Levels { get; private set; } = [];
    /// <summary>Everybody who was asked so far.</summary>
    public List<ApprovalVote> Votes { get; private set; } = [];
    /// <summary>When it was asked for.</summary>
    public DateTimeOffset RequestedAt { get; private set; }
    /// <summary>When it ended; null while it is open.</summary>
    public DateTimeOffset? ClosedAt { get; private set; }

    /// <summary>The terms.</summary>
    public Terms Terms => Terms.Read(TermsText);

    /// <summary>The level that is to say yes next; null when all have.</summary>
    public AskedLevel? NextLevel => Levels.Find(level => OutcomeOf(level) != ApprovalOutcomes.Approved);

    /// <summary>The vote of that number.</summary>
    public ApprovalVote? Vote(int number) => Votes.Find(vote => vote.Number == number);

    /// <summary>True when the person has voted on the level that the task is of.</summary>
    internal bool HasVoted(TaskId task, UserId person) => Votes.Find(vote => vote.Task == task.Value) is { } vote && Votes.Exists(other => other.Level == vote.Level && other.Outcome is not null && other.By == person.Value);

    /// <summary>What a level decided: one of <see cref="ApprovalOutcomes"/>; null while it is open.</summary>
    public string? OutcomeOf(AskedLevel level)
    {
        if (level.KeptFrom is not null)
            return ApprovalOutcomes.Approved;
        var votes = Votes.FindAll(vote => vote.Level == level.Level.Key);
        if (votes.Exists(vote => vote.Outcome == ApprovalOutcomes.Changes))
            return ApprovalOutcomes.Changes;
        var no = votes.Count(vote => vote.Outcome == ApprovalOutcomes.Rejected);
        if (no > 0 && (level.Level.Mode != ApprovalMode.Quorum || votes.Count - no < level.Needed))
            return ApprovalOutcomes.Rejected;
        return votes.Count(vote => vote.Outcome == ApprovalOutcomes.Approved) >= level.Needed ? ApprovalOutcomes.Approved : null;
    }

    /// <summary>The levels of a row for the terms, with each yes that still holds.</summary>
    internal static ImmutableArray<AskedLevel> LevelsOf(ApprovalRow row, Terms now, FormerApproval? former)
    {
        var needed = ApprovalDecisions.Needed(row, now, former);
        if (needed.IsEmpty && former is { Complete: true })
            return [.. former.Given.Select(yes => new AskedLevel(new(yes.Level, yes.Name ?? new(yes.Level, yes.Level), []), 1, [.. yes.DependsOn], yes.Source, yes.Terms.Canonical))];
        return [.. needed.Select(level => new AskedLevel(level.Level, level.Level.Quorum ?? level.Level.Who.Length, [.. level.Kept?.DependsOn ?? row.DependsOn], level.Kept?.Source, level.Kept?.Terms.Canonical))];
    }

    /// <summary>What earlier approvals of a deal said by the same matrix; null when there is none.</summary>
    internal static FormerApproval? Former(IEnumerable<Approval> approvals, string matrix)
    {
        var earlier = approvals.Where(approval => approval.Matrix == matrix).OrderByDescending(approval => approval.Id).ToList();
        if (earlier.Count == 0)
            return null;
        // The last word of a level counts; a yes before a later no is no longer given.
        var last = from approval in earlier
                   from level in approval.Levels
                   where approval.OutcomeOf(level) is not null
                   group (approval, level) by level.Level.Key into words
                   select words.First();
        var given = last.Where(word => word.approval.OutcomeOf(word.level) == ApprovalOutcomes.Approved).Select(word => Yes(word.approval, word.level)).ToImmutableArray();
        return earlier.Find(approval => approval.Status == ApprovalStatus.Approved) is { } approved
            ? new(true, approved.Terms, given) : new(false, earlier[0].Terms, given);
    }

    private static GivenYes Yes(Approval approval, AskedLevel level) => new(level.Level.Key, level.KeptTerms is { } kept ? Terms.Read(kept) : approval.Terms, [.. level.DependsOn], level.KeptFrom ?? approval.Id.Value) { Name = level.Level.Name };

    internal static Approval Open(ApprovalRequested asked) => new()
    {
        Id = asked.Approval, DealId = asked.Deal, ActivityId = asked.ActivityId, Matrix = asked.Matrix, MatrixVersion = asked.MatrixVersion, TermsText = asked.Terms.Canonical, TermsHash = asked.Terms.Hash,
        Levels = [.. asked.Levels], RequestedAt = asked.At,
    };

    internal void Apply(ApprovalAsked asked) => Votes.Add(asked.Vote);

    internal void Apply(ApprovalVoted voted) => Change(voted.Vote, vote => vote with { Outcome = voted.Outcome, By = voted.By?.Value, At = voted.At, Comment = voted.Comment, ByLink = voted.ByLink });

    internal void Apply(ApprovalEscalated escalated) => Change(escalated.Vote, vote => vote with { EscalatedAt = escalated.At, EscalatedTo = escalated.To, Task = escalated.Task.Value });

    internal void Apply(ApprovalClosed closed) => (Status, ClosedAt) = (closed.Status, closed.At);

    // The list is made anew: what was handed out before does not change under its reader.
    private void Change(int number, Func<ApprovalVote, ApprovalVote> change) => Votes = Votes.ConvertAll(vote => vote.Number == number ? change(vote) : vote);
}
