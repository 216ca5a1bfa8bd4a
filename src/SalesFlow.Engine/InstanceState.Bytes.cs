using System.Text.Json;
using SalesFlow.Engine.Expressions;

namespace SalesFlow.Engine;

public sealed partial class InstanceState
{
    /// <summary>The state as compact JSON with one-letter names. Equal states give equal bytes.</summary>
    public byte[] ToBytes() => JsonBytes.Write(this, static (json, state) => state.Write(json), static bytes => bytes.ToArray());

    /// <summary>Reads what <see cref="ToBytes"/> wrote.</summary>
    public static InstanceState FromBytes(byte[] bytes)
    {
        using var document = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = 256 });
        var root = document.RootElement;
        var state = new InstanceState
        {
            InstanceId = root.GetProperty("i").GetInt64(),
            DefinitionVersionId = root.GetProperty("d").GetString()!,
            Status = (WorkflowStatus)root.GetProperty("s").GetInt32(),
            SubStatus = (WorkflowSubStatus)root.GetProperty("u").GetInt32(),
            Sequence = root.GetProperty("q").GetInt32(),
            CorrelationId = Optional(root, "c"),
            Name = Optional(root, "n"),
            Flowcharts = root.TryGetProperty("m", out var mode) ? (FlowchartMode)mode.GetInt32() : FlowchartMode.Default,
            FinishedAt = root.TryGetProperty("e", out var finished) ? Time(finished) : null,
        };
        if (root.TryGetProperty("w", out var parent))
            state.Parent = new ParentLink(parent[0].GetInt64(), parent[1].ValueKind == JsonValueKind.Null ? null : parent[1].GetInt32(), parent[2].GetInt32());
        state.HasChildren = root.TryGetProperty("h", out _);
        state.HttpRequest = Optional(root, "r");
        if (root.TryGetProperty("in", out var input))
            state.Input = (Dictionary<string, object?>)Json.Plain(input)!;
        if (root.TryGetProperty("o", out var output))
            state.Output = (Dictionary<string, object?>)Json.Plain(output)!;
        foreach (var item in root.GetProperty("x").EnumerateArray())
            state.Executions.Add(ReadExecution(item));
        foreach (var item in Items(root, "b"))
            state.Bookmarks.Add(ReadBookmark(item));
        foreach (var item in Items(root, "f"))
            state.Incidents.Add(ReadIncident(item));
        return state;
    }

    private void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteNumber("i", InstanceId);
        json.WriteString("d", DefinitionVersionId);
        json.WriteNumber("s", (int)Status);
        json.WriteNumber("u", (int)SubStatus);
        json.WriteNumber("q", Sequence);
        WriteOptional(json, "c", CorrelationId);
        WriteOptional(json, "n", Name);
        if (Flowcharts != FlowchartMode.Default)
            json.WriteNumber("m", (int)Flowcharts);
        if (FinishedAt is { } finished)
            json.WriteNumber("e", finished.UtcTicks);
        WriteParent(json);
        WriteOptional(json, "r", HttpRequest);
        if (HasChildren)
            json.WriteBoolean("h", true);
        if (Input.Count > 0)
            WriteMember(json, "in", Input);
        if (Output.Count > 0)
            WriteMember(json, "o", Output);
        json.WriteStartArray("x");
        foreach (var execution in Executions)
            WriteExecution(json, execution);
        json.WriteEndArray();
        WriteList(json, "b", Bookmarks, WriteBookmark);
        WriteList(json, "f", Incidents, WriteIncident);
        json.WriteEndObject();
    }

    private void WriteParent(Utf8JsonWriter json)
    {
        if (Parent is not { } parent)
            return;
        json.WriteStartArray("w");
        json.WriteNumberValue(parent.InstanceId);
        if (parent.Bookmark is { } bookmark)
            json.WriteNumberValue(bookmark);
        else
            json.WriteNullValue();
        json.WriteNumberValue(parent.Depth);
        json.WriteEndArray();
    }

    private static void WriteExecution(Utf8JsonWriter json, ExecutionState execution)
    {
        json.WriteStartObject();
        json.WriteNumber("i", execution.Id);
        json.WriteNumber("p", execution.Parent);
        json.WriteString("n", execution.NodeId);
        json.WriteNumber("s", (int)execution.Status);
        if (execution.Backward)
            json.WriteBoolean("k", true);
        if (execution.Counters is { } counters)
        {
            json.WriteStartArray("c");
            foreach (var counter in counters)
                json.WriteNumberValue(counter);
            json.WriteEndArray();
        }
        if (execution.Remembered is { Count: > 0 } remembered)
            WriteMember(json, "r", remembered);
        if (execution.Tag is not null)
            WriteMember(json, "t", execution.Tag);
        if (execution.Outcomes is not null)
            WriteMember(json, "o", execution.Outcomes);
        if (execution.Cells?.Any(cell => cell.Persisted) == true)
            WriteCells(json, execution.Cells);
        json.WriteEndObject();
    }

    private static void WriteCells(Utf8JsonWriter json, List<Cell> cells)
    {
        json.WriteStartArray("v");
        foreach (var cell in cells)
        {
            if (!cell.Persisted)
                continue;
            json.WriteStartObject();
            json.WriteString("i", cell.Id);
            if (cell.Declared is null && cell.Name != cell.Id)
                json.WriteString("n", cell.Name);
            WriteMember(json, "v", cell.Value);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static ExecutionState ReadExecution(JsonElement item)
    {
        var execution = new ExecutionState
        {
            Id = item.GetProperty("i").GetInt32(),
            Parent = item.GetProperty("p").GetInt32(),
            NodeId = item.GetProperty("n").GetString()!,
            Status = (ActivityStatus)item.GetProperty("s").GetInt32(),
            Backward = item.TryGetProperty("k", out _),
        };
        if (item.TryGetProperty("c", out var counters))
            execution.Counters = [.. counters.EnumerateArray().Select(counter => counter.GetInt32())];
        if (item.TryGetProperty("r", out var remembered))
            execution.Remembered = (Dictionary<string, object?>)Json.Plain(remembered)!;
        if (item.TryGetProperty("t", out var tag))
            execution.Tag = Json.Plain(tag);
        if (item.TryGetProperty("o", out var outcomes))
            execution.Outcomes = [.. outcomes.EnumerateArray().Select(outcome => outcome.GetString()!)];
        foreach (var cell in Items(item, "v"))
        {
            var id = cell.GetProperty("i").GetString()!;
            (execution.Cells ??= []).Add(new Cell { Id = id, Name = Optional(cell, "n") ?? id, Value = Json.Plain(cell.GetProperty("v")) });
        }
        return execution;
    }

    private static void WriteBookmark(Utf8JsonWriter json, Bookmark bookmark)
    {
        json.WriteStartObject();
        json.WriteNumber("i", bookmark.Number);
        json.WriteString("n", bookmark.Name);
        WriteOptional(json, "s", bookmark.Stimulus);
        json.WriteNumber("x", bookmark.Activation);
        if (!LastOf(bookmark.NodeId).Equals(bookmark.ActivityId, StringComparison.Ordinal))
            json.WriteString("a", bookmark.ActivityId);
        json.WriteString("p", bookmark.NodeId);
        json.WriteNumber("c", bookmark.CreatedAt.UtcTicks);
        if (!bookmark.AutoBurn)
            json.WriteBoolean("k", true);
        if (bookmark.DueAt is { } due)
            json.WriteNumber("d", due.UtcTicks);
        WriteOptional(json, "t", bookmark.Tag);
        json.WriteEndObject();
    }

    private static Bookmark ReadBookmark(JsonElement item) => new(item.GetProperty("i").GetInt32(), item.GetProperty("n").GetString()!, Optional(item, "s"),
        item.GetProperty("x").GetInt32(), Optional(item, "a") ?? LastOf(item.GetProperty("p").GetString()!).ToString(), item.GetProperty("p").GetString()!, Time(item.GetProperty("c")),
        !item.TryGetProperty("k", out _), item.TryGetProperty("d", out var due) ? Time(due) : null, Optional(item, "t"));

    /// <summary>A node's id ends with its activity's id, as a rule: only the exception is written beside it.</summary>
    private static ReadOnlySpan<char> LastOf(string nodeId) => nodeId.AsSpan(nodeId.LastIndexOf(':') + 1);

    private static void WriteIncident(Utf8JsonWriter json, Incident incident)
    {
        json.WriteStartObject();
        json.WriteNumber("i", incident.Number);
        json.WriteNumber("x", incident.Activation);
        json.WriteString("a", incident.ActivityId);
        json.WriteString("p", incident.NodeId);
        json.WriteString("t", incident.ActivityType);
        json.WriteString("m", incident.Message);
        WriteOptional(json, "e", incident.ExceptionType);
        if (incident.Effect is { } effect)
            json.WriteNumber("o", effect);
        json.WriteNumber("c", incident.At.UtcTicks);
        json.WriteEndObject();
    }

    private static Incident ReadIncident(JsonElement item) => new(item.GetProperty("i").GetInt32(), item.GetProperty("x").GetInt32(),
        item.GetProperty("a").GetString()!, item.GetProperty("p").GetString()!, item.GetProperty("t").GetString()!,
        item.GetProperty("m").GetString()!, Optional(item, "e"), Time(item.GetProperty("c")))
    {
        Effect = item.TryGetProperty("o", out var effect) ? effect.GetInt32() : null,
    };

    private static void WriteList<T>(Utf8JsonWriter json, string name, List<T> items, Action<Utf8JsonWriter, T> write)
    {
        if (items.Count == 0)
            return;
        json.WriteStartArray(name);
        foreach (var item in items)
            write(json, item);
        json.WriteEndArray();
    }

    private static void WriteMember(Utf8JsonWriter json, string name, object? value)
    {
        json.WritePropertyName(name);
        WriteValue(json, value);
    }

    private static void WriteValue(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null: json.WriteNullValue(); break;
            case string text: json.WriteStringValue(text); break;
            case bool flag: json.WriteBooleanValue(flag); break;
            case int number: json.WriteNumberValue(number); break;
            case long number: json.WriteNumberValue(number); break;
            case decimal number: json.WriteNumberValue(number); break;
            case double number when double.IsFinite(number): json.WriteNumberValue(number); break;
            default: Json.Write(json, value); break;
        }
    }

    private static void WriteOptional(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
            json.WriteString(name, value);
    }

    private static JsonElement.ArrayEnumerator Items(JsonElement json, string name) =>
        json.TryGetProperty(name, out var list) ? list.EnumerateArray() : default;

    private static string? Optional(JsonElement json, string name) => json.TryGetProperty(name, out var text) ? text.GetString() : null;

    private static DateTimeOffset Time(JsonElement ticks) => new(ticks.GetInt64(), TimeSpan.Zero);
}
