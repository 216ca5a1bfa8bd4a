namespace SalesFlow.Engine;

/// <summary>Every limit of a turn; hitting one is an incident with a readable message, never a dead server.</summary>
public sealed record EngineLimits
{
    /// <summary>Activities that one turn may execute.</summary>
    public int MaxSteps { get; init; } = 10_000;
    /// <summary>Bytes that an instance may remember between turns.</summary>
    public int MaxStateBytes { get; init; } = 1 << 20;
    /// <summary>Activities inside activities.</summary>
    public int MaxDepth { get; init; } = 200;
    /// <summary>Wall-clock time of one expression.</summary>
    public TimeSpan ExpressionTime { get; init; } = TimeSpan.FromSeconds(1);
    /// <summary>Bytes that one expression may allocate.</summary>
    public long ExpressionMemory { get; init; } = 16 << 20;
    /// <summary>Calls inside calls in one expression.</summary>
    public int ExpressionRecursion { get; init; } = 200;
    /// <summary>Characters that one template may write, and that one text made by a script may have.</summary>
    public int ExpressionOutput { get; init; } = 1 << 20;
}
