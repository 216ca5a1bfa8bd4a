using System.Collections.Immutable;

namespace SalesFlow.Sales.Metrics;

/// <summary>A funnel: the cohort of visits that began in the period, by stage and group.</summary>
public sealed record FunnelView(string Pipeline, DateTimeOffset From, DateTimeOffset To, string? By, ImmutableArray<FunnelRow> Items);

/// <summary>One stage of a funnel for one group (null when not grouped).</summary>
public sealed record FunnelRow(string Stage, string Name, string? Group, int Entered, int Passed, int Lost, int Open, ConversionView Conversion);

/// <summary>Share of closed visits that passed and its 95 % Wilson interval; null when none has ended.</summary>
public sealed record ConversionView(double? Rate, double? Low, double? High);

/// <summary>Why the deals that were lost in the period were lost, the most frequent reason first. Sums are by currency.</summary>
public sealed record LossesView(string Pipeline, DateTimeOffset From, DateTimeOffset To, int Deals, ImmutableArray<LossRow> Items);

/// <summary>One reason: its key, its name in the reader's language, how many deals, their share of all losses, and what they were worth.</summary>
public sealed record LossRow(string Reason, string Name, int Deals, double Share, ImmutableArray<LossSum> Sums);

/// <summary>A sum in one currency.</summary>
public sealed record LossSum(string Currency, decimal Sum);

/// <summary>How long deals stay in the stages.</summary>
public sealed record StageTimesView(string Pipeline, DateTimeOffset From, DateTimeOffset To, ImmutableArray<StageTimesRow> Items);

/// <summary>
/// Stays in one stage; open ones count as censored. A quantile is null when so many visits are open that it isn't reached. Working seconds are without the time in
/// which deals waited for their clients; that is <paramref name="AverageWaitedSeconds"/> of working time for each stay, null without stays.
/// </summary>
public sealed record StageTimesRow(string Stage, string Name, int Visits, int Open, double? MedianCalendarSeconds, double? P90CalendarSeconds,
    double? MedianWorkingSeconds, double? P90WorkingSeconds, double? AverageWaitedSeconds);
