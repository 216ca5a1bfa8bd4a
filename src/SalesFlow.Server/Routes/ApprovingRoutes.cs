using System.Globalization;
using Microsoft.AspNetCore.Localization;
using Microsoft.AspNetCore.Mvc;
using SalesFlow.Runtime;
using SalesFlow.Sales;
using SalesFlow.Sales.Approvals;
using SalesFlow.Web.Meetings;

namespace SalesFlow.Server.Routes;

/// <summary>
/// What the page behind an approver's link sends. Only a posted form with the page's own antiforgery token decides, so that programs that look at links before people do decide nothing.
/// </summary>
internal static class ApprovingRoutes
{
    /// <summary>Where the links of letters lead.</summary>
    public const string Path = "/approve";

    public static void MapApproving(this IEndpointRouteBuilder app) =>
        app.MapPost(Path + "/{token}/decide", DecideAsync).AllowAnonymous().RequireRateLimiting(BookPage.RateLimit).ExcludeFromDescription();

    // The page speaks the approver's language, whatever the browser asks for, until another is chosen.
    public static void AddApproving(this IServiceCollection services) =>
        services.Configure<RequestLocalizationOptions>(languages => languages.AddInitialRequestCultureProvider(new CustomRequestCultureProvider(LanguageAsync)));

    private static async Task<ProviderCultureResult?> LanguageAsync(HttpContext http) =>
        http.Request.Path.StartsWithSegments(Path, out var rest) && !http.Request.Query.ContainsKey("culture") && rest.Value?.Split('/') is ["", var token, ..]
        && await http.RequestServices.GetRequiredService<ApprovalLinkQueries>().LanguageAsync(token, http.RequestAborted) is { } language ? new(language) : null;

    private static async Task<IResult> DecideAsync(string token, [FromForm] string? outcome, [FromForm] string? comment, ApprovalLinkCommands links, CancellationToken cancel)
    {
        // The page that follows speaks as this one did: the link itself will soon lead nowhere.
        var language = CultureInfo.CurrentUICulture.TwoLetterISOLanguageName;
        try
        {
            await links.DecideAsync(token, outcome ?? "", string.IsNullOrWhiteSpace(comment) ? null : comment.Trim(), language, cancel);
            return Results.LocalRedirect($"{Path}/done?what={outcome}&culture={language}");
        }
        catch (ValidationException)
        {
            return Back(token, "comment", language);
        }
        catch (Exception refused) when (refused is RefusedException or ForbiddenException)
        {
            return Back(token, "failed", language);
        }
        catch (NotFoundException)
        {
            // The page says so, and with which status.
            return Back(token, "failed", language);
        }
    }

    private static IResult Back(string token, string problem, string language) => Results.LocalRedirect($"{Path}/{Uri.EscapeDataString(token)}?problem={problem}&culture={language}");
}
