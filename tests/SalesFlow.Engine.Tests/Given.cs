using SalesFlow.Engine.Definitions;

namespace SalesFlow.Engine.Tests;

/// <summary>Definitions for tests, from the JSON that matters to them.</summary>
internal static class Given
{
    public static readonly DateTimeOffset Monday = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    /// <summary>A definition around a root activity.</summary>
    public static string Document(string root, string variables = "[]", string options = "{}", string more = "") =>
        $$"""{"id":"v1","definitionId":"d1","name":"Test","version":1,"variables":{{variables}},"options":{{options}}{{more}},"root":{{root}}}""";

    /// <summary>A flowchart; a wire is "from->to" or "from:Port->to".</summary>
    public static string Flowchart(string activities, params string[] wires) => Flowchart("flow", activities, wires);

    public static string FlowchartNamed(string id, string activities, params string[] wires) => Flowchart(id, activities, wires);

    private static string Flowchart(string id, string activities, string[] wires) =>
        $$"""{"id":"{{id}}","type":"Elsa.Flowchart","version":1,"activities":[{{activities}}],"connections":[{{string.Join(",", wires.Select(Wire))}}]}""";

    private static string Wire(string wire)
    {
        var (from, to) = wire.Split("->") is [var left, var right] ? (left.Split(':'), right) : throw new ArgumentException(wire);
        var port = from.Length > 1 ? from[1] : "Done";
        return $$$"""{"source":{"activity":"{{{from[0]}}}","port":"{{{port}}}"},"target":{"activity":"{{{to}}}","port":"In"}}""";
    }

    public static string Line(string id, string? text = null) => Activity(id, "Elsa.WriteLine", $"\"text\":{Literal(text ?? id)}");

    public static string Event(string id, string? name = null) => Activity(id, "Elsa.Event", $"\"eventName\":{Literal(name ?? id)}");

    public static string Set(string id, string variable, string script) =>
        Activity(id, "Elsa.SetVariable", $$"""
            "variable":{"id":"{{variable}}","name":"{{variable}}","typeName":"Object"},"value":{{Script(script)}}
            """);

    public static string Activity(string id, string type, string more = "") =>
        $$"""{"id":"{{id}}","type":"{{type}}","version":1{{(more.Length > 0 ? "," + more : "")}}}""";

    public static string Sequence(string id, params string[] activities) => Activity(id, "Elsa.Sequence", $"\"activities\":[{string.Join(",", activities)}]");

    public static string Literal(string text, string type = "String") => $$$"""{"typeName":"{{{type}}}","expression":{"type":"Literal","value":"{{{text}}}"}}""";

    public static string Script(string source, string type = "Object") => $$$"""{"typeName":"{{{type}}}","expression":{"type":"JavaScript","value":"{{{source}}}"}}""";

    public static string Variable(string name, string type = "Int32", string value = "0") =>
        $$"""{"id":"{{name}}","name":"{{name}}","typeName":"{{type}}","isArray":false,"value":"{{value}}","storageDriverTypeName":"WorkflowInstanceStorageDriver"}""";

    public static WorkflowDefinition Definition(string document, params Activity[] extra) =>
        DefinitionReader.Read(document, extra.Length == 0 ? ActivityCatalogue.BuiltIn : new ActivityCatalogue(extra)) switch
        {
            Reading.Fine fine => fine.Definition,
            Reading.Broken broken => throw new InvalidOperationException(string.Join("\n", broken.Problems)),
            _ => throw new InvalidOperationException(),
        };

    /// <summary>An instance of a definition with this root, not yet started.</summary>
    public static Instance Instance(string root, string variables = "[]", string options = "{}", params Activity[] extra) =>
        new(Definition(Document(root, variables, options), extra));
}
