using System.Collections.Immutable;
using SalesFlow.Engine;

namespace SalesFlow.Runtime;

public sealed partial class WorkflowRuntime
{
    /// <summary>What keeps an instance from going on under that version of its definition; empty when nothing does.</summary>
    public async Task<ImmutableArray<Misfit>> MisfitsAsync(InstanceId id, string versionId, CancellationToken cancel)
    {
        var ((definition, state, _, _), _) = await LoadAsync(id, cancel);
        return VersionChange.Check(InstanceState.FromBytes(state), definition, await definitions.VersionAsync(versionId, cancel));
    }

    /// <summary>
    /// Lets an instance go on under that version. Nothing that is completed runs again; throws <see cref="MisfitException"/> when it has no place there. A
    /// caller that has changes to go with it runs <see cref="Stimulus.Follow"/> itself.
    /// </summary>
    public async Task<TurnOutcome> FollowVersionAsync(InstanceId id, string versionId, CancellationToken cancel)
    {
        var to = await definitions.VersionAsync(versionId, cancel);
        return await RunAsync(id, (_, _) => new TurnRequest(new Stimulus.Follow(to), []), cancel);
    }
}
