using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SalesFlow.Engine.Definitions;
using SalesFlow.Runtime;
using SalesFlow.Studio.Wire;

namespace SalesFlow.Studio.Definitions;

/// <summary>Parts of a definition's tree: what is inside an activity, and the way from the top to one.</summary>
internal static class GraphRoutes
{
    private static readonly string[] Transparent = ["Elsa.Flowchart", "Elsa.Workflow"];

    public static void MapDefinitionGraph(this IEndpointRouteBuilder api)
    {
        api.MapGet("/workflow-definitions/subgraph/{id}", SubgraphAsync);
        api.MapGet("/workflow-definitions/subgraph/segments/{id}", SegmentsAsync);
    }

    /// <summary>The activity of that path of ids with everything inside it; the whole workflow for any other.</summary>
    private static async Task<IResult> SubgraphAsync(string id, HttpRequest request, DefinitionQueries queries, DefinitionStore store, CancellationToken cancel)
    {
        if (await Tree.ReadAsync(id, queries, store, cancel) is not { } tree)
            return Results.NotFound();
        return ElsaJson.Ok(tree.Describe(tree.Find(request.Text("parentNodeId")) ?? tree.Top));
    }

    private static async Task<IResult> SegmentsAsync(string id, HttpRequest request, DefinitionQueries queries, DefinitionStore store, CancellationToken cancel)
    {
        if (await Tree.ReadAsync(id, queries, store, cancel) is not { } tree || tree.Find(request.Text("childNodeId")) is not { } child)
            return Results.NotFound();
        var above = tree.Above(child).Where(node => !Transparent.Contains(node.Type)).ToList();
        return ElsaJson.Ok(new
        {
            childNode = tree.Describe(child), container = tree.Describe(above.Count > 0 ? above[^1] : tree.Top),
            pathSegments = above.Select(node => new { activityNodeId = node.NodeId, activityId = node.Id, activityType = node.Type, portName = Tree.Port(child, node) }),
        });
    }

    /// <summary>A version with the definitions it uses unfolded in it.</summary>
    private sealed class Tree(DefinitionRow row, JsonObject document, IReadOnlyCollection<Node> nodes)
    {
        private readonly Dictionary<string, Node> _byNodeId = nodes.ToDictionary(node => node.NodeId);

        /// <summary>The workflow itself: the only node whose path of ids has one part.</summary>
        public Node Top { get; } = nodes.First(node => !node.NodeId.Contains(':', StringComparison.Ordinal));

        public static async Task<Tree?> ReadAsync(string versionId, DefinitionQueries queries, DefinitionStore store, CancellationToken cancel)
        {
            if (await queries.ByIdAsync([versionId], cancel) is not [var row])
                return null;
            var (nodes, known, document) = (await store.OutlineAsync(row, cancel), await queries.KnownAsync(cancel), DefinitionDocument.Parse(row.Document));
            if (nodes.Count == 0)
                return null;
            var used = (await queries.ByIdAsync([.. Inner(nodes).Select(node => DefinitionDocument.Parse(node.Json.GetRawText()).Text("id")).OfType<string>().Distinct()], cancel)).ToDictionary(one => one.VersionId);
            // From the outside in, so that each used definition is there before what it uses is looked for.
            foreach (var inner in Inner(nodes))
                if (nodes.FirstOrDefault(node => node.NodeId == Parent(inner.NodeId)) is { } user && NodePath.Find(document, user.Path) is { } activity)
                    activity["root"] = Workflow(DefinitionDocument.Parse(inner.Json.GetRawText()), inner, used);
            Canvas.Dress(document, nodes, known);
            return new Tree(row, document, nodes);
        }

        public Node? Find(string? nodeId) => nodeId is null ? null : _byNodeId.GetValueOrDefault(nodeId);

        /// <summary>Those that a node lies inside of, from the outside in.</summary>
        public IEnumerable<Node> Above(Node node) => nodes.Where(other => NodePath.IsInside(node.Path, other.Path)).OrderBy(other => other.Path.Length);

        /// <summary>By which port of the outer activity the inner one is reached; Studio looks it up among the ports of the descriptor.</summary>
        public static string Port(Node inner, Node outer)
        {
            var step = NodePath.FirstStep(inner.Path, outer.Path);
            return step[0] == '<' ? "Root" : outer.Activity.Descriptor.Slots.FirstOrDefault(slot => string.Equals(slot.Name, step, StringComparison.OrdinalIgnoreCase))?.Name ?? char.ToUpperInvariant(step[0]) + step[1..];
        }

        public object Describe(Node node) => new
        {
            nodeId = node.NodeId, port = Above(node).LastOrDefault() is { } outer ? Port(node, outer) : "Root", activity = Json(node), parents = Array.Empty<object>(), children = Array.Empty<object>(),
        };

        private JsonObject Json(Node node)
        {
            if (node == Top)
                return Workflow(document, node, new() { [row.VersionId] = row });
            // A workflow inside has no path of its own: it is the root of the activity that uses it.
            return (JsonObject)(node.Path.Length > 0 ? NodePath.Find(document, node.Path)! : NodePath.Find(document, _byNodeId[Parent(node.NodeId)].Path)!["root"]!).DeepClone();
        }

        private static string Parent(string nodeId) => nodeId[..Math.Max(0, nodeId.LastIndexOf(':'))];

        /// <summary>The workflows inside: definitions that activities stand for, from the outside in.</summary>
        private static IEnumerable<Node> Inner(IReadOnlyCollection<Node> nodes) =>
            nodes.Where(node => node.Path.Length == 0 && node.NodeId.Contains(':', StringComparison.Ordinal)).OrderBy(node => node.NodeId.Length);

        /// <summary>A definition as the activity that wraps its root.</summary>
        private static JsonObject Workflow(JsonObject definition, Node node, Dictionary<string, DefinitionRow> rows)
        {
            var row = rows.GetValueOrDefault(definition.Text("id") ?? "");
            return new JsonObject
            {
                ["identity"] = new JsonObject { ["definitionId"] = Copy("definitionId"), ["version"] = Copy("version"), ["id"] = Copy("id") },
                ["publication"] = new JsonObject { ["isLatest"] = row?.IsLatest ?? false, ["isPublished"] = row?.IsPublished ?? false },
                ["inputs"] = Arguments("inputs"), ["outputs"] = Arguments("outputs"), ["outcomes"] = Copy("outcomes") ?? new JsonArray(),
                ["workflowMetadata"] = new JsonObject { ["name"] = Copy("name"), ["description"] = Copy("description"), ["createdAt"] = row?.CreatedAt, ["toolVersion"] = Copy("toolVersion") },
                ["options"] = Copy("options") ?? new JsonObject(), ["isReadonly"] = definition.Flag("isReadonly"), ["isSystem"] = definition.Flag("isSystem"),
                ["definitionHandle"] = new JsonObject { ["definitionVersionId"] = Copy("id") }, ["result"] = null, ["root"] = Copy("root"),
                ["id"] = node.Id, ["nodeId"] = node.NodeId, ["name"] = null, ["type"] = "Elsa.Workflow", ["version"] = 1, ["customProperties"] = Copy("customProperties") ?? new JsonObject(), ["metadata"] = new JsonObject(),
            };

            JsonNode? Copy(string name) => definition[name]?.DeepClone();

            JsonArray Arguments(string name)
            {
                var list = Copy(name) as JsonArray ?? [];
                DefinitionView.Describe(list);
                return list;
            }
        }
    }
}
