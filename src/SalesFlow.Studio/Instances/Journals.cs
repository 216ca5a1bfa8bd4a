using System.Runtime.CompilerServices;
using Microsoft.Extensions.Caching.Memory;
using SalesFlow.Engine;
using SalesFlow.Runtime;

namespace SalesFlow.Studio.Instances;

/// <summary>
/// Journals of instances. What has happened stays as it is, so a journal that was read lately is remembered, and only the turns that came since are read from the
/// database: a viewer asks for many parts of one journal, again and again. One too long to be remembered is read turn by turn and never held whole.
/// </summary>
internal sealed class Journals(WorkflowRuntime runtime) : IDisposable
{
    private const int LongestRemembered = 20_000, MostLines = 60_000;
    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(5);
    private readonly MemoryCache _read = new(new MemoryCacheOptions { SizeLimit = MostLines });

    /// <summary>Every line of an instance, oldest first.</summary>
    public async IAsyncEnumerable<JournalEntry> LinesAsync(InstanceRow instance, [EnumeratorCancellation] CancellationToken cancel)
    {
        // An id that came back with an import begins anew: the version tells.
        var known = _read.TryGetValue(instance.Id, out Known? kept) && kept!.CreatedAt == instance.CreatedAt && kept.Turn <= instance.Version ? kept : new(instance.CreatedAt, 0, []);
        foreach (var line in known.Lines)
            yield return line;
        if (known.Turn == instance.Version)
            yield break;
        var (last, lines) = (instance.Version, new List<JournalEntry>(known.Lines));
        await foreach (var (turn, later) in runtime.TurnsAsync(new InstanceId(instance.Id), known.Turn, cancel))
        {
            last = Math.Max(last, turn);
            if (lines.Count <= LongestRemembered)
                lines.AddRange(later);
            foreach (var line in later)
                yield return line;
        }
        if (lines.Count <= LongestRemembered)
            _read.Set(instance.Id, new Known(instance.CreatedAt, last, lines), new MemoryCacheEntryOptions { Size = lines.Count + 1, AbsoluteExpirationRelativeToNow = Remembered });
    }

    /// <inheritdoc />
    public void Dispose() => _read.Dispose();

    /// <summary>The lines up to a turn.</summary>
    private sealed record Known(DateTimeOffset CreatedAt, long Turn, IReadOnlyList<JournalEntry> Lines);
}
