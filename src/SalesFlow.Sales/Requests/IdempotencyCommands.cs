using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using SalesFlow.Sales.People;

namespace SalesFlow.Sales.Requests;

/// <summary>The first answer to a request that came with an Idempotency-Key. Status 0: it was done but never answered, and <paramref name="Body"/> is the address of its result.</summary>
public sealed record KeptAnswer(int Status, string Body);

/// <summary>The key was used before with another request (422).</summary>
public sealed class KeyReusedException(string message) : Exception(message);

/// <summary>Remembers answers by actor and key, so that a repeated request gets the first answer again.</summary>
public sealed class IdempotencyCommands(IDbContextFactory<SalesFlowDb> databases, TimeProvider clock)
{
    /// <summary>What a request is known by.</summary>
    public static RequestKey KeyOf(string key, string request, Actor actor) => new(Hash($"{actor.Id}\n{key}"), Hash(request));

    /// <summary>The first answer, or null when the key is new to the actor. Another request under the same key throws <see cref="KeyReusedException"/>.</summary>
    public async Task<KeptAnswer?> FindAsync(RequestKey request, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var kept = await db.KeptRequests.AsNoTracking().SingleOrDefaultAsync(k => k.KeyHash == request.KeyHash, cancel);
        if (kept is null) return null;
        if (kept.RequestHash != request.RequestHash)
            throw new KeyReusedException("This Idempotency-Key was used before with another request. Use a new key for a new request.");
        return new(kept.Status, kept.Body);
    }

    /// <summary>Keeps the answer; an earlier one stays.</summary>
    public async Task KeepAsync(RequestKey request, Actor actor, KeptAnswer answer, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        if (await db.KeptRequests.SingleOrDefaultAsync(k => k.KeyHash == request.KeyHash, cancel) is not { } kept)
            db.KeptRequests.Add(kept = new KeptRequest { KeyHash = request.KeyHash, ActorId = actor.Id.Value, RequestHash = request.RequestHash });
        else if (kept.Status != 0)
            return;
        (kept.Status, kept.Body, kept.At) = (answer.Status, answer.Body, clock.GetUtcNow());
        await db.SaveChangesAsync(cancel);
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
