using System.Collections.Immutable;
using SalesFlow.Engine;
using SalesFlow.Runtime;
using SalesFlow.Sales.Deals;
using SalesFlow.Sales.People;
using SalesFlow.Sales.Tasks;

namespace SalesFlow.Sales.Meetings;

/// <summary>Who asks for something: a colleague, who is named, or the client, who is not and comes by the link whose hash is given.</summary>
internal sealed record MeetingAsker(Actor Actor, string? LinkHash = null)
{
    /// <summary>The link, when it stood in a letter.</summary>
    public MeetingLink? Letter { get; init; }

    /// <summary>True for the client, who comes by a link.</summary>
    public bool IsClient => LinkHash is not null;

    /// <summary>What the changes say of who did it.</summary>
    public UserId? By => IsClient ? null : Actor.Id;
    /// <summary>In which language it is answered.</summary>
    public string Language => Actor.Language;
}

/// <summary>What may be done with a meeting, and what becomes of it.</summary>
internal static partial class MeetingDecisions
{
    /// <summary>Code of the obstacle that the time is not free.</summary>
    public const string SlotTaken = "slotTaken";
    private const int LongestText = 500;
    // The deal's field for the day that was agreed on.
    private const string MeetingDate = "meetingDate";

    /// <summary>Books the meeting, or moves it. The diaries are of its members without its own time; what others take meanwhile the database refuses.</summary>
    public static TurnRequest Book(DealMoment moment, MeetingId id, Booking booking, IReadOnlyList<Diary> diaries, MeetingAsker asker)
    {
        var meeting = Demand(moment, id, asker);
        Check(booking, asker.Language);
        var rules = asker.IsClient ? meeting.Rules : meeting.Rules with { Notice = 0 };
        if (booking.Start < moment.Now.AddMinutes(rules.Notice) || booking.Start > moment.Now.AddDays(rules.Horizon))
            throw Refused("slotOutside", new($"Choose a time from {rules.Notice / 60.0:0.#} hours from now on, within {rules.Horizon} days.", $"Выберите время не раньше чем через {rules.Notice / 60.0:0.#} ч и в пределах {rules.Horizon} дн."), asker);
        if (FreeSlots.At(rules, diaries, meeting.Need, booking.Start) is not { } slot)
            throw Refused(SlotTaken, new("That time is not free.", "Это время занято."), asker, new("Choose another time.", "Выберите другое время."));
        var booked = Booked(moment, meeting, booking, slot.Start, slot.End, Hosts(slot, diaries, meeting, moment.Facts.Deal.Owner), asker);
        booked = booked with { Organizer = OrganizerOf(booked.Hosts, diaries) };
        return new(new Stimulus.Resume(meeting.Bookmark), [.. Agreed(moment, meeting, booked, asker), booked, .. MeetingMails.Booked(meeting, booked, moment.Facts)]);
    }

    /// <summary>Takes the time away again; another can be found.</summary>
    public static TurnRequest Cancel(DealMoment moment, MeetingId id, string? reason, MeetingAsker asker)
    {
        var meeting = Demand(moment, id, asker);
        if (meeting.Status != MeetingStatus.Booked)
            throw Refused("notBooked", new("The meeting has no time that could be cancelled.", "У встречи нет времени, которое можно отменить."), asker);
        return new(new Stimulus.Resume(meeting.Bookmark), [.. Unagreed(moment, meeting, asker.By), new MeetingCancelled(meeting.DealId, moment.Now, asker.By, id, Short("reason", reason, asker.Language)) { Freed = meeting.Cells }, .. MeetingMails.Cancelled(meeting, moment.Facts, moment.Now, asker.By, wanted: true)]);
    }

    /// <summary>Makes the link by which the client books.</summary>
    public static TurnRequest Invite(DealMoment moment, MeetingId id, string tokenHash, DateTimeOffset expiresAt, string? language, MeetingAsker asker)
    {
        var meeting = Demand(moment, id, asker);
        if (language is not (null or "ru" or "en"))
            throw new ValidationException("language", $"'{language}' is no language of clients; expected ru or en.");
        return new(new Stimulus.None(), [new MeetingInvited(meeting.DealId, moment.Now, asker.By, id, tokenHash, expiresAt, language ?? meeting.Language)]);
    }

    /// <summary>The open task of the meeting that has that button.</summary>
    public static SalesTask TaskFor(Meeting meeting, Deal deal, string button, string language)
    {
        var task = OpenTask(meeting, deal);
        if (task?.Outcomes.Exists(known => known.Key == button) == true)
            return task;
        var buttons = string.Join(", ", task?.Outcomes.Select(known => known.Key).Where(key => key != MeetingActivity.Booked) ?? []);
        throw new RefusedException(new Text("The meeting cannot have that result now.", "Сейчас у встречи не может быть такого результата.").In(language),
        [
            new("resultNotPossible", new Text($"The meeting is {MeetingWords.Result(meeting.Status).En}; its result can be: {buttons}.", $"Встреча: {MeetingWords.Result(meeting.Status).Ru}; её результат сейчас: {buttons}.").In(language)),
        ]);
    }

