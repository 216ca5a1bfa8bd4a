using System.Runtime.CompilerServices;
using SalesFlow.Engine;

namespace SalesFlow.Studio.Instances;

/// <summary>
/// Reads executions of an instance from its journal. Of very many there are only those in memory that a list waits for: the ledger has whatever takes long, so that
/// each of the others is over a few lines after it began.
/// </summary>
internal static class Executions
{
    /// <summary>The executions of a node, or all of them, in the order they began; with <paramref name="completed"/> only those that have completed, or have not.</summary>
    public static async IAsyncEnumerable<ExecutionRecord> ListAsync(InstanceQueries instances, SeenInstance instance, string? node, bool? completed, [EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var record in InOrderAsync(instances, instance, node, cancel))
            if (completed is null || completed == record.CompletedAt is not null)
                yield return instance.Settled(record);
    }

    /// <summary>How many executions <see cref="ListAsync"/> has.</summary>
    public static int Count(SeenInstance instance, string? node, bool? completed) => instance.Ledger.Counts().Where(count => node is null || count.NodeId == node)
        .Sum(count => completed switch { null => count.Started, true => count.Completed, false => count.Started - count.Completed });

    /// <summary>Executions by their numbers; those that there are not are left out.</summary>
    public static async Task<IReadOnlyDictionary<int, ExecutionRecord>> FindAsync(InstanceQueries instances, SeenInstance instance, IEnumerable<int> wanted, CancellationToken cancel)
    {
        var (found, missing) = (new Dictionary<int, ExecutionRecord>(), new Dictionary<int, Begun>());
        foreach (var id in wanted)
            if (instance.Kept(id) is { } kept)
                found[id] = kept;
            else if (instance.Ledger.Find(id) is { } begun)
                missing[id] = begun;
        if (missing.Count == 0)
            return found;
        var first = missing.Values.Min(begun => begun.Line);
        await foreach (var (_, lines) in instances.LinesAsync(instance.Row, instance.Ledger, turn => turn.FirstLine + turn.LineCount > first, cancel))
        {
            foreach (var line in lines)
                if (missing.TryGetValue(line.Activation, out var begun))
                    Take(line, begun, found, missing);
            if (missing.Count == 0)
                break;
        }
        return found;
    }

    private static void Take(JournalEntry line, Begun begun, Dictionary<int, ExecutionRecord> found, Dictionary<int, Begun> missing)
    {
        found[line.Activation] = (found.TryGetValue(line.Activation, out var record) ? record : ExecutionRecord.First(line, begun.Depth)).After(line);
        if (IsOver(line))
            missing.Remove(line.Activation);
    }

    private static async IAsyncEnumerable<ExecutionRecord> InOrderAsync(InstanceQueries instances, SeenInstance instance, string? node, [EnumeratorCancellation] CancellationToken cancel)
    {
        var kept = instance.Ledger.AllKept();
        if (node is not null && kept.Values.Where(record => record.NodeId == node).OrderBy(record => instance.Ledger.Find(record.Id)?.Line).ToList() is var known && known.Count == Count(instance, node, null))
        {
            foreach (var record in known)
                yield return record;
            yield break;
        }
        var waiting = new Waiting(kept, instance.Ledger);
        await foreach (var (_, lines) in instances.LinesAsync(instance.Row, instance.Ledger, turn => node is null || turn.Kinds.Any(kind => kind.Kind.NodeId == node), cancel))
        {
            foreach (var line in lines)
                if (node is null || line.NodeId == node)
                    waiting.Take(line);
            while (waiting.Next() is { } record)
                yield return record;
        }
        foreach (var record in waiting.Rest())
            yield return record;
    }

    private static bool IsOver(JournalEntry line) => line.Event is "Completed" or "Canceled";

    /// <summary>Executions in the order they began, each held until it is known how it ended.</summary>
    private sealed class Waiting(Dictionary<int, ExecutionRecord> kept, Ledger ledger)
    {
        private readonly Queue<int> _order = [];
        private readonly HashSet<int> _begun = [];
        private readonly Dictionary<int, ExecutionRecord> _open = [], _over = [];

        public void Take(JournalEntry line)
        {
            if (_begun.Add(line.Activation))
                _order.Enqueue(line.Activation);
            if (kept.ContainsKey(line.Activation))
                return;
            var record = (_open.TryGetValue(line.Activation, out var known) ? known : ExecutionRecord.First(line, ledger.Find(line.Activation)?.Depth ?? 0)).After(line);
            _open.Remove(line.Activation);
            (IsOver(line) ? _over : _open)[line.Activation] = record;
        }

        public ExecutionRecord? Next()
        {
            if (!_order.TryPeek(out var id) || !kept.TryGetValue(id, out var record) && !_over.Remove(id, out record))
                return null;
            _order.Dequeue();
            return record;
        }

        public IEnumerable<ExecutionRecord> Rest() => _order.Select(id => kept.GetValueOrDefault(id) ?? _over.GetValueOrDefault(id) ?? _open.GetValueOrDefault(id)).OfType<ExecutionRecord>();
    }
}
