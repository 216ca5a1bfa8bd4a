using System.Collections.Immutable;
using SalesFlow.Sales.Calendars;
using SalesFlow.Sales.People;

namespace SalesFlow.Sales.Notifications;

/// <summary>How somebody is told of one kind of thing.</summary>
[System.Text.Json.Serialization.JsonConverter(typeof(System.Text.Json.Serialization.JsonStringEnumConverter<NotificationWay>))]
public enum NotificationWay
{
    /// <summary>On the page alone.</summary>
    InApp,
    /// <summary>By mail alone.</summary>
    Mail,
    /// <summary>On the page and by mail.</summary>
    Both,
    /// <summary>Not at all.</summary>
    None,
}

/// <summary>
/// How somebody wants to be told, by kind; a kind that is not set is told the default way. With <paramref name="Digest"/> letters wait for the next working morning and come as one; with
/// <paramref name="Quiet"/> letters of a night, a day off or an absence wait for the next working time.
/// </summary>
public sealed record NotificationSettings(ImmutableSortedDictionary<string, NotificationWay> Ways, bool Digest = false, bool Quiet = true)
{
    /// <summary>Nothing set: nobody gets letters who did not ask for them, except of what they may miss for long.</summary>
    public NotificationSettings() : this(ImmutableSortedDictionary<string, NotificationWay>.Empty) { }

    /// <summary>How a kind is told.</summary>
    public NotificationWay Of(string kind) => Ways.TryGetValue(kind, out var way) ? way
        : kind is NotificationKinds.Mention or NotificationKinds.DealHanded or NotificationKinds.DealWithoutOwner or NotificationKinds.NobodyThere or NotificationKinds.ApprovalAsked or NotificationKinds.MeetingHostAway ? NotificationWay.Both : NotificationWay.InApp;

    /// <summary>True when a kind is told by mail.</summary>
    public bool ByMail(string kind) => Of(kind) is NotificationWay.Mail or NotificationWay.Both;

    /// <summary>True when a kind is told on the page.</summary>
    public bool OnPage(string kind) => Of(kind) is NotificationWay.InApp or NotificationWay.Both;
}

/// <summary>When letters may come.</summary>
internal static class QuietTime
{
    /// <summary>The person's next working time: now while they work, else when they begin again.</summary>
    public static DateTimeOffset Over(DateTimeOffset now, WorkingCalendar calendar, UserView person)
    {
        var there = person.AwayAt(now) is { } absence ? absence.To : now;
        // A second more than nothing leads over the night to the moment at which work begins.
        return calendar.IsWorking(there) ? there : calendar.Add(there, TimeSpan.FromSeconds(1));
    }

    /// <summary>The first working time after the day of an instant.</summary>
    public static DateTimeOffset NextMorning(DateTimeOffset at, WorkingCalendar calendar)
    {
        var midnight = TimeZoneInfo.ConvertTime(at, calendar.Zone).Date.AddDays(1);
        return calendar.Add(new DateTimeOffset(midnight, calendar.Zone.GetUtcOffset(midnight)), TimeSpan.FromSeconds(1));
    }
}
