using SalesFlow.Runtime;

namespace SalesFlow.Studio.Operation;

/// <summary>What this server is doing for instances, in Elsa's words.</summary>
internal sealed class RuntimeStatus(WorkflowRuntime runtime, Workers workers)
{
    /// <summary>Another one after each start of the server.</summary>
    public string Generation { get; } = Guid.NewGuid().ToString("N");

    public int Busy => runtime.Busy;

    /// <summary>Where work comes from: due times, what was left over for later, requests.</summary>
    public IReadOnlyList<IngressSource> Sources =>
    [
        new("scheduling.trigger", Worker), new("internal.bookmark-queue-worker", Worker), new("http.trigger", IngressState.Running),
    ];

    private IngressState Worker => workers.IsRunning ? IngressState.Running : IngressState.Failed;
}

/// <summary>One way that work comes in.</summary>
internal sealed record IngressSource(string Name, IngressState State);

/// <summary>Whether work comes in that way.</summary>
internal enum IngressState { Running, Failed }
