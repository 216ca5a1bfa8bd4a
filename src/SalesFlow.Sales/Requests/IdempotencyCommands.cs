using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using SalesFlow.Sales.People;

namespace SalesFlow.Sales.Requests;

/// <summary>The first answer to a request that came with an Idempotency-Key.</summary>
public sealed record KeptAnswer(int Status, string Body);

/// <summary>The key was used before with another request (422).</summary>
public sealed class KeyReusedException(string message) : Exception(message);

/// <summary>Remembers answers by actor and key, so that a repeated request gets the first answer again.</summary>
public sealed class IdempotencyCommands(IDbContextFactory<SalesFlowDb> databases, TimeProvider clock)
{
    /// <summary>The first answer, or null when the key is new to the actor. Another request under the same key throws <see cref="KeyReusedException"/>.</summary>
    public async Task<KeptAnswer?> FindAsync(string key, string request, Actor actor, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var hash = KeyHash(key, actor);
        var kept = await db.KeptRequests.AsNoTracking().SingleOrDefaultAsync(k => k.KeyHash == hash, cancel);
        if (kept is null) return null;
        if (kept.RequestHash != Hash(request))
            throw new KeyReusedException($"The Idempotency-Key '{key}' was used before with another request. Use a new key for a new request.");
        return new(kept.Status, kept.Body);
    }

    /// <summary>Keeps the answer; an earlier one stays.</summary>
    public async Task KeepAsync(string key, string request, Actor actor, KeptAnswer answer, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var hash = KeyHash(key, actor);
        if (await db.KeptRequests.AnyAsync(k => k.KeyHash == hash, cancel)) return;
        db.KeptRequests.Add(new KeptRequest
        {
            KeyHash = hash, ActorId = actor.Id.Value, RequestHash = Hash(request), Status = answer.Status, Body = answer.Body, At = clock.GetUtcNow(),
        });
        await db.SaveChangesAsync(cancel);
    }

    private static string KeyHash(string key, Actor actor) => Hash($"{actor.Id}\n{key}");

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
