using System.Text.Json.Nodes;
using SalesFlow.Engine;
using SalesFlow.Runtime;

namespace SalesFlow.Sales.Pipelines;

/// <summary>A connection between two activities of the top level.</summary>
internal sealed record FlowWire(JsonObject Json, string From, string Port, string To);

public static partial class StageEdit
{
    private static JsonArray Connections(JsonObject document)
    {
        var root = (JsonObject)document["root"]!;
        if (root["connections"] is not JsonArray list)
            root["connections"] = list = [];
        return list;
    }

    private static List<FlowWire> Wires(JsonObject document) =>
    [
        .. from json in Connections(document).OfType<JsonObject>()
           let source = json["source"] as JsonObject
           let target = json["target"] as JsonObject
           where source?.Text("activity") is not null && target?.Text("activity") is not null
           select new FlowWire(json, source.Text("activity")!, source.Text("port") ?? Outcomes.Done, target.Text("activity")!),
    ];

    private static void Connect(JsonObject document, string from, string port, string to)
    {
        if (!Wires(document).Exists(wire => wire.From == from && wire.Port == port && wire.To == to))
            Connections(document).Add((JsonNode)new JsonObject
            {
                ["source"] = new JsonObject { ["activity"] = from, ["port"] = port }, ["target"] = new JsonObject { ["activity"] = to, ["port"] = "In" }, ["vertices"] = new JsonArray(),
            });
    }

    /// <summary>Leads a connection elsewhere; how it was bent no longer fits.</summary>
    private static void Redirect(FlowWire wire, string to)
    {
        ((JsonObject)wire.Json["target"]!)["activity"] = to;
        if (wire.Json["vertices"] is JsonArray)
            wire.Json["vertices"] = new JsonArray();
    }

    private static void Disconnect(JsonObject document, FlowWire wire) => Connections(document).Remove(wire.Json);

    private static HashSet<string> ReachedFrom(IEnumerable<string> starts, List<FlowWire> wires)
    {
        var (found, open) = (new HashSet<string>(), new Stack<string>(starts));
        while (open.TryPop(out var id))
            if (found.Add(id))
                foreach (var wire in wires.Where(wire => wire.From == id))
                    open.Push(wire.To);
        return found;
    }

    private static (double X, double Y)? PositionOf(JsonObject activity) =>
        Place(activity) is { } place && place["x"] is JsonValue x && place["y"] is JsonValue y ? (x.GetValue<double>(), y.GetValue<double>()) : null;

    private static JsonObject? Place(JsonObject activity) => ((activity["metadata"] as JsonObject)?["designer"] as JsonObject)?["position"] as JsonObject;
}
