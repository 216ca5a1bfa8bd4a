using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Localization;
using Microsoft.AspNetCore.Mvc;
using SalesFlow.Sales;
using SalesFlow.Sales.People;
using SalesFlow.Server.Http;
using SalesFlow.Server.Security;

namespace SalesFlow.Server.Routes;

/// <summary>Signing in and out with a cookie; the form of the page and the JSON of a script come to the same.</summary>
internal static class SignInRoutes
{
    public static void MapSignIn(this IEndpointRouteBuilder app)
    {
        app.MapPost("/account/sign-in", FormAsync).AllowAnonymous().RequireRateLimiting(SignIn.RateLimit).WithTags("Sign-in").ExcludeFromDescription();
        app.MapPost("/account/sign-out", OutAsync).RequireAuthorization(Policies.SignedIn).WithTags("Sign-in").ExcludeFromDescription();
        app.MapGet("/account/language", Language).AllowAnonymous().WithTags("Sign-in").ExcludeFromDescription();
        app.MapPost("/api/sign-in", JsonAsync).AllowAnonymous().RequireRateLimiting(SignIn.RateLimit).WithTags("Sign-in");
    }

    /// <summary>Name and password of a person.</summary>
    internal sealed record SignInRequest(string UserName, string Password);

    private static async Task<IResult> FormAsync([FromForm] string userName, [FromForm] string password, [FromForm] string? returnUrl, SignInManager<User> signIn)
    {
        var result = await signIn.PasswordSignInAsync(userName, password, isPersistent: false, lockoutOnFailure: true);
        if (result.Succeeded)
            return Results.LocalRedirect(IsLocal(returnUrl) ? returnUrl! : "/");
        return Results.LocalRedirect($"{SignIn.Page}?error={(result.IsLockedOut ? "locked" : "wrong")}&returnUrl={Uri.EscapeDataString(returnUrl ?? "/")}");
    }

    private static async Task JsonAsync(SignInRequest person, SignInManager<User> signIn, HttpContext http)
    {
        var result = await signIn.PasswordSignInAsync(person.UserName, person.Password, isPersistent: false, lockoutOnFailure: true);
        if (result.Succeeded)
            http.Response.StatusCode = StatusCodes.Status204NoContent;
        else
            await Problems.WriteAsync(http, StatusCodes.Status401Unauthorized, result.IsLockedOut
                ? "Too many wrong passwords: the account is locked for five minutes."
                : "Name or password is wrong.");
    }

    private static async Task<IResult> OutAsync([FromForm] string? returnUrl, SignInManager<User> signIn)
    {
        await signIn.SignOutAsync();
        return Results.LocalRedirect(IsLocal(returnUrl) ? returnUrl! : SignIn.Page);
    }

    private static IResult Language(string culture, string? returnUrl, HttpContext http)
    {
        if (culture is not ("ru" or "en"))
            throw new ValidationException("culture", $"'{culture}' is unknown; expected ru, en.");
        http.Response.Cookies.Append(CookieRequestCultureProvider.DefaultCookieName, CookieRequestCultureProvider.MakeCookieValue(new RequestCulture(culture)),
            new CookieOptions { IsEssential = true, HttpOnly = true, SameSite = SameSiteMode.Lax, MaxAge = TimeSpan.FromDays(365) });
        return Results.LocalRedirect(IsLocal(returnUrl) ? returnUrl! : "/");
    }

    private static bool IsLocal(string? url) => url is ['/', ..] && (url.Length == 1 || url[1] is not ('/' or '\\'));
}
