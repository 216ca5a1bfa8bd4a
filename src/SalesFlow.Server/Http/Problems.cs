using System.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;

namespace SalesFlow.Server.Http;

/// <summary>Writes RFC 9457 problem documents; no answer of the API reports a failure in any other form.</summary>
internal static class Problems
{
    public const string ContentType = "application/problem+json";

    public static Task WriteAsync(HttpContext http, int status, string detail, params (string Name, object? Value)[] extensions)
    {
        var problem = new ProblemDetails
        {
            Type = $"https://www.rfc-editor.org/rfc/rfc9110#status.{status}",
            Title = ReasonPhrases.GetReasonPhrase(status),
            Status = status,
            Detail = detail,
            Extensions = { ["traceId"] = Activity.Current?.TraceId.ToString() ?? http.TraceIdentifier },
        };
        foreach (var (name, value) in extensions)
            problem.Extensions[name] = value;
        http.Response.StatusCode = status;
        return http.Response.WriteAsJsonAsync(problem, options: null, ContentType, http.RequestAborted);
    }

    /// <summary>Gives a body to the answers that routing and authorization leave empty (401, 403, 404, 405, 415, 429).</summary>
    public static Task WriteForStatusAsync(HttpContext http) => WriteAsync(http, http.Response.StatusCode, http.Response.StatusCode switch
    {
        StatusCodes.Status401Unauthorized => "Nobody is signed in. Sign in, or send the header 'Authorization: ApiKey <key>'.",
        StatusCodes.Status403Forbidden => "Your roles do not allow this.",
        StatusCodes.Status404NotFound => $"There is nothing at '{http.Request.Path}'.",
        StatusCodes.Status405MethodNotAllowed => $"'{http.Request.Path}' does not accept {http.Request.Method}; it accepts {http.Response.Headers.Allow}.",
        StatusCodes.Status413PayloadTooLarge => "The request's body is too large.",
        StatusCodes.Status415UnsupportedMediaType => $"Content type '{http.Request.ContentType}' was sent, 'application/json' was expected.",
        StatusCodes.Status429TooManyRequests => "Too many attempts. Wait a minute and try again.",
        _ => "The request could not be answered.",
    });
}
