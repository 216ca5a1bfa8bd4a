using System.Security.Claims;
using SalesFlow.Server.Http;

namespace SalesFlow.Server.Security;

/// <summary>Notes who was refused what: by route and by the number of the person, so that neither names nor the secrets of links come into the log.</summary>
internal static class RefusalLog
{
    private const string Category = "SalesFlow.Server.Refusals";

    /// <summary>Comes first, to see the status in the end.</summary>
    public static void UseRefusalLog(this WebApplication app)
    {
        var log = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger(Category);
        app.Use(async (http, next) =>
        {
            await next();
            if (IsRefusal(http.Response.StatusCode) && RouteOf(http) is { } route)
                log.LogInformation("{Method} {Route} was refused with {Status} to person {Person}", http.Request.Method, route, http.Response.StatusCode, http.User.FindFirstValue(ClaimTypes.NameIdentifier) ?? "unknown");
        });
    }

    private static bool IsRefusal(int status) => status is StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden or StatusCodes.Status404NotFound or StatusCodes.Status410Gone
        or StatusCodes.Status413PayloadTooLarge or StatusCodes.Status415UnsupportedMediaType or StatusCodes.Status429TooManyRequests;

    // An address that is none of ours is nobody's, and says only that somebody has guessed.
    private static string? RouteOf(HttpContext http) => (Failures.EndpointOf(http) as RouteEndpoint)?.RoutePattern.RawText;
}
