using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace SalesFlow.Engine.Expressions;

/// <summary>Writes compact JSON into a buffer that each thread keeps: states and snapshots are written many times a turn, and their buffers would be most of what a turn leaves to the collector.</summary>
public static class JsonBytes
{
    private const int WorthKeeping = 64 << 10;
    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };
    [ThreadStatic]
    private static (ArrayBufferWriter<byte> Buffer, Utf8JsonWriter Json)? _kept;

    /// <summary>What <paramref name="finish"/> makes of the bytes that <paramref name="write"/> wrote of <paramref name="value"/>.</summary>
    public static TResult Write<T, TResult>(T value, Action<Utf8JsonWriter, T> write, Func<ReadOnlySpan<byte>, TResult> finish)
    {
        var (buffer, json) = Take();
        write(json, value);
        json.Flush();
        var result = finish(buffer.WrittenSpan);
        if (buffer.Capacity <= WorthKeeping)
            _kept = (buffer, json);
        return result;
    }

    // Taken away while it is used: a value that is being written may make us write another. When writing fails it is not put back.
    private static (ArrayBufferWriter<byte> Buffer, Utf8JsonWriter Json) Take()
    {
        if (_kept is not { } kept)
        {
            var fresh = new ArrayBufferWriter<byte>(1024);
            return (fresh, new Utf8JsonWriter(fresh, Compact));
        }
        _kept = null;
        kept.Buffer.ResetWrittenCount();
        kept.Json.Reset();
        return kept;
    }
}
