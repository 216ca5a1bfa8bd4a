using System.Collections.Immutable;
using System.Globalization;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using SalesFlow.Sales.Calendars;

namespace SalesFlow.Sales.People;

/// <summary>Who may sign in, and as whom a request acts.</summary>
public sealed class UserQueries(IDbContextFactory<SalesFlowDb> databases, WorkingCalendar calendar, TimeProvider clock)
{
    // Every list shows names. People change rarely and are few, so all are kept for a moment instead of being joined to each page.
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(2);
    private readonly Lock _gate = new();
    private volatile int changes;
    private readonly DerivedCalendars _calendars = new(calendar);
    private volatile Known known = new(ImmutableDictionary<UserId, UserView>.Empty, DateTimeOffset.MinValue);

    /// <summary>Everyone, by display name.</summary>
    public async Task<ImmutableArray<UserView>> ListAsync(CancellationToken cancel) =>
        [.. (await LoadAsync(cancel)).Values.OrderBy(u => u.DisplayName, StringComparer.CurrentCulture).ThenBy(u => u.Name, StringComparer.Ordinal)];

    /// <summary>Everyone by id, at most moments old.</summary>
    public async Task<ImmutableDictionary<UserId, UserView>> ByIdAsync(CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var before = changes;
        if (known is { } kept && now >= kept.At && now - kept.At < Freshness) return kept.People;
        var people = await LoadAsync(cancel);
        lock (_gate)
            // What was read while people changed may be the old state: it must not be kept.
            known = new(people, before == changes ? now : DateTimeOffset.MinValue);
        return people;
    }

    /// <summary>Everyone as of the last <see cref="ByIdAsync"/>.</summary>
    internal PeopleBook Book => known.Book;

    /// <summary>Makes the next look read anew: people have just changed.</summary>
    internal void Forget()
    {
        lock (_gate)
        {
            changes++;
            known = known with { At = DateTimeOffset.MinValue };
        }
    }

    /// <summary>The actor behind a user id; null when unknown.</summary>
    public async Task<Actor?> ActorAsync(UserId id, CancellationToken cancel) =>
        (await LoadAsync(cancel)).TryGetValue(id, out var user) ? ActorOf(id, user) : null;

    /// <summary>The actor whose live API key this is; null when there is none.</summary>
    public async Task<Actor?> ActorOfKeyAsync(string apiKey, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var hash = SecretToken.HashOf(apiKey);
        var owner = await db.ApiKeys.Where(k => k.Hash == hash && k.RevokedAt == null).Select(k => (long?)k.OwnerId).SingleOrDefaultAsync(cancel);
        return owner is { } id && (await ByIdAsync(cancel)).TryGetValue(new UserId(id), out var user) && user.Active ? ActorOf(new UserId(id), user) : null;
    }

    /// <summary>The user id behind a sign-in name or a decimal id; null when unknown.</summary>
    public async Task<UserId?> FindAsync(string nameOrId, CancellationToken cancel) => Find(await LoadAsync(cancel), nameOrId);

    /// <summary>The user id behind a sign-in name or a decimal id among the people given; null when unknown.</summary>
    internal static UserId? Find(ImmutableDictionary<UserId, UserView> people, string nameOrId)
    {
        foreach (var (id, user) in people)
            if (string.Equals(user.Name, nameOrId, StringComparison.OrdinalIgnoreCase))
                return id;
        return UserId.TryParse(nameOrId, out var given) && people.ContainsKey(given) ? given : null;
    }

    /// <summary>One person as stored; throws when there is none.</summary>
    internal async Task<UserView> ReadAsync(UserId id, CancellationToken cancel) =>
        (await LoadAsync(cancel)).GetValueOrDefault(id) ?? throw new NotFoundException($"There is no person {id}.");

    private static Actor ActorOf(UserId id, UserView user) => new(id, user.DisplayName, [.. user.Roles], user.Language);

    private async Task<ImmutableDictionary<UserId, UserView>> LoadAsync(CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var roles = (await (from held in db.Set<IdentityUserRole<long>>()
                            join role in db.Set<Role>() on held.RoleId equals role.Id
                            select new { held.UserId, Role = role.Name ?? "" }).ToListAsync(cancel)).ToLookup(r => r.UserId, r => r.Role);
        var now = clock.GetUtcNow();
        var absences = (await db.Absences.AsNoTracking().Where(a => a.To > now).OrderBy(a => a.From).ToListAsync(cancel)).ToLookup(a => a.UserId.Value);
        var users = await db.Users.AsNoTracking().Select(u => new { u.Id, u.UserName, u.DisplayName, u.Team, u.Language, u.Active, u.Skills, u.Capacity, u.Email, Hours = db.Settings.Any(s => s.Key.StartsWith(HoursQueries.Any)) }).ToListAsync(cancel);
        // Most companies work by one calendar: whether there is anything to look up is asked along the way.
        var calendars = _calendars.Of(users.Exists(u => u.Hours) ? await HoursQueries.SettingsAsync(db, cancel) : [], users.Select(u => (new UserId(u.Id), u.Team)));
        return users.ToImmutableDictionary(u => new UserId(u.Id), u => new UserView(u.Id.ToString(CultureInfo.InvariantCulture), u.UserName ?? "",
            u.DisplayName.Length > 0 ? u.DisplayName : u.UserName ?? "", [.. roles[u.Id].Order(StringComparer.Ordinal)], u.Team, u.Language)
        {
            Calendar = calendars.GetValueOrDefault(new(u.Id)), Active = u.Active, Email = u.Email, Skills = [.. u.Skills.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)], Capacity = u.Capacity,
            Absences = [.. absences[u.Id].Select(a => new AbsenceView(a.Id.ToString(CultureInfo.InvariantCulture), a.From, a.To, a.Substitute?.ToString(), a.Reason))],
        });
    }

    private sealed record Known(ImmutableDictionary<UserId, UserView> People, DateTimeOffset At)
    {
        public PeopleBook Book { get; } = new(People);
    }
}
