using Microsoft.EntityFrameworkCore;
using SalesFlow.Sales.People;

namespace SalesFlow.Sales.Calendars;

/// <summary>By which hours teams and people work.</summary>
public sealed class HoursQueries(IDbContextFactory<SalesFlowDb> databases, UserQueries users, WorkingCalendar calendar, TimeProvider clock)
{
    /// <summary>How the keys of all settings of hours begin.</summary>
    internal const string Any = "hours:";

    /// <summary>Every team and everybody who works here, by name.</summary>
    public async Task<HoursView> ListAsync(CancellationToken cancel)
    {
        users.Forget();
        var people = (await users.ByIdAsync(cancel)).Where(person => person.Value.Active).OrderBy(person => person.Value.DisplayName, StringComparer.CurrentCulture).ToList();
        await using var db = await databases.CreateDbContextAsync(cancel);
        var settings = await SettingsAsync(db, cancel);
        var teams = people.Select(person => person.Value.Team).OfType<string>().Distinct().Order(StringComparer.CurrentCulture).Select(team => (Team: team, Hours: Own(settings, DerivedCalendars.OfTeam + team)));
        return new(calendar.Zone.Id, [.. teams.Select(one => Row(one.Team, one.Team, null, one.Hours, calendar.With(one.Hours ?? new())))],
            [.. people.Select(person => Row(person.Key.ToString(), person.Value.DisplayName, person.Value.Team, Own(settings, DerivedCalendars.OfPerson + person.Key), calendar.Of(person.Value)))]);
    }

    /// <summary>What teams and people have set, by the keys of <see cref="DerivedCalendars"/>.</summary>
    internal static Task<Dictionary<string, string>> SettingsAsync(SalesFlowDb db, CancellationToken cancel) =>
        db.Settings.AsNoTracking().Where(setting => setting.Key.StartsWith(Any)).ToDictionaryAsync(setting => setting.Key, setting => setting.Value, cancel);

    private static WorkingHours? Own(Dictionary<string, string> settings, string key) => settings.TryGetValue(key, out var text) ? DerivedCalendars.Read(text) : null;

    private HoursRow Row(string key, string name, string? team, WorkingHours? hours, WorkingCalendar own) =>
        new(key, name, team, hours, own.Zone.Id, own.WorkingSeconds(clock.GetUtcNow(), clock.GetUtcNow().AddDays(7)) / 3600.0);
}
