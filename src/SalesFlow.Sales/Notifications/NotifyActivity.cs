using System.Collections.Immutable;
using SalesFlow.Engine;
using SalesFlow.Sales.Activities;
using SalesFlow.Sales.Deals;
using SalesFlow.Sales.Mails;
using SalesFlow.Sales.People;

namespace SalesFlow.Sales.Notifications;

/// <summary>Tells colleagues something on the page, by mail or both, or writes to the client. The process goes on at once.</summary>
public sealed class NotifyActivity() : Activity(new("SalesFlow.Notify", new("Notify", "Уведомить"), SalesActivities.Category)
{
    Description = new("Tells somebody something, on the page or by mail.", "Сообщает кому-то на странице или по почте."),
    Inputs =
    [
        new("To", "String", new("Whom", "Кому")) { Default = "owner", Description = new("owner, role:headOfSales, user:anna or client", "owner, role:headOfSales, user:anna или client") },
        new("Way", "String", new("How", "Как")) { UIHint = "dropdown", Default = InApp, Options = [(InApp, new("On the page", "На странице")), (Mail, new("By mail", "По почте")), (Both, new("Both", "И так, и так"))] },
        new("Subject", "String", new("Subject", "Тема")) { DefaultSyntax = "Scriban" },
        new("Text", "String", new("Text", "Текст")) { UIHint = "multiline", DefaultSyntax = "Scriban", Description = new("A template: {{ deal.title }}", "Шаблон: {{ deal.title }}") },
    ],
})
{
    /// <summary>The word for the client.</summary>
    public const string Client = "client";
    private const string InApp = "inApp", Mail = "mail", Both = "both";

    /// <inheritdoc />
    public override void Execute(Activation activation)
    {
        var facts = SalesActivities.Facts(activation);
        var (to, way) = (activation.Input<string>("To") ?? "owner", activation.Input<string>("Way") ?? InApp);
        if (way is not (InApp or Mail or Both))
            throw new FaultException($"There is no way '{way}' to notify; expected {InApp}, {Mail} or {Both}.");
        var (subject, text) = (activation.Input<string>("Subject")?.Trim() ?? "", activation.Input<string>("Text")?.Trim() ?? "");
        if (subject.Length == 0)
            throw new FaultException("The notification has no subject; expected a line such as Offer accepted.");
        if (to == Client)
            WriteToClient(activation, facts, subject, text);
        else
            Tell(activation, facts, People(to, facts), way, (subject, text));
        activation.Complete();
    }

    private static void WriteToClient(Activation activation, DealFacts facts, string subject, string text)
    {
        var client = facts.Deal.Client;
        if (!EmailAddress.TryParse(client.Email, out var address))
            throw new FaultException($"The client '{client.Name}' has no e-mail address to write to. Create the deal with one, or tell a colleague instead.");
        activation.Change(new MailWritten(new MailDraft(Key(activation), MailKinds.Process, new MailRecipient.Outside(address, client.Contact), subject, text) { Deal = facts.Deal.Id, By = facts.Deal.Owner }, activation.Now));
    }

    private static void Tell(Activation activation, DealFacts facts, ImmutableArray<UserId> people, string way, (string Subject, string Text) said)
    {
        if (way is InApp or Both)
            activation.Change(new ColleaguesTold(facts.Deal.Id, activation.Now, people, said.Subject, said.Text));
        if (way is not (Mail or Both))
            return;
        foreach (var person in people)
            activation.Change(new MailWritten(new MailDraft(Key(activation), MailKinds.Process, new MailRecipient.Colleague(person), said.Subject, $"{said.Text}\n\n{facts.Address.Of($"/deals/{facts.Deal.Id}")}\n")
            {
                Deal = facts.Deal.Id,
                NotBefore = facts.People.ById.TryGetValue(person, out var known) ? QuietTime.Over(activation.Now, facts.Calendar, known) : null,
            }, activation.Now));
    }

    /// <summary>Who is meant; the heads of sales when the deal has no owner or nobody has the role.</summary>
    private static ImmutableArray<UserId> People(string to, DealFacts facts)
    {
        if (to.StartsWith("user:", StringComparison.Ordinal))
            return facts.People.ByName.TryGetValue(to[5..], out var named) ? [named] : throw new FaultException($"The notification is for '{to[5..]}', and there is no such user.");
        if (to != "owner" && !to.StartsWith("role:", StringComparison.Ordinal))
            throw new FaultException($"'{to}' is nobody to notify; expected owner, role:<role>, user:<name> or {Client}.");
        ImmutableArray<UserId> meant = to != "owner" ? WithRole(to[5..], facts) : facts.Deal.Owner is { } owner ? [owner] : [];
        return meant.Length > 0 ? meant : WithRole(Roles.HeadOfSales, facts);
    }

    private static ImmutableArray<UserId> WithRole(string role, DealFacts facts) =>
        [.. facts.People.ById.Where(person => person.Value.Active && person.Value.Roles.Contains(role)).Select(person => person.Key).OrderBy(person => person.Value)];

    private static string Key(Activation activation) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"notify-{activation.Instance.InstanceId}-{activation.NextNumber()}");
}
