using System.Text.Json;
using System.Text.Json.Serialization;

namespace SalesFlow.Engine;

/// <summary>What an HTTP endpoint demands of a request. Kept with its trigger or bookmark, so that a request is refused before any instance is woken.</summary>
public sealed record HttpEndpointRules(string Template)
{
    /// <summary>Name of the activity type, and of its triggers and bookmarks.</summary>
    public const string EndpointType = "Elsa.HttpEndpoint";
    /// <summary>Where the host serves all endpoints.</summary>
    public const string BasePath = "/workflows";
    /// <summary>The input of a new instance that holds its <see cref="HttpRequestReceived"/>.</summary>
    public const string RequestInput = "HttpRequest";
    private static readonly JsonSerializerOptions Short = new() { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault };

    /// <summary>The caller must be signed in, whatever the host allows.</summary>
    public bool Authorize { get; init; }
    /// <summary>The host's policy that the caller must meet.</summary>
    public string? Policy { get; init; }
    /// <summary>How long the caller waits for the response; the host's limit otherwise.</summary>
    public TimeSpan? RequestTimeout { get; init; }
    /// <summary>Most bytes of the body.</summary>
    public long? RequestSizeLimit { get; init; }
    /// <summary>Most bytes of one file.</summary>
    public long? FileSizeLimit { get; init; }
    /// <summary>Endings of file names that are accepted; all when there are none.</summary>
    public IReadOnlyList<string>? AllowedFileExtensions { get; init; }
    /// <summary>Endings of file names that are not.</summary>
    public IReadOnlyList<string>? BlockedFileExtensions { get; init; }
    /// <summary>Media types of files that are accepted; all when there are none.</summary>
    public IReadOnlyList<string>? AllowedMimeTypes { get; init; }
    /// <summary>Refusals that the workflow deals with itself, by an outcome.</summary>
    public IReadOnlyList<HttpRefusal>? Outcomes { get; init; }

    /// <summary>The rules as compact JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Short);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    public static HttpEndpointRules FromJson(string json) => JsonSerializer.Deserialize<HttpEndpointRules>(json, Short)!;

    /// <summary>What triggers and bookmarks of a method and a shape are found by.</summary>
    public static string StimulusOf(string method, string shape) => $"{method.ToLowerInvariant()} {shape}";

    /// <summary>Why a request is refused; null when it is not.</summary>
    public HttpRefusal? RefusalOf(long bodyBytes, IEnumerable<HttpFormFile> files)
    {
        if (bodyBytes > RequestSizeLimit)
            return HttpRefusal.RequestTooLarge;
        foreach (var file in files)
        {
            if (file.Content.Length > FileSizeLimit)
                return HttpRefusal.FileTooLarge;
            if ((AllowedFileExtensions is { Count: > 0 } allowed && !Ends(file, allowed)) || (BlockedFileExtensions is { Count: > 0 } blocked && Ends(file, blocked)))
                return HttpRefusal.InvalidFileExtension;
            if (AllowedMimeTypes is { Count: > 0 } types && !types.Contains(file.ContentType.Split(';')[0].Trim(), StringComparer.OrdinalIgnoreCase))
                return HttpRefusal.InvalidFileMimeType;
        }
        return null;
    }

    private static bool Ends(HttpFormFile file, IEnumerable<string> endings) =>
        endings.Any(ending => file.FileName.EndsWith("." + ending.TrimStart('*').TrimStart('.'), StringComparison.OrdinalIgnoreCase));
}

/// <summary>Why an HTTP request is refused; the names of the outcomes are Elsa's.</summary>
public enum HttpRefusal
{
    /// <summary>Outcome "Request too large".</summary>
    RequestTooLarge = 1,
    /// <summary>Outcome "File too large".</summary>
    FileTooLarge,
    /// <summary>Outcome "Invalid file extension".</summary>
    InvalidFileExtension,
    /// <summary>Outcome "Invalid file MIME type".</summary>
    InvalidFileMimeType,
}

