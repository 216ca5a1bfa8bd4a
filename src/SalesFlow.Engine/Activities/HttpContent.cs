using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;
using SalesFlow.Engine.Expressions;

namespace SalesFlow.Engine.Activities;

/// <summary>Bodies and headers of HTTP messages to and from the values of instances.</summary>
internal static class HttpContent
{
    public const string Json = "application/json", Form = "application/x-www-form-urlencoded", Bytes = "application/octet-stream";

    public static readonly Text Category = new("HTTP", "HTTP"), Security = new("Security", "Безопасность"), Advanced = new("Advanced", "Дополнительно"), Upload = new("Upload", "Загрузка"), OutcomesTab = new("Outcomes", "Исходы");

    /// <summary>Media types that Elsa offers; any other may be written.</summary>
    public static readonly (string Value, Text Label)[] Types =
        [.. new[] { "", Json, "application/soap+xml", Form, "application/xml", "text/html", "text/json", "text/plain", "text/richtext", "text/xml" }.Select(type => (type, new Text(type, type)))];

    /// <summary>Headers that frame a message or guard the browser are the server's, not the workflow's.</summary>
    private static readonly HashSet<string> Reserved = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection", "Content-Length", "Content-Security-Policy", "Keep-Alive", "Set-Cookie", "TE", "Trailer", "Transfer-Encoding", "Upgrade", "X-Content-Type-Options",
    };

    /// <summary>The bytes of a value; texts and bytes as they are, anything else in the form that the media type asks for.</summary>
    public static byte[] Encode(object value, string? type) => value switch
    {
        byte[] bytes => bytes,
        string text => Encoding.UTF8.GetBytes(text),
        _ when type?.StartsWith(Form, StringComparison.OrdinalIgnoreCase) == true && Expressions.Json.Members(value) is { } members =>
            Encoding.UTF8.GetBytes(string.Join('&', members.Select(member => $"{Uri.EscapeDataString(member.Key)}={Uri.EscapeDataString(member.Value is null ? "" : Conversion.ToText(member.Value))}"))),
        _ when type is null || IsJson(type) => Encoding.UTF8.GetBytes(Expressions.Json.Text(value)),
        _ => Encoding.UTF8.GetBytes(Conversion.ToText(value)),
    };

    /// <summary>The media type of a value when none is given.</summary>
    public static string TypeOf(object? value) => value switch
    {
        null or string => "text/plain; charset=utf-8",
        byte[] => Bytes,
        _ => Json,
    };

    /// <summary>A body as a value: JSON as plain values, other text as text, the rest as bytes.</summary>
    public static object? Decode(byte[] content, string? type)
    {
        if (content.Length == 0)
            return null;
        if (type is not null && IsJson(type))
            try
            {
                return Expressions.Json.Parse(Encoding.UTF8.GetString(content));
            }
            catch (JsonException)
            {
                // Says that it is JSON and is not: the text is all there is.
                return Encoding.UTF8.GetString(content);
            }
        return IsText(type) ? Charset(type).GetString(content) : content;
    }

    public static bool IsJson(string type) => type.Split(';')[0].Trim() is var media
        && (media.Equals(Json, StringComparison.OrdinalIgnoreCase) || media.Equals("text/json", StringComparison.OrdinalIgnoreCase) || media.EndsWith("+json", StringComparison.OrdinalIgnoreCase));

    /// <summary>Headers as they were written: a dictionary, or the JSON text of one.</summary>
    public static Dictionary<string, string[]> Headers(object? value)
    {
        if (value is string text)
            value = text.Trim().Length == 0 ? null : Conversion.To(text, "JsonObject");
        var headers = new Dictionary<string, string[]>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, content) in Expressions.Json.Members(value) ?? [])
        {
            var values = Lists.Texts(content is string one && !one.StartsWith('[') ? new[] { one } : content).ToArray();
            if (Reserved.Contains(name))
                throw new FaultException($"The header '{name}' is set by the server itself; leave it out.", category: "HTTP");
            if (name.Length == 0 || name.Any(letter => letter is <= ' ' or ':' or > '~') || values.Any(line => line.AsSpan().IndexOfAny('\r', '\n', '\0') >= 0))
                throw new FaultException($"'{name}' is no header: its name has other letters than a header may have, or its value has more than one line.", category: "HTTP");
            headers[name] = values;
        }
        return headers;
    }

    /// <summary>A status as a number or as Elsa's name of it.</summary>
    public static int Status(object? value)
    {
        var text = value is null ? "OK" : Conversion.ToText(value);
        return Enum.TryParse<HttpStatusCode>(text, ignoreCase: true, out var status) && (int)status is >= 100 and <= 599 ? (int)status
            : decimal.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out var number) && number is >= 100 and <= 599 ? (int)number
            : throw new FaultException($"'{text}' is no HTTP status; expected a number such as 404 or a name such as NotFound.", category: "HTTP");
    }

    /// <summary>One file as it is, several as a ZIP.</summary>
    public static byte[] Zip(IReadOnlyList<(string Name, byte[] Content)> files, DateTimeOffset now)
    {
        using var buffer = new MemoryStream();
        using (var zip = new ZipArchive(buffer, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var (name, content) in files)
            {
                var entry = zip.CreateEntry(name);
                entry.LastWriteTime = now;
                using var stream = entry.Open();
                stream.Write(content);
            }
        return buffer.ToArray();
    }

    private static bool IsText(string? type) => type is null || type.StartsWith("text/", StringComparison.OrdinalIgnoreCase) || type.Contains("xml", StringComparison.OrdinalIgnoreCase)
        || type.StartsWith(Form, StringComparison.OrdinalIgnoreCase) || type.Contains("javascript", StringComparison.OrdinalIgnoreCase);

    private static Encoding Charset(string? type)
    {
        var name = type?.Split(';').Select(part => part.Trim()).FirstOrDefault(part => part.StartsWith("charset=", StringComparison.OrdinalIgnoreCase))?["charset=".Length..].Trim('"');
        try
        {
            return name is null ? Encoding.UTF8 : Encoding.GetEncoding(name);
        }
        catch (ArgumentException)
        {
            return Encoding.UTF8;
        }
    }
}
