using System.Collections.Immutable;

namespace SalesFlow.Sales.People;

/// <summary>Who may sign in, and as whom a request acts.</summary>
public sealed class UserQueries
{
    /// <summary>Everyone, by display name.</summary>
    public Task<ImmutableArray<UserView>> ListAsync(CancellationToken cancel) => throw new NotSupportedException();

    /// <summary>The actor behind a user id; null when unknown.</summary>
    public Task<Actor?> ActorAsync(UserId id, CancellationToken cancel) => throw new NotSupportedException();

    /// <summary>The actor whose live API key this is; null when there is none.</summary>
    public Task<Actor?> ActorOfKeyAsync(string apiKey, CancellationToken cancel) => throw new NotSupportedException();

    /// <summary>The user id behind a sign-in name or a decimal id; null when unknown.</summary>
    public Task<UserId?> FindAsync(string nameOrId, CancellationToken cancel) => throw new NotSupportedException();
}
