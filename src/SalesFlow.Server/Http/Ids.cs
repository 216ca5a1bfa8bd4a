using System.Globalization;
using SalesFlow.Sales;
using SalesFlow.Sales.Meetings;

namespace SalesFlow.Server.Http;

/// <summary>Reads the ids in addresses. A text that is no id names nothing, so it is a 404 and not a 400.</summary>
internal static class Ids
{
    public static DealId Deal(string text) => new(Read(text, "deal"));
    public static TaskId Task(string text) => new(Read(text, "task"));
    public static DocumentId Document(string text) => new(Read(text, "document"));

    public static MeetingId Meeting(string text) => new(Read(text, "meeting"));

    public static UserId User(string text) => new(Read(text, "person"));
    public static long Absence(string text) => Read(text, "absence");
    public static long Series(string text) => Read(text, "series");

    public static long Mention(string text) => Read(text, "mention");

    public static long Notification(string text) => Read(text, "notification");

    public static long Mail(string text) => Read(text, "mail");

    private static long Read(string text, string kind) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
        ? id : throw new NotFoundException($"There is no {kind} '{text}'.");
}
