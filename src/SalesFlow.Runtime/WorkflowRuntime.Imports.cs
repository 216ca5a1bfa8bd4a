using System.Globalization;
using Microsoft.EntityFrameworkCore;
using SalesFlow.Engine;

namespace SalesFlow.Runtime;

public sealed partial class WorkflowRuntime
{
    /// <summary>
    /// Takes instances over, all of them or none, and lets them wait on. One that is here already is left alone; an id that belongs to another one, or was never given
    /// out here, is replaced. Answers how many were taken over. Throws <see cref="KeyNotFoundException"/> for an unknown version, <see cref="AlterationException"/> for a state that does not fit it.
    /// </summary>
    public async Task<int> ImportAsync(IReadOnlyList<Import> imports, CancellationToken cancel)
    {
        var (rows, due, count) = (new RowBatch(), new List<DateTimeOffset>(), 0);
        await using var db = await databases.CreateDbContextAsync(cancel);
        var next = await db.IdBlocks.Where(row => row.Name == "ids").Select(row => row.Next).SingleOrDefaultAsync(cancel);
        var taken = new HashSet<long>();
        foreach (var import in imports)
        {
            var id = import.State.InstanceId;
            var here = await db.Instances.Where(row => row.Id == id).Select(row => (DateTimeOffset?)row.CreatedAt).SingleOrDefaultAsync(cancel);
            if (here == Rounded(import.CreatedAt))
                continue;
            if (here is not null || id <= 0 || id >= next || !taken.Add(id))
                Renumber(import.State, await NextIdAsync(cancel));
            var definition = await definitions.VersionAsync(import.DefinitionVersionId, cancel);
            if (import.State.Positions.Select(position => position.NodeId).FirstOrDefault(node => !definition.Nodes.ContainsKey(node)) is { } lost)
                throw new AlterationException($"Instance {id} stands at '{lost}', which version '{import.DefinitionVersionId}' does not have.");
            import.State.DefinitionVersionId = definition.VersionId;
            var turn = new Turn { State = import.State, Woke = true, Journal = [.. import.Journal], Bookmarked = [.. import.State.Bookmarks], Incidents = [.. import.State.Incidents] };
            TurnRows.Write(turn, definition, 0, import.CreatedAt, import.CreatedAt, kinds, rows);
            TurnRows.WriteJournal(turn, null, 0, import.CreatedAt, rows);
            due.AddRange(import.State.Bookmarks.Select(bookmark => bookmark.DueAt).OfType<DateTimeOffset>());
            count++;
        }
        if (count > 0)
            await store.CommitAsync(rows);
        due.ForEach(at => TimerSet?.Invoke(at));
        return count;
    }

    /// <summary>A task of the host is named after its instance.</summary>
    private static void Renumber(InstanceState state, long id)
    {
        var (before, after) = (string.Create(CultureInfo.InvariantCulture, $"{state.InstanceId:x}-"), string.Create(CultureInfo.InvariantCulture, $"{id:x}-"));
        for (var i = 0; i < state.Bookmarks.Count; i++)
            if (state.Bookmarks[i] is { Name: "Elsa.RunTask", Stimulus: { } task } && task.StartsWith(before, StringComparison.Ordinal))
                state.Bookmarks[i] = state.Bookmarks[i] with { Stimulus = after + task[before.Length..] };
        state.InstanceId = id;
    }

    private static DateTimeOffset Rounded(DateTimeOffset at) => new(at.UtcTicks - at.UtcTicks % TimeSpan.TicksPerMicrosecond, TimeSpan.Zero);
}

/// <summary>An instance that another server, or this one at another time, has remembered.</summary>
public sealed record Import(InstanceState State, IReadOnlyList<JournalEntry> Journal, string DefinitionVersionId, DateTimeOffset CreatedAt);
