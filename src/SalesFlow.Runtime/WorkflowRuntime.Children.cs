using Microsoft.EntityFrameworkCore;
using SalesFlow.Engine;
using SalesFlow.Engine.Definitions;
using static SalesFlow.Runtime.ColumnType;

namespace SalesFlow.Runtime;

public sealed partial class WorkflowRuntime
{
    private const int ChildrenAtOnce = 16;
    private static readonly RowShape NewChild = RowShape.Insert("children", ("child_id", Number), ("parent_id", Number), ("number", Count), ("ordinal", Count), ("told", Number));
    private static readonly RowShape ToldChild = RowShape.Update("children", [("child_id", Number)], ("told", Number));

    /// <summary>
    /// Starts the children of one effect, each once: the row that says which child an effect has got commits with the child's first turn, so that a
    /// repeat after a crash goes on with those that are missing.
    /// </summary>
    private async Task<EffectAnswer> DispatchAsync(InstanceId parent, int number, WorkflowsDispatched asked, CancellationToken cancel)
    {
        WorkflowDefinition definition;
        try
        {
            definition = await definitions.PublishedAsync(asked.DefinitionId, cancel);
        }
        catch (Exception refused) when (refused is KeyNotFoundException or BrokenDefinitionException)
        {
            return Answer(new ChildAnswer.Refused(refused.Message));
        }
        var started = await StartedAsync(parent, number, cancel);
        var missing = Enumerable.Range(0, asked.Children.Count).Where(ordinal => !started.Contains(ordinal));
        await Parallel.ForEachAsync(missing, new ParallelOptions { MaxDegreeOfParallelism = ChildrenAtOnce, CancellationToken = cancel }, async (ordinal, token) =>
            await StartChildAsync(parent, number, ordinal, definition, asked, token));
        return asked.Bookmark is null ? Answer(await StateOfAsync(parent, number, cancel)) : EffectAnswer.Later;
    }

    private async Task StartChildAsync(InstanceId parent, int number, int ordinal, WorkflowDefinition definition, WorkflowsDispatched asked, CancellationToken cancel)
    {
        var (id, child) = (new InstanceId(await NextIdAsync(cancel)), asked.Children[ordinal]);
        var start = new Stimulus.Start(PlainInput(child.Input), CorrelationId: child.CorrelationId, Parent: new ParentLink(parent.Value, asked.Bookmark, asked.Depth));
        var facts = await factsSource.LoadAsync(id, definition.DefinitionId, cancel);
        TurnOutcome outcome;
        try
        {
            // Whatever the child's activation strategy says: the parent has asked for this very instance.
            using (await _gates.EnterAsync(id.Value, cancel))
                outcome = await CommitAsync(id, definition, FirstTurn(definition, start, facts, [], id), facts, 0, new TurnRequest(start, []),
                    rows => rows.Add(NewChild, id.Value, parent.Value, number, ordinal, 0L));
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // Another server performs the same effect and was first: the row of its child stands in the way of ours.
            if ((await StartedAsync(parent, number, cancel)).Contains(ordinal))
                return;
            throw;
        }
        if (asked.AtOnce)
            await FollowAsync(outcome, cancel);
        else
            InBackground(token => FollowAsync(outcome, token));
    }

    private async Task<HashSet<int>> StartedAsync(InstanceId parent, int number, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return [.. await db.Children.Where(row => row.ParentId == parent.Value && row.Number == number).Select(row => row.Ordinal).ToListAsync(cancel)];
    }

    private async Task<ChildAnswer.Started> StateOfAsync(InstanceId parent, int number, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var child = new InstanceId(await db.Children.Where(row => row.ParentId == parent.Value && row.Number == number).OrderBy(row => row.Ordinal).Select(row => row.ChildId).FirstAsync(cancel));
        var state = InstanceState.FromBytes((await LoadAsync(child, cancel)).Loaded.State);
        return new ChildAnswer.Started(child.Value, state.Status, state.SubStatus, state.Output);
    }

    /// <summary>
    /// The parent hears of a child's end in one transaction with the removal of the effect and a mark on the child's row: whatever is repeated, it hears once.
    /// </summary>
    private async Task TellParentAsync(InstanceId child, int number, ChildFinished finished, CancellationToken cancel)
    {
        var answer = new ChildAnswer.Finished(child.Value, finished.SubStatus, PlainInput(finished.Output));
        try
        {
            var outcome = await TurnAsync(new InstanceId(finished.ParentId),
                (_, _) => new TurnRequest(new Stimulus.Resume(finished.Bookmark, answer), []) { Guards = [new RowGuard("children", "child_id", child.Value, "told", 0)] },
                rows =>
                {
                    rows.Add(ToldChild, child.Value, 1L);
                    rows.Add(TurnRows.Performed, child.Value, number);
                }, cancel);
            await FollowAsync(outcome, cancel);
        }
        catch (Exception over) when (over is KeyNotFoundException or ConflictException { Guard.Table: "children" })
        {
            // The parent has heard of it already, or was deleted.
            await CommitAsync(rows => rows.Add(TurnRows.Performed, child.Value, number));
        }
    }

    private async Task CancelChildrenAsync(InstanceId parent, CancellationToken cancel)
    {
        List<long> running;
        await using (var db = await databases.CreateDbContextAsync(cancel))
            running = await db.Children.Where(row => row.ParentId == parent.Value).Join(db.Instances.Where(row => row.Status == (int)WorkflowStatus.Running), row => row.ChildId, row => row.Id, (row, _) => row.ChildId).ToListAsync(cancel);
        foreach (var child in running)
            await CancelAsync(new InstanceId(child), cancel);
    }

    private static EffectAnswer Answer(ChildAnswer answer) => new(answer, [], []);

    /// <summary>What came out of the outbox is JSON; instances see plain values.</summary>
    private static Dictionary<string, object?> PlainInput(IReadOnlyDictionary<string, object?> input) =>
        input.ToDictionary(member => member.Key, member => member.Value is System.Text.Json.JsonElement json ? Engine.Expressions.Json.Plain(json) : member.Value);
}
