using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using SalesFlow.Engine.Definitions;
using SalesFlow.Runtime;
using SalesFlow.Studio.Wire;

namespace SalesFlow.Studio.Definitions;

/// <summary>Definitions as files, one alone or several in a ZIP. What comes in is not trusted: every size is limited while it is read, and no name becomes a path.</summary>
internal static class DefinitionArchive
{
    private const int MostEntries = 1_000, MostBytes = 100 << 20;
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The file name that Elsa gives to an exported definition.</summary>
    public static string NameOf(DefinitionRow row)
    {
        var words = (row.Name ?? "").ToLowerInvariant().Split([.. (row.Name ?? "").ToLowerInvariant().Where(letter => !char.IsLetterOrDigit(letter)).Distinct()], StringSplitOptions.RemoveEmptyEntries);
        return $"workflow-definition-{string.Join('-', words)}-{row.DefinitionId}-{row.VersionId}.json";
    }

    public static byte[] Pack(IEnumerable<(string Name, JsonObject Document)> files)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var (name, document) in files)
            {
                using var entry = zip.CreateEntry(name).Open();
                entry.Write(Write(document));
            }
        return bytes.ToArray();
    }

    public static byte[] Write(JsonObject document) => Utf8.GetBytes(DefinitionDocument.Write(document));

    /// <summary>The definitions of uploaded files, ZIPs opened; those that others use come first.</summary>
    public static IReadOnlyList<JsonObject> Read(IEnumerable<(string Name, Stream Content)> files)
    {
        var (found, budget) = (new List<(string Name, JsonObject Document)>(), (long)MostBytes);
        foreach (var (name, content) in files)
            if (name.EndsWith(".zip", StringComparison.OrdinalIgnoreCase))
                found.AddRange(Unpack(name, content, ref budget));
            else
                found.Add((name, Read(name, content, ref budget)));
        if (found.Count == 0)
            throw new ElsaProblemException("files", "No definition was sent; expected .json files, or a .zip of them.");
        foreach (var same in found.Where(file => file.Document.Text("definitionId") is not null).GroupBy(file => file.Document.Text("definitionId")))
            if (same.Count() > 1)
                throw new ElsaProblemException("files", $"The definition '{same.Key}' comes twice: in {string.Join(" and in ", same.Select(file => $"'{file.Name}'"))}.");
        return [.. found.Select(file => file.Document)];
    }

    private static List<(string Name, JsonObject Document)> Unpack(string name, Stream content, ref long budget)
    {
        try
        {
            using var zip = new ZipArchive(content, ZipArchiveMode.Read);
            if (zip.Entries.Count > MostEntries)
                throw new ElsaProblemException("files", $"'{name}' has {zip.Entries.Count:N0} entries; {MostEntries:N0} are read.");
            var found = new List<(string, JsonObject)>();
            foreach (var entry in zip.Entries)
                if (LeadsOut(entry.FullName))
                    throw new ElsaProblemException("files", $"'{name}' has an entry '{entry.FullName}', whose name leads out of the archive. Pack it anew.");
                else if (entry.FullName.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
                {
                    using var unpacked = entry.Open();
                    found.Add((entry.FullName, Read(entry.FullName, unpacked, ref budget)));
                }
            return found;
        }
        catch (Exception broken) when (broken is InvalidDataException or ArgumentOutOfRangeException)
        {
            throw new ElsaProblemException("files", $"'{name}' is no ZIP that can be opened: {broken.Message}");
        }
    }

    /// <summary>No entry becomes a file here, but whoever packs such names means no good.</summary>
    private static bool LeadsOut(string name) => name.StartsWith('/') || name.StartsWith('\\') || name.Contains(':', StringComparison.Ordinal) || name.Split('/', '\\').Contains("..");

    private static JsonObject Read(string name, Stream content, ref long budget)
    {
        // What an archive says of its sizes may be a lie: bytes are counted as they come.
        using var bytes = new MemoryStream();
        var (buffer, most) = (new byte[81_920], Math.Min(budget, DefinitionReader.MaxBytes));
        for (var read = content.Read(buffer); read > 0; read = content.Read(buffer))
        {
            if (bytes.Length + read > most)
                throw new ElsaProblemException("files", $"'{name}' is larger than {DefinitionReader.MaxBytes >> 20} MB, or all files together are larger than {MostBytes >> 20} MB.");
            bytes.Write(buffer, 0, read);
        }
        budget -= bytes.Length;
        try
        {
            return DefinitionDocument.Parse(Utf8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length).TrimStart('\uFEFF'));
        }
        catch (ArgumentException)
        {
            throw new ElsaProblemException("files", $"'{name}' is not UTF-8 text.");
        }
        catch (BrokenDefinitionException broken)
        {
            throw new ElsaProblemException("files", broken.Words.Select(problem => $"'{name}': {problem}"));
        }
    }
}
