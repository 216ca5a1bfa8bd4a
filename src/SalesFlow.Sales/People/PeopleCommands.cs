using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SalesFlow.Engine;
using SalesFlow.Sales.Mails;
using SalesFlow.Sales.Meetings;
using SalesFlow.Sales.Tasks;

namespace SalesFlow.Sales.People;

/// <summary>Takes people in, changes and releases them, and notes when they are away. Administrators only, but for one's own absences.</summary>
public sealed class PeopleCommands(IServiceScopeFactory scopes, IDbContextFactory<SalesFlowDb> databases, UserQueries users, AbsentTaskCommands tasks, AbsentMeetingCommands meetings, TimeProvider clock)
{
    private const int LongestWord = 200, MostSkills = 100, LongestAbsenceDays = 366;
    // A password that is read out over the telephone: no letters that look or sound alike.
    private const string Letters = "abcdefghkmnpqrstuvwxyz23456789";

    /// <summary>Takes somebody in; the answer holds the first password.</summary>
    public async Task<NewPassword> HireAsync(NewPerson person, Actor actor, CancellationToken cancel)
    {
        DemandAdministrator(actor);
        Check(person.DisplayName, person.Roles, person.Language, person.Skills, person.Capacity, person.Team);
        if (string.IsNullOrWhiteSpace(person.Name) || person.Name.Length > LongestWord)
            throw new ValidationException("name", "A sign-in name is required.");
        await using var scope = scopes.CreateAsyncScope();
        var manager = scope.ServiceProvider.GetRequiredService<UserManager<User>>();
        var (user, password) = (new User { UserName = person.Name.Trim(), DisplayName = person.DisplayName.Trim(), Language = person.Language }, Password());
        Set(user, new PersonPatch(Team: person.Team, Email: person.Email, Skills: person.Skills, Capacity: person.Capacity));
        Demand(await manager.CreateAsync(user, password), "name");
        Demand(await manager.AddToRolesAsync(user, person.Roles), "roles");
        users.Forget();
        return new(await users.ReadAsync(new UserId(user.Id), cancel), password);
    }

    /// <summary>Changes what the patch names. The last active administrator stays one. The open tasks of somebody who leaves are handed over.</summary>
    public async Task<UserView> ChangeAsync(UserId id, PersonPatch patch, Actor actor, CancellationToken cancel)
    {
        DemandAdministrator(actor);
        Check(patch.DisplayName ?? "x", patch.Roles ?? [Roles.Rep], patch.Language ?? "ru", patch.Skills, patch.Capacity, patch.Team);
        await DemandAnAdministratorStaysAsync(id, patch, actor, cancel);
        await using var scope = scopes.CreateAsyncScope();
        var manager = scope.ServiceProvider.GetRequiredService<UserManager<User>>();
        var user = await FindAsync(manager, id);
        Set(user, patch);
        if (patch.Active is { } active)
            (user.Active, user.LockoutEnabled, user.LockoutEnd) = (active, true, active ? null : DateTimeOffset.MaxValue);
        Demand(await manager.UpdateAsync(user), "name");
        if (patch.Roles is { } roles)
        {
            var held = await manager.GetRolesAsync(user);
            Demand(await manager.RemoveFromRolesAsync(user, held.Except(roles)), "roles");
            Demand(await manager.AddToRolesAsync(user, roles.Except(held)), "roles");
        }
        // Open sessions end with the old stamp: who has left or lost a role is out within minutes.
        if (patch.Active is not null || patch.Roles is not null)
            Demand(await manager.UpdateSecurityStampAsync(user), "name");
        users.Forget();
        if (patch.Active == false)
            await tasks.HandOverAsync(cancel);
        return await users.ReadAsync(id, cancel);
    }

    /// <summary>Gives a new password; sessions with the old one end.</summary>
    public async Task<NewPassword> ResetPasswordAsync(UserId id, Actor actor, CancellationToken cancel)
    {
        DemandAdministrator(actor);
        await using var scope = scopes.CreateAsyncScope();
        var manager = scope.ServiceProvider.GetRequiredService<UserManager<User>>();
        var (user, password) = (await FindAsync(manager, id), Password());
        if (await manager.HasPasswordAsync(user))
            Demand(await manager.RemovePasswordAsync(user), "password");
        Demand(await manager.AddPasswordAsync(user, password), "password");
        if (user.Active)
            Demand(await manager.SetLockoutEndDateAsync(user, null), "password");
        return new(await users.ReadAsync(id, cancel), password);
    }

