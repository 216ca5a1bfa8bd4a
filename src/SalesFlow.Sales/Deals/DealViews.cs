using System.Collections.Immutable;
using SalesFlow.Runtime;

namespace SalesFlow.Sales.Deals;

/// <summary>A deal as lists, pages and the API show it. Ids are strings; people are sign-in names with the display name beside.</summary>
public sealed record DealView
{
    /// <summary>Id of the deal.</summary>
    public required string Id { get; init; }
    /// <summary>Number for people, e.g. D-1024.</summary>
    public required string Number { get; init; }
    /// <summary>What is being sold.</summary>
    public required string Title { get; init; }
    /// <summary>Key of the pipeline.</summary>
    public required string Pipeline { get; init; }
    /// <summary>Version of the definition the deal runs on.</summary>
    public required int DefinitionVersion { get; init; }
    /// <summary>open, won or lost.</summary>
    public required string State { get; init; }
    /// <summary>Where it stands; null before the first stage and after it was closed outside one.</summary>
    public StageView? Stage { get; init; }
    /// <summary>Sign-in name of the owner; null when nobody owns it.</summary>
    public string? Owner { get; init; }
    /// <summary>Display name of the owner.</summary>
    public string? OwnerName { get; init; }
    /// <summary>Who buys.</summary>
    public required ClientView Client { get; init; }
    /// <summary>Expected sum.</summary>
    public required decimal Amount { get; init; }
    /// <summary>ISO code of the sum's currency.</summary>
    public required string Currency { get; init; }
    /// <summary>Where the client came from.</summary>
    public string? Channel { get; init; }
    /// <summary>The deal's own fields by name.</summary>
    public required IReadOnlyDictionary<string, object?> Fields { get; init; }
    /// <summary>Id of its workflow instance.</summary>
    public required string InstanceId { get; init; }
    /// <summary>Grows with every change; what If-Match compares.</summary>
    public required long Version { get; init; }
    /// <summary>When it was created.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
    /// <summary>When it was won or lost.</summary>
    public DateTimeOffset? ClosedAt { get; init; }
    /// <summary>Why it was won or lost: a known reason of a loss in the reader's language, details in the words of the one who closed it.</summary>
    public string? Reason { get; init; }
    /// <summary>Key of the reason of a loss, the same in every language; other for one without a key. Null unless the deal is lost.</summary>
    public string? LossReason { get; init; }
}

/// <summary>The stage a deal stands in.</summary>
public sealed record StageView(string Key, string Name, DateTimeOffset EnteredAt);

/// <summary>A client as shown beside a deal.</summary>
public sealed record ClientView(string Id, string Name, string? Inn = null, string? Contact = null, string? Email = null, string? Phone = null);

/// <summary>
/// A stage of the pipeline seen from a deal: may it move there, and if not, why, and the smallest sets of steps that would let it, quickest first.
/// </summary>
public sealed record MoveView(string Stage, string Name, bool Allowed, ImmutableArray<Obstacle> Obstacles, ImmutableArray<MoveFix> Fixes)
{
    /// <summary>True when nothing stands in the way, or only rules that a reason is enough for: they keep nobody from moving.</summary>
    public bool IsFree() => Obstacles.All(obstacle => obstacle.NeedsReason);
}

/// <summary>Steps that together let a deal move, and how many working hours they are expected to take.</summary>
public sealed record MoveFix(double Hours, ImmutableArray<Obstacle> Steps);

/// <summary>
/// One stay of a deal in a stage, measured in calendar and working seconds once it has ended; <paramref name="WorkingSecondsSoFar"/> counts while it lasts too.
/// Working seconds are without the time in which the deal waited for its client.
/// </summary>
public sealed record VisitView(string Stage, string StageName, DateTimeOffset EnteredAt, DateTimeOffset? LeftAt, string? Outcome,
    long? CalendarSeconds, long? WorkingSeconds, string? Owner, int DefinitionVersion, long WorkingSecondsSoFar)
{
    /// <summary>Since when it waits for the client: its clock stands still.</summary>
    public DateTimeOffset? WaitingSince { get; init; }
    /// <summary>Working seconds in which it waited for the client so far.</summary>
    public long WaitedSeconds { get; init; }
    /// <summary>Working seconds that it may last, as the engine computed them; null for no limit.</summary>
    public long? LimitSeconds { get; init; }
    /// <summary>It lasted longer, or does so now.</summary>
    public bool Late { get; init; }
}

/// <summary>One line of a deal's history, in the reader's language. <paramref name="Kind"/> is a stable word for machines.</summary>
public sealed record TimelineView(string Id, string Kind, string Text, DateTimeOffset At, string? Actor);

/// <summary>What is needed to create a deal. <paramref name="Owner"/> is a sign-in name.</summary>
public sealed record NewDeal(string Pipeline, string Title, NewClient Client, decimal Amount, string Currency, string? Channel = null,
    string? Owner = null, IReadOnlyDictionary<string, object?>? Fields = null);

/// <summary>A client given with a new deal; an existing one of the same name (and tax number) is used again.</summary>
public sealed record NewClient(string Name, string? Inn = null, string? Contact = null, string? Email = null, string? Phone = null);

/// <summary>A merge patch: what is null stays as it is, in <paramref name="Fields"/> a null value removes the field. An empty owner takes the deal from its owner.</summary>
public sealed record DealPatch(string? Title = null, decimal? Amount = null, string? Currency = null, string? Channel = null,
    string? Owner = null, IReadOnlyDictionary<string, object?>? Fields = null)
{
    /// <summary>What a deal has a property for: a field of such a name could never be read.</summary>
    public static ImmutableArray<string> Names { get; } = ["title", "amount", "currency", "channel", "owner"];
}

/// <summary>Which deals to list: all that is given must hold. <paramref name="Owner"/> is a sign-in name, "me" or "none".</summary>
public sealed record DealFilter(string? Pipeline = null, string? Stage = null, string? State = null, string? Owner = null, string? Q = null,
    int Limit = 50, string? Cursor = null)
{
    /// <summary>Only open deals that nobody has anything to do for.</summary>
    public bool WithoutNextAction { get; init; }
    /// <summary>Only deals that a head of sales should look at for that reason; null for any.</summary>
    public Attention? Attention { get; init; }
}

/// <summary>Why a deal needs a look, as the morning digest counts it.</summary>
public enum Attention
{
    /// <summary>Somebody has something to do for it, and for a week nothing was heard of it.</summary>
    Quiet,
    /// <summary>A task of it is overdue.</summary>
    Overdue,
    /// <summary>A rule of it was broken on the last working day before today, or since.</summary>
    Broken,
    /// <summary>Whoever is to do a task of it is away, or everybody of the role that may take it.</summary>
    Unattended,
}

/// <summary>
/// A move that is asked for: the stage's key; breaking the glass needs a reason and the right to. <paramref name="From"/> is the stage in which whoever asks has seen the deal: the move is
/// refused when it stands elsewhere by now. Null for wherever it stands.
/// </summary>
public sealed record DealMove(string Stage, string? Reason = null, bool BreakGlass = false, string? From = null);
