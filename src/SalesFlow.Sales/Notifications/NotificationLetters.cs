using System.Globalization;
using SalesFlow.Engine;
using SalesFlow.Sales.Mails;
using SalesFlow.Sales.People;

namespace SalesFlow.Sales.Notifications;

/// <summary>Puts what somebody is told into a letter.</summary>
internal static class NotificationLetters
{
    /// <summary>One letter of one or more notifications, in the reader's language; <paramref name="deals"/> are names of deals by id.</summary>
    public static MailDraft Of(IReadOnlyList<Notification> told, IReadOnlyDictionary<DealId, string> deals, UserView person, PublicAddress address, DateTimeOffset? notBefore)
    {
        var lines = told.Select(one => Line(one, deals, person.Language)).ToList();
        var subject = told.Count == 1 ? lines[0] : new Text($"SalesFlow: {told.Count} notifications", $"SalesFlow: уведомлений — {told.Count}").In(person.Language);
        var linked = told.Select((one, index) => one.DealId is { } deal ? $"{lines[index]}\n{address.Of(Place(deal, one.TaskId))}" : lines[index]);
        var hint = $"{new Text("You choose what comes by mail", "Что присылать по почте, вы выбираете здесь").In(person.Language)}: {address.Of("/notifications/settings")}";
        return new(string.Create(CultureInfo.InvariantCulture, $"notification-{told[0].Id}"), MailKinds.Notification, new MailRecipient.Colleague(told[0].Person), subject, $"{string.Join("\n\n", linked)}\n\n{hint}\n")
        { Deal = told.Count == 1 ? told[0].DealId : null, NotBefore = notBefore };
    }

    private static string Place(DealId deal, TaskId? task) => task is { } one ? $"/deals/{deal}#task-{one}" : $"/deals/{deal}";

    private static string Line(Notification told, IReadOnlyDictionary<DealId, string> deals, string language)
    {
        var sentence = NotificationSentences.Of(told.Kind, told.Data, language);
        return told.DealId is { } deal && deals.TryGetValue(deal, out var name) ? $"{name}: {sentence}" : sentence;
    }
}
