using System.Collections.Immutable;

namespace SalesFlow.Sales.Board;

/// <summary>
/// Which open deals a board shows: all that is given must hold. <paramref name="Owner"/> is a sign-in name, me or none; <paramref name="Segment"/> the value of the
/// deal's field of that name. <paramref name="Overdue"/>: an open task is late. <paramref name="Idle"/>: nothing has happened for a week, or nobody has anything to do.
/// </summary>
public sealed record BoardFilter(string Pipeline, string? Owner = null, string? Channel = null, string? Team = null, string? Segment = null, bool Overdue = false, bool Idle = false);

/// <summary>A pipeline with its open deals by stage.</summary>
public sealed record BoardView(string Pipeline, string Name, ImmutableArray<BoardColumn> Columns, ImmutableArray<string> Channels, ImmutableArray<string> Teams)
{
    /// <summary>Deals on the board.</summary>
    public int Count => Columns.Sum(column => column.Count);
}

/// <summary>A stage with its deals: how many, their sums by currency, the same weighted by the probability of winning, and the first cards.</summary>
public sealed record BoardColumn(string Stage, string Name, double Probability, double? LimitHours, int Count, ImmutableArray<BoardSum> Sums, ImmutableArray<BoardCard> First);

/// <summary>A sum of one currency.</summary>
public sealed record BoardSum(string Currency, decimal Sum, decimal Weighted);

/// <summary>A deal on the board; <paramref name="SpentSeconds"/> is working time in the stage so far, <paramref name="Late"/> past the stage's limit.</summary>
public sealed record BoardCard(string Id, string Number, string Title, string Client, decimal Amount, string Currency, string? Owner, long SpentSeconds, bool Late)
{
    /// <summary>Working seconds that the deal may stay in the stage, as the engine computed them; null for no limit.</summary>
    public long? LimitSeconds { get; init; }
    /// <summary>What is to be done next; null when nobody has anything to do.</summary>
    public string? NextTask { get; init; }
    /// <summary>When that is due.</summary>
    public DateTimeOffset? NextDue { get; init; }
    /// <summary>It is late.</summary>
    public bool Overdue { get; init; }
    /// <summary>Whoever looks may move the deal.</summary>
    public bool MayMove { get; init; }
}

/// <summary>A kept choice of filters; the query is that of the board's address.</summary>
public sealed record SavedView(string Name, string Query);
