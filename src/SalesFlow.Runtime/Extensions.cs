using System.Collections.Immutable;
using SalesFlow.Engine;

namespace SalesFlow.Runtime;

/// <summary>Loads what an instance's expressions and rules may know of the outside. The product has one.</summary>
public abstract class FactsSource
{
    /// <summary>The facts of an instance as they are now.</summary>
    public abstract Task<Facts> LoadAsync(InstanceId instance, string definitionId, CancellationToken cancel);
}

/// <summary>Turns the product's changes into rows. Pure.</summary>
public abstract class ChangeWriter
{
    /// <summary>
    /// Adds the rows of a turn's changes, which <paramref name="facts"/> have learned already: a row that several of them touch is written once, as it
    /// stands at the end of the turn. Answers what people are told of them, kept in the journal beside what the engine did; null when there is nothing to tell.
    /// </summary>
    public abstract string? Write(IReadOnlyList<Change> changes, Facts facts, RowBatch rows);
}

/// <summary>Performs one kind of effect, at least once; a repeat has the same instance and number.</summary>
public abstract class EffectHandler
{
    /// <summary>The kind of effect.</summary>
    public abstract Type EffectType { get; }
    /// <summary>Takes long: performed after the caller of the turn has been answered. Others are performed before, so that the deal has moved on by then.</summary>
    public virtual bool Background => false;
    /// <summary>Performs it. The answer resumes the effect's bookmark, if it has one.</summary>
    public abstract Task<EffectAnswer> PerformAsync(InstanceId instance, EffectRequest request, CancellationToken cancel);
}

/// <summary>What an effect came to: an input for the bookmark, and changes and conditions that commit with the turn it causes.</summary>
public sealed record EffectAnswer(object? Input, ImmutableArray<Change> Changes, ImmutableArray<RowGuard> Guards)
{
    /// <summary>Done, with nothing to say.</summary>
    public static EffectAnswer Nothing { get; } = new(null, [], []);
    /// <summary>Done, but what the bookmark waits for comes another way.</summary>
    public static EffectAnswer Later { get; } = new(null, [], []);
}

/// <summary>What a command decided: how to wake the instance, and what is true from then on.</summary>
public sealed record TurnRequest(Stimulus Stimulus, ImmutableArray<Change> Changes)
{
    /// <summary>Conditions on other rows.</summary>
    public ImmutableArray<RowGuard> Guards { get; init; } = [];
    /// <summary>Rows of the runtime's own that are written with the turn if it wakes the instance.</summary>
    internal Action<RowBatch>? Rows { get; init; }
}

/// <summary>A turn that has been committed.</summary>
public sealed record TurnOutcome(InstanceId Instance, Turn Turn, Facts Facts);

/// <summary>Tells those who watch (pages) what has just been committed.</summary>
public sealed class TurnFeed
{
    /// <summary>Raised after each commit; handlers must be quick and must not throw.</summary>
    public event Action<InstanceId, IReadOnlyList<Change>>? Changed;

    /// <summary>Raised after each committed turn, changes or not; handlers must be quick and must not throw.</summary>
    public event Action<TurnOutcome>? Committed;

    internal void Tell(TurnOutcome outcome)
    {
        if (outcome.Turn.Changes.Length > 0)
            Changed?.Invoke(outcome.Instance, outcome.Turn.Changes);
        Committed?.Invoke(outcome);
    }
}
