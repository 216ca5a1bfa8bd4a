using SalesFlow.Engine;

namespace SalesFlow.Sales.Requests;

/// <summary>A repeatable request: hash of the actor and the Idempotency-Key, and hash of what was asked.</summary>
public sealed record RequestKey(string KeyHash, string RequestHash);

/// <summary>
/// The request has done its work. Written with that work, so that a server that dies before it has answered does not do it again;
/// <paramref name="Resource"/> is the address that tells how things stand, for the answer to a repeat.
/// </summary>
public sealed record RequestDone(string KeyHash, UserId Actor, string RequestHash, string Resource, DateTimeOffset At) : Change;
