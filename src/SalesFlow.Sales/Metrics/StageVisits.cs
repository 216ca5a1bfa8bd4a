using System.Collections.Immutable;

namespace SalesFlow.Sales.Metrics;

/// <summary>A stay as metrics read it, with what came of the deal afterwards. <paramref name="Next"/> is the stage of the following stay, if there is one.</summary>
internal sealed record StageVisit(string Stage, DateTimeOffset EnteredAt, DateTimeOffset? LeftAt, string? Outcome, long? CalendarSeconds, long? WorkingSeconds, string? Next, bool Won, bool Lost, string? Group);

/// <summary>Where a stay led.</summary>
internal enum Way { Open, Passed, Lost, Back }

/// <summary>Counts stays into funnels.</summary>
internal static class StageVisits
{
    /// <summary>
    /// Where the stay led: forward (by its outcome, by a move to a later stage, or to the won deal), out of the pipeline, back, or nowhere yet.
    /// The order of stages decides what is forward, so that a move past the drawn connections counts like one along them.
    /// </summary>
    public static Way WayOf(StageVisit visit, IReadOnlyDictionary<string, int> order)
    {
        if (visit.LeftAt is null)
            return Way.Open;
        if (visit.Next is { } next)
            return order.GetValueOrDefault(next) > order.GetValueOrDefault(visit.Stage) ? Way.Passed : Way.Back;
        return visit.Lost ? Way.Lost : visit.Won || visit.Outcome == Engine.Outcomes.Done ? Way.Passed : Way.Back;
    }

    /// <summary>A row for each stage and group, in the order of the stages, then of the groups.</summary>
    public static ImmutableArray<FunnelRow> Funnel(IReadOnlyCollection<StageVisit> visits, IReadOnlyList<(string Key, string Name)> stages)
    {
        var order = stages.Select((stage, index) => (stage.Key, index)).ToDictionary(pair => pair.Key, pair => pair.index);
        var rows = visits.GroupBy(visit => (visit.Stage, visit.Group)).ToDictionary(group => group.Key, group => group.CountBy(visit => WayOf(visit, order)).ToDictionary());
        var groups = visits.Select(visit => visit.Group).Distinct().DefaultIfEmpty(null).Order(StringComparer.CurrentCulture).ToList();
        return [.. from stage in stages
                   from @group in groups
                   select Row(stage, @group, rows.GetValueOrDefault((stage.Key, @group)) ?? [])];
    }

    private static FunnelRow Row((string Key, string Name) stage, string? group, Dictionary<Way, int> ways)
    {
        var (passed, lost, back, open) = (ways.GetValueOrDefault(Way.Passed), ways.GetValueOrDefault(Way.Lost), ways.GetValueOrDefault(Way.Back), ways.GetValueOrDefault(Way.Open));
        var share = Share.Of(passed, passed + lost + back);
        return new(stage.Key, stage.Name, group, passed + lost + back + open, passed, lost, open, new(share?.Rate, share?.Low, share?.High));
    }
}
