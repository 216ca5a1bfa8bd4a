using System.Collections.Immutable;
using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Components.Authorization;
using SalesFlow.Sales;
using SalesFlow.Sales.People;

namespace SalesFlow.Web.People;

/// <summary>The person who signed in, as whom a page loads and acts.</summary>
public sealed class CurrentActor(AuthenticationStateProvider signedIn)
{
    /// <summary>The person of this browser tab.</summary>
    public async Task<Actor> GetAsync() => Of((await signedIn.GetAuthenticationStateAsync()).User);

    /// <summary>The person behind a signed-in principal, speaking the language of the request.</summary>
    public static Actor Of(ClaimsPrincipal principal) => new(
        new UserId(long.Parse(principal.FindFirstValue(ClaimTypes.NameIdentifier)!, CultureInfo.InvariantCulture)),
        principal.FindFirstValue(ClaimTypes.GivenName) ?? principal.Identity!.Name ?? "",
        principal.FindAll(ClaimTypes.Role).Select(role => role.Value).ToImmutableHashSet(),
        CultureInfo.CurrentUICulture.TwoLetterISOLanguageName);
}
