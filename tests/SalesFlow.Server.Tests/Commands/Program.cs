using System.Diagnostics;

namespace SalesFlow.Server.Tests.Commands;

/// <summary>The server's executable, run with arguments until it ends.</summary>
internal sealed class Program : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("salesflow-run-").FullName;

    public sealed record Answer(int ExitCode, string[] Out, string Errors)
    {
        /// <summary>The last line, which is JSON.</summary>
        public System.Text.Json.Nodes.JsonObject Summary => System.Text.Json.Nodes.JsonNode.Parse(Out[^1])!.AsObject();
    }

    /// <summary>Writes a file into the test's own folder and answers its path.</summary>
    public string File(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        System.IO.File.WriteAllText(path, text);
        return path;
    }

    /// <summary>A definition with a flowchart of those activities and connections ("a:Done->b").</summary>
    public string Flow(string activities, params string[] connections) => Flow("flow.json", activities, connections);

    /// <inheritdoc cref="Flow(string,string[])" />
    public string Flow(string file, string activities, string[] connections, string more = "") => File(file, $$"""
        { "id": "{{Path.GetFileNameWithoutExtension(file)}}-1", "definitionId": "{{Path.GetFileNameWithoutExtension(file)}}", "name": "{{Path.GetFileNameWithoutExtension(file)}}", {{more}}
          "root": { "id": "flow", "type": "Elsa.Flowchart", "activities": [{{activities}}], "connections": [{{string.Join(",", connections.Select(Wire))}}] } }
        """);

    public static string WriteLine(string id, string expression, string type = "JavaScript") =>
        $$"""{ "id": "{{id}}", "type": "Elsa.WriteLine", "text": { "typeName": "String", "expression": { "type": "{{type}}", "value": "{{expression}}" } } }""";

    public static string Event(string id, string name, string? variable = null) =>
        $$"""{ "id": "{{id}}", "type": "Elsa.Event", "eventName": { "typeName": "String", "expression": { "type": "Literal", "value": "{{name}}" } } {{Bind("result", variable)}} }""";

    public static string RunTask(string id, string? variable = null) =>
        $$"""{ "id": "{{id}}", "type": "Elsa.RunTask", "taskName": { "typeName": "String", "expression": { "type": "Literal", "value": "{{id}}" } } {{Bind("result", variable)}} }""";

    public static string Delay(string id, string time) =>
        $$"""{ "id": "{{id}}", "type": "Elsa.Delay", "timeSpan": { "typeName": "TimeSpan", "expression": { "type": "Literal", "value": "{{time}}" } } }""";

    public static string Script(string id, string script) =>
        $$"""{ "id": "{{id}}", "type": "Elsa.RunJavaScript", "script": { "typeName": "String", "expression": { "type": "JavaScript", "value": "{{script}}" } } }""";

    public static string Variables(params string[] names) =>
        $"\"variables\": [{string.Join(",", names.Select(name => $$"""{ "id": "{{name}}", "name": "{{name}}", "typeName": "Object", "storageDriverTypeName": "WorkflowInstanceStorageDriver" }"""))}],";

    public async Task<Answer> RunAsync(params string[] arguments)
    {
        using var process = Start(arguments);
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return new(process.ExitCode, (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries), await errors);
    }

    public static Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])["exec", Path.Combine(AppContext.BaseDirectory, "SalesFlow.Server.dll"), .. arguments])
            start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string Bind(string output, string? variable) => variable is null ? "" : $$""", "{{output}}": { "typeName": "Object", "memoryReference": { "id": "{{variable}}" } }""";

    private static string Wire(string wire)
    {
        var (source, target) = (wire.Split("->")[0].Split(':'), wire.Split("->")[1]);
        return $$"""{ "source": { "activity": "{{source[0]}}", "port": "{{source[1]}}" }, "target": { "activity": "{{target}}", "port": "In" } }""";
    }
}
