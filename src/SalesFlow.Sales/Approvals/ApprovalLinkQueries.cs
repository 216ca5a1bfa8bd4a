using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using SalesFlow.Sales.Calendars;
using SalesFlow.Sales.Deals;
using SalesFlow.Sales.People;

namespace SalesFlow.Sales.Approvals;

/// <summary>What an approver sees by a link: whose deal it is, what is asked and by when, and the terms. <paramref name="Zone"/> is the company's, by its IANA name.</summary>
public sealed record LinkedApproval(string Title, string Deal, string Client, string? Owner, string? Person, DateTimeOffset? DueAt, DateTimeOffset ExpiresAt, string Zone, ApprovalView Approval);

/// <summary>Reads for approvers who come by a link. Whoever has a link that is not good learns nothing, not even why; the log is told why, and not the secret.</summary>
public sealed partial class ApprovalLinkQueries(IDbContextFactory<SalesFlowDb> databases, SalesFactsQueries facts, ApprovalQueries approvals, UserQueries users, WorkingCalendar calendar, TimeProvider clock, ILogger<ApprovalLinkQueries> log)
{
    /// <summary>What the link asks, in that language; null when it is good no longer.</summary>
    public async Task<LinkedApproval?> GetAsync(string token, string language, CancellationToken cancel)
    {
        if (await FindAsync(token, cancel) is not { } link)
            return null;
        var (known, people) = (await facts.FindAsync(link.DealId, cancel), await users.ByIdAsync(cancel));
        var trouble = known is null ? LinkTrouble.Decided : ApprovalLinkDecisions.Trouble(link, known, people.GetValueOrDefault(link.Person), clock.GetUtcNow());
        if (known is null || trouble is not null)
        {
            Refuse(trouble, link.TaskId);
            return null;
        }
        var (deal, task) = (known.Deal, known.Deal.Task(link.TaskId)!);
        return new(task.Title.In(language), $"{deal.Number} · {deal.Title}", deal.Client.Name, DealQueries.NameOf(deal.Owner, people)?.DisplayName, DealQueries.NameOf(link.Person, people)?.DisplayName, task.DueAt,
            link.ExpiresAt, calendar.Zone.Id, await approvals.ViewAsync(ApprovalLinkDecisions.Asking(deal, link.TaskId)!, known, language, cancel));
    }

    /// <summary>The language in which the person of a link is spoken to; null when there is no such link.</summary>
    public async Task<string?> LanguageAsync(string token, CancellationToken cancel) =>
        await StoredAsync(token, cancel) is { } link ? (await users.ByIdAsync(cancel)).GetValueOrDefault(link.Person)?.Language : null;

    /// <summary>The link of a secret, good or not; null with a line in the log when nobody has made it.</summary>
    internal async Task<ApprovalLink?> FindAsync(string token, CancellationToken cancel)
    {
        var link = await StoredAsync(token, cancel);
        if (link is null)
            Refuse(LinkTrouble.Unknown, default);
        return link;
    }

    /// <summary>Notes that a link was refused, and why.</summary>
    internal void Refuse(LinkTrouble? why, TaskId task) => LogRefused(why ?? LinkTrouble.Unknown, task.Value);

    private async Task<ApprovalLink?> StoredAsync(string token, CancellationToken cancel)
    {
        if (SecretToken.Sought(token) is not { } hash)
            return null;
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await db.ApprovalLinks.AsNoTracking().SingleOrDefaultAsync(link => link.Hash == hash, cancel);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A link for approving was refused: {Why} (task {Task})")]
    private partial void LogRefused(LinkTrouble why, long task);
}
