namespace SalesFlow.Sales.People;

/// <summary>Keys by which machines sign in; only their hashes are stored.</summary>
public sealed class ApiKeyCommands
{
    /// <summary>Makes the given key valid for its owner; does nothing when it already is.</summary>
    public Task EnsureAsync(string apiKey, UserId owner, string name, CancellationToken cancel) => throw new NotSupportedException();

    /// <summary>Makes a new key; the answer is the only time it is shown.</summary>
    public Task<string> CreateAsync(UserId owner, string name, CancellationToken cancel) => throw new NotSupportedException();

    /// <summary>Ends a key.</summary>
    public Task RevokeAsync(long id, CancellationToken cancel) => throw new NotSupportedException();
}
