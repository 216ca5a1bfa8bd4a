using System.Text.Json;
using SalesFlow.Engine;
using SalesFlow.Engine.Expressions;
using ZstdSharp;

namespace SalesFlow.Runtime;

/// <summary>
/// How the journal of a turn is stored: a JSON object with <c>told</c>, what people are told of the turn, when there is such a thing; <c>at</c>, when its first line was written
/// (ticks of 100 ns since the year 1, UTC); and <c>lines</c>, what the engine did, each line a list. Activities, nodes, types and events come back in many lines: <c>words</c> names
/// each once, and lines hold its place there. What is long is compressed (Zstandard, RFC 8878).
/// </summary>
public static class JournalPack
{
    private const int WorthCompressing = 500;
    // The fastest level that keeps a waiting deal under 3 KB; a better one costs turns more than its bytes are worth.
    private const int Level = -1;
    [ThreadStatic]
    private static Compressor? _compressor;

    /// <summary>What the engine did, oldest first.</summary>
    public static IReadOnlyList<JournalEntry> Lines(byte[] packed)
    {
        using var turn = JsonDocument.Parse(Unpack(packed));
        var root = turn.RootElement;
        string[] words = [.. root.GetProperty("words").EnumerateArray().Select(word => word.GetString()!)];
        var at = root.GetProperty("at").GetInt64();
        return [.. root.GetProperty("lines").EnumerateArray().Select(line => Line(line, words, at))];
    }

    /// <summary>What people are told, as the product's <see cref="ChangeWriter"/> wrote it; null for a turn that tells nothing.</summary>
    public static string? Told(byte[] packed)
    {
        using var turn = JsonDocument.Parse(Unpack(packed));
        return turn.RootElement.TryGetProperty("told", out var told) ? told.GetRawText() : null;
    }

    /// <summary>The bytes of a turn: what the engine did, and what people are told of it.</summary>
    public static byte[] Pack(IReadOnlyList<JournalEntry> lines, string? told) =>
        JsonBytes.Write((lines, told), static (json, turn) => Write(json, turn.lines, turn.told), static json => json.Length < WorthCompressing ? json.ToArray() : Compressed(json));

    private static byte[] Compressed(ReadOnlySpan<byte> json) => (_compressor ??= new Compressor(Level)).Wrap(json).ToArray();

    /// <summary>A Zstandard frame begins with other bytes than a JSON object.</summary>
    private static ReadOnlyMemory<byte> Unpack(byte[] packed)
    {
        if (packed is [(byte)'{', ..])
            return packed;
        using var decompressor = new Decompressor();
        return decompressor.Unwrap(packed).ToArray();
    }

    private static void Write(Utf8JsonWriter json, IReadOnlyList<JournalEntry> lines, string? told)
    {
        var (words, at) = (new Dictionary<string, int>(), lines.Count > 0 ? lines[0].At.UtcTicks : 0);
        json.WriteStartObject();
        if (told is not null)
        {
            json.WritePropertyName("told");
            json.WriteRawValue(told, skipInputValidation: true);
        }
        json.WriteNumber("at", at);
        json.WriteStartArray("lines");
        foreach (var line in lines)
            Write(json, line, words, at);
        json.WriteEndArray();
        json.WriteStartArray("words");
        foreach (var word in words.Keys)
            json.WriteStringValue(word);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, JournalEntry line, Dictionary<string, int> words, long at)
    {
        json.WriteStartArray();
        json.WriteNumberValue(line.Sequence);
        json.WriteNumberValue(line.Activation);
        foreach (var word in (ReadOnlySpan<string>)[line.ActivityId, line.NodeId, line.ActivityType, line.Event])
        {
            if (!words.TryGetValue(word, out var place))
                words.Add(word, place = words.Count);
            json.WriteNumberValue(place);
        }
        json.WriteNumberValue(line.At.UtcTicks - at);
        json.WriteNumberValue(line.Parent);
        json.WriteNumberValue(line.ScheduledBy);
        if (line is not { Message: null, Outcomes: null, State: null, Outputs: null, Failure: null })
            WriteParticulars(json, line);
        json.WriteEndArray();
    }

    private static void WriteParticulars(Utf8JsonWriter json, JournalEntry line)
    {
        json.WriteStartObject();
        if (line.Message is not null)
            json.WriteString("message", line.Message);
        WriteIfAny(json, "outcomes", line.Outcomes);
        WriteIfAny(json, "failure", line.Failure);
        WriteIfAny(json, "state", line.State);
        WriteIfAny(json, "outputs", line.Outputs);
        json.WriteEndObject();
    }

    private static void WriteIfAny<T>(Utf8JsonWriter json, string name, T? value) where T : class
    {
        if (value is null)
            return;
        json.WritePropertyName(name);
        if (value is Snapshot snapshot)
            snapshot.WriteTo(json);
        else
            JsonSerializer.Serialize(json, value);
    }

    private static JournalEntry Line(JsonElement line, string[] words, long at)
    {
        var particulars = line.GetArrayLength() > 9 ? line[9] : default;
        return new JournalEntry(line[0].GetInt32(), line[1].GetInt32(), words[line[2].GetInt32()], words[line[3].GetInt32()], words[line[4].GetInt32()], words[line[5].GetInt32()],
            new DateTimeOffset(at + line[6].GetInt64(), TimeSpan.Zero), Particular<string>(particulars, "message"), Particular<List<string>>(particulars, "outcomes"))
        {
            Parent = line[7].GetInt32(),
            ScheduledBy = line[8].GetInt32(),
            State = Particular<Snapshot>(particulars, "state"),
            Outputs = Particular<Snapshot>(particulars, "outputs"),
            Failure = Particular<Failure>(particulars, "failure"),
        };
    }

    private static T? Particular<T>(JsonElement particulars, string name) where T : class =>
        particulars.ValueKind == JsonValueKind.Object && particulars.TryGetProperty(name, out var value) ? value.Deserialize<T>() : null;
}
