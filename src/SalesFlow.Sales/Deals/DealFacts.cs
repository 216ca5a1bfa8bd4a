using System.Collections.Immutable;
using System.Globalization;
using SalesFlow.Engine;
using SalesFlow.Sales.Approvals;
using SalesFlow.Sales.Calendars;
using SalesFlow.Sales.Meetings;
using SalesFlow.Sales.People;
using SalesFlow.Sales.Tasks;

namespace SalesFlow.Sales.Deals;

/// <summary>What a deal's process may read: the deal, its client, tasks and documents, and the stage it stands in.</summary>
public sealed class DealFacts(Deal deal, WorkingCalendar calendar, Func<PeopleBook> people) : Facts
{
    /// <summary>Facts for people who do not change.</summary>
    public DealFacts(Deal deal, WorkingCalendar calendar, ImmutableDictionary<string, UserId> people) : this(deal, calendar, PeopleBook.Of(people)) { }

    private DealFacts(Deal deal, WorkingCalendar calendar, PeopleBook people) : this(deal, calendar, () => people) { }

    /// <summary>The deal as it is at this point of the turn.</summary>
    public Deal Deal { get; } = deal;
    /// <summary>By which working time is measured.</summary>
    public WorkingCalendar Calendar { get; } = calendar;
    /// <summary>By which somebody works: their own calendar, their team's, or the company's.</summary>
    public WorkingCalendar CalendarOf(UserId? person) => Calendar.Of(person is { } id ? People.ById.GetValueOrDefault(id) : null);
    /// <summary>Who works here, for tasks that name their assignee; asked for anew, since people come and go while a deal lives.</summary>
    public PeopleBook People => people();

    /// <summary>The approval matrix in force of a key; null when there is none.</summary>
    public Func<string, MatrixInForce?> Matrices { get; init; } = _ => null;

    /// <summary>The names that expressions of a deal's process may read.</summary>
    public static IReadOnlyCollection<string> FactNames { get; } = ["deal", "client", "tasks", "documents", "meetings", "stage"];

    /// <summary>Where links in letters lead, and whom letters come from.</summary>
    public PublicAddress Address { get; init; } = PublicAddress.None;

    /// <inheritdoc />
    public override IReadOnlyCollection<string> Names => FactNames;

    /// <inheritdoc />
    public override object? Read(string name) => name switch
    {
        "deal" => DealValues(),
        "client" => ClientValues(),
        "tasks" => Deal.Tasks.Select(TaskValues).ToList(),
        "documents" => Deal.Documents.Where(document => document.VoidedAt is null).Select(document => (object?)new Dictionary<string, object?> { ["kind"] = document.Kind, ["number"] = document.Number, ["at"] = document.At }).ToList(),
        "meetings" => Deal.Meetings.Select(MeetingValues).ToList(),
        "stage" => new Dictionary<string, object?> { ["key"] = Deal.StageKey, ["name"] = Deal.StageName?.Ru, ["enteredAt"] = Deal.StageEnteredAt },
        _ => null,
    };

    /// <inheritdoc />
    public override void Apply(Change change)
    {
        if (change is DealChange ours)
            Deal.Apply(ours);
    }

    private Dictionary<string, object?> DealValues() => new()
    {
        ["id"] = Deal.Id.ToString(), ["number"] = Deal.Number, ["title"] = Deal.Title, ["amount"] = Deal.Amount, ["currency"] = Deal.Currency,
        ["channel"] = Deal.Channel, ["owner"] = Deal.Owner?.ToString(), ["pipeline"] = Deal.PipelineKey, ["createdAt"] = Deal.CreatedAt, ["fields"] = Deal.Fields,
        ["state"] = Deal.State.Key,
    };

    private Dictionary<string, object?> ClientValues() => new()
    {
        ["id"] = Deal.Client.Id.ToString(), ["name"] = Deal.Client.Name, ["inn"] = Deal.Client.Inn, ["contact"] = Deal.Client.Contact,
        ["email"] = Deal.Client.Email, ["phone"] = Deal.Client.Phone,
    };

    private object? MeetingValues(Meeting meeting) => new Dictionary<string, object?>
    {
        ["activity"] = meeting.ActivityId, ["stage"] = meeting.StageKey, ["status"] = MeetingViews.Word(meeting.Status), ["place"] = meeting.Place, ["startAt"] = meeting.StartAt, ["endAt"] = meeting.EndAt,
        ["time"] = Time(meeting)?.ToString("dd.MM.yyyy HH:mm", CultureInfo.InvariantCulture), ["timeEn"] = Time(meeting)?.ToString("g", CultureInfo.GetCultureInfo("en")),
    };

    private DateTimeOffset? Time(Meeting meeting) => meeting.StartAt is { } start ? TimeZoneInfo.ConvertTime(start, Calendar.Zone) : null;

    private static object? TaskValues(SalesTask task) => new Dictionary<string, object?>
    {
        ["activity"] = task.ActivityId, ["title"] = task.Title.Ru, ["stage"] = task.StageKey, ["outcome"] = task.Outcome,
        ["status"] = task.Status switch { SalesTaskStatus.Done => "done", SalesTaskStatus.Cancelled => "cancelled", _ => "open" },
    };
}
