using Microsoft.EntityFrameworkCore;

namespace SalesFlow.Sales.People;

/// <summary>Keys by which machines sign in; only their hashes are stored.</summary>
public sealed class ApiKeyCommands(IDbContextFactory<SalesFlowDb> databases, UserQueries users, TimeProvider clock)
{
    /// <summary>Makes the given key valid for its owner; does nothing when it already is.</summary>
    public async Task EnsureAsync(string apiKey, UserId owner, string name, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var hash = SecretToken.HashOf(apiKey);
        if (await db.ApiKeys.AnyAsync(k => k.Hash == hash, cancel)) return;
        db.ApiKeys.Add(new ApiKey { Hash = hash, OwnerId = owner.Value, Name = name, CreatedAt = clock.GetUtcNow() });
        await db.SaveChangesAsync(cancel);
        // The owner may be so new that the people at hand do not hold them yet: the key works from its first use on.
        users.Forget();
    }

    /// <summary>Makes a new key; the answer is the only time it is shown.</summary>
    public async Task<string> CreateAsync(UserId owner, string name, CancellationToken cancel)
    {
        var key = SecretToken.New();
        await EnsureAsync(key, owner, name, cancel);
        return key;
    }

    /// <summary>Ends a key.</summary>
    public async Task RevokeAsync(long id, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var now = clock.GetUtcNow();
        await db.ApiKeys.Where(k => k.Id == id && k.RevokedAt == null).ExecuteUpdateAsync(set => set.SetProperty(k => k.RevokedAt, now), cancel);
    }
}
