using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using SalesFlow.Runtime;

namespace SalesFlow.Browser.Tests.Studio;

/// <summary>A small pipeline, only ever a draft: one stage with one task. A published one would appear where reps choose their pipeline.</summary>
public sealed class Sketch
{
    private Sketch(string id) => Document = JsonNode.Parse(Pipeline.Replace("ID", id, StringComparison.Ordinal))!.AsObject();

    /// <summary>The definition.</summary>
    public JsonObject Document { get; }
    /// <summary>Its task.</summary>
    public JsonObject Task => Document["root"]!["activities"]![1]!["body"]!["activities"]![0]!.AsObject();

    /// <summary>Saves the draft, as changed.</summary>
    public static Task ImportAsync(RunningCompany company, string id, Action<Sketch>? change = null)
    {
        Assert.SkipWhen(!company.IsRunning, "There is no Chromium.");
        var sketch = new Sketch(id);
        change?.Invoke(sketch);
        return company.Services.GetRequiredService<DefinitionStore>().SaveDraftAsync(sketch.Document, new Editor("", "Test"), null, default);
    }

    private const string Pipeline = """
        {"definitionId":"ID","name":"ID","root":{"id":"ID-flow","type":"Elsa.Flowchart","version":1,"activities":[
          {"id":"begin","name":"DealStarted1","type":"SalesFlow.DealStarted","version":1,"metadata":{"designer":{"position":{"x":0,"y":37},"size":{"width":180,"height":54}}}},
          {"id":"first","name":"Stage1","type":"SalesFlow.Stage","version":1,"metadata":{"displayText":"Знакомство","designer":{"position":{"x":300,"y":0},"size":{"width":240,"height":128}}},
           "stage":{"typeName":"String","expression":{"type":"Literal","value":"first"}},"nameRu":{"typeName":"String","expression":{"type":"Literal","value":"Знакомство"}},
           "body":{"id":"first-body","name":"Flowchart1","type":"Elsa.Flowchart","version":1,"activities":[
            {"id":"ask","name":"Task1","type":"SalesFlow.Task","version":1,"metadata":{"displayText":"Спросить о бюджете","designer":{"position":{"x":0,"y":0},"size":{"width":220,"height":60}}},
             "subject":{"typeName":"String","expression":{"type":"Literal","value":"Спросить о бюджете"}},"outcomes":{"typeName":"String[]","expression":{"type":"Object","value":"[\"Есть\",\"Нет\"]"}}}],"connections":[]}},
          {"id":"close","name":"CloseDeal1","type":"SalesFlow.CloseDeal","version":1,"metadata":{"displayText":"Выиграна","designer":{"position":{"x":680,"y":37},"size":{"width":180,"height":54}}}}],
         "connections":[{"source":{"activity":"begin","port":"Done"},"target":{"activity":"first","port":"In"}},{"source":{"activity":"first","port":"Done"},"target":{"activity":"close","port":"In"}}]}}
        """;
}
