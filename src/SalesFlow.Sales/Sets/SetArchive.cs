using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using SalesFlow.Runtime;

namespace SalesFlow.Sales.Sets;

/// <summary>A set as a ZIP. The same set makes the same bytes on every machine.</summary>
public static class SetArchive
{
    /// <summary>What the manifest calls the format.</summary>
    public const string Format = "salesflow-set";
    /// <summary>Its version.</summary>
    public const int Version = 1;
    /// <summary>The manifest's name in the archive.</summary>
    public const string Manifest = "set.json";

    // The earliest time that a ZIP can tell: when a file was packed is no part of what the set says.
    private static readonly DateTimeOffset Always = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The bytes of a set.</summary>
    public static byte[] Pack(SalesSet set)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var (name, text) in Files(set))
            {
                // Stored, not packed: how small a text gets differs between machines.
                var entry = zip.CreateEntry(name, CompressionLevel.NoCompression);
                entry.LastWriteTime = Always;
                entry.ExternalAttributes = 0;
                using var content = entry.Open();
                content.Write(Utf8.GetBytes(text));
            }
        return bytes.ToArray();
    }

    private static IEnumerable<(string Name, string Text)> Files(SalesSet set) =>
    [
        (Manifest, DefinitionPortable.WriteSorted(new JsonObject { ["format"] = Format, ["version"] = Version, ["pipelines"] = new JsonArray([.. set.Pipelines.Select(key => JsonValue.Create(key))]) })),
        .. set.Matrices.Select(matrix => (SalesSet.MatrixFile(matrix.Key), matrix.Value)),
        .. set.Calendars.Select(calendar => (SalesSet.CalendarFile(calendar.Key), calendar.Value)),
        .. set.Definitions.Select(definition => (SalesSet.DefinitionFile(definition.Key), DefinitionPortable.Write(definition.Value))),
        .. set.Templates.Select(template => (SalesSet.TemplateFile(template.Key), template.Value)),
    ];
}
