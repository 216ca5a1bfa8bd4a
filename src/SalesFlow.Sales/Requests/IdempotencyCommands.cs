using SalesFlow.Sales.People;

namespace SalesFlow.Sales.Requests;

/// <summary>The first answer to a request that came with an Idempotency-Key.</summary>
public sealed record KeptAnswer(int Status, string Body);

/// <summary>The key was used before with another request (422).</summary>
public sealed class KeyReusedException(string message) : Exception(message);

/// <summary>Remembers answers by actor and key, so that a repeated request gets the first answer again.</summary>
public sealed class IdempotencyCommands
{
    /// <summary>The first answer, or null when the key is new to the actor. Another request under the same key throws <see cref="KeyReusedException"/>.</summary>
    public Task<KeptAnswer?> FindAsync(string key, string request, Actor actor, CancellationToken cancel) => throw new NotSupportedException();

    /// <summary>Keeps the answer; an earlier one stays.</summary>
    public Task KeepAsync(string key, string request, Actor actor, KeptAnswer answer, CancellationToken cancel) => throw new NotSupportedException();
}
