using SalesFlow.Engine;
using SalesFlow.Runtime;
using SalesFlow.Sales.Notifications;
using SalesFlow.Sales.People;
using SalesFlow.Sales.Tasks;

namespace SalesFlow.Sales.Deals;

/// <summary>Whom what a turn did to a deal may concern. Pages ask it before they load again: in a company at work most turns concern one person of a hundred.</summary>
public static class DealNews
{
    /// <summary>
    /// False only when the actor can neither see the deal nor have seen it before the turn, and is not told of it either. Asked on the thread that committed the turn, while the
    /// deal cannot change.
    /// </summary>
    public static bool MayConcern(TurnOutcome outcome, Actor actor) => outcome.Facts is not DealFacts { Deal: var deal } || MayConcern(deal, outcome.Turn.Changes, actor);

    internal static bool MayConcern(Deal deal, IReadOnlyList<Change> changes, Actor actor) =>
        DealAccess.MaySee(deal, actor) || deal.Tasks.Exists(task => WasTheirs(task, actor)) || changes.Any(TakesAway) || Notices.MayTell(actor.Id, changes);

    /// <summary>A task that is done no longer lets a rep see the deal, and it has just gone from their list.</summary>
    private static bool WasTheirs(SalesTask task, Actor actor) => task.Assignee == actor.Id || task.CandidateRole is { } role && actor.Roles.Contains(role);

    /// <summary>Whom it was taken from the change does not say.</summary>
    private static bool TakesAway(Change change) => change is OwnerChanged or OwnerAssigned or TaskAssigned or TaskReturned;
}
