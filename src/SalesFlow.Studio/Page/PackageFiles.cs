using System.Collections.Frozen;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Net.Http.Headers;

namespace SalesFlow.Studio.Page;

/// <summary>
/// The files of Elsa Studio's package, listed once: only what is in the list can be asked for. Each is sent in the smallest form that the browser takes; names with a
/// fingerprint are kept for ever, the others are asked about again.
/// </summary>
internal sealed partial class PackageFiles
{
    private static readonly FileExtensionContentTypeProvider Types = new() { Mappings = { [".dat"] = "application/octet-stream", [".webmanifest"] = "application/manifest+json" } };
    private readonly Lazy<FrozenDictionary<string, PackageFile>> _files = new(List);

    /// <summary>True when the package is where it belongs.</summary>
    public bool AreThere => _files.Value.Count > 0;

    public IResult Find(string path, HttpContext http)
    {
        if (!_files.Value.TryGetValue(path, out var file))
            return Results.NotFound();
        var accepted = http.Request.GetTypedHeaders().AcceptEncoding.Where(one => one.Quality is not 0).Select(one => one.Value.ToString()).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var (ending, encoding) = file.HasBrotli && accepted.Contains("br") ? (".br", "br") : file.HasGzip && accepted.Contains("gzip") ? (".gz", "gzip") : ("", null);
        var headers = http.Response.Headers;
        // Served to people who are signed in: never by a cache between.
        headers.CacheControl = file.IsFingerprinted ? "private, max-age=31536000, immutable" : "private, no-cache";
        headers.Vary = "Accept-Encoding";
        if (encoding is not null)
            headers.ContentEncoding = encoding;
        return Results.File(file.Place + ending, file.ContentType, lastModified: file.At, entityTag: new EntityTagHeaderValue($"\"{file.At.Ticks:x}{ending}\""));
    }

    private static FrozenDictionary<string, PackageFile> List()
    {
        var folder = Folder();
        if (folder is null || !Directory.Exists(folder))
            return FrozenDictionary<string, PackageFile>.Empty;
        var all = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).ToHashSet(StringComparer.Ordinal);
        return all.Where(place => Path.GetExtension(place) is not (".br" or ".gz" or ".html" or ".map"))
            .ToFrozenDictionary(place => Path.GetRelativePath(folder, place).Replace('\\', '/'),
                place => new PackageFile(place, Types.TryGetContentType(place, out var type) ? type : "application/octet-stream", all.Contains(place + ".br"), all.Contains(place + ".gz"),
                    Fingerprint().IsMatch(Path.GetFileName(place)), File.GetLastWriteTimeUtc(place)), StringComparer.Ordinal);
    }

    /// <summary>Beside the published program, or where the build has left word.</summary>
    private static string? Folder()
    {
        var published = Path.Combine(AppContext.BaseDirectory, "studio");
        var place = Path.Combine(AppContext.BaseDirectory, "studio.path");
        return Directory.Exists(published) ? published : File.Exists(place) ? File.ReadAllText(place).Trim() : null;
    }

    [GeneratedRegex(@"\.[a-z0-9]{10}\.(?:\w+\.)*\w+$")]
    private static partial Regex Fingerprint();

    private sealed record PackageFile(string Place, string ContentType, bool HasBrotli, bool HasGzip, bool IsFingerprinted, DateTimeOffset At);
}
