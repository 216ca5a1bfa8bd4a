using System.Collections.Immutable;
using SalesFlow.Engine;
using SalesFlow.Runtime;
using SalesFlow.Sales.Approvals;
using SalesFlow.Sales.Assignments;
using SalesFlow.Sales.Deals;
using SalesFlow.Sales.People;

namespace SalesFlow.Sales.Tasks;

/// <summary>What becomes of the open tasks of somebody who is away.</summary>
internal static partial class TaskDecisions
{
    /// <summary>
    /// Hands them over: to whoever stands in; else back to the queue they came from, when somebody of it is there; else to the colleague of the same team with the fewest
    /// deals; else to a head of sales. Where nobody is there at all those of a queue go back to it and the others wait for whoever comes back first, and heads of sales are told.
    /// <paramref name="load"/> is how many open deals people have. <paramref name="again"/>: they were handed over before, and only what waits since then, or what somebody left who works here no longer, is looked at.
    /// </summary>
    public static TurnRequest HandOver(DealMoment moment, UserId away, IReadOnlyDictionary<UserId, int> load, bool again = false)
    {
        var (deal, people) = (moment.Facts.Deal, moment.Facts.People);
        var standIn = people.StandIn(away, moment.Now);
        var changes = ImmutableArray.CreateBuilder<Change>();
        var left = people.ById.GetValueOrDefault(away)?.Active == false;
        foreach (var task in deal.Tasks.Where(task => task.Status == SalesTaskStatus.Open && task.Assignee == away && (!again || left || task.InsteadOf is not null)))
        {
            // Nobody decides on the terms of their own deal or twice on a level, and no rep on anybody's.
            var barred = task.IsApproval ? Barred(deal, task, people) : [];
            var instead = standIn is { } one && barred.Contains(one) ? null : standIn;
            if (instead is null && task.CandidateRole is { } role && people.IsAnyoneThere(role, moment.Now, barred))
                changes.Add(new TaskReturned(deal.Id, moment.Now, null, task.Id, "") { InsteadOf = task.InsteadOf ?? away });
            else if ((task.IsApproval ? instead ?? people.HeadThere(moment.Now, barred) : Instead(people, away, load, moment.Now)) is { } other && other != away)
                changes.Add(new TaskAssigned(deal.Id, moment.Now, null, task.Id, other) { InsteadOf = task.InsteadOf ?? away });
            else if (task.CandidateRole is not null)
                changes.Add(new TaskReturned(deal.Id, moment.Now, null, task.Id, "") { InsteadOf = task.InsteadOf ?? away });
            else if (!again || task.InsteadOf is null)
                changes.Add(new TaskUnattended(deal.Id, moment.Now, task.Id));
        }
        return new(new Stimulus.None(), changes.ToImmutable());
    }

    /// <summary>Who gets the tasks of somebody who is away: whoever stands in, the colleague of the same team with the fewest deals, or a head of sales; null while nobody is there.</summary>
    public static UserId? Instead(PeopleBook people, UserId away, IReadOnlyDictionary<UserId, int> load, DateTimeOffset at) => people.StandIn(away, at) ?? Colleague(people, away, load, at) ?? people.HeadThere(at);

    private static HashSet<UserId> Barred(Deal deal, SalesTask task, PeopleBook people)
    {
        HashSet<UserId> barred = deal.Owner is { } owner ? [owner] : [];
        if (ApprovalLinkDecisions.Asking(deal, task.Id) is { } approval && approval.Votes.Find(vote => vote.Task == task.Id.Value) is { } vote && approval.Levels.Find(level => level.Level.Key == vote.Level) is { } level)
            barred.UnionWith(Seats.Taken(deal, approval, level, new(vote.Meant is { } meant ? new UserId(meant) : null, vote.Role), people, vote));
        return barred;
    }

    private static UserId? Colleague(PeopleBook people, UserId away, IReadOnlyDictionary<UserId, int> load, DateTimeOffset at) => people.ById.GetValueOrDefault(away) is not { Team: { } team } ? null
        : AssignmentDecision.Of(Strategy.LeastLoaded, people.ById.Where(person => person.Key != away && person.Value.Active && person.Value.Team == team && person.Value.Roles.Contains(Roles.Rep))
            .Select(person => new Candidate(person.Key, person.Value.DisplayName, person.Value.AwayAt(at) is null, true, load.GetValueOrDefault(person.Key), person.Value.Capacity)), null).Chosen;
}
