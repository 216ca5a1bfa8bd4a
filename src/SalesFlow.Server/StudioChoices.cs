using SalesFlow.Engine;
using SalesFlow.Sales.Deals;
using SalesFlow.Sales.Documents;
using SalesFlow.Sales.People;
using SalesFlow.Studio.Descriptors;

namespace SalesFlow.Server;

/// <summary>What the editor of the process offers from the company's own data: people, roles, templates.</summary>
internal sealed class StudioChoices(UserQueries users, TemplateQueries templates, TimeProvider clock) : ChoiceSource
{
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(2);
    private static readonly Choice[] Owner = [new("owner", new("Owner of the deal", "Ответственный за сделку"))];
    private static readonly Choice[] Languages = [new("ru", new("Russian", "Русский")), new("en", new("English", "Английский"))];

    private static readonly Choice[] EveryRole =
    [
        Role(Roles.Rep, new("Role: sales rep", "Роль: менеджер")), Role(Roles.HeadOfSales, new("Role: head of sales", "Роль: РОП")), Role(Roles.Approver, new("Role: approver", "Роль: согласующий")),
        Role(Roles.ProcessOwner, new("Role: process owner", "Роль: владелец процесса")), Role(Roles.Administrator, new("Role: administrator", "Роль: администратор")),
    ];

    private volatile Tuple<DateTimeOffset, LiveChoices>? _kept;

    /// <inheritdoc />
    public override async Task<LiveChoices> LoadAsync(CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        if (_kept is { } kept && now - kept.Item1 < Freshness)
            return kept.Item2;
        var people = (await users.ListAsync(cancel)).Select(person => new Choice($"user:{person.Name}", new(person.DisplayName, person.DisplayName)));
        var documents = (await templates.KeysAsync(cancel)).Select(key => new Choice(key, new(key, key)));
        var choices = new LiveChoices(new Dictionary<(string, string), IReadOnlyList<Choice>>
        {
            [("SalesFlow.Task", "Assignee")] = [.. Owner, .. EveryRole, .. people],
            [("SalesFlow.Document", "Template")] = [.. documents],
            [("SalesFlow.Document", "Language")] = Languages,
        })
        { Globals = DealFacts.FactNames };
        _kept = Tuple.Create(now, choices);
        return choices;
    }

    private static Choice Role(string role, Text label) => new($"role:{role}", label);
}
