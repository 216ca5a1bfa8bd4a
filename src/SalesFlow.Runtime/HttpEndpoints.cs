using SalesFlow.Engine;

namespace SalesFlow.Runtime;

/// <summary>Which instance a request is meant for, where its caller says so.</summary>
public sealed record HttpAim(InstanceId? Instance, string? CorrelationId);

/// <summary>What a method and a path were found to mean.</summary>
public abstract record HttpLookup
{
    private HttpLookup() { }

    /// <summary>An endpoint: either a trigger that starts instances, or the place where one waits.</summary>
    public sealed record Found : HttpLookup
    {
        internal Found(HttpEndpointRules rules, TriggerRow? trigger, InstanceId? waiting, int bookmark) => (Rules, Trigger, Waiting, Bookmark) = (rules, trigger, waiting, bookmark);

        /// <summary>What it demands of a request.</summary>
        public HttpEndpointRules Rules { get; }
        internal TriggerRow? Trigger { get; }
        internal InstanceId? Waiting { get; }
        internal int Bookmark { get; }
    }

    /// <summary>No endpoint; <paramref name="OtherMethods"/> are those that the path has.</summary>
    public sealed record Nothing(IReadOnlyList<string> OtherMethods) : HttpLookup;

    /// <summary>Several instances wait at that address.</summary>
    public sealed record Ambiguous : HttpLookup;
}

/// <summary>How far an instance has come with what a request made it do.</summary>
public enum HttpProgress
{
    /// <summary>Something of it is under way on some server.</summary>
    AtWork,
    /// <summary>It has finished, or waits for somebody.</summary>
    Settled,
    /// <summary>It faulted.</summary>
    Faulted,
}
