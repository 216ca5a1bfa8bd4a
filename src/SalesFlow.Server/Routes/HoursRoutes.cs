using SalesFlow.Sales.Calendars;
using SalesFlow.Server.Http;
using SalesFlow.Server.Security;

namespace SalesFlow.Server.Routes;

/// <summary>By which hours teams and people work.</summary>
internal static class HoursRoutes
{
    public static void MapHours(this IEndpointRouteBuilder api)
    {
        var hours = api.MapGroup("/hours").WithTags("People").RequireAuthorization(Policies.LeadTeam);
        hours.MapGet("/", ListAsync);
        hours.MapPut("/teams/{team}", SetTeamAsync);
        hours.MapDelete("/teams/{team}", RemoveTeamAsync);
        hours.MapPut("/people/{id}", SetPersonAsync);
        hours.MapDelete("/people/{id}", RemovePersonAsync);
    }

    private static async Task<IResult> ListAsync(HoursQueries hours, CancellationToken cancel) => Results.Ok(await hours.ListAsync(cancel));

    private static async Task<IResult> SetTeamAsync(string team, WorkingHours body, Caller caller, HoursCommands hours, CancellationToken cancel) => Planned(await hours.SetTeamAsync(team, body, caller.Actor, cancel));

    private static async Task<IResult> RemoveTeamAsync(string team, Caller caller, HoursCommands hours, CancellationToken cancel) => Planned(await hours.SetTeamAsync(team, null, caller.Actor, cancel));

    private static async Task<IResult> SetPersonAsync(string id, WorkingHours body, Caller caller, HoursCommands hours, CancellationToken cancel) => Planned(await hours.SetPersonAsync(Ids.User(id), body, caller.Actor, cancel));

    private static async Task<IResult> RemovePersonAsync(string id, Caller caller, HoursCommands hours, CancellationToken cancel) => Planned(await hours.SetPersonAsync(Ids.User(id), null, caller.Actor, cancel));

    private static IResult Planned(int deals) => Results.Ok(new { plannedAnew = deals });
}
