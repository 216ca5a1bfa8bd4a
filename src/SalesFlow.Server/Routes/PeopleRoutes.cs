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
        var users = api.MapGroup("/users").WithTags("People");
        users.MapGet("/", UsersAsync).RequireAuthorization(Policies.SignedIn);
        users.MapPost("/", HireAsync).RequireAuthorization(Policies.ManagePeople);
        users.MapPatch("/{id}", ChangeAsync).RequireAuthorization(Policies.ManagePeople);
        users.MapPost("/{id}/password", ResetPasswordAsync).RequireAuthorization(Policies.ManagePeople);
        users.MapPost("/{id}/absences", AddAbsenceAsync).RequireAuthorization(Policies.SignedIn);
        users.MapDelete("/{id}/absences/{absence}", RemoveAbsenceAsync).RequireAuthorization(Policies.SignedIn);
    }

    private static async Task<IResult> HireAsync(NewPerson person, Caller caller, PeopleCommands people, CancellationToken cancel) =>
        Results.Created((string?)null, await people.HireAsync(person, caller.Actor, cancel));

    private static async Task<IResult> ChangeAsync(string id, PersonPatch patch, Caller caller, PeopleCommands people, CancellationToken cancel) =>
        Results.Ok(await people.ChangeAsync(Ids.User(id), patch, caller.Actor, cancel));

    private static async Task<IResult> ResetPasswordAsync(string id, Caller caller, PeopleCommands people, CancellationToken cancel) =>
        Results.Ok(await people.ResetPasswordAsync(Ids.User(id), caller.Actor, cancel));

    private static async Task<IResult> AddAbsenceAsync(string id, NewAbsence absence, Caller caller, PeopleCommands people, CancellationToken cancel) =>
        Results.Ok(await people.AddAbsenceAsync(Ids.User(id), absence, caller.Actor, cancel));

    private static async Task<IResult> RemoveAbsenceAsync(string id, string absence, Caller caller, PeopleCommands people, CancellationToken cancel) =>
        Results.Ok(await people.RemoveAbsenceAsync(Ids.User(id), Ids.Absence(absence), caller.Actor, cancel));

    private static async Task<IResult> MeAsync(Caller caller, UserQueries users, CancellationToken cancel)
    {
        var id = caller.Actor.Id.Value.ToString(CultureInfo.InvariantCulture);
        var everyone = await users.ListAsync(cancel);
        return Results.Ok(everyone.FirstOrDefault(user => user.Id == id) ?? throw new NotFoundException("The one who is signed in no longer exists."));
    }

    private static async Task<IResult> UsersAsync(Caller caller, UserQueries users, CancellationToken cancel) =>
        Results.Ok(new { items = (await users.ListAsync(cancel)).Select(user => user.For(caller.Actor)), nextCursor = (string?)null });
}
