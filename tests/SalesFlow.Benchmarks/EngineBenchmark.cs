using System.Diagnostics;
using System.Text.Json;
using SalesFlow.Engine;
using SalesFlow.Engine.Definitions;

namespace SalesFlow.Benchmarks;

/// <summary>Goal 7: a ten-activity flowchart in memory on one core, with literals, plain scripts and scripts that need the engine.</summary>
internal static class EngineBenchmark
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    public static Task RunAsync(Setting setting)
    {
        Console.WriteLine($"{"ten activities in memory, one core",-44}{"per second",12}{"bytes each",12}");
        Measure("literals", Flowchart("Literal", "hello"));
        Measure("plain scripts (compiled)", Flowchart("JavaScript", "'n-' + (getVariable('k') + 1)"));
        Measure("scripts in pooled engines", Flowchart("JavaScript", "let n = getVariable('k'); 'n-' + (n + 1)"));
        return Task.CompletedTask;
    }

    private static void Measure(string name, string document)
    {
        if (DefinitionReader.Read(document, ActivityCatalogue.BuiltIn) is not Reading.Fine(var definition))
            throw new InvalidOperationException($"The benchmark's flowchart '{name}' is broken.");
        var interpreter = new Interpreter();
        Loop(interpreter, definition, TimeSpan.FromSeconds(1));
        var before = GC.GetAllocatedBytesForCurrentThread();
        var (turns, cpu) = Loop(interpreter, definition, TimeSpan.FromSeconds(3));
        var bytes = (GC.GetAllocatedBytesForCurrentThread() - before) / turns;
        Console.WriteLine($"{name,-44}{turns / cpu.TotalSeconds,12:N0}{bytes,12:N0}");
    }

    private static (long Turns, TimeSpan Cpu) Loop(Interpreter interpreter, WorkflowDefinition definition, TimeSpan time)
    {
        var cpu = Process.GetCurrentProcess().TotalProcessorTime;
        var started = Stopwatch.GetTimestamp();
        long turns = 0;
        for (; Stopwatch.GetElapsedTime(started) < time; turns++)
        {
            var turn = interpreter.Run(definition, null, turns + 1, new Stimulus.Start(), Facts.None, Now);
            if (turn.Lines.Length != 10)
                throw new InvalidOperationException($"Ten lines were expected, got {turn.Lines.Length}: {turn.Incidents.FirstOrDefault()?.Message}");
        }
        return (turns, Process.GetCurrentProcess().TotalProcessorTime - cpu);
    }

    private static string Flowchart(string language, string text)
    {
        var activities = Enumerable.Range(1, 10).Select(i => new
        {
            id = $"a{i}", type = "Elsa.WriteLine", version = 1, name = $"WriteLine{i}",
            text = new { typeName = "String", expression = new { type = language, value = text } },
        });
        var connections = Enumerable.Range(1, 9).Select(i => new { source = new { activity = $"a{i}", port = "Done" }, target = new { activity = $"a{i + 1}", port = "In" } });
        return JsonSerializer.Serialize(new
        {
            definitionId = "bench", id = "bench-1", version = 1, name = "bench",
            variables = new[] { new { id = "v-k", name = "k", typeName = "Int32", value = "3", storageDriverTypeName = "WorkflowInstanceStorageDriver" } },
            root = new { id = "flow", type = "Elsa.Flowchart", version = 1, activities, connections },
        });
    }
}
