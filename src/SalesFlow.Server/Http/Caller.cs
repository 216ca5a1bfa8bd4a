using System.Collections.Immutable;
using System.Globalization;
using System.Security.Claims;
using SalesFlow.Sales;
using SalesFlow.Sales.People;
using SalesFlow.Sales.Requests;

namespace SalesFlow.Server.Http;

/// <summary>Reads the acting person out of a request; bound by minimal APIs as a parameter of that type.</summary>
public sealed record Caller(Actor Actor)
{
    /// <summary>Binds the parameter; an endpoint that takes a caller has already been authorized.</summary>
    public static ValueTask<Caller?> BindAsync(HttpContext http) => ValueTask.FromResult<Caller?>(new Caller(Of(http.User) with { Request = http.Items[typeof(RequestKey)] as RequestKey }));

    /// <summary>The person behind a signed-in principal, speaking the request's language.</summary>
    public static Actor Of(ClaimsPrincipal principal) => new(
        new UserId(long.Parse(principal.FindFirstValue(ClaimTypes.NameIdentifier)!, CultureInfo.InvariantCulture)),
        principal.FindFirstValue(ClaimTypes.GivenName) ?? principal.Identity!.Name ?? "",
        principal.FindAll(ClaimTypes.Role).Select(role => role.Value).ToImmutableHashSet(),
        CultureInfo.CurrentUICulture.TwoLetterISOLanguageName);
}