    /// <summary>Notes an absence; one's own, or anybody's for the head of sales and administrators. Once it has begun, open tasks go to whoever stands in; meetings booked for that time are given to others or offered anew at once.</summary>
    public async Task<UserView> AddAbsenceAsync(UserId id, NewAbsence absence, Actor actor, CancellationToken cancel)
    {
        DemandOwnOrLead(id, actor);
        var people = await users.ByIdAsync(cancel);
        if (!people.ContainsKey(id))
            throw new NotFoundException($"There is no person {id}.");
        if (absence.To <= absence.From || absence.To - absence.From > TimeSpan.FromDays(LongestAbsenceDays))
            throw new ValidationException("to", new Text("An absence ends after it begins, within a year.", "Отсутствие кончается после начала и длится не больше года.").In(actor.Language));
        if (absence.To <= clock.GetUtcNow())
            throw new ValidationException("to", new Text("The absence is over already.", "Это отсутствие уже закончилось.").In(actor.Language));
        if (absence.Reason?.Length > LongestWord)
            throw new ValidationException("reason", new Text($"A reason has at most {LongestWord} characters.", $"Причина — не длиннее {LongestWord} знаков.").In(actor.Language));
        UserId? substitute = string.IsNullOrWhiteSpace(absence.Substitute) ? null : UserQueries.Find(people, absence.Substitute)
            ?? throw new ValidationException("substitute", $"There is no person '{absence.Substitute}'. Give a sign-in name.");
        if (substitute == id || substitute is { } other && !people[other].Active)
            throw new ValidationException("substitute", new Text("Somebody else who works here must stand in.", "Замещать должен другой работающий сотрудник.").In(actor.Language));
        await using var db = await databases.CreateDbContextAsync(cancel);
        db.Absences.Add(new Absence { UserId = id, From = absence.From.ToUniversalTime(), To = absence.To.ToUniversalTime(), Substitute = substitute, Reason = absence.Reason });
        await db.SaveChangesAsync(cancel);
        users.Forget();
        await meetings.ReplaceHostsAsync(cancel);
        await tasks.HandOverAsync(cancel);
        return await users.ReadAsync(id, cancel);
    }

    /// <summary>Takes an absence back. Tasks that were handed over stay where they are.</summary>
    public async Task<UserView> RemoveAbsenceAsync(UserId id, long absence, Actor actor, CancellationToken cancel)
    {
        DemandOwnOrLead(id, actor);
        await using var db = await databases.CreateDbContextAsync(cancel);
        if (await db.Absences.Where(a => a.Id == absence && a.UserId == id).ExecuteDeleteAsync(cancel) == 0)
            throw new NotFoundException($"Person {id} has no absence {absence}.");
        users.Forget();
        return await users.ReadAsync(id, cancel);
    }

    private static void Set(User user, PersonPatch patch)
    {
        user.DisplayName = patch.DisplayName?.Trim() ?? user.DisplayName;
        user.Language = patch.Language ?? user.Language;
        if (patch.Team is { } team) user.Team = team.Trim() is { Length: > 0 } named ? named : null;
        if (patch.Email is { } email) user.Email = string.IsNullOrWhiteSpace(email) ? null : EmailAddress.Parse("email", email, "en").Value;
        if (patch.Skills is { } skills) user.Skills = string.Join(", ", skills.Select(skill => skill.Trim()).Where(skill => skill.Length > 0).Distinct(StringComparer.OrdinalIgnoreCase));
        if (patch.Capacity is { } capacity) user.Capacity = capacity > 0 ? capacity : null;
    }

    private static void Check(string displayName, ImmutableArray<string> roles, string language, ImmutableArray<string>? skills, int? capacity, string? team)
    {
        var errors = new Dictionary<string, string[]>();
        if (string.IsNullOrWhiteSpace(displayName) || displayName.Length > LongestWord) errors["displayName"] = [$"A name of 1 to {LongestWord} characters is required."];
        if (roles.IsDefaultOrEmpty || roles.Except(Roles.All).Any()) errors["roles"] = [$"At least one of these roles is required: {string.Join(", ", Roles.All)}."];
        if (language is not ("ru" or "en")) errors["language"] = [$"'{language}' is not spoken here; expected ru or en."];
        if (team?.Length > LongestWord) errors["team"] = [$"The name of a team has at most {LongestWord} characters."];
        if (skills is { IsDefault: false, Length: > MostSkills }) errors["skills"] = [$"{skills.Value.Length} skills were sent; at most {MostSkills} are kept."];
        else if (skills?.Any(skill => skill.Contains(',', StringComparison.Ordinal) || skill.Length > LongestWord) == true) errors["skills"] = ["A skill is a word without commas."];
        if (capacity is < 0 or > 100_000) errors["capacity"] = [$"{capacity} is not a number of deals; 0 to 100000 was expected (0 for no limit)."];
        if (errors.Count > 0) throw new ValidationException(errors);
    }

    private async Task DemandAnAdministratorStaysAsync(UserId id, PersonPatch patch, Actor actor, CancellationToken cancel)
    {
        if (patch.Active != false && patch.Roles?.Contains(Roles.Administrator) != false)
            return;
        var others = (await users.ListAsync(cancel)).Any(user => user.Active && user.Roles.Contains(Roles.Administrator) && user.Id != id.ToString());
        if (!others)
            throw new ValidationException(patch.Active == false ? "active" : "roles", new Text("The last administrator must stay one: make somebody else an administrator first.",
                "Последний администратор должен остаться: сначала назначьте другого.").In(actor.Language));
    }

    private static async Task<User> FindAsync(UserManager<User> manager, UserId id) =>
        await manager.FindByIdAsync(id.Value.ToString(CultureInfo.InvariantCulture)) ?? throw new NotFoundException($"There is no person {id}.");

    private static string Password() => RandomNumberGenerator.GetString(Letters, 14);

    private static void DemandAdministrator(Actor actor)
    {
        if (!actor.Is(Roles.Administrator)) throw new ForbiddenException("Only an administrator manages people.");
    }

    private static void DemandOwnOrLead(UserId id, Actor actor)
    {
        if (id != actor.Id && !actor.Is(Roles.HeadOfSales) && !actor.Is(Roles.Administrator))
            throw new ForbiddenException("Only the head of sales or an administrator notes somebody else's absence.");
    }

    private static void Demand(IdentityResult result, string field)
    {
        if (!result.Succeeded)
            throw new ValidationException(field, string.Join(" ", result.Errors.Select(error => error.Description)));
    }
}
