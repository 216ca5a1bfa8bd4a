namespace SalesFlow.Engine;

/// <summary>Elsa's main statuses of an instance.</summary>
public enum WorkflowStatus { Running, Finished }

/// <summary>Elsa's sub-statuses: the first three belong to Running, the others to Finished.</summary>
public enum WorkflowSubStatus { Pending, Executing, Suspended, Finished, Cancelled, Faulted }

/// <summary>How flowcharts go on from an activity: by counting visits (the default) or by passing tokens.</summary>
public enum FlowchartMode { Default, TokenBased, CounterBased }

/// <summary>
/// All that an instance remembers between turns. The interpreter takes one over and hands one back: a caller that needs the old one
/// keeps its bytes (<see cref="ToBytes"/>). Equal histories give equal bytes.
/// </summary>
public sealed partial class InstanceState
{
    /// <summary>Id of the instance, unique in the installation.</summary>
    public long InstanceId { get; set; }
    /// <summary>Version id of the definition it runs.</summary>
    public string DefinitionVersionId { get; set; } = "";
    /// <summary>Running or Finished.</summary>
    public WorkflowStatus Status { get; set; }
    /// <summary>Why it is running or how it finished.</summary>
    public WorkflowSubStatus SubStatus { get; set; }
    /// <summary>When it finished; a retry clears it.</summary>
    public DateTimeOffset? FinishedAt { get; set; }
    /// <summary>What ties it to the outside world (an order number).</summary>
    public string? CorrelationId { get; set; }
    /// <summary>A name for people.</summary>
    public string? Name { get; set; }
    /// <summary>The instance that started it, if one did.</summary>
    public ParentLink? Parent { get; set; }
    /// <summary>It has started children, which are cancelled with it.</summary>
    public bool HasChildren { get; set; }
    /// <summary>The HTTP request that waits for this instance's response, if one does.</summary>
    public string? HttpRequest { get; set; }
    /// <summary>Last number given out; ids of executions, bookmarks, effects and journal entries come from here.</summary>
    public int Sequence { get; set; }
    /// <summary>How its flowcharts go on; the host decides when it is Default.</summary>
    public FlowchartMode Flowcharts { get; set; }
    /// <summary>Where it waits.</summary>
    public List<Bookmark> Bookmarks { get; set; } = [];
    /// <summary>What went wrong and was not retried.</summary>
    public List<Incident> Incidents { get; set; } = [];
    /// <summary>Outputs of the workflow.</summary>
    public Dictionary<string, object?> Output { get; set; } = [];
}
