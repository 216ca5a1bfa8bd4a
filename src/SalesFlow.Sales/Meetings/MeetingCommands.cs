using System.Data.Common;
using SalesFlow.Engine;
using SalesFlow.Runtime;
using SalesFlow.Sales.Calendars;
using SalesFlow.Sales.Deals;
using SalesFlow.Sales.People;
using SalesFlow.Sales.Tasks;

namespace SalesFlow.Sales.Meetings;

/// <summary>What colleagues and clients do with meetings. Each call is one turn of the deal's instance: the meeting, the time it takes and the process change together.</summary>
public sealed class MeetingCommands(DealTurnCommands turns, MeetingQueries queries, TaskCommands tasks, UserQueries users, WorkingCalendar calendar, PublicAddress address, TimeProvider clock)
{
    private const int Attempts = 4, LinkDays = 30;

    /// <summary>Gives the meeting a time, or another one. Of two who want the same time one gets it, and the other hears who did and when.</summary>
    public async Task<MeetingView> BookAsync(MeetingId id, Booking booking, Actor actor, CancellationToken cancel)
    {
        await BookAsync(id, booking, new MeetingAsker(actor), cancel);
        return await queries.GetAsync(id, actor, cancel);
    }

    /// <summary>Takes the time away again.</summary>
    public async Task<MeetingView> CancelAsync(MeetingId id, string? reason, Actor actor, CancellationToken cancel)
    {
        await RunAsync(id, actor, moment => MeetingDecisions.Cancel(moment, id, reason, new MeetingAsker(actor)), cancel);
        return await queries.GetAsync(id, actor, cancel);
    }

    /// <summary>Makes a link by which the client books; the one before is good no longer. Only its hash is stored.</summary>
    public async Task<BookingLink> InviteAsync(MeetingId id, string? language, Actor actor, CancellationToken cancel)
    {
        var (token, expires) = (SecretToken.New(), clock.GetUtcNow().AddDays(LinkDays));
        await RunAsync(id, actor, moment => MeetingDecisions.Invite(moment, id, SecretToken.HashOf(token), expires, language, new MeetingAsker(actor)), cancel);
        return new($"/book/{token}", address.Of($"/book/{token}"), expires);
    }

    /// <summary>Notes the result, Held, NoShow, Declined or NoAnswer, by pressing that button of the meeting's task. The notes answer the form's first question of that button when the fields leave it open.</summary>
    public async Task<MeetingView> ResultAsync(MeetingId id, string result, string? notes, IReadOnlyDictionary<string, object?>? fields, Actor actor, CancellationToken cancel)
    {
        await queries.GetAsync(id, actor, cancel);
        var (deal, meeting) = await queries.LoadAsync(id, cancel) ?? throw MeetingDecisions.NotFound(id);
        var task = MeetingDecisions.TaskFor(meeting, deal, result, actor.Language);
        var given = new Dictionary<string, object?>(fields ?? new Dictionary<string, object?>());
        if (!string.IsNullOrWhiteSpace(notes) && task.Form.Find(field => field.Type == FieldType.Text && field.IsRequiredBy(result)) is { } asked && !given.ContainsKey(asked.Field))
            given[asked.Field] = notes.Trim();
        await tasks.CompleteAsync(task.Id, result, given, notes, actor, cancel);
        return await queries.GetAsync(id, actor, cancel);
    }

    internal async Task BookAsync(MeetingId id, Booking booking, MeetingAsker asker, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            var (deal, meeting) = await queries.LoadAsync(id, cancel) ?? throw MeetingDecisions.NotFound(id);
            var diaries = await queries.DiariesAsync(meeting, deal.Owner, cancel);
            try
            {
                await RunAsync(id, asker.Actor, moment => MeetingDecisions.Book(moment, id, booking, diaries, asker), cancel);
                return;
            }
            catch (RefusedException refused) when (refused.Obstacles is [{ Code: MeetingDecisions.SlotTaken }])
            {
                throw await TakenAsync(meeting, diaries, booking.Start, asker, refused, cancel);
            }
            catch (DbException) when (attempt < Attempts)
            {
                // The database has refused a quarter of an hour that is taken, or two bookings waited for each other. What is free now says which.
            }
        }
    }

    /// <summary>Takes the time away as the client wishes.</summary>
    internal Task CancelAsync(MeetingId id, string? reason, MeetingAsker asker, CancellationToken cancel) => RunAsync(id, asker.Actor, moment => MeetingDecisions.Cancel(moment, id, reason, asker), cancel);

    private async Task RunAsync(MeetingId id, Actor actor, Func<DealMoment, TurnRequest> decide, CancellationToken cancel)
    {
        try
        {
            await turns.RunAsync(new DealId(RowIds.InstanceOf(id.Value).Value), actor, $"/api/meetings/{id}", decide, cancel);
        }
        catch (NotFoundException)
        {
            // Whether the deal or the meeting is missing, or may not be seen, is nobody's business.
            throw MeetingDecisions.NotFound(id);
        }
    }

    /// <summary>The refusal with who was first and when; clients hear no names.</summary>
    private async Task<RefusedException> TakenAsync(Meeting meeting, IReadOnlyList<Diary> diaries, DateTimeOffset start, MeetingAsker asker, RefusedException refused, CancellationToken cancel)
    {
        if (await queries.FirstThereAsync([.. diaries.Select(diary => diary.Member)], start, meeting.Rules, meeting.Id, cancel) is not { BookedAt: { } at } other)
            return asker.IsClient ? refused : With(refused, new("That time is outside working hours, or nobody who is needed is there.", "Это нерабочее время, или нужных участников нет."), asker);
        if (asker.IsClient)
            return With(refused, new("That time was taken a moment ago.", "Это время только что заняли."), asker);
        var people = await users.ByIdAsync(cancel);
        var when = ZoneWords.Moment(at, calendar.Of(people.GetValueOrDefault(asker.Actor.Id)).Zone, asker.Language);
        var who = DealQueries.NameOf(other.BookedBy, people)?.DisplayName;
        return With(refused, new($"That time was taken by {who ?? "a client"} at {when}.", $"Это время занято: {who ?? "клиент"}, {when}."), asker);
    }

    private static RefusedException With(RefusedException refused, Text message, MeetingAsker asker) =>
        new(message.In(asker.Language), [refused.Obstacles[0] with { Message = message.In(asker.Language) }]);
}
