using System.Globalization;
using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using SalesFlow.Sales.People;

namespace SalesFlow.Server.Security;

/// <summary>Signs a machine in by the header <c>Authorization: ApiKey &lt;key&gt;</c>; it acts as the key's owner.</summary>
internal sealed class ApiKeyHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logs, UrlEncoder encoder, UserQueries users)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logs, encoder)
{
    public const string SchemeName = "ApiKey";
    private const string Prefix = SchemeName + " ";

    public static bool IsUsedBy(HttpRequest request) => request.Headers.Authorization.ToString().StartsWith(Prefix, StringComparison.OrdinalIgnoreCase);

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (!IsUsedBy(Request))
            return AuthenticateResult.NoResult();
        var key = Request.Headers.Authorization.ToString()[Prefix.Length..].Trim();
        return await users.ActorOfKeyAsync(key, Context.RequestAborted) is { } actor
            ? AuthenticateResult.Success(new AuthenticationTicket(PrincipalOf(actor), SchemeName))
            : AuthenticateResult.Fail("The API key is unknown or was revoked.");
    }

    private static ClaimsPrincipal PrincipalOf(Actor actor) => new(new ClaimsIdentity(
    [
        new Claim(ClaimTypes.NameIdentifier, actor.Id.Value.ToString(CultureInfo.InvariantCulture)),
        new Claim(ClaimTypes.Name, actor.Name),
        new Claim(ClaimTypes.GivenName, actor.Name),
        .. actor.Roles.Select(role => new Claim(ClaimTypes.Role, role)),
    ], SchemeName));
}
