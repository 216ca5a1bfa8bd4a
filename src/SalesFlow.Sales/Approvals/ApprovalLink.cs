using System.Collections.Immutable;
using SalesFlow.Engine;
using SalesFlow.Sales.Deals;
using SalesFlow.Sales.People;
using SalesFlow.Sales.Tasks;

namespace SalesFlow.Sales.Approvals;

/// <summary>
/// A link in a letter by which an approver decides without signing in. It is of one person, one task of one level, and the terms as they were put before that person. There is a row when the letter is written;
/// the secret is made when the letter is sent, each time anew, so that no table ever holds it.
/// </summary>
public sealed class ApprovalLink
{
    /// <summary>How long a link is good, whatever else happens.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(7);

    private ApprovalLink() { }

    /// <summary>Grows with every link.</summary>
    public long Id { get; private set; }
    /// <summary>Key of the letter that carries it.</summary>
    public string MailKey { get; private set; } = "";
    /// <summary>SHA-256 of the secret, in hex; null until the letter is sent.</summary>
    public string? Hash { get; internal set; }
    /// <summary>The deal.</summary>
    public DealId DealId { get; private set; }
    /// <summary>The task that asks.</summary>
    public TaskId TaskId { get; private set; }
    /// <summary>Who decides.</summary>
    public UserId Person { get; private set; }
    /// <summary>Hash of the terms that the letter speaks of.</summary>
    public string TermsHash { get; private set; } = "";
    /// <summary>Until when it is good.</summary>
    public DateTimeOffset ExpiresAt { get; private set; }
    /// <summary>When somebody decided by it.</summary>
    public DateTimeOffset? UsedAt { get; private set; }

    internal static ApprovalLink Of(string mailKey, SalesTask task, UserId person, string termsHash, DateTimeOffset now) =>
        new() { MailKey = mailKey, DealId = task.DealId, TaskId = task.Id, Person = person, TermsHash = termsHash, ExpiresAt = now + Lifetime };

    /// <summary>The same link with a secret of its own: a letter that is sent twice carries two, and the first that is used ends both.</summary>
    internal ApprovalLink Again(string hash) => new() { MailKey = MailKey, Hash = hash, DealId = DealId, TaskId = TaskId, Person = Person, TermsHash = TermsHash, ExpiresAt = ExpiresAt };
}

/// <summary>Why a link is good no longer. People at the link are never told which: only the log is.</summary>
public enum LinkTrouble
{
    /// <summary>Nobody has made it.</summary>
    Unknown,
    /// <summary>Its time is over.</summary>
    Expired,
    /// <summary>The question has been decided or withdrawn: by this link or otherwise.</summary>
    Decided,
    /// <summary>The terms are others than those in the letter.</summary>
    TermsChanged,
    /// <summary>Its person has left.</summary>
    Disabled,
    /// <summary>The question is somebody else's by now.</summary>
    HandedOver,
}

/// <summary>Somebody decided by a link.</summary>
public sealed record ApprovalLinkUsed(long Link, DateTimeOffset At) : Change;

/// <summary>What a link still allows.</summary>
internal static class ApprovalLinkDecisions
{
    /// <summary>Why the link is good no longer; null while it is.</summary>
    public static LinkTrouble? Trouble(ApprovalLink link, DealFacts facts, UserView? person, DateTimeOffset now)
    {
        if (now >= link.ExpiresAt)
            return LinkTrouble.Expired;
        if (person is not { Active: true })
            return LinkTrouble.Disabled;
        if (link.UsedAt is not null || facts.Deal.Task(link.TaskId) is not { Status: SalesTaskStatus.Open } task || Asking(facts.Deal, link.TaskId) is not { } approval)
            return LinkTrouble.Decided;
        if (approval.TermsHash != link.TermsHash || Terms.Of(facts.Deal).Hash != link.TermsHash)
            return LinkTrouble.TermsChanged;
        return IsAsked(facts.Deal, task, link.Person, person) ? null : LinkTrouble.HandedOver;
    }

    /// <summary>The open approval that asks by the task; null when none does.</summary>
    public static Approval? Asking(Deal deal, TaskId task) => deal.Approvals.FindLast(approval => approval.Status == ApprovalStatus.Open && approval.Votes.Exists(vote => vote.Task == task.Value && vote.Outcome is null));

    /// <summary>True for those whom the task asks: its assignee, or everybody of its role while nobody has taken it; never the deal's own owner. Rights to decide without being asked, as administrators have, need signing in.</summary>
    public static bool IsAsked(Deal deal, SalesTask task, UserId id, UserView person) => deal.Owner != id && person.Active
        && (task.Assignee == id || task.Assignee is null && task.CandidateRole is { } role && person.Roles.Contains(role));

    /// <summary>The people whom the task asks and who are there at that time.</summary>
    public static IEnumerable<UserId> Asked(Deal deal, SalesTask task, PeopleBook people, DateTimeOffset at) =>
        people.ById.Where(person => IsAsked(deal, task, person.Key, person.Value) && (task.Assignee == person.Key || person.Value.AwayAt(at) is null)).Select(person => person.Key).OrderBy(id => id.Value);

    /// <summary>What the form of the task is given: remarks for a no, a comment for a yes.</summary>
    public static (IReadOnlyDictionary<string, object?> Fields, string? Comment) Said(string outcome, string? comment) => outcome == ApprovalOutcomes.Approved
        ? (ImmutableDictionary<string, object?>.Empty, comment) : (ImmutableDictionary<string, object?>.Empty.Add(ApprovalActivity.Remarks, comment), null);
}
