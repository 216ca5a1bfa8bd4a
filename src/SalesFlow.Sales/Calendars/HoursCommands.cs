using Microsoft.EntityFrameworkCore;
using SalesFlow.Engine;
using SalesFlow.Sales.Deals;
using SalesFlow.Sales.People;

namespace SalesFlow.Sales.Calendars;

/// <summary>Sets by which hours teams and people work, and has what they wait for planned anew. Heads of sales and administrators only.</summary>
public sealed class HoursCommands(IDbContextFactory<SalesFlowDb> databases, UserQueries users, ReplanCommands replan)
{
    /// <summary>The hours of a team; null or nothing that differs takes them away. Answers how many deals were planned anew.</summary>
    public async Task<int> SetTeamAsync(string team, WorkingHours? hours, Actor actor, CancellationToken cancel)
    {
        DemandLead(actor);
        var members = (await users.ByIdAsync(cancel)).Where(person => person.Value.Team == team).Select(person => person.Key).ToList();
        if (members.Count == 0)
            throw new NotFoundException(new Text($"There is no team '{team}'.", $"Команды «{team}» нет.").In(actor.Language));
        return await SetAsync(DerivedCalendars.OfTeam + team, hours, members, actor, cancel);
    }

    /// <summary>The hours of a person; null or nothing that differs takes them away. Answers how many deals were planned anew.</summary>
    public async Task<int> SetPersonAsync(UserId id, WorkingHours? hours, Actor actor, CancellationToken cancel)
    {
        DemandLead(actor);
        if (!(await users.ByIdAsync(cancel)).ContainsKey(id))
            throw new NotFoundException(new Text($"There is no person {id}.", $"Сотрудника {id} нет.").In(actor.Language));
        return await SetAsync(DerivedCalendars.OfPerson + id, hours, [id], actor, cancel);
    }

    private async Task<int> SetAsync(string key, WorkingHours? hours, List<UserId> people, Actor actor, CancellationToken cancel)
    {
        var wanted = hours?.Checked(actor.Language);
        await using (var db = await databases.CreateDbContextAsync(cancel))
        {
            var kept = await db.Settings.SingleOrDefaultAsync(setting => setting.Key == key, cancel);
            if (wanted is null or { IsEmpty: true })
            {
                if (kept is not null)
                    db.Settings.Remove(kept);
            }
            else
                (kept ?? db.Settings.Add(new Setting { Key = key }).Entity).Value = Json.Write(wanted);
            await db.SaveChangesAsync(cancel);
        }
        users.Forget();
        return await replan.OfAsync(people, cancel);
    }

    private static void DemandLead(Actor actor)
    {
        if (!DealAccess.Leads(actor))
            throw new ForbiddenException(new Text("Only the head of sales or an administrator sets working hours.", "Рабочее время задаёт руководитель отдела продаж или администратор.").In(actor.Language));
    }
}
