using System.Globalization;
using System.Text.Json.Nodes;
using SalesFlow.Engine;
using SalesFlow.Runtime;

namespace SalesFlow.Sales.Pipelines;

public static partial class StageEdit
{
    private const string StartType = "SalesFlow.DealStarted", Lost = "Lost";
    private const double Step = 240, Width = 220, Height = 120;

    /// <summary>
    /// Puts a stage with one task in after the activity <paramref name="after"/>: what followed it follows the new stage, and losing leads where it leads from
    /// the neighbours.
    /// </summary>
    public static void Add(JsonObject document, NewStage added, string after)
    {
        var (name, id) = (added.Stage, Unused(document, $"stage-{added.Key}"));
        var wires = Wires(document);
        var lost = (wires.Find(wire => wire.From == after && wire.Port == Lost) ?? wires.Find(wire => wire.Port == Lost && Stages(document).Any(stage => stage.Text("id") == wire.From)))?.To;
        var stage = Stage(document, id, added.Key, name, lost is not null);
        MakeRoom(document, after, wires, stage);
        ((JsonArray)document["root"]!["activities"]!).Add((JsonNode)stage);
        Change(document, added.Key, name);
        foreach (var wire in wires.Where(wire => wire.From == after && wire.Port == Outcomes.Done))
        {
            Connect(document, id, Outcomes.Done, wire.To);
            Redirect(wire, id);
        }
        Connect(document, after, Outcomes.Done, id);
        if (lost is not null)
            Connect(document, id, Lost, lost);
    }

    /// <summary>The activity that a stage is put in after: the stage of that key, the beginning for an empty one, the last stage of the flow for none.</summary>
    public static string? AnchorOf(JsonObject document, Pipeline pipeline, string? after) => after switch
    {
        null => pipeline.Stages.LastOrDefault()?.ActivityId,
        "" => Activities(document).FirstOrDefault(activity => activity.Text("type") == StartType)?.Text("id"),
        _ => pipeline.Find(after)?.ActivityId,
    };

    private static JsonObject Stage(JsonObject document, string id, string key, StageChange name, bool canBeLost)
    {
        var nodeId = (document["root"] as JsonObject)?.Text("nodeId") is { } root ? $"{root}:{id}" : null;
        var stage = Activity(id, nodeId, StageType, name.NameRu ?? name.NameEn ?? key);
        stage["stage"] = ActivityJson.Input("String", key);
        stage["nameRu"] = ActivityJson.Input("String", name.NameRu ?? name.NameEn ?? key);
        stage["nameEn"] = ActivityJson.Input("String", name.NameEn ?? name.NameRu ?? key);
        stage["probability"] = ActivityJson.Input("Double", Text(name.Probability ?? 0));
        stage["body"] = Body(document, key, nodeId, name, canBeLost);
        return stage;
    }

    private static JsonObject Body(JsonObject document, string key, string? stageNodeId, StageChange name, bool canBeLost)
    {
        var (bodyId, taskId, lostId) = (Unused(document, $"{key}-body"), Unused(document, $"{key}-task"), Unused(document, $"{key}-lost"));
        var nodeId = stageNodeId is null ? null : $"{stageNodeId}:{bodyId}";
        var (ru, en) = (name.NameRu ?? name.NameEn ?? key, name.NameEn ?? name.NameRu ?? key);
        var task = Activity(taskId, nodeId is null ? null : $"{nodeId}:{taskId}", "SalesFlow.Task", ru);
        Place(task, 60, 80, 220, 68);
        task["subject"] = ActivityJson.Input("String", new JsonObject { ["ru"] = ru, ["en"] = en }.ToJsonString(Readable));
        task["assignee"] = ActivityJson.Input("String", "owner");
        task["outcomes"] = ActivityJson.Input("String[]", canBeLost ? "[\"Done\", \"Lost\"]" : "[\"Done\"]", "Object");
        task["outcomeNames"] = ActivityJson.Input("String", new JsonObject
        {
            ["Done"] = new JsonObject { ["ru"] = "Готово", ["en"] = "Done" }, ["Lost"] = new JsonObject { ["ru"] = "Отказ", ["en"] = "Declined" },
        }.ToJsonString(Readable));
        var body = Activity(bodyId, nodeId, "Elsa.Flowchart", ru);
        (body["variables"], body["activities"], body["connections"]) = (new JsonArray(), new JsonArray(task), new JsonArray());
        if (!canBeLost)
            return body;
        var end = Activity(lostId, nodeId is null ? null : $"{nodeId}:{lostId}", "Elsa.Complete", "Проиграно");
        Place(end, 380, 140, 200, 54);
        end["outcomes"] = ActivityJson.Input("Object", "[\"Lost\"]", "Object");
        ((JsonArray)body["activities"]!).Add((JsonNode)end);
        ((JsonArray)body["connections"]!).Add((JsonNode)new JsonObject
        {
            ["source"] = new JsonObject { ["activity"] = taskId, ["port"] = Lost }, ["target"] = new JsonObject { ["activity"] = lostId, ["port"] = "In" }, ["vertices"] = new JsonArray(),
        });
        return body;
    }

    private static JsonObject Activity(string id, string? nodeId, string type, string title)
    {
        var activity = new JsonObject { ["id"] = id };
        if (nodeId is not null)
            activity["nodeId"] = nodeId;
        (activity["name"], activity["type"], activity["version"]) = (id, type, 1);
        (activity["customProperties"], activity["metadata"]) = (new JsonObject(), new JsonObject { ["displayText"] = title });
        return activity;
    }

    /// <summary>The new stage stands where its successor stood; everything from there on moves to the right.</summary>
    private static void MakeRoom(JsonObject document, string after, List<FlowWire> wires, JsonObject stage)
    {
        var all = Activities(document).ToList();
        var before = all.Find(activity => activity.Text("id") == after) is { } anchor ? PositionOf(anchor) : null;
        var next = wires.Where(wire => wire.From == after && wire.Port == Outcomes.Done).Select(wire => all.Find(activity => activity.Text("id") == wire.To)).OfType<JsonObject>().Select(PositionOf).FirstOrDefault();
        var x = next?.X ?? before?.X + Step ?? 0;
        Place(stage, x, Stages(document).Select(PositionOf).FirstOrDefault(position => position is not null)?.Y ?? before?.Y ?? 0, Width, Height);
        foreach (var activity in all)
            if (PositionOf(activity) is { } position && position.X >= x && activity.Text("id") != after)
                Place(activity)!["x"] = position.X + Step;
    }

    private static void Place(JsonObject activity, double x, double y, double width, double height) => ((JsonObject)activity["metadata"]!)["designer"] = new JsonObject
    {
        ["position"] = new JsonObject { ["x"] = x, ["y"] = y }, ["size"] = new JsonObject { ["width"] = width, ["height"] = height },
    };

    private static string Unused(JsonObject document, string wanted)
    {
        var taken = new HashSet<string>();
        Collect(document["root"], taken);
        var id = wanted;
        for (var number = 2; taken.Contains(id); number++)
            id = string.Create(CultureInfo.InvariantCulture, $"{wanted}-{number}");
        return id;
    }

    private static void Collect(JsonNode? json, HashSet<string> ids)
    {
        if (json is JsonArray list)
            foreach (var item in list)
                Collect(item, ids);
        if (json is not JsonObject node)
            return;
        if (node.Text("id") is { } id)
            ids.Add(id);
        foreach (var (_, member) in node)
            Collect(member, ids);
    }
}