    /// <summary>The task that asks for the meeting's time or result; null when none is open.</summary>
    public static SalesTask? OpenTask(Meeting meeting, Deal deal) => deal.Tasks.FindLast(task => task.Status == SalesTaskStatus.Open && task.ActivityId == meeting.ActivityId);

    /// <summary>The same whether there is none or it may not be seen.</summary>
    public static NotFoundException NotFound(MeetingId id) => new($"There is no meeting {id}, or you may not see it.");

    private static Meeting Demand(DealMoment moment, MeetingId id, MeetingAsker asker)
    {
        var meeting = moment.Facts.Deal.Meeting(id) ?? throw NotFound(id);
        if (asker.IsClient && !(asker.Letter is { } letter ? letter.IsGood(meeting, moment.Now) : meeting.TokenHash == asker.LinkHash && meeting.TokenExpiresAt > moment.Now))
            throw NotFound(id);
        if (!asker.IsClient)
            DealAccess.DemandChange(moment.Facts.Deal, asker.Actor);
        if (!meeting.IsOpen)
            throw Refused("meetingEnded", new($"The meeting is over: {MeetingWords.Result(meeting.Status).En}.", $"Встреча завершена: {MeetingWords.Result(meeting.Status).Ru}."), asker);
        DealTurnCommands.DemandRunning(moment, asker.Language);
        return meeting;
    }

    private static MeetingBooked Booked(DealMoment moment, Meeting meeting, Booking booking, DateTimeOffset start, DateTimeOffset end, ImmutableArray<UserId> hosts, MeetingAsker asker)
    {
        var (before, zone) = (meeting.Cells, moment.Facts.Calendar.Zone);
        var wanted = CellsOf(meeting, hosts, start, end);
        return new(meeting.DealId, moment.Now, asker.By, meeting.Id, TimeZoneInfo.ConvertTime(start, zone), TimeZoneInfo.ConvertTime(end, zone), hosts, Short("place", booking.Place, asker.Language), booking.Language, booking.Zone)
        {
            Before = meeting.StartAt, Freed = [.. before.Except(wanted)], Taken = [.. wanted.Except(before)],
        };
    }

    // The task that asks to agree is done by agreeing; whoever did it, the deal knows the date.
    private static IEnumerable<Change> Agreed(DealMoment moment, Meeting meeting, MeetingBooked booked, MeetingAsker asker)
    {
        var values = ImmutableDictionary<string, object?>.Empty.Add(MeetingDate, DateOf(moment, booked.Start));
        yield return new FieldsChanged(meeting.DealId, moment.Now, asker.By, (booked.Place ?? meeting.Place) is { } place ? values.Add("meetingPlace", place) : values);
        if (OpenTask(meeting, moment.Facts.Deal) is { } task && task.Outcomes.Exists(outcome => outcome.Key == MeetingActivity.Booked))
            yield return new TaskCompleted(meeting.DealId, moment.Now, asker.By, task.Id, MeetingActivity.Booked, null);
    }

    // The deal forgets the date that is off; a date that somebody has given since is kept.
    private static IEnumerable<Change> Unagreed(DealMoment moment, Meeting meeting, UserId? by) =>
        meeting.StartAt is { } start && Json.Write(moment.Facts.Deal.Fields.GetValueOrDefault(MeetingDate)) == Json.Write(DateOf(moment, start))
            ? [new FieldsChanged(meeting.DealId, moment.Now, by, ImmutableDictionary<string, object?>.Empty.Add(MeetingDate, null))] : [];

    private static string DateOf(DealMoment moment, DateTimeOffset start) => TimeZoneInfo.ConvertTime(start, moment.Facts.Calendar.Zone).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    // Of several who are free the owner of the deal comes, else whoever has the most time left.
    private static ImmutableArray<UserId> Hosts(FreeSlot slot, IReadOnlyList<Diary> diaries, Meeting meeting, UserId? owner) => meeting.Need == MeetingNeed.All ? slot.Free
        : owner is { } first && slot.Free.Contains(first) ? [first]
        : [diaries.Where(diary => slot.Free.Contains(diary.Member)).OrderBy(diary => diary.Busy.Count).ThenBy(diary => diary.Member).First().Member];

    private static void Check(Booking booking, string language)
    {
        if (booking.Language is not (null or "ru" or "en"))
            throw new ValidationException("language", $"'{booking.Language}' is no language of clients; expected ru or en.");
        if (booking.Zone is { } zone && (zone.Length > 64 || !TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _)))
            throw new ValidationException("zone", new Text("That time zone is unknown; expected a name such as Europe/Moscow.", "Часовой пояс неизвестен; ожидается имя, например Europe/Moscow.").In(language));
    }

    private static string? Short(string field, string? text, string language) => string.IsNullOrWhiteSpace(text) ? null
        : text.Trim() is { Length: <= LongestText } kept ? kept
        : throw new ValidationException(field, new Text($"The text has {text.Length} characters; at most {LongestText} are kept.", $"В тексте {text.Length} знаков, хранится не больше {LongestText}.").In(language));

    private static RefusedException Refused(string code, Text message, MeetingAsker asker, Text? fix = null) => new(message.In(asker.Language), [new Obstacle(code, message.In(asker.Language), fix?.In(asker.Language))]);
}
