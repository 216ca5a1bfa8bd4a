using System.Buffers;
using System.IO.Compression;
using System.Text.Json;
using SalesFlow.Engine;

namespace SalesFlow.Runtime;

/// <summary>
/// How the journal of a turn is stored: what the engine did as a JSON list, and when people are told something of the turn, an object of both: {"told", "lines"}.
/// What is long is compressed by Brotli, together, since both name the same things.
/// </summary>
public static class JournalPack
{
    private const int WorthCompressing = 700;

    /// <summary>What the engine did, oldest first.</summary>
    public static IReadOnlyList<JournalEntry> Lines(byte[] packed)
    {
        var json = Unpack(packed);
        if (json.Span is [(byte)'[', ..])
            return JsonSerializer.Deserialize<List<JournalEntry>>(json.Span) ?? [];
        using var both = JsonDocument.Parse(json);
        return both.RootElement.GetProperty("lines").Deserialize<List<JournalEntry>>() ?? [];
    }

    /// <summary>What people are told, as the product's <see cref="ChangeWriter"/> wrote it; null for a turn that tells nothing.</summary>
    public static string? Told(byte[] packed)
    {
        var json = Unpack(packed);
        if (json.Span is [(byte)'[', ..])
            return null;
        using var both = JsonDocument.Parse(json);
        return both.RootElement.GetProperty("told").GetRawText();
    }

    internal static byte[] Pack(IReadOnlyList<JournalEntry> lines, string? told)
    {
        var json = told is null ? JsonSerializer.SerializeToUtf8Bytes(lines) : Both(lines, told);
        if (json.Length < WorthCompressing)
            return json;
        var buffer = ArrayPool<byte>.Shared.Rent(BrotliEncoder.GetMaxCompressedLength(json.Length));
        try
        {
            return BrotliEncoder.TryCompress(json, buffer, out var written, quality: 2, window: 16) ? buffer[..written] : json;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static byte[] Both(IReadOnlyList<JournalEntry> lines, string told)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WritePropertyName("told");
        json.WriteRawValue(told, skipInputValidation: true);
        json.WritePropertyName("lines");
        JsonSerializer.Serialize(json, lines);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Brotli with a window of 16 bits begins with an even byte, JSON here with an odd one.</summary>
    private static ReadOnlyMemory<byte> Unpack(byte[] packed)
    {
        if (packed is [(byte)'[' or (byte)'{', ..])
            return packed;
        using var brotli = new BrotliStream(new MemoryStream(packed), CompressionMode.Decompress);
        using var json = new MemoryStream();
        brotli.CopyTo(json);
        return json.GetBuffer().AsMemory(0, (int)json.Length);
    }
}
