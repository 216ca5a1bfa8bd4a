using SalesFlow.Engine;

namespace SalesFlow.Studio.Instances;

/// <summary>A turn of an instance as its ledger knows it: the place of its first line in the whole journal, and how many lines of each kind it has.</summary>
internal sealed record LedgerTurn(long Turn, int FirstLine, IReadOnlyList<(LineKind Kind, int Count)> Kinds)
{
    /// <summary>How many lines it has.</summary>
    public int LineCount => Kinds.Sum(kind => kind.Count);
}

/// <summary>What many lines of a journal have in common.</summary>
internal sealed record LineKind(string ActivityId, string NodeId, string ActivityType, string Event);

/// <summary>How often the activity of a node began, and how often it completed; the most faults that one execution of it counts.</summary>
internal sealed record NodeCount(string ActivityId, string NodeId, int Started, int Completed, int FaultCount);

/// <summary>
/// What is known of an instance's journal without holding it: counts for each turn and each node, who led to each execution, and the executions that a list cannot wait
/// for, since they are open, failed or went on for long. It takes some 60 bytes for an execution, however much the journal says of it, and only grows.
/// </summary>
internal sealed class Ledger(DateTimeOffset createdAt)
{
    /// <summary>Lines that an execution may take to its end before it is kept; a list holds as many while it waits for one.</summary>
    private const int LongSpan = 2_000;
    /// <summary>Lines of a journal that is short enough to be held.</summary>
    private const int ShortJournal = 20_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<LineKind, LineKind> _kinds = [];
    private readonly Dictionary<string, NodeCount> _nodes = [];
    private readonly List<string> _nodesInOrder = [];
    private readonly List<LedgerTurn> _turns = [];
    private readonly Dictionary<int, Begun> _begun = [];
    private readonly Dictionary<int, ExecutionRecord> _kept = [];
    private List<JournalEntry>? _lines = [];

    /// <summary>When the instance was created: an id that came back with an import begins anew.</summary>
    public DateTimeOffset CreatedAt { get; } = createdAt;
    /// <summary>The last turn that it knows.</summary>
    public long Turn { get; private set; }
    /// <summary>Lines of the journal.</summary>
    public int LineCount { get; private set; }
    /// <summary>Only one reader at a time brings it up to date.</summary>
    public SemaphoreSlim Gate { get; } = new(1, 1);

    /// <summary>What it takes in a cache, in lines or executions.</summary>
    public int Size
    {
        get
        {
            lock (_lock)
                return 1 + (_lines?.Count ?? 0) + _begun.Count / 2 + _turns.Count;
        }
    }

    /// <summary>Takes the next turn in.</summary>
    public void Add(long turn, IReadOnlyList<JournalEntry> lines)
    {
        lock (_lock)
        {
            var counts = new Dictionary<LineKind, int>(ReferenceEqualityComparer.Instance);
            for (var i = 0; i < lines.Count; i++)
            {
                var kind = KindOf(lines[i]);
                counts[kind] = counts.GetValueOrDefault(kind) + 1;
                Take(lines[i], kind, LineCount + i);
            }
            _turns.Add(new(turn, LineCount, [.. counts.Select(pair => (pair.Key, pair.Value))]));
            (Turn, LineCount) = (turn, LineCount + lines.Count);
            if (LineCount > ShortJournal)
                _lines = null;
            _lines?.AddRange(lines);
        }
    }

    /// <summary>Its turns, oldest first, and all their lines where these are held.</summary>
    public (IReadOnlyList<LedgerTurn> Turns, IReadOnlyList<JournalEntry>? Lines) Read()
    {
        lock (_lock)
            return ([.. _turns], _lines is null ? null : [.. _lines]);
    }

    /// <summary>An execution that is kept; null for one that has to be read.</summary>
    public ExecutionRecord? Kept(int execution)
    {
        lock (_lock)
            return _kept.GetValueOrDefault(execution);
    }

    /// <summary>Every execution that is kept, by number.</summary>
    public Dictionary<int, ExecutionRecord> AllKept()
    {
        lock (_lock)
            return new(_kept);
    }

    /// <summary>Where an execution began, who led to it and how deep it lies; null when there is none of that number.</summary>
    public Begun? Find(int execution)
    {
        lock (_lock)
            return _begun.TryGetValue(execution, out var begun) ? begun : null;
    }

    /// <summary>Counts of every node that has begun, in the order in which they first did.</summary>
    public IReadOnlyList<NodeCount> Counts()
    {
        lock (_lock)
            return [.. _nodesInOrder.Select(node => _nodes[node])];
    }

    private LineKind KindOf(JournalEntry line)
    {
        var kind = new LineKind(line.ActivityId, line.NodeId, line.ActivityType, line.Event);
        return _kinds.TryGetValue(kind, out var known) ? known : _kinds[kind] = kind;
    }

    private void Take(JournalEntry line, LineKind kind, int place)
    {
        if (!_begun.TryGetValue(line.Activation, out var begun))
            begun = Begin(line, kind, place);
        if (!_kept.TryGetValue(line.Activation, out var record))
            return;
        _kept[line.Activation] = record = record.After(line);
        if (line.Event == "Faulted")
            CountFault(line.Activation);
        if (line.Event is not ("Completed" or "Canceled"))
            return;
        if (line.Event == "Completed")
            Count(line.NodeId, count => count with { Completed = count.Completed + 1 });
        if (record is { Parent: not 0, FaultCount: 0, Failure: null } && place - begun.Line < LongSpan)
            _kept.Remove(line.Activation);
    }

    private Begun Begin(JournalEntry line, LineKind kind, int place)
    {
        var depth = _begun.TryGetValue(line.ScheduledBy, out var before) ? before.Depth + 1 : 0;
        if (_nodes.TryAdd(line.NodeId, new(line.ActivityId, line.NodeId, 0, 0, 0)))
            _nodesInOrder.Add(line.NodeId);
        Count(line.NodeId, count => count with { Started = count.Started + 1 });
        _kept[line.Activation] = ExecutionRecord.First(line, depth);
        return _begun[line.Activation] = new(kind, line.ScheduledBy, depth, place);
    }

    private void CountFault(int execution)
    {
        while (_kept.TryGetValue(execution, out var record))
        {
            _kept[execution] = record = record with { FaultCount = record.FaultCount + 1 };
            Count(record.NodeId, count => count with { FaultCount = Math.Max(count.FaultCount, record.FaultCount) });
            execution = record.Parent;
        }
    }

    private void Count(string node, Func<NodeCount, NodeCount> change) => _nodes[node] = change(_nodes[node]);
}

/// <summary>How an execution began; <paramref name="Line"/> is the place of its first line in the whole journal.</summary>
internal readonly record struct Begun(LineKind Kind, int ScheduledBy, int Depth, int Line);
