using System.Runtime.CompilerServices;
using Microsoft.Extensions.Caching.Memory;
using SalesFlow.Engine;
using SalesFlow.Runtime;

namespace SalesFlow.Studio.Instances;

/// <summary>
/// Journals of instances. What has happened stays as it is, so of a journal that was read lately a <see cref="Ledger"/> is kept, and only the turns that came since are read
/// from the database: a viewer asks for many parts of one journal, again and again. A long one is read turn by turn, only those that are needed, and never held whole.
/// </summary>
internal sealed class Journals(WorkflowRuntime runtime) : IDisposable
{
    private const int Most = 500_000, AtOnce = 200;
    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(5);
    private readonly MemoryCache _ledgers = new(new MemoryCacheOptions { SizeLimit = Most });

    /// <summary>What is known of an instance's journal, up to its last turn.</summary>
    public async Task<Ledger> OpenAsync(InstanceRow instance, CancellationToken cancel)
    {
        // An id that came back with an import begins anew: the time tells, or that the last turn is gone.
        if (!_ledgers.TryGetValue(instance.Id, out Ledger? ledger) || ledger!.CreatedAt != instance.CreatedAt || ledger.Turn > instance.Version && !await runtime.HasTurnAsync(new InstanceId(instance.Id), ledger.Turn, cancel))
            Keep(instance, ledger = new(instance.CreatedAt));
        await ledger.Gate.WaitAsync(cancel);
        try
        {
            if (ledger.Turn >= instance.Version)
                return ledger;
            await foreach (var (turn, lines) in runtime.TurnsAsync(new InstanceId(instance.Id), ledger.Turn, cancel))
                ledger.Add(turn, lines);
            Keep(instance, ledger);
            return ledger;
        }
        finally
        {
            ledger.Gate.Release();
        }
    }

    /// <summary>The turns of a journal that are wanted, with their lines, oldest first, one turn in memory at a time.</summary>
    public async IAsyncEnumerable<(LedgerTurn Turn, IReadOnlyList<JournalEntry> Lines)> ReadAsync(InstanceRow instance, Ledger ledger, Func<LedgerTurn, bool> wanted, [EnumeratorCancellation] CancellationToken cancel)
    {
        var (turns, held) = ledger.Read();
        if (held is not null)
        {
            foreach (var turn in turns.Where(wanted))
                yield return (turn, [.. held.Skip(turn.FirstLine).Take(turn.LineCount)]);
            yield break;
        }
        foreach (var some in turns.Where(wanted).Chunk(AtOnce))
        {
            var byNumber = some.ToDictionary(turn => turn.Turn);
            await foreach (var (number, lines) in runtime.TurnsAsync(new InstanceId(instance.Id), byNumber.Keys, cancel))
                yield return (byNumber[number], lines);
        }
    }

    /// <inheritdoc />
    public void Dispose() => _ledgers.Dispose();

    private void Keep(InstanceRow instance, Ledger ledger) =>
        _ledgers.Set(instance.Id, ledger, new MemoryCacheEntryOptions { Size = ledger.Size, AbsoluteExpirationRelativeToNow = Remembered });
}
