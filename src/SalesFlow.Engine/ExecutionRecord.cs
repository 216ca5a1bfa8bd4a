using System.Text.Json;

namespace SalesFlow.Engine;

/// <summary>One execution of one activity, put together from its lines in the journal: what Studio's instance viewer shows of it.</summary>
public sealed record ExecutionRecord
{
    /// <summary>Number of the execution in its instance (<see cref="Activation.Id"/>).</summary>
    public required int Id { get; init; }
    /// <summary>The execution that contains it; 0 for the root.</summary>
    public required int Parent { get; init; }
    /// <summary>The execution that led to it; 0 for the root.</summary>
    public required int ScheduledBy { get; init; }
    /// <summary>How many executions led to it, one after the other; 0 for the root.</summary>
    public required int CallStackDepth { get; init; }
    /// <summary>Id of the activity.</summary>
    public required string ActivityId { get; init; }
    /// <summary>Path of ids of the activity.</summary>
    public required string NodeId { get; init; }
    /// <summary>Type of the activity.</summary>
    public required string ActivityType { get; init; }
    /// <summary>When it first began.</summary>
    public required DateTimeOffset StartedAt { get; init; }
    /// <summary>When it completed; null when it did not (a cancelled one has no time in Elsa either).</summary>
    public DateTimeOffset? CompletedAt { get; init; }
    /// <summary>Where it stands.</summary>
    public ActivityStatus Status { get; init; } = ActivityStatus.Running;
    /// <summary>It waits for something.</summary>
    public bool HasBookmarks { get; init; }
    /// <summary>The inputs as last evaluated.</summary>
    public Snapshot? State { get; init; }
    /// <summary>Every output that was set, with its last value.</summary>
    public Snapshot? Outputs { get; init; }
    /// <summary>The outcomes it completed with.</summary>
    public IReadOnlyList<string>? Outcomes { get; init; }
    /// <summary>What faulted it, unless it was retried.</summary>
    public Failure? Failure { get; init; }
    /// <summary>Faults of its own and of everything inside it, retried ones included.</summary>
    public int FaultCount { get; init; }

    /// <summary>The executions of an instance in the order they began, from the whole journal in order.</summary>
    public static IReadOnlyList<ExecutionRecord> Of(IEnumerable<JournalEntry> journal)
    {
        var (records, order) = (new Dictionary<int, ExecutionRecord>(), new List<int>());
        foreach (var line in journal)
        {
            if (!records.TryGetValue(line.Activation, out var record))
            {
                record = First(line, records.TryGetValue(line.ScheduledBy, out var before) ? before.CallStackDepth + 1 : 0);
                order.Add(line.Activation);
            }
            records[line.Activation] = record.After(line);
            if (line.Event == "Faulted")
                CountFault(line.Activation, records);
        }
        return [.. order.Select(id => records[id])];
    }

    /// <summary>An execution of which only its first line is known, and not yet what that says.</summary>
    public static ExecutionRecord First(JournalEntry line, int depth) => new()
    {
        Id = line.Activation, Parent = line.Parent, ScheduledBy = line.ScheduledBy, ActivityId = line.ActivityId, NodeId = line.NodeId, ActivityType = line.ActivityType,
        StartedAt = line.At, CallStackDepth = depth,
    };

    /// <summary>The execution after one more of its lines; faults are counted by whoever knows what lies inside what.</summary>
    public ExecutionRecord After(JournalEntry line)
    {
        var next = this with { State = line.State ?? State, Outputs = Merged(Outputs, line.Outputs), HasBookmarks = line.Event == "Suspended" };
        return line.Event switch
        {
            "Started" or "Resumed" or "Suspended" => next with { Status = ActivityStatus.Running, Failure = null },
            "Completed" => next with { Status = ActivityStatus.Completed, CompletedAt = line.At, Outcomes = line.Outcomes },
            "Canceled" => next with { Status = ActivityStatus.Canceled },
            "Faulted" => next with { Status = ActivityStatus.Faulted, Failure = line.Failure },
            _ => this,
        };
    }

    private static void CountFault(int id, Dictionary<int, ExecutionRecord> records)
    {
        while (records.TryGetValue(id, out var record))
        {
            records[id] = record with { FaultCount = record.FaultCount + 1 };
            id = record.Parent;
        }
    }

    private static Snapshot? Merged(Snapshot? before, Snapshot? now)
    {
        if (before is null || now is null)
            return now ?? before;
        var values = new Dictionary<string, object?>();
        foreach (var snapshot in new[] { before, now })
            foreach (var (name, value) in JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(snapshot.Json)!)
                values[name] = value;
        return Snapshot.Of([.. values]);
    }
}