/// <summary>A request for an HTTP endpoint. <paramref name="Id"/> is what the response is addressed to; lists and dictionaries are plain values.</summary>
public sealed record HttpRequestReceived(string Id, string Method, string Path, IReadOnlyDictionary<string, object?> RouteData, IReadOnlyDictionary<string, object?> Query,
    IReadOnlyDictionary<string, object?> Headers, object? Body, IReadOnlyList<HttpFormFile> Files)
{
    /// <summary>Refused, but the endpoint has an outcome for that. Body and files are left out.</summary>
    public HttpRefusal? Refusal { get; init; }
}

/// <summary>The body of a message as instances see it.</summary>
public static class HttpBody
{
    /// <summary>JSON as plain values, other text as text, the rest as bytes; null when there is none.</summary>
    public static object? Decode(byte[] content, string? contentType) => Activities.HttpContent.Decode(content, contentType);
}

/// <summary>A file of a form that was sent.</summary>
public sealed record HttpFormFile(string Name, string FileName, string ContentType, byte[] Content);

/// <summary>The response to a request that still waits. Answered with true, or with false when nobody waits any more.</summary>
public sealed record HttpResponseWritten(string RequestId, int StatusCode, string? ContentType, IReadOnlyDictionary<string, string[]> Headers, byte[] Content) : Effect
{
    /// <summary>Makes the response a download of this name.</summary>
    public string? FileName { get; init; }
    /// <summary>Identifies the state of the file.</summary>
    public string? EntityTag { get; init; }
    /// <summary>Parts of the file may be asked for.</summary>
    public bool Ranges { get; init; }
}

/// <summary>An HTTP request to another system. Answered with an <see cref="HttpSendAnswer"/>.</summary>
public sealed record HttpRequestSent(string Url, string Method, byte[]? Content, string? ContentType, string? Authorization, IReadOnlyDictionary<string, string[]> Headers) : Effect
{
    /// <summary>Name of the host's retry strategy.</summary>
    public string? StrategyId { get; init; }
    /// <summary>A retry strategy of its own.</summary>
    public RetryRules? Retry { get; init; }
    /// <summary>A file is expected, which may be larger than a message.</summary>
    public bool IsDownload { get; init; }
}

/// <summary>How an HTTP request that failed for now is repeated; the defaults are Elsa's.</summary>
public sealed record RetryRules
{
    /// <summary>Repetitions after the first attempt.</summary>
    public int MaxRetryAttempts { get; init; } = 3;
    /// <summary>Pause before the first repetition.</summary>
    public TimeSpan Delay { get; init; } = TimeSpan.FromSeconds(1);
    /// <summary>How the pause grows.</summary>
    public RetryBackoff Backoff { get; init; } = RetryBackoff.Exponential;
    /// <summary>Spreads the pauses, so that many callers do not come back at once.</summary>
    public bool UseJitter { get; init; } = true;

    /// <summary>The pause before a repetition, from 1; <paramref name="chance"/> is between 0 and 1.</summary>
    public TimeSpan DelayBefore(int repetition, double chance) => Delay * (Backoff switch
    {
        RetryBackoff.Constant => 1,
        RetryBackoff.Linear => repetition,
        _ => Math.Pow(2, repetition - 1),
    }) * (UseJitter ? 0.5 + chance : 1);

    /// <summary>Statuses that may be better next time.</summary>
    public static bool IsTransient(int status) => status is 408 or 409 or 429 or 500 or 502 or 503 or 504;
}

/// <summary>How the pauses between repetitions grow.</summary>
public enum RetryBackoff { Constant, Linear, Exponential }

/// <summary>What came of an HTTP request to another system.</summary>
public abstract record HttpSendAnswer
{
    private HttpSendAnswer() { }

    /// <summary>It answered, with whatever status.</summary>
    public sealed record Response(int StatusCode, string? ReasonPhrase, IReadOnlyDictionary<string, object?> Headers, IReadOnlyDictionary<string, object?> ContentHeaders, string? ContentType, byte[] Content) : HttpSendAnswer;

    /// <summary>There was no connection.</summary>
    public sealed record FailedToConnect(string Reason) : HttpSendAnswer;

    /// <summary>It did not answer in time.</summary>
    public sealed record TimedOut : HttpSendAnswer;

    /// <summary>The host does not send such requests, or does not take such answers.</summary>
    public sealed record Refused(string Reason) : HttpSendAnswer;
}
