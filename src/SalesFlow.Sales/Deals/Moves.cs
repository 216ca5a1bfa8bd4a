using System.Collections.Immutable;
using SalesFlow.Engine;
using SalesFlow.Runtime;
using SalesFlow.Sales.Activities;
using SalesFlow.Sales.People;
using SalesFlow.Sales.Pipelines;
using SalesFlow.Sales.Rules;

namespace SalesFlow.Sales.Deals;

/// <summary>How a move is carried out: what wakes the instance and what becomes true with it.</summary>
public sealed record MoveDecision(Stimulus Stimulus, ImmutableArray<Change> Changes);

/// <summary>What a mover looks at: the deal, its pipeline, the time, who moves, and what people are called.</summary>
public sealed record MoveMoment(DealFacts Facts, Pipeline Pipeline, DateTimeOffset Now, Actor Actor, ImmutableDictionary<UserId, UserView> People);

/// <summary>The one set of checks for every mover: the board, the API, an import, an administrator.</summary>
public static class Moves
{
    /// <summary>Codes of the obstacles that somebody else was first: the deal has left the stage that it was to be moved from, stands where it was to go, or is closed.</summary>
    internal const string MovedMeanwhile = "movedMeanwhile", SameStage = "sameStage", ClosedDeal = "closed";

    /// <summary>Refuses when the deal no longer stands in the stage in which whoever moves it has seen it.</summary>
    public static void DemandStillIn(Deal deal, string? from, string language)
    {
        if (from is null || deal.StageKey == from || deal.State is not DealState.Open)
            return;
        var message = new Text($"The deal stands in the stage “{deal.StageName?.En}” now.", $"Сделка теперь на этапе «{deal.StageName?.Ru}».").In(language);
        throw new RefusedException(message, [new(MovedMeanwhile, message, new Text("Look at the deal again, then move it.", "Посмотрите на сделку ещё раз, затем переведите.").In(language))]);
    }

    /// <summary>Everything that keeps the deal from moving to <paramref name="target"/>; empty when it may. Rules that are only measured keep nobody.</summary>
    public static ImmutableArray<Obstacle> Obstacles(MoveMoment moment, Stage target)
    {
        var (deal, language) = (moment.Facts.Deal, moment.Actor.Language);
        if (deal.State is not DealState.Open)
            return [Closed(language)];
        if (deal.StageKey == target.Key)
            return [new(SameStage, new Text("The deal stands in this stage already.", "Сделка уже на этом этапе.").In(language))];
        return Obstacles(moment, Unmet(moment, target));
    }

    /// <summary>The smallest ways to remove what keeps the deal, quickest first; empty when nothing does.</summary>
    public static ImmutableArray<MoveFix> Fixes(MoveMoment moment, Stage target)
    {
        if (moment.Facts.Deal.State is not DealState.Open)
            return [];
        var unmet = Unmet(moment, target).Where(unmet => unmet.Rule.Severity != Severity.Measured).ToList();
        if (unmet.Count == 0)
            return [];
        var here = new RuleMoment(moment.Facts, moment.Facts.Deal.StageKey ?? "", moment.Now, moment.Actor);
        return [.. MinimalFixes.Of([.. unmet.Select(rule => rule.Rule)], here)
            .Select(fix => new MoveFix(Math.Round(fix.Hours, 1), [.. fix.Turns.Select(atom => RuleObstacles.Of(atom, here, moment))]))];
    }

    /// <summary>Decides the move, or throws what keeps it: obstacles, a missing right, a missing reason, an unknown stage.</summary>
    public static MoveDecision Decide(InstanceState state, MoveMoment moment, string stage, string? reason, bool breakGlass)
    {
        var target = moment.Pipeline.Find(stage)
            ?? throw new ValidationException("stage", $"The pipeline has no stage '{stage}'. It has: {string.Join(", ", moment.Pipeline.Stages.Select(known => known.Key))}.");
        var (obstacles, reasoned) = (Obstacles(moment, target), !string.IsNullOrWhiteSpace(reason));
        // A closed deal and a move to where it stands have no glass to break.
        if (obstacles.Any(obstacle => obstacle.Code is ClosedDeal or SameStage || !breakGlass && !(obstacle.NeedsReason && reasoned)))
            throw Refused(obstacles);
        if (breakGlass)
            CheckGlass(reason, moment.Actor);
        var way = Way(state, moment, target);
        return new(way, [new DealMoved(moment.Facts.Deal.Id, moment.Now, moment.Actor.Id, target.Name), .. Passed(moment, target, reason, way is Stimulus.Jump), .. reasoned ? [new Commented(moment.Facts.Deal.Id, moment.Now, moment.Actor.Id, reason!.Trim())] : Array.Empty<Change>()]);
    }

