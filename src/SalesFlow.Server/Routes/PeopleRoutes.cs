using System.Globalization;
using SalesFlow.Sales;
using SalesFlow.Sales.People;
using SalesFlow.Server.Http;
using SalesFlow.Server.Security;

namespace SalesFlow.Server.Routes;

/// <summary>Who is asking, and who else works here.</summary>
internal static class PeopleRoutes
{
    public static void MapPeople(this IEndpointRouteBuilder api)
    {
        api.MapGet("/me", MeAsync).RequireAuthorization(Policies.SignedIn).WithTags("People");
        api.MapGet("/users", UsersAsync).RequireAuthorization(Policies.SignedIn).WithTags("People");
    }

    private static async Task<IResult> MeAsync(Caller caller, UserQueries users, CancellationToken cancel)
    {
        var id = caller.Actor.Id.Value.ToString(CultureInfo.InvariantCulture);
        var everyone = await users.ListAsync(cancel);
        return Results.Ok(everyone.FirstOrDefault(user => user.Id == id) ?? throw new NotFoundException("The one who is signed in no longer exists."));
    }

    private static async Task<IResult> UsersAsync(UserQueries users, CancellationToken cancel) =>
        Results.Ok(new { items = await users.ListAsync(cancel), nextCursor = (string?)null });
}
