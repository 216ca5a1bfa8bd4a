using System.Collections.Immutable;

namespace SalesFlow.Sales.People;

/// <summary>A person as lists and pickers show them; <paramref name="Name"/> is the sign-in name.</summary>
public sealed record UserView(string Id, string Name, string DisplayName, ImmutableArray<string> Roles, string? Team, string Language)
{
    /// <summary>False for one who has left.</summary>
    public bool Active { get; init; } = true;
    /// <summary>Where letters to the person go; null for nowhere.</summary>
    public string? Email { get; init; }
    /// <summary>What assignments may ask for.</summary>
    public ImmutableArray<string> Skills { get; init; } = [];
    /// <summary>Open deals that the person can carry; null for no limit.</summary>
    public int? Capacity { get; init; }
    /// <summary>Present and coming absences, soonest first.</summary>
    public ImmutableArray<AbsenceView> Absences { get; init; } = [];

    /// <summary>By which the person works; null for the company's.</summary>
    internal Calendars.WorkingCalendar? Calendar { get; init; }

    /// <summary>The person as the actor may know them: why somebody is away is told to that person and to those who lead.</summary>
    public UserView For(Actor actor) => Absences.IsEmpty || Id == actor.Id.ToString() || actor.Is(People.Roles.HeadOfSales) || actor.Is(People.Roles.Administrator)
        ? this : this with { Absences = [.. Absences.Select(absence => absence with { Reason = null })] };

    /// <summary>The absence that covers an instant; null when the person is there.</summary>
    public AbsenceView? AwayAt(DateTimeOffset at) => Absences.FirstOrDefault(absence => absence.From <= at && at < absence.To);
}

/// <summary>When somebody is away; <paramref name="Substitute"/> is a user id.</summary>
public sealed record AbsenceView(string Id, DateTimeOffset From, DateTimeOffset To, string? Substitute, string? Reason);

/// <summary>A person to be taken in. The roles are words of <see cref="Roles"/>.</summary>
public sealed record NewPerson(string Name, string DisplayName, ImmutableArray<string> Roles, string Language = "ru", string? Team = null, string? Email = null, ImmutableArray<string>? Skills = null, int? Capacity = null);

/// <summary>What changes of a person: what is null stays; an empty team or e-mail address removes it, a capacity of 0 removes the limit.</summary>
public sealed record PersonPatch(string? DisplayName = null, ImmutableArray<string>? Roles = null, string? Language = null, string? Team = null, string? Email = null,
    ImmutableArray<string>? Skills = null, int? Capacity = null, bool? Active = null);

/// <summary>A new password; shown once, to whoever hands it over.</summary>
public sealed record NewPassword(UserView User, string Password);

/// <summary>An absence to be noted; <paramref name="Substitute"/> is a sign-in name.</summary>
public sealed record NewAbsence(DateTimeOffset From, DateTimeOffset To, string? Substitute = null, string? Reason = null);
