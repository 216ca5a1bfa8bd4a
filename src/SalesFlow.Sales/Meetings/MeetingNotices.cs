using System.Collections.Immutable;
using SalesFlow.Engine;
using SalesFlow.Sales.Deals;
using SalesFlow.Sales.Notifications;
using SalesFlow.Sales.People;

namespace SalesFlow.Sales.Meetings;

/// <summary>Decides who is told that the host of a meeting is away: whoever holds it now, and whoever carries the deal.</summary>
internal static class MeetingNotices
{
    /// <summary>What is to be told of a change of a meeting.</summary>
    public static IEnumerable<Notice> Of(MeetingChange change, Deal deal, Func<PeopleBook> people)
    {
        var topic = deal.Meeting(change.Meeting)?.Title ?? new Text("", "");
        switch (change)
        {
            case MeetingHandedOver handed:
                var (away, hosts) = (Names(handed.Away, people()), Names(handed.Hosts, people()));
                foreach (var host in handed.Hosts.Except(handed.Away))
                    yield return Notice(host, change, new($"You hold the meeting “{topic.En}” in the place of {away}, who is away then", $"Вы проводите встречу «{topic.Ru}» вместо: {away} (отсутствует)"));
                foreach (var lead in Lead(deal, people(), change.At).Except(handed.Hosts))
                    yield return Notice(lead, change, new($"{hosts} holds the meeting “{topic.En}” in the place of {away}, who is away then", $"Встречу «{topic.Ru}» проводит {hosts} вместо: {away} (отсутствует)"));
                break;
            case MeetingCancelled { Away: { IsEmpty: false } absent }:
                var names = Names(absent, people());
                foreach (var lead in Lead(deal, people(), change.At))
                    yield return Notice(lead, change, new($"The meeting “{topic.En}” needs another time: {names} is away then", $"Для встречи «{topic.Ru}» нужно другое время: {names} отсутствует"));
                break;
        }
    }

    private static Notice Notice(UserId person, MeetingChange change, Text text) => new(person, NotificationKinds.MeetingHostAway, Json.Write(new { text }), change.At, null);

    // The owner or who stands in; a head of sales where nobody does.
    private static IEnumerable<UserId> Lead(Deal deal, PeopleBook people, DateTimeOffset at) =>
        ((deal.Owner is { } owner ? people.StandIn(owner, at) : null) ?? people.HeadThere(at)) is { } lead ? [lead] : [];

    private static string Names(ImmutableArray<UserId> people, PeopleBook book) => string.Join(", ", people.Select(id => book.ById.GetValueOrDefault(id)?.DisplayName ?? id.ToString()));
}
