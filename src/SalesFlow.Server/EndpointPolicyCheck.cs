using System.Collections.Immutable;
using System.Text.Json;
using SalesFlow.Engine;
using SalesFlow.Engine.Definitions;
using SalesFlow.Runtime;
using SalesFlow.Server.Security;

namespace SalesFlow.Server;

/// <summary>An HTTP endpoint with a policy that the server does not have would refuse everybody; that is said before it is published.</summary>
internal sealed class EndpointPolicyCheck : DefinitionCheck
{
    public override Task<ImmutableArray<Problem>> FindAsync(WorkflowDb db, WorkflowDefinition definition, CancellationToken cancel) => Task.FromResult<ImmutableArray<Problem>>(
    [
        .. from node in definition.Nodes.Values
           where node.Type == HttpEndpointRules.EndpointType && node.Inputs.TryGetValue("Policy", out var written) && written is { Type: "Literal", Value.ValueKind: JsonValueKind.String }
           let policy = node.Inputs["Policy"].Value.GetString()
           where policy.Length > 0 && !Policies.RolesOf.ContainsKey(policy)
           select new Problem(node.Id, $"There is no policy '{policy}'. There are: {string.Join(", ", Policies.RolesOf.Keys)}."),
    ]);
}
