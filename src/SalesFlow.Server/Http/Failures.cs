using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Diagnostics;
using SalesFlow.Runtime;
using SalesFlow.Sales;
using SalesFlow.Sales.Requests;

namespace SalesFlow.Server.Http;

/// <summary>The one place where a failure becomes an HTTP status: what a person can mend says how, a bug says only its trace id.</summary>
internal sealed partial class Failures(ILogger<Failures> log) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext http, Exception failure, CancellationToken cancel)
    {
        if (failure is OperationCanceledException && http.RequestAborted.IsCancellationRequested)
            return true;
        await (failure switch
        {
            RefusedException refused => Problems.WriteAsync(http, StatusCodes.Status409Conflict, refused.Message, ("obstacles", refused.Obstacles)),
            ValidationException invalid => Problems.WriteAsync(http, StatusCodes.Status400BadRequest, invalid.Message, ("errors", invalid.Errors)),
            NotFoundException => Problems.WriteAsync(http, StatusCodes.Status404NotFound, failure.Message),
            ForbiddenException => Problems.WriteAsync(http, StatusCodes.Status403Forbidden, failure.Message),
            ChangedMeanwhileException => Problems.WriteAsync(http, StatusCodes.Status412PreconditionFailed, failure.Message),
            UnavailableException => Problems.WriteAsync(http, StatusCodes.Status503ServiceUnavailable, failure.Message),
            KeyReusedException => Problems.WriteAsync(http, StatusCodes.Status422UnprocessableEntity, failure.Message),
            BadHttpRequestException { StatusCode: StatusCodes.Status400BadRequest } bad => WriteBadRequestAsync(http, bad),
            BadHttpRequestException bad => WriteStatusAsync(http, bad.StatusCode),
            _ => WriteBugAsync(http, failure),
        });
        return true;
    }

    /// <summary>The endpoint that was asked for: it is taken off a request that has failed.</summary>
    public static Endpoint? EndpointOf(HttpContext http) => http.Features.Get<IExceptionHandlerFeature>()?.Endpoint ?? http.GetEndpoint();

    private static Task WriteStatusAsync(HttpContext http, int status)
    {
        http.Response.StatusCode = status;
        return Problems.WriteForStatusAsync(http);
    }

    private Task WriteBugAsync(HttpContext http, Exception failure)
    {
        log.LogError(failure, "{Method} {Route} failed", http.Request.Method, EndpointOf(http)?.DisplayName);
        return Problems.WriteAsync(http, StatusCodes.Status500InternalServerError, "Something went wrong here. It was logged under the trace id.");
    }

    private static Task WriteBadRequestAsync(HttpContext http, BadHttpRequestException bad)
    {
        var (field, message) = bad.InnerException is JsonException json ? Explain(json) : ExplainParameter(bad);
        return Problems.WriteAsync(http, StatusCodes.Status400BadRequest, $"{field}: {message}", ("errors", new Dictionary<string, string[]> { [field] = [message] }));
    }

    private static (string Field, string Message) Explain(JsonException json)
    {
        if (UnknownProperty().Match(json.Message) is { Success: true } unknown)
            return (unknown.Groups[1].Value, "There is no such property here; check its spelling.");
        if (MissingProperties().Match(json.Message) is { Success: true } missing)
            return (missing.Groups[1].Value.Split('\'', StringSplitOptions.RemoveEmptyEntries)[0], "This property is required.");
        var path = json.Path is null or "$" ? "body" : json.Path.StartsWith("$.", StringComparison.Ordinal) ? json.Path[2..] : json.Path;
        if (json.Message.StartsWith(PlainText.Refusal, StringComparison.Ordinal))
            return (path, "The text holds a NUL character (\\u0000); remove it.");
        if (json.Message.StartsWith(PlainText.HalfACharacter, StringComparison.Ordinal))
            return (path, "The text holds half a character (a surrogate such as \\ud800 without its other half); remove it.");
        return WrongType().Match(json.Message) is { Success: true } wrong
            ? (path, $"The value has the wrong type; {Expected(wrong.Groups[1].Value)} was expected.")
            : (path, $"The body is not the JSON that was expected (line {json.LineNumber + 1}, byte {json.BytePositionInLine + 1}).");
    }

    private static (string Field, string Message) ExplainParameter(BadHttpRequestException bad)
    {
        if (Parameter().Match(bad.Message) is { Success: true } named)
            return (named.Groups[1].Value, $"The value '{named.Groups[2].Value}' does not fit.");
        return bad.Message.Contains("no body", StringComparison.Ordinal) ? ("body", "A JSON body is required.") : ("request", bad.Message);
    }

    private static string Expected(string type) => type switch
    {
        _ when type.Contains("Decimal", StringComparison.Ordinal) || type.Contains("Int", StringComparison.Ordinal) || type.Contains("Double", StringComparison.Ordinal) => "a number",
        _ when type.Contains("Boolean", StringComparison.Ordinal) => "true or false",
        _ when type.Contains("Date", StringComparison.Ordinal) => "a time like 2026-01-31T09:00:00Z",
        _ when type.Contains("String", StringComparison.Ordinal) => "a text",
        _ when type.Contains("Dictionary", StringComparison.Ordinal) => "an object",
        _ => $"{type[(type.LastIndexOf('.') + 1)..]}",
    };

    [GeneratedRegex("The JSON property '([^']+)' could not be mapped")]
    private static partial Regex UnknownProperty();
    [GeneratedRegex("missing required properties including: (.+?)[.;]")]
    private static partial Regex MissingProperties();
    [GeneratedRegex("could not be converted to ([^ ]+?)\\. ")]
    private static partial Regex WrongType();
    [GeneratedRegex("Failed to bind parameter \"[^ ]+ ([^\"]+)\" from \"(.*)\"")]
    private static partial Regex Parameter();
}
