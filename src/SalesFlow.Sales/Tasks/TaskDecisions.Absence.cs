using System.Collections.Immutable;
using SalesFlow.Engine;
using SalesFlow.Runtime;
using SalesFlow.Sales.Assignments;
using SalesFlow.Sales.Deals;
using SalesFlow.Sales.People;

namespace SalesFlow.Sales.Tasks;

/// <summary>What becomes of the open tasks of somebody who is away.</summary>
internal static partial class TaskDecisions
{
    /// <summary>
    /// Hands them over: to whoever stands in; else back to the queue they came from, when somebody of it is there; else to the colleague of the same team with the fewest
    /// deals; else to a head of sales. Where nobody is there at all they stay. <paramref name="load"/> is how many open deals people have.
    /// </summary>
    public static TurnRequest HandOver(DealMoment moment, UserId away, IReadOnlyDictionary<UserId, int> load)
    {
        var (deal, people) = (moment.Facts.Deal, moment.Facts.People);
        var standIn = people.StandIn(away, moment.Now);
        var changes = ImmutableArray.CreateBuilder<Change>();
        foreach (var task in deal.Tasks.Where(task => task.Status == SalesTaskStatus.Open && task.Assignee == away))
        {
            // Nobody decides on the terms of their own deal, and no rep on anybody's.
            var (owner, instead) = (task.IsApproval ? deal.Owner : null, task.IsApproval && standIn == deal.Owner ? null : standIn);
            if (instead is null && task.CandidateRole is { } role && IsAnyoneThere(people, role, moment.Now, owner))
                changes.Add(new TaskReturned(deal.Id, moment.Now, null, task.Id, "") { InsteadOf = task.InsteadOf ?? away });
            else if ((instead ?? (task.IsApproval ? null : Colleague(people, away, load, moment.Now)) ?? people.HeadThere(moment.Now, owner)) is { } other && other != away)
                changes.Add(new TaskAssigned(deal.Id, moment.Now, null, task.Id, other) { InsteadOf = task.InsteadOf ?? away });
        }
        return new(new Stimulus.None(), changes.ToImmutable());
    }

    private static bool IsAnyoneThere(PeopleBook people, string role, DateTimeOffset at, UserId? but) =>
        people.ById.Any(person => person.Key != but && person.Value.Active && person.Value.Roles.Contains(role) && person.Value.AwayAt(at) is null);

    private static UserId? Colleague(PeopleBook people, UserId away, IReadOnlyDictionary<UserId, int> load, DateTimeOffset at) => people.ById.GetValueOrDefault(away) is not { Team: { } team } ? null
        : AssignmentDecision.Of(Strategy.LeastLoaded, people.ById.Where(person => person.Key != away && person.Value.Active && person.Value.Team == team && person.Value.Roles.Contains(Roles.Rep))
            .Select(person => new Candidate(person.Key, person.Value.DisplayName, person.Value.AwayAt(at) is null, true, load.GetValueOrDefault(person.Key), person.Value.Capacity)), null).Chosen;
}
