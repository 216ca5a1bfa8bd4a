using System.Globalization;
using SalesFlow.Engine;
using SalesFlow.Sales.Mails;
using SalesFlow.Sales.People;

namespace SalesFlow.Sales.Notifications;

/// <summary>Puts what somebody is told into a letter.</summary>
internal static class NotificationLetters
{
    /// <summary>One letter of one or more notifications, in the reader's language; <paramref name="deals"/> are names of deals by id.</summary>
    public static MailDraft Of(IReadOnlyList<Notification> told, IReadOnlyDictionary<DealId, string> deals, UserView person, DateTimeOffset? notBefore)
    {
        var lines = told.Select(one => Line(one, deals, person.Language)).ToList();
        var subject = told.Count == 1 ? lines[0] : new Text($"SalesFlow: {told.Count} notifications", $"SalesFlow: уведомлений — {told.Count}").In(person.Language);
        var hint = new Text("You choose in SalesFlow what comes by mail: Notifications, Settings.", "Что присылать по почте, вы выбираете в SalesFlow: Уведомления, Настройки.").In(person.Language);
        return new(string.Create(CultureInfo.InvariantCulture, $"notification-{told[0].Id}"), MailKinds.Notification, new MailRecipient.Colleague(told[0].Person), subject, $"{string.Join("\n", lines)}\n\n{hint}\n")
        { Deal = told.Count == 1 ? told[0].DealId : null, NotBefore = notBefore };
    }

    private static string Line(Notification told, IReadOnlyDictionary<DealId, string> deals, string language)
    {
        var sentence = NotificationSentences.Of(told.Kind, told.Data, language);
        return told.DealId is { } deal && deals.TryGetValue(deal, out var name) ? $"{name}: {sentence}" : sentence;
    }
}
