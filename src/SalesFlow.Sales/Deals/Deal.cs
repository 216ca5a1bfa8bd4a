using SalesFlow.Engine;
using SalesFlow.Sales.Approvals;
using SalesFlow.Sales.Documents;
using SalesFlow.Sales.Tasks;

namespace SalesFlow.Sales.Deals;

/// <summary>How a deal stands.</summary>
public abstract record DealState
{
    private DealState() { }

    /// <summary>Being worked on.</summary>
    public sealed record Open : DealState;
    /// <summary>The client bought.</summary>
    public sealed record Won(DateTimeOffset At, string? Reason) : DealState;
    /// <summary>The client did not buy.</summary>
    public sealed record Lost(DateTimeOffset At, string? Reason) : DealState;

    /// <summary>The word for it in answers and expressions: open, won or lost.</summary>
    internal string Key => this switch { Won => "won", Lost => "lost", _ => "open" };
}

/// <summary>One sale on its way through a pipeline. Its id is that of its workflow instance.</summary>
public sealed partial class Deal
{
    private Deal() { }

    /// <summary>The same number as its workflow instance.</summary>
    public DealId Id { get; private set; }
    /// <summary>Number for people.</summary>
    public string Number { get; private set; } = "";
    /// <summary>What is being sold.</summary>
    public string Title { get; private set; } = "";
    /// <summary>Definition id of its pipeline.</summary>
    public string Pipeline { get; private set; } = "";
    /// <summary>Key of its pipeline.</summary>
    public string PipelineKey { get; private set; } = "";
    /// <summary>Version id of the definition it runs on.</summary>
    public string DefinitionVersionId { get; private set; } = "";
    /// <summary>Version of the definition it runs on.</summary>
    public int DefinitionVersion { get; private set; }
    /// <summary>Stage it stands in.</summary>
    public string? StageKey { get; private set; }
    /// <summary>Name of that stage when it was entered.</summary>
    public Text? StageName { get; private set; }
    /// <summary>When it entered that stage.</summary>
    public DateTimeOffset? StageEnteredAt { get; private set; }
    /// <summary>Who carries it; null for nobody.</summary>
    public UserId? Owner { get; private set; }
    /// <summary>Who buys.</summary>
    public ClientId ClientId { get; private set; }
    /// <summary>Who buys.</summary>
    public Client Client { get; private set; } = null!;
    /// <summary>Expected sum.</summary>
    public decimal Amount { get; private set; }
    /// <summary>ISO code of the sum's currency.</summary>
    public string Currency { get; private set; } = "";
    /// <summary>Where the client came from.</summary>
    public string? Channel { get; private set; }
    /// <summary>Its own fields by name.</summary>
    public Dictionary<string, object?> Fields { get; private set; } = [];
    /// <summary>When it was created.</summary>
    public DateTimeOffset CreatedAt { get; private set; }
    /// <summary>Grows with every change of the deal itself; what happens to its tasks and documents leaves it as it is.</summary>
    public long Version { get; private set; }
    /// <summary>How it stands, computed from the columns below.</summary>
    public DealState State => WonAt is { } won ? new DealState.Won(won, CloseReason) : LostAt is { } lost ? new DealState.Lost(lost, CloseReason) : new DealState.Open();
    /// <summary>Its tasks, when they were loaded.</summary>
    public List<SalesTask> Tasks { get; private set; } = [];
    /// <summary>Its stays in stages, when they were loaded.</summary>
    public List<Visit> Visits { get; private set; } = [];
    /// <summary>Its documents, when they were loaded.</summary>
    public List<IssuedDocument> Documents { get; private set; } = [];

    /// <summary>Its meetings, when they were loaded.</summary>
    public List<Meetings.Meeting> Meetings { get; private set; } = [];
    /// <summary>Its approvals, when they were loaded.</summary>
    public List<Approval> Approvals { get; private set; } = [];

    // At most one of the two is set.
    internal DateTimeOffset? WonAt { get; private set; }
    internal DateTimeOffset? LostAt { get; private set; }
    internal string? CloseReason { get; private set; }
}

/// <summary>A company that buys.</summary>
public sealed partial class Client
{
    private Client() { }

    /// <summary>Id of the client.</summary>
    public ClientId Id { get; private set; }
    /// <summary>Name of the company.</summary>
    public string Name { get; private set; } = "";
    /// <summary>Tax number.</summary>
    public string? Inn { get; private set; }
    /// <summary>Whom to talk to.</summary>
    public string? Contact { get; private set; }
    /// <summary>Where to write.</summary>
    public string? Email { get; private set; }
    /// <summary>Where to call.</summary>
    public string? Phone { get; private set; }
}

/// <summary>One stay of a deal in a stage.</summary>
public sealed partial class Visit
{
    private Visit() { }

    /// <summary>The deal.</summary>
    public DealId DealId { get; private set; }
    /// <summary>From 1 within the deal.</summary>
    public int Number { get; private set; }
    /// <summary>The stage.</summary>
    public string StageKey { get; private set; } = "";
    /// <summary>Its name when it was entered.</summary>
    public Text StageName { get; private set; } = new("", "");
    /// <summary>When the stay began.</summary>
    public DateTimeOffset EnteredAt { get; private set; }
    /// <summary>When it ended; null while it lasts.</summary>
    public DateTimeOffset? LeftAt { get; private set; }
    /// <summary>How the stage was left.</summary>
    public string? Outcome { get; private set; }
    /// <summary>Length once ended.</summary>
    public long? CalendarSeconds { get; private set; }
    /// <summary>Length in working time once ended, without the time in which it waited for the client.</summary>
    public long? WorkingSeconds { get; private set; }
    /// <summary>Since when it waits for the client; null while it does not.</summary>
    public DateTimeOffset? WaitingSince { get; private set; }
    /// <summary>Working seconds that it has waited for the client, this wait not counted.</summary>
    public long WaitedSeconds { get; private set; }
    /// <summary>Working seconds that it may last, as the engine computed them last; null for no limit.</summary>
    public long? LimitSeconds { get; private set; }
    /// <summary>When these are over, as far as is known: a wait for the client that has not ended is not counted.</summary>
    public DateTimeOffset? LimitAt { get; private set; }
    /// <summary>Who carried the deal.</summary>
    public UserId? Owner { get; private set; }
    /// <summary>Version id of the definition then.</summary>
    public string DefinitionVersionId { get; private set; } = "";
    /// <summary>Version of the definition then.</summary>
    public int DefinitionVersion { get; private set; }
}