    /// <summary>Decides to close the deal, or throws what keeps it: won needs the exit rules of every stage that is left, lost needs a reason.</summary>
    public static DealChange Close(MoveMoment moment, bool won, string? reason)
    {
        var (deal, language) = (moment.Facts.Deal, moment.Actor.Language);
        DemandOpen(deal, language);
        if (!won)
            return string.IsNullOrWhiteSpace(reason)
                ? throw new ValidationException("reason", new Text("Say why the deal was lost.", "Укажите, почему сделка проиграна.").In(language))
                : new DealLost(deal.Id, moment.Now, moment.Actor.Id, reason.Trim());
        var obstacles = Obstacles(moment, Unmet(moment, int.MaxValue));
        return obstacles.All(obstacle => obstacle.NeedsReason && !string.IsNullOrWhiteSpace(reason))
            ? new DealWon(deal.Id, moment.Now, moment.Actor.Id, string.IsNullOrWhiteSpace(reason) ? null : reason.Trim()) : throw Refused(obstacles);
    }

    /// <summary>Refuses when the deal is closed.</summary>
    public static void DemandOpen(Deal deal, string language)
    {
        if (deal.State is not DealState.Open)
            throw Refused([Closed(language)]);
    }

    private static Obstacle Closed(string language) => new(ClosedDeal, new Text("The deal is closed.", "Сделка закрыта.").In(language));

    private static RefusedException Refused(ImmutableArray<Obstacle> obstacles) => new(string.Join(" ", obstacles.Select(obstacle => obstacle.Message)), obstacles);

    private static ImmutableArray<Obstacle> Obstacles(MoveMoment moment, IEnumerable<UnmetRule> unmet) =>
        [.. unmet.Where(unmet => unmet.Rule.Severity != Severity.Measured).Select(unmet => RuleObstacles.Of(unmet.Rule, At(moment, unmet.StageKey), moment))];

    private static IEnumerable<UnmetRule> Unmet(MoveMoment moment, Stage target) =>
        moment.Pipeline.Find(moment.Facts.Deal.StageKey) is { } current && target.Order > current.Order ? Unmet(moment, target.Order) : [];

    /// <summary>Going forward needs the exit rules of every stage from the present one on, up to the target; going back needs none.</summary>
    private static IEnumerable<UnmetRule> Unmet(MoveMoment moment, int before)
    {
        var from = moment.Pipeline.Find(moment.Facts.Deal.StageKey)?.Order ?? 0;
        return from stage in moment.Pipeline.Stages
               where stage.Order >= @from && stage.Order < before
               from rule in stage.Rules
               where !rule.IsMet(At(moment, stage.Key))
               select new UnmetRule(stage.Key, rule);
    }

    private static RuleMoment At(MoveMoment moment, string stage) => new(moment.Facts, stage, moment.Now, moment.Actor);

    /// <summary>What the move passes without meeting it; a stage that is left by its outcome counts its measured rules itself.</summary>
    private static IEnumerable<Change> Passed(MoveMoment moment, Stage target, string? reason, bool jumps) =>
        from unmet in Unmet(moment, target)
        where unmet.Rule.Severity != Severity.Measured || jumps
        select new RulePassed(moment.Facts.Deal.Id, moment.Now, moment.Actor.Id, unmet.StageKey, unmet.Rule.Kind, unmet.Rule.Words, unmet.Rule.Severity, reason?.Trim());

    private static void CheckGlass(string? reason, Actor actor)
    {
        if (!actor.Is(Roles.HeadOfSales) && !actor.Is(Roles.Administrator))
            throw new ForbiddenException(new Text("Only the head of sales or an administrator may move a deal past its rules.", "Обойти правила может только руководитель отдела продаж или администратор.").In(actor.Language));
        if (string.IsNullOrWhiteSpace(reason))
            throw new ValidationException("reason", new Text("Say why the deal moves past its rules.", "Укажите, почему сделка идёт в обход правил.").In(actor.Language));
    }

    private static Stimulus Way(InstanceState state, MoveMoment moment, Stage target)
    {
        var bookmark = state.Bookmarks.Find(waiting => waiting.Name == StageActivity.BookmarkName);
        var exit = bookmark is null ? null : moment.Pipeline.Exits.FirstOrDefault(way => way.FromActivityId == bookmark.ActivityId && way.ToActivityId == target.ActivityId);
        return exit is not null && moment.Pipeline.Find(moment.Facts.Deal.StageKey)?.ActivityId == exit.FromActivityId
            ? new Stimulus.Resume(bookmark!.Number, new Dictionary<string, object?> { ["outcome"] = exit.Outcome })
            : new Stimulus.Jump(target.ActivityId);
    }
}
