using Microsoft.AspNetCore.Antiforgery;
using SalesFlow.Server.Http;

namespace SalesFlow.Server.Security;

/// <summary>
/// Refuses changes that another site's page asks a signed-in browser to make. API keys travel in a header no other site can set,
/// so only requests without one are looked at; forms of our own pages carry an antiforgery token besides.
/// </summary>
internal static class CrossSiteGuard
{
    public static void UseCrossSiteGuard(this IApplicationBuilder app) => app.Use((http, next) =>
        IsChange(http.Request) && http.Request.Headers.Authorization.Count == 0 && IsForeign(http.Request)
            ? Problems.WriteAsync(http, StatusCodes.Status403Forbidden, "The request came from another site's page. Send it from SalesFlow itself or with an API key.")
            : next());

    /// <summary>Refuses forms without the token of the page that they stand on. Comes after the check of the token, and before anything reads the form.</summary>
    public static void UseFormGuard(this IApplicationBuilder app) => app.Use((http, next) =>
        http.Features.Get<IAntiforgeryValidationFeature>() is { IsValid: false }
            ? Problems.WriteAsync(http, StatusCodes.Status400BadRequest, "The form came without the token of its page, or with an old one. Open the page anew and send it again.")
            : next());

    private static bool IsChange(HttpRequest request) =>
        !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method) && !HttpMethods.IsOptions(request.Method);

    /// <summary>True for requests that another site's page made.</summary>
    public static bool IsForeign(HttpRequest request)
    {
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        if (site.Length > 0)
            return site is not ("same-origin" or "none");
        var origin = request.Headers.Origin.ToString();
        return origin.Length > 0 && !string.Equals(origin, $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase);
    }
}
