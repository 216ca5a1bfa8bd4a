using System.Text.Json.Nodes;
using SalesFlow.Runtime;
using SalesFlow.Studio.Descriptors;

namespace SalesFlow.Studio.Definitions;

/// <summary>
/// The listed activity types, as nodes name them. A node whose type and version are not listed makes Studio's whole canvas empty, so every node is led to one that is.
/// </summary>
internal sealed class KnownTypes
{
    private readonly ILookup<string, ActivityView> _byType;
    private readonly Dictionary<string, ActivityView> _byVersionId = [];
    private readonly Dictionary<string, ActivityView> _newest = [];

    public KnownTypes(IReadOnlyList<ActivityView> types)
    {
        _byType = types.ToLookup(type => type.TypeName, StringComparer.OrdinalIgnoreCase);
        foreach (var type in types)
            if (type.CustomProperties.TryGetValue("WorkflowDefinitionVersionId", out var versionId))
            {
                _byVersionId[(string)versionId] = type;
                var id = (string)type.CustomProperties["WorkflowDefinitionId"];
                if (type.IsBrowsable || !_newest.TryGetValue(id, out var other) || !other.IsBrowsable && other.Version < type.Version)
                    _newest[id] = type;
            }
    }

    /// <summary>The listed type that a node means: the definition's version that it names, else its newest, else the type by name; null when there is none.</summary>
    public ActivityView? Find(JsonObject node)
    {
        if (node.Text("workflowDefinitionVersionId") is { } versionId && _byVersionId.TryGetValue(versionId, out var exact))
            return exact;
        if (node.Text("workflowDefinitionId") is { } definitionId && _newest.TryGetValue(definitionId, out var newest))
            return newest;
        var named = _byType[node.Text("type") ?? ""].ToList();
        var version = node["version"] is JsonValue number && number.TryGetValue(out int written) ? written : 0;
        return named.Find(type => type.Version == version) ?? named.MaxBy(type => type.Version);
    }
}
