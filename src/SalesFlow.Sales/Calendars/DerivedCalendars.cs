using System.Collections.Immutable;
using System.Text.Json;

namespace SalesFlow.Sales.Calendars;

/// <summary>The calendars of teams and people, made of the company's and of what they have set. Each is built once, not for each of its people.</summary>
internal sealed class DerivedCalendars(WorkingCalendar company)
{
    /// <summary>What the settings of hours are called; a team's name or a person's id follows.</summary>
    public const string OfTeam = "hours:team:", OfPerson = "hours:person:";
    private readonly Lock _alone = new();
    private Dictionary<(WorkingCalendar Base, string Hours), WorkingCalendar> _known = [];

    /// <summary>The calendars of those people who work by another than the company's.</summary>
    public ImmutableDictionary<UserId, WorkingCalendar> Of(IReadOnlyDictionary<string, string> settings, IEnumerable<(UserId Id, string? Team)> people)
    {
        if (settings.Count == 0)
            return ImmutableDictionary<UserId, WorkingCalendar>.Empty;
        lock (_alone)
        {
            var (before, kept) = (_known, new Dictionary<(WorkingCalendar, string), WorkingCalendar>());
            var calendars = ImmutableDictionary.CreateBuilder<UserId, WorkingCalendar>();
            foreach (var (id, team) in people)
            {
                var own = company.Current;
                if (team is not null && settings.TryGetValue(OfTeam + team, out var ofTeam))
                    own = Derived(own, ofTeam);
                if (settings.TryGetValue(OfPerson + id, out var ofPerson))
                    own = Derived(own, ofPerson);
                if (own != company.Current)
                    calendars[id] = own;
            }
            _known = kept;
            return calendars.ToImmutable();

            WorkingCalendar Derived(WorkingCalendar from, string text) => kept[(from, text)] = kept.GetValueOrDefault((from, text)) ?? before.GetValueOrDefault((from, text)) ?? from.With(Read(text));
        }
    }

    /// <summary>The hours that a setting holds.</summary>
    public static WorkingHours Read(string text) => JsonSerializer.Deserialize<WorkingHours>(text, JsonSerializerOptions.Web) ?? new();
}
