using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using SalesFlow.Engine;
using SalesFlow.Runtime;
using SalesFlow.Sales.Calendars;
using SalesFlow.Sales.Deals;
using SalesFlow.Sales.Mails;
using SalesFlow.Sales.Notifications;
using SalesFlow.Sales.People;
using SalesFlow.Sales.Tasks;

namespace SalesFlow.Sales.Approvals;

/// <summary>Letters that ask for a decision on terms, the links in them, and deciding by one.</summary>
public sealed class ApprovalLinkCommands(IDbContextFactory<SalesFlowDb> databases, DealTurnCommands turns, SalesFactsQueries facts, ApprovalQueries approvals, ApprovalLinkQueries links, UserQueries users, WorkingCalendar calendar,
    PublicAddress address, TimeProvider clock)
{
    /// <summary>Decides as the person of the link, in the turn that looks whether the link is still good. Throws <see cref="NotFoundException"/> for one that is not, the same for every reason.</summary>
    public async Task DecideAsync(string token, string outcome, string? comment, string language, CancellationToken cancel)
    {
        var link = await links.FindAsync(token, cancel) ?? throw Gone();
        var people = await users.ByIdAsync(cancel);
        if (!people.TryGetValue(link.Person, out var person))
            throw Gone();
        var actor = new Actor(link.Person, person.DisplayName, [.. person.Roles], language) { ByLink = true };
        LinkTrouble? trouble = null;
        try
        {
            await turns.RunAsync(link.DealId, actor, $"/api/tasks/{link.TaskId}", moment =>
            {
                trouble = ApprovalLinkDecisions.Trouble(link, moment.Facts, person, moment.Now);
                return trouble is null ? Decide(moment, link, (outcome, comment), actor, people) : throw Gone();
            }, cancel);
        }
        catch (NotFoundException)
        {
            links.Refuse(trouble ?? LinkTrouble.Decided, link.TaskId);
            throw Gone();
        }
    }

    /// <summary>Puts the secret into a letter that is about to be sent, and keeps its hash. A letter that asks for nothing is left as it is.</summary>
    public async Task<MailToSend> FillAsync(MailToSend mail, CancellationToken cancel)
    {
        if (mail.Mail.Kind != MailKinds.Approval)
            return mail;
        await using var db = await databases.CreateDbContextAsync(cancel);
        if (await db.ApprovalLinks.Where(link => link.MailKey == mail.Mail.Key).OrderBy(link => link.Id).FirstOrDefaultAsync(cancel) is not { } link)
            return mail;
        var token = SecretToken.New();
        if (link.Hash is null)
            link.Hash = SecretToken.HashOf(token);
        else
            db.ApprovalLinks.Add(link.Again(SecretToken.HashOf(token)));
        await db.SaveChangesAsync(cancel);
        return mail with { Content = mail.Content.WithLink(address.Of($"/approve/{token}")) };
    }

    /// <summary>Adds the letter of a notification to what the caller is about to save; nothing when its person is not asked any more.</summary>
    internal async Task AddLetterAsync(SalesFlowDb db, Notification told, UserView person, DateTimeOffset? notBefore, CancellationToken cancel)
    {
        if (told is not { DealId: { } id, TaskId: { } asking } || await facts.FindAsync(id, cancel) is not { } known || known.Deal.Task(asking) is not { Status: SalesTaskStatus.Open } task
            || ApprovalLinkDecisions.Asking(known.Deal, asking) is not { } approval || !ApprovalLinkDecisions.IsAsked(known.Deal, task, told.Person, person))
            return;
        var now = clock.GetUtcNow();
        var link = ApprovalLink.Of(ApprovalLetters.Key(told), task, told.Person, approval.TermsHash, now);
        var view = await approvals.ViewAsync(approval, known, person.Language, cancel);
        var people = await users.ByIdAsync(cancel);
        var asked = new AskedApproval(known.Deal, task, view, DealQueries.NameOf(known.Deal.Owner, people)?.DisplayName, DealQueries.NameOf(task.InsteadOf, people)?.DisplayName);
        MailCommands.Add(db, ApprovalLetters.Of(asked, link, (person.Language, calendar.Zone), address) with { NotBefore = notBefore }, now);
        db.ApprovalLinks.Add(link);
    }

    private static TurnRequest Decide(DealMoment moment, ApprovalLink link, (string Outcome, string? Comment) decision, Actor actor, ImmutableDictionary<UserId, UserView> people)
    {
        var (fields, comment) = ApprovalLinkDecisions.Said(decision.Outcome, decision.Comment);
        var request = TaskDecisions.Complete(moment, moment.Facts.Deal.Task(link.TaskId)!, decision.Outcome, fields, comment, actor, people);
        return request with { Changes = request.Changes.Add(new ApprovalLinkUsed(link.Id, moment.Now)) };
    }

    private static NotFoundException Gone() => new("This link is good no longer.");
}
