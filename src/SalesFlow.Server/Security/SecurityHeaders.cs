using SalesFlow.Engine;
using SalesFlow.Studio;
using SalesFlow.Studio.Page;

namespace SalesFlow.Server.Security;

/// <summary>Response headers that keep other sites and injected markup out.</summary>
internal static class SecurityHeaders
{
    // MudBlazor positions its popovers with style attributes, hence 'unsafe-inline' for styles; scripts have no such excuse.
    private const string Pages =
        "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; " +
        "connect-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'";
    private const string Reference = "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; frame-ancestors 'none'";

    /// <summary>Rendered documents and the responses of workflows hold text that people typed: no scripts, no forms, nothing from elsewhere.</summary>
    public const string Document = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'";

    public static void UseSecurityHeaders(this IApplicationBuilder app) => app.Use((http, next) =>
    {
        var headers = http.Response.Headers;
        headers.ContentSecurityPolicy = http.Request.Path.StartsWithSegments("/scalar") ? Reference : http.Request.Path.StartsWithSegments(HttpEndpointRules.BasePath) ? Document
            : http.Request.Path.StartsWithSegments(StudioPage.Path) ? StudioPage.ContentSecurityPolicy : Pages;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()";
        if (http.Request.Path.StartsWithSegments("/api") || http.Request.Path.StartsWithSegments(StudioApi.Path) || http.Request.Path.StartsWithSegments(HttpEndpointRules.BasePath))
            headers.CacheControl = "no-store";
        return next();
    });
}
