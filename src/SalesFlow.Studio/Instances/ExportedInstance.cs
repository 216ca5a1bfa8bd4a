using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Nodes;
using SalesFlow.Engine;
using SalesFlow.Runtime;
using SalesFlow.Studio.Wire;

namespace SalesFlow.Studio.Instances;

/// <summary>
/// An instance as a file. What Elsa writes is there for people and tools; what this server needs to let it go on is in one member of its own.
/// </summary>
internal static class ExportedInstance
{
    private const string Own = "SalesFlow";
    private const int MostFiles = 1_000;
    private const long MostBytes = 64 << 20;

    /// <summary>Name of the file.</summary>
    public static string FileName(SeenInstance instance) => $"workflow-instance-{instance.Id}.json";

    /// <summary>The file, with the parts that were asked for.</summary>
    public static byte[] Write(SeenInstance instance, IReadOnlyList<JournalEntry> lines, bool bookmarks, bool executions, bool journal)
    {
        var number = 0;
        var file = new JsonObject { ["WorkflowState"] = Preserved(Node(StateJson.Of(instance)), ref number) };
        if (bookmarks)
            file["Bookmarks"] = new JsonArray([.. instance.State.Bookmarks.Select(bookmark => Node(StateJson.StoredBookmark(instance, bookmark)))]);
        if (executions)
            file["ActivityExecutionRecords"] = Node(ExecutionRecord.Of(lines).Select(record => instance.Details(instance.Settled(record))));
        if (journal)
            file["WorkflowExecutionLogRecords"] = Node(lines.Select((entry, sequence) => new JournalLine(sequence, entry)).Select(line => line.LogRecord(instance)));
        file[Own] = new JsonObject
        {
            ["state"] = JsonNode.Parse(instance.State.ToBytes()), ["journal"] = JsonSerializer.SerializeToNode(lines),
            ["definitionVersionId"] = instance.Row.DefinitionVersionId, ["createdAt"] = JsonValue.Create(instance.Row.CreatedAt),
        };
        return JsonSerializer.SerializeToUtf8Bytes(file, ElsaJson.Options);
    }

    /// <summary>Reads a JSON file, or every JSON file in a ZIP. Nothing is unpacked to the disk, and not more than fits in memory.</summary>
    public static IReadOnlyList<InstanceFile> Read(Stream content, string name)
    {
        var bytes = Bytes(content, MostBytes, name);
        if (bytes is not [(byte)'P', (byte)'K', ..])
            return [Parse(bytes, name)];
        try
        {
            using var archive = new ZipArchive(new MemoryStream(bytes));
            var files = archive.Entries.Where(entry => entry.FullName.EndsWith(".json", StringComparison.OrdinalIgnoreCase)).ToList();
            if (files.Count > MostFiles)
                throw new ElsaProblemException($"'{name}' holds {files.Count} files; at most {MostFiles} are read at once.");
            var (read, left) = (new List<InstanceFile>(files.Count), MostBytes);
            foreach (var entry in files)
            {
                using var unpacked = entry.Open();
                var file = Bytes(unpacked, left, name);
                left -= file.Length;
                read.Add(Parse(file, entry.FullName));
            }
            return read;
        }
        catch (InvalidDataException broken)
        {
            throw new ElsaProblemException($"'{name}' is no ZIP file that can be read: {broken.Message}");
        }
    }

    private static InstanceFile Parse(byte[] json, string name)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 300 });
            if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty(Own, out var own))
                throw new ElsaProblemException($"'{name}' was not exported by SalesFlow: what another Elsa server remembers of an instance cannot be taken over.");
            return new InstanceFile(name, InstanceState.FromBytes(JsonSerializer.SerializeToUtf8Bytes(own.GetProperty("state"))), own.GetProperty("journal").Deserialize<List<JournalEntry>>() ?? [],
                own.GetProperty("definitionVersionId").GetString()!, own.GetProperty("createdAt").GetDateTimeOffset());
        }
        catch (Exception broken) when (broken is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException)
        {
            throw new ElsaProblemException($"'{name}' is not an exported instance: {broken.Message}");
        }
    }

    /// <summary>A packed file says what size it likes: it is read only as far as is allowed.</summary>
    private static byte[] Bytes(Stream content, long most, string name)
    {
        using var copy = new MemoryStream();
        var buffer = new byte[81_920];
        for (int read; (read = content.Read(buffer)) > 0;)
        {
            if (copy.Length + read > most)
                throw new ElsaProblemException($"'{name}' is larger than {MostBytes >> 20} MB when unpacked.");
            copy.Write(buffer, 0, read);
        }
        return copy.ToArray();
    }

    private static JsonNode Node(object value) => JsonSerializer.SerializeToNode(value, ElsaJson.Options)!;

    /// <summary>Elsa numbers the objects of a stored state and wraps its lists.</summary>
    private static JsonNode? Preserved(JsonNode? node, ref int number)
    {
        var own = node is JsonObject or JsonArray ? (++number).ToString(System.Globalization.CultureInfo.InvariantCulture) : "";
        if (node is JsonArray list)
        {
            var items = new JsonArray();
            foreach (var item in list)
                items.Add(Preserved(item, ref number));
            return new JsonObject { ["$id"] = own, ["$values"] = items };
        }
        if (node is not JsonObject members)
            return node?.DeepClone();
        var copy = new JsonObject { ["$id"] = own };
        foreach (var (name, value) in members)
            copy[name] = Preserved(value, ref number);
        return copy;
    }
}

/// <summary>An instance read from a file.</summary>
internal sealed record InstanceFile(string Name, InstanceState State, IReadOnlyList<JournalEntry> Journal, string DefinitionVersionId, DateTimeOffset CreatedAt);
