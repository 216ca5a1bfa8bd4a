using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using SalesFlow.Engine;

namespace SalesFlow.Runtime;

/// <summary>
/// Names of effects in the outbox: those of the engine and those that handlers are there for. What carries the secrets of another system (an HTTP request
/// with headers of its own) is sealed with the installation's keys, so that neither the table nor a backup of it tells them.
/// </summary>
public sealed class EffectKinds(IEnumerable<EffectHandler> handlers, IDataProtectionProvider? keys = null)
{
    private const string Sealed = "sealed:";
    private readonly IDataProtector? _seal = keys?.CreateProtector("SalesFlow.Outbox");
    private readonly Dictionary<string, Type> _types = handlers.Select(handler => handler.EffectType)
        .Concat([typeof(EventPublished), typeof(TaskRequested), typeof(WorkflowsDispatched), typeof(ChildFinished), typeof(ChildrenCancelled)]).Distinct().ToDictionary(type => type.Name);

    internal string NameOf(Effect effect) => _types.ContainsKey(effect.GetType().Name)
        ? effect.GetType().Name
        : throw new InvalidOperationException($"Nobody performs '{effect.GetType().Name}': register an EffectHandler for it.");

    internal string Write(Effect effect)
    {
        var text = JsonSerializer.Serialize(effect, effect.GetType());
        if (!IsSecret(effect))
            return text;
        return Sealed + (_seal ?? throw new InvalidOperationException("A request with headers of its own is only kept sealed: add data protection to the host.")).Protect(text);
    }

    internal Effect Read(string kind, string body) => _types.TryGetValue(kind, out var type)
        ? (Effect)JsonSerializer.Deserialize(Open(body), type)!
        : throw new InvalidOperationException($"Nobody here performs '{kind}'. Known are: {string.Join(", ", _types.Keys.Order())}.");

    // Keys of other systems travel in headers of many names; whoever sets any has the request sealed.
    private static bool IsSecret(Effect effect) => effect is HttpRequestSent sent && (sent.Authorization is not null || sent.Headers.Count > 0);

    private string Open(string body)
    {
        if (!body.StartsWith(Sealed, StringComparison.Ordinal))
            return body;
        try
        {
            return (_seal ?? throw new CryptographicException("This host has no keys.")).Unprotect(body[Sealed.Length..]);
        }
        catch (CryptographicException lost)
        {
            throw new InvalidOperationException("The request is sealed with a key that this server does not have. Put the keys of the backup into data/keys, restart, and try the step again.", lost);
        }
    }
}
