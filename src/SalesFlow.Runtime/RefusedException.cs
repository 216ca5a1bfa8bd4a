using System.Collections.Immutable;

namespace SalesFlow.Runtime;

/// <summary>
/// A reason why something may not be done, in words: what, what would help, who can help, and where. <paramref name="NeedsReason"/>: saying why is enough to
/// pass it.
/// </summary>
public sealed record Obstacle(string Code, string Message, string? Fix = null, string? Who = null, string? Link = null, bool NeedsReason = false);

/// <summary>A person asked for what the rules refuse; the obstacles say what to do about it (409).</summary>
public sealed class RefusedException(string message, ImmutableArray<Obstacle> obstacles) : Exception(message)
{
    /// <summary>Every unmet condition.</summary>
    public ImmutableArray<Obstacle> Obstacles { get; } = obstacles;
}
