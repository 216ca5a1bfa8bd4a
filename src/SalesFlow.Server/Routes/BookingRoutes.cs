using System.Globalization;
using System.Text;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Localization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;
using SalesFlow.Runtime;
using SalesFlow.Sales;
using SalesFlow.Sales.Meetings;
using SalesFlow.Web.Meetings;

namespace SalesFlow.Server.Routes;

/// <summary>
/// What a client's booking page sends. Only a posted form with the page's own antiforgery token changes anything, so that programs that look at links before people do
/// book nothing.
/// </summary>
internal static class BookingRoutes
{
    private const string Path = "/book";
    private const int PerMinute = 60;

    public static void MapBookings(this IEndpointRouteBuilder app)
    {
        var book = app.MapGroup(Path + "/{token}").AllowAnonymous().RequireRateLimiting(BookPage.RateLimit).ExcludeFromDescription();
        book.MapPost("/time", TimeAsync);
        book.MapPost("/cancel", CancelAsync);
        book.MapGet("/meeting.ics", CalendarAsync);
        app.MapGet("/calendar/{secret}.ics", FeedAsync).AllowAnonymous().RequireRateLimiting(BookPage.RateLimit).ExcludeFromDescription();
    }

    public static void AddBookings(this IServiceCollection services)
    {
        services.Configure<RateLimiterOptions>(limits =>
        {
            limits.AddPolicy(BookPage.RateLimit, http => RateLimitPartition.GetFixedWindowLimiter(http.Connection.RemoteIpAddress, _ => new FixedWindowRateLimiterOptions { PermitLimit = PerMinute, Window = TimeSpan.FromMinutes(1) }));
            // Without words of its own the refusal would be answered by a page for people who signed in.
            limits.OnRejected = (refused, cancel) => refused.HttpContext.GetEndpoint()?.Metadata.GetMetadata<EnableRateLimitingAttribute>()?.PolicyName == BookPage.RateLimit
                ? new(refused.HttpContext.Response.WriteAsync("429 Too many requests. Please try again in a minute. / Слишком много запросов. Повторите через минуту.", cancel)) : default;
        });
        // The page speaks the client's language, whatever the browser asks for, until the client chooses another.
        services.Configure<RequestLocalizationOptions>(languages => languages.AddInitialRequestCultureProvider(new CustomRequestCultureProvider(LanguageAsync)));
    }

    private static async Task<ProviderCultureResult?> LanguageAsync(HttpContext http) =>
        http.Request.Path.StartsWithSegments(Path, out var rest) && !http.Request.Query.ContainsKey("culture") && rest.Value?.Split('/') is ["", var token, ..]
        && await http.RequestServices.GetRequiredService<ClientMeetingQueries>().LanguageAsync(token, http.RequestAborted) is { } language ? new(language) : null;

    private static async Task<IResult> TimeAsync(string token, [FromForm] string? start, [FromForm] string? zone, ClientMeetingCommands meetings, HttpContext http, CancellationToken cancel)
    {
        if (!DateTimeOffset.TryParseExact(start, "yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var chosen))
            return Back(token, http, "problem=choose", zone);
        return await TryAsync(token, http, "done=booked", zone, () => meetings.BookAsync(token, chosen, zone, Language, cancel));
    }

    // The parameter makes it a form, which is what asks for the antiforgery token.
    private static Task<IResult> CancelAsync(string token, [FromForm] string? zone, ClientMeetingCommands meetings, HttpContext http, CancellationToken cancel) =>
        TryAsync(token, http, "done=cancelled", zone, () => meetings.CancelAsync(token, Language, cancel));

    private static async Task<IResult> CalendarAsync(string token, ClientMeetingQueries meetings, HttpContext http, CancellationToken cancel)
    {
        http.Response.Headers.CacheControl = "no-store";
        return await meetings.CalendarAsync(token, Language, cancel) is { } text ? Results.File(Encoding.UTF8.GetBytes(text), "text/calendar; charset=utf-8", "meeting.ics") : Results.LocalRedirect($"{Path}/{Uri.EscapeDataString(token)}");
    }

    /// <summary>Calendar programs sign in to nothing: the secret in the address is the right, and its owner takes it away at any time.</summary>
    private static async Task<IResult> FeedAsync(string secret, CalendarFeedCommands feeds, HttpContext http, CancellationToken cancel)
    {
        http.Response.Headers.CacheControl = "no-store";
        return await feeds.ReadAsync(secret, cancel) is { } text ? Results.Text(text, "text/calendar", Encoding.UTF8) : Results.Text("There is no calendar here.", "text/plain", Encoding.UTF8, StatusCodes.Status404NotFound);
    }

    private static string Language => CultureInfo.CurrentUICulture.TwoLetterISOLanguageName;

    private static async Task<IResult> TryAsync(string token, HttpContext http, string done, string? zone, Func<Task> act)
    {
        try
        {
            await act();
            return Back(token, http, done, zone);
        }
        catch (RefusedException)
        {
            return Back(token, http, "problem=taken", zone);
        }
        catch (ValidationException)
        {
            return Back(token, http, "problem=choose", null);
        }
        catch (NotFoundException)
        {
            // The page says so, and with which status.
            return Back(token, http, "problem=taken", null);
        }
    }

    private static IResult Back(string token, HttpContext http, string what, string? zone)
    {
        var kept = http.Request.Query["culture"].ToString() is "ru" or "en" ? $"&culture={http.Request.Query["culture"]}" : "";
        return Results.LocalRedirect($"{Path}/{Uri.EscapeDataString(token)}?{what}{kept}{(string.IsNullOrEmpty(zone) || zone.Length > 64 ? "" : $"&zone={Uri.EscapeDataString(zone)}")}");
    }
}
