using SalesFlow.Sales.People;
using SalesFlow.Sales.Tasks;

namespace SalesFlow.Sales.Deals;

/// <summary>
/// Who sees and who changes a deal: a rep own and unassigned ones and those with an open task of theirs, an approver those that hold a task of theirs, the head of sales and administrators
/// all, the process owner all without changing any. <see cref="DealQueries"/> asks the same of the database.
/// </summary>
internal static class DealAccess
{
    /// <summary>True when the actor sees every deal.</summary>
    public static bool SeesAll(Actor actor) => Leads(actor) || actor.Roles.Contains(Roles.ProcessOwner);

    /// <summary>True when the actor may change every deal.</summary>
    public static bool Leads(Actor actor) => actor.Roles.Contains(Roles.HeadOfSales) || actor.Roles.Contains(Roles.Administrator);

    /// <summary>True when the actor may see the deal.</summary>
    public static bool MaySee(Deal deal, Actor actor) => SeesAll(actor) || MayChange(deal, actor)
        || actor.Roles.Contains(Roles.Rep) && deal.Tasks.Exists(t => t.Status == SalesTaskStatus.Open && t.Assignee == actor.Id)
        || actor.Roles.Contains(Roles.Approver) && deal.Tasks.Any(t => Concerns(t, actor));

    /// <summary>True when the actor may change the deal.</summary>
    public static bool MayChange(Deal deal, Actor actor) => MayChange(deal.Owner, actor);

    /// <summary>Refuses an actor who may not change the deal; one who may not even see it learns only that there is none.</summary>
    public static void DemandChange(Deal deal, Actor actor)
    {
        if (MayChange(deal, actor)) return;
        if (!MaySee(deal, actor)) throw NotFound(deal.Id);
        throw new ForbiddenException($"Deal {deal.Number} belongs to someone else. Its owner, the head of sales or an administrator may change it.");
    }

    /// <summary>Refuses an actor who may not do the task. The owner's lead may do anybody's.</summary>
    public static void DemandTask(Deal deal, SalesTask task, Actor actor)
    {
        if (MayDo(deal.Owner, task, actor)) return;
        if (!MaySee(deal, actor)) throw new NotFoundException($"There is no task {task.Id}, or you may not see it.");
        if (task.IsApproval && deal.Owner == actor.Id) throw new ForbiddenException("Nobody decides on the terms of their own deal. Somebody else who may decide, or an administrator, has to.");
        throw new ForbiddenException($"The task '{task.Title}' is someone else's. Its assignee or the head of sales may complete or reassign it.");
    }

    /// <summary>
    /// True when the actor may complete a task of a deal with that owner: its assignee, whoever may claim it, and the lead. Nobody decides on the terms of their own deal, and the lead decides only when asked;
    /// an administrator may, so that nothing is stuck for ever.
    /// </summary>
    public static bool MayDo(UserId? owner, SalesTask task, Actor actor) =>
        task.IsApproval && !actor.Roles.Contains(Roles.Administrator) ? owner != actor.Id && (task.Assignee == actor.Id || task.Assignee is null && MayClaim(owner, task, actor))
        : Leads(actor) || task.Assignee == actor.Id || task.Assignee is null && MayClaim(owner, task, actor);

    /// <summary>True when the task waits for anyone of the actor's role, or for whoever carries the deal.</summary>
    public static bool MayClaim(UserId? owner, SalesTask task, Actor actor) =>
        task.CandidateRole is { } role ? actor.Roles.Contains(role) : MayChange(owner, actor);

    /// <summary>What is said of a deal that isn't there or that may not be seen: the same, so that ids tell nothing.</summary>
    public static NotFoundException NotFound(DealId id) => new($"There is no deal {id}, or you may not see it.");

    /// <summary>True when the actor may change a deal of that owner.</summary>
    public static bool MayChange(UserId? owner, Actor actor) => Leads(actor) || actor.Roles.Contains(Roles.Rep) && (owner is null || owner == actor.Id);

    private static bool Concerns(SalesTask task, Actor actor) =>
        task.Assignee == actor.Id || task.CompletedBy == actor.Id || task.CandidateRole is { } role && actor.Roles.Contains(role);
}
