using System.Collections.Immutable;
using SalesFlow.Sales.Deals;
using SalesFlow.Sales.Pipelines;

namespace SalesFlow.Web.Deals;

/// <summary>Where a stage of the path lies, seen from the deal.</summary>
public enum StagePlace
{
    /// <summary>The deal was there and left.</summary>
    Passed,
    /// <summary>The deal stands there.</summary>
    Current,
    /// <summary>The deal went past it without entering.</summary>
    Skipped,
    /// <summary>Still to come.</summary>
    Ahead,
}

/// <summary>A stage on the path of a deal: how long the deal stayed there, all stays together, against the limit.</summary>
public sealed record StageStep(PipelineStageView Stage, StagePlace Place, double? SpentSeconds, bool Working)
{
    /// <summary>The limit of the stage, in working time.</summary>
    public double? LimitSeconds => Stage.LimitHours * 3600;

    /// <summary>True when the measured working time is past the limit.</summary>
    public bool Over => Working && SpentSeconds > LimitSeconds;

    /// <summary>The path of a deal through its pipeline.</summary>
    public static ImmutableArray<StageStep> Path(PipelineView pipeline, DealView deal, ImmutableArray<VisitView> visits, DateTimeOffset now)
    {
        var stages = pipeline.Stages.OrderBy(stage => stage.Order).ToImmutableArray();
        var current = deal.State == "open" ? deal.Stage?.Key : null;
        var furthest = stages.LastOrDefault(stage => visits.Any(visit => visit.Stage == stage.Key))?.Order ?? -1;
        return [.. stages.Select(stage => Of(stage, current, furthest, [.. visits.Where(visit => visit.Stage == stage.Key)], now))];
    }

    private static StageStep Of(PipelineStageView stage, string? current, int furthest, ImmutableArray<VisitView> stays, DateTimeOffset now)
    {
        var place = stage.Key == current ? StagePlace.Current
            : stays.Length > 0 ? StagePlace.Passed
            : stage.Order < furthest ? StagePlace.Skipped : StagePlace.Ahead;
        // A stay that still lasts may have no measured working time yet; then all that can be told is the calendar's.
        var working = stays.All(stay => stay.WorkingSeconds is not null);
        var spent = stays.Sum(stay => working ? (double)stay.WorkingSeconds! : stay.CalendarSeconds ?? ((stay.LeftAt ?? now) - stay.EnteredAt).TotalSeconds);
        return new(stage, place, stays.Length == 0 ? null : spent, working);
    }
}
