using System.Collections.Concurrent;
using System.Security.Cryptography;
using SalesFlow.Engine;

namespace SalesFlow.Runtime;

/// <summary>The HTTP requests that wait on this server for the response of an instance.</summary>
public sealed class HttpExchanges
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource<HttpResponseWritten>> _waiting = new();

    /// <summary>Opens an exchange; dispose it when the caller waits no longer.</summary>
    public HttpExchange Open()
    {
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12));
        var response = new TaskCompletionSource<HttpResponseWritten>(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting[id] = response;
        return new HttpExchange(id, response.Task, () => _waiting.TryRemove(id, out _));
    }

    /// <summary>Hands a response to the request that waits for it; false when none does.</summary>
    public bool Answer(HttpResponseWritten response) => _waiting.TryRemove(response.RequestId, out var waiting) && waiting.TrySetResult(response);
}

/// <summary>A request that waits for its response.</summary>
public sealed class HttpExchange(string id, Task<HttpResponseWritten> response, Action close) : IDisposable
{
    /// <summary>What the response is addressed to; cannot be guessed.</summary>
    public string Id { get; } = id;
    /// <summary>Completes with the response.</summary>
    public Task<HttpResponseWritten> Response { get; } = response;

    /// <inheritdoc />
    public void Dispose() => close();
}

/// <summary>Hands the responses of workflows to the requests that wait for them; the activity hears whether one did.</summary>
public sealed class HttpResponseEffects(HttpExchanges exchanges) : EffectHandler
{
    /// <inheritdoc />
    public override Type EffectType => typeof(HttpResponseWritten);

    /// <inheritdoc />
    public override Task<EffectAnswer> PerformAsync(InstanceId instance, EffectRequest request, CancellationToken cancel) =>
        Task.FromResult(new EffectAnswer(exchanges.Answer((HttpResponseWritten)request.Effect), [], []));
}
