using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using SalesFlow.Sales;
using SalesFlow.Sales.People;
using SalesFlow.Studio;

namespace SalesFlow.Server.Security;

/// <summary>How people and machines prove who they are.</summary>
internal static class SignIn
{
    private const string CookieOrKey = "cookieOrKey";
    /// <summary>The page that asks for name and password.</summary>
    public const string Page = "/sign-in";
    /// <summary>Rate limit of the sign-in endpoints.</summary>
    public const string RateLimit = "signIn";

    public static void AddSignIn(this IServiceCollection services)
    {
        services.AddAuthentication(CookieOrKey)
            .AddPolicyScheme(CookieOrKey, null, scheme => scheme.ForwardDefaultSelector = http => ApiKeyHandler.IsUsedBy(http.Request) ? ApiKeyHandler.SchemeName : IdentityConstants.ApplicationScheme)
            .AddScheme<AuthenticationSchemeOptions, ApiKeyHandler>(ApiKeyHandler.SchemeName, null)
            .AddIdentityCookies(cookies => cookies.ApplicationCookie!.Configure(DescribeCookie));
        services.AddIdentityCore<User>(Describe).AddRoles<Role>().AddSignInManager().AddClaimsPrincipalFactory<PersonPrincipal>()
            .AddEntityFrameworkStores<SalesFlowDb>();
        services.Configure<SecurityStampValidatorOptions>(stamps => stamps.ValidationInterval = TimeSpan.FromMinutes(5));
        services.AddAuthorization(Policies.AddTo);
        services.AddRateLimiter(limits =>
        {
            limits.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            limits.AddPolicy(RateLimit, http => RateLimitPartition.GetFixedWindowLimiter(http.Connection.RemoteIpAddress,
                _ => new FixedWindowRateLimiterOptions { PermitLimit = 60, Window = TimeSpan.FromMinutes(1) }));
        });
    }

    private static void Describe(IdentityOptions identity)
    {
        identity.Password.RequiredLength = 10;
        identity.Password.RequireNonAlphanumeric = identity.Password.RequireUppercase = identity.Password.RequireDigit = false;
        identity.Lockout.MaxFailedAccessAttempts = 5;
        identity.Lockout.DefaultLockoutTimeSpan = TimeSpan.FromMinutes(5);
        identity.User.RequireUniqueEmail = false;
    }

    private static void DescribeCookie(Microsoft.AspNetCore.Authentication.Cookies.CookieAuthenticationOptions cookie)
    {
        cookie.Cookie.Name = "salesflow";
        cookie.Cookie.SameSite = SameSiteMode.Lax;
        cookie.ExpireTimeSpan = TimeSpan.FromHours(12);
        cookie.SlidingExpiration = true;
        cookie.LoginPath = Page;
        cookie.AccessDeniedPath = "/forbidden";
        cookie.Events.OnRedirectToLogin = context => AnswerAsync(context, StatusCodes.Status401Unauthorized);
        cookie.Events.OnRedirectToAccessDenied = context => AnswerAsync(context, StatusCodes.Status403Forbidden);
    }

    // A program gets the status; only a browser asking for a page is sent to one: to the sign-in form, or to the page that says it is not for them.
    private static Task AnswerAsync(RedirectContext<Microsoft.AspNetCore.Authentication.Cookies.CookieAuthenticationOptions> context, int status)
    {
        if (HttpMethods.IsGet(context.Request.Method) && context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal)
            && !context.Request.Path.StartsWithSegments("/api") && !context.Request.Path.StartsWithSegments(StudioApi.Path))
            context.Response.Redirect(context.RedirectUri);
        else
            context.Response.StatusCode = status;
        return Task.CompletedTask;
    }
}
