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

/// <summary>A stage on the path of a deal: how much working time the deal spent there, all stays together, against the limit.</summary>
public sealed record StageStep(PipelineStageView Stage, StagePlace Place, double? SpentSeconds)
{
    /// <summary>The limit in working time: that of the last stay, or where there was none what is written of the stage.</summary>
    public double? LimitSeconds { get; init; } = Stage.LimitHours * 3600;

    /// <summary>Working time in which the deal waited for its client there; the limit does not count it.</summary>
    public double WaitedSeconds { get; init; }

    /// <summary>True while it waits for its client there.</summary>
    public bool Waits { get; init; }

    /// <summary>True when the measured working time is past the limit.</summary>
    public bool Over => Late || SpentSeconds > LimitSeconds;

    /// <summary>True when one of the stays was longer than its limit.</summary>
    public bool Late { get; init; }

    /// <summary>The path of a deal through its pipeline.</summary>
    public static ImmutableArray<StageStep> Path(PipelineView pipeline, DealView deal, ImmutableArray<VisitView> visits)
    {
        var stages = pipeline.Stages.OrderBy(stage => stage.Order).ToImmutableArray();
        var current = deal.State == "open" ? deal.Stage?.Key : null;
        var furthest = stages.LastOrDefault(stage => visits.Any(visit => visit.Stage == stage.Key))?.Order ?? -1;
        return [.. stages.Select(stage => Of(stage, current, furthest, [.. visits.Where(visit => visit.Stage == stage.Key)]))];
    }

    private static StageStep Of(PipelineStageView stage, string? current, int furthest, ImmutableArray<VisitView> stays)
    {
        var place = stage.Key == current ? StagePlace.Current
            : stays.Length > 0 ? StagePlace.Passed
            : stage.Order < furthest ? StagePlace.Skipped : StagePlace.Ahead;
        return new(stage, place, stays.Length == 0 ? null : stays.Sum(stay => stay.WorkingSecondsSoFar))
        {
            WaitedSeconds = stays.Sum(stay => stay.WaitedSeconds), Waits = stays.Any(stay => stay.WaitingSince is not null),
            LimitSeconds = stays.Length == 0 ? stage.LimitHours * 3600 : stays[^1].LimitSeconds, Late = stays.Any(stay => stay.Late),
        };
    }
}
