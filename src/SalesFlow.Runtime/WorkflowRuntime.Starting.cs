using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using SalesFlow.Engine;
using SalesFlow.Engine.Definitions;
using static SalesFlow.Runtime.ColumnType;

namespace SalesFlow.Runtime;

public sealed partial class WorkflowRuntime
{
    /// <summary>
    /// Starts an instance of the published version; <paramref name="changes"/> (the deal itself) commit with its first turn.
    /// Throws <see cref="RefusedException"/> when the activation strategy allows no other instance now.
    /// </summary>
    public async Task<TurnOutcome> StartAsync(string definitionId, Stimulus.Start start, Facts facts, IReadOnlyList<Change> changes, InstanceId id, CancellationToken cancel)
    {
        var definition = await definitions.PublishedAsync(definitionId, cancel);
        return await TryStartAsync(definition, start, facts, changes, id, cancel)
            ?? throw new RefusedException($"'{definition.Name ?? definitionId}' cannot be started.", [new Obstacle("activationStrategy",
                $"Its activation strategy is {definition.Activation}, and another instance is running.", "Wait until that one has finished, or cancel it.")]);
    }

    /// <summary>Starts an instance of a version, or answers null when its activation strategy allows no other instance now.</summary>
    public Task<TurnOutcome?> TryStartAsync(WorkflowDefinition definition, Stimulus.Start start, Facts facts, IReadOnlyList<Change> changes, InstanceId id, CancellationToken cancel) =>
        TryStartAsync(definition, start, facts, changes, id, null, cancel);

    private async Task<TurnOutcome?> TryStartAsync(WorkflowDefinition definition, Stimulus.Start start, Facts facts, IReadOnlyList<Change> changes, InstanceId id, Action<RowBatch>? more, CancellationToken cancel)
    {
        if (await PlaceAsync(definition, start.CorrelationId, cancel) is not { } place)
            return null;
        TurnOutcome outcome;
        using (await _gates.EnterAsync(id.Value, cancel))
        {
            var turn = FirstTurn(definition, start, facts, changes, id);
            for (var attempt = 1; ; attempt++)
                try
                {
                    outcome = await CommitAsync(id, definition, turn, facts, 0, new TurnRequest(start, []), rows =>
                    {
                        place.Take(rows);
                        more?.Invoke(rows);
                    });
                    break;
                }
                catch (ConflictException conflict) when (conflict.Guard.Table == Place.Table && attempt < Retries)
                {
                    // Somebody else has just started one: look whether it is still running.
                    if (await PlaceAsync(definition, start.CorrelationId, cancel) is not { } again)
                        return null;
                    place = again;
                }
        }
        return await FollowAsync(outcome, cancel);
    }

    private Turn FirstTurn(WorkflowDefinition definition, Stimulus.Start start, Facts facts, IReadOnlyList<Change> changes, InstanceId id) =>
        interpreter.Run(definition, null, id.Value, start, facts, clock.GetUtcNow(), changes);

    /// <summary>The place that a new instance would take; null when a running one has it.</summary>
    private async Task<Place?> PlaceAsync(WorkflowDefinition definition, string? correlationId, CancellationToken cancel)
    {
        if (definition.Activation == ActivationStrategy.Always || (definition.Activation != ActivationStrategy.Singleton && correlationId is null))
            return Place.Free;
        var (sameDefinition, sameCorrelation) = (definition.Activation != ActivationStrategy.Correlation, definition.Activation != ActivationStrategy.Singleton);
        var name = $"{(sameDefinition ? definition.DefinitionId : "")}\n{(sameCorrelation ? correlationId : "")}";
        var place = await TurnOfAsync(name, cancel);
        await using var db = await databases.CreateDbContextAsync(cancel);
        var running = db.Instances.Where(row => row.Status == (int)WorkflowStatus.Running);
        if (sameDefinition)
            running = running.Where(row => row.DefinitionId == definition.DefinitionId);
        if (sameCorrelation)
            running = running.Where(row => row.CorrelationId == correlationId);
        return await running.AnyAsync(cancel) ? null : place;
    }

    /// <summary>Read before the running instances are looked for: whoever starts one meanwhile raises the version.</summary>
    private async Task<Place> TurnOfAsync(string name, CancellationToken cancel)
    {
        var id = BinaryPrimitives.ReadInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(name)));
        await using var db = await databases.CreateDbContextAsync(cancel);
        if (await db.Activations.Where(row => row.Id == id).Select(row => (long?)row.Version).SingleOrDefaultAsync(cancel) is { } version)
            return new Place(id, version);
        await CommitAsync(rows => rows.Add(Place.First, id, name));
        return new Place(id, 0);
    }

    private sealed record Place(long? Id, long Version)
    {
        public const string Table = "activations";
        public static readonly Place Free = new(null, 0);
        public static readonly RowShape First = RowShape.Upsert(Table, [("id", Number)], ("name", Words));
        private static readonly RowShape Taken = RowShape.Update(Table, [("id", Number)], ("version", Number));

        public void Take(RowBatch rows)
        {
            if (Id is not { } id)
                return;
            rows.Guard(new RowGuard(Table, "id", id, "version", Version));
            rows.Add(Taken, id, Version + 1);
        }
    }
}
