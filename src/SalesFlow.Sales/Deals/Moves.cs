using System.Collections.Immutable;
using SalesFlow.Engine;
using SalesFlow.Runtime;
using SalesFlow.Sales.Activities;
using SalesFlow.Sales.People;
using SalesFlow.Sales.Pipelines;

namespace SalesFlow.Sales.Deals;

/// <summary>How a move is carried out: what wakes the instance and what becomes true with it.</summary>
public sealed record MoveDecision(Stimulus Stimulus, ImmutableArray<Change> Changes);

/// <summary>The one set of checks for every mover: the board, the API, an import, an administrator.</summary>
public static class Moves
{
    /// <summary>Everything that keeps the deal from moving to <paramref name="target"/>; empty when it may.</summary>
    public static ImmutableArray<Obstacle> Obstacles(DealFacts facts, Pipeline pipeline, Stage target, DateTimeOffset now, string language)
    {
        var deal = facts.Deal;
        if (deal.State is not DealState.Open)
            return [Closed(language)];
        if (deal.StageKey == target.Key)
            return [new("sameStage", new Text("The deal stands in this stage already.", "Сделка уже на этом этапе.").In(language))];
        if (pipeline.Find(deal.StageKey) is not { } current || target.Order < current.Order)
            return [];
        return Unmet(facts, pipeline.Stages.Where(stage => stage.Order >= current.Order && stage.Order < target.Order), now, language);
    }

    /// <summary>Decides the move, or throws what keeps it: obstacles, a missing right, a missing reason, an unknown stage.</summary>
    public static MoveDecision Decide(InstanceState state, DealFacts facts, Pipeline pipeline, string stage, string? reason, bool breakGlass, Actor actor, DateTimeOffset now)
    {
        var target = pipeline.Find(stage)
            ?? throw new ValidationException("stage", $"The pipeline has no stage '{stage}'. It has: {string.Join(", ", pipeline.Stages.Select(known => known.Key))}.");
        var obstacles = Obstacles(facts, pipeline, target, now, actor.Language);
        // A closed deal and a move to where it stands have no glass to break.
        if (obstacles.Any(obstacle => !breakGlass || obstacle.Code is "closed" or "sameStage"))
            throw Refused(obstacles);
        if (breakGlass)
            CheckGlass(reason, actor);
        ImmutableArray<Change> changes = string.IsNullOrWhiteSpace(reason) ? [] : [new Commented(facts.Deal.Id, now, actor.Id, reason)];
        return new(Way(state, facts.Deal, pipeline, target), changes);
    }

    /// <summary>Decides to close the deal, or throws what keeps it: won needs the exit rules of every stage that is left, lost needs a reason.</summary>
    public static DealChange Close(DealFacts facts, Pipeline pipeline, bool won, string? reason, Actor actor, DateTimeOffset now)
    {
        var deal = facts.Deal;
        DemandOpen(deal, actor.Language);
        if (!won)
            return string.IsNullOrWhiteSpace(reason)
                ? throw new ValidationException("reason", new Text("Say why the deal was lost.", "Укажите, почему сделка проиграна.").In(actor.Language))
                : new DealLost(deal.Id, now, actor.Id, reason.Trim());
        var from = pipeline.Find(deal.StageKey)?.Order ?? 0;
        var obstacles = Unmet(facts, pipeline.Stages.Where(stage => stage.Order >= from), now, actor.Language);
        return obstacles.IsEmpty ? new DealWon(deal.Id, now, actor.Id, string.IsNullOrWhiteSpace(reason) ? null : reason.Trim()) : throw Refused(obstacles);
    }

    /// <summary>Refuses when the deal is closed.</summary>
    public static void DemandOpen(Deal deal, string language)
    {
        if (deal.State is not DealState.Open)
            throw Refused([Closed(language)]);
    }

    private static Obstacle Closed(string language) => new("closed", new Text("The deal is closed.", "Сделка закрыта.").In(language));

    private static RefusedException Refused(ImmutableArray<Obstacle> obstacles) => new(string.Join(" ", obstacles.Select(obstacle => obstacle.Message)), obstacles);

    private static ImmutableArray<Obstacle> Unmet(DealFacts facts, IEnumerable<Stage> stages, DateTimeOffset now, string language)
    {
        var who = new Text("The owner of the deal; the head of sales may break the glass", "Ответственный за сделку; руководитель может разрешить обход").In(language);
        return [.. from stage in stages
                   from rule in stage.Rules
                   where !rule.IsMet(facts, stage.Key, now)
                   select new Obstacle(rule.Kind, rule.Words.In(language), rule.Fix.In(language), who, $"/deals/{facts.Deal.Id}")];
    }

    private static void CheckGlass(string? reason, Actor actor)
    {
        if (!actor.Is(Roles.HeadOfSales) && !actor.Is(Roles.Administrator))
            throw new ForbiddenException("Only the head of sales or an administrator may move a deal past its rules.");
        if (string.IsNullOrWhiteSpace(reason))
            throw new ValidationException("reason", "Say why the deal moves past its rules.");
    }

    private static Stimulus Way(InstanceState state, Deal deal, Pipeline pipeline, Stage target)
    {
        var bookmark = state.Bookmarks.Find(waiting => waiting.Name == StageActivity.BookmarkName);
        var exit = bookmark is null ? null : pipeline.Exits.FirstOrDefault(way => way.FromActivityId == bookmark.ActivityId && way.ToActivityId == target.ActivityId);
        return exit is not null && pipeline.Find(deal.StageKey)?.ActivityId == exit.FromActivityId
            ? new Stimulus.Resume(bookmark!.Number, new Dictionary<string, object?> { ["outcome"] = exit.Outcome })
            : new Stimulus.Jump(target.ActivityId);
    }
}
