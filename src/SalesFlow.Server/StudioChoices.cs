using SalesFlow.Engine;
using SalesFlow.Sales.Approvals;
using SalesFlow.Sales.Deals;
using SalesFlow.Sales.Documents;
using SalesFlow.Sales.Notifications;
using SalesFlow.Sales.People;
using SalesFlow.Studio.Descriptors;

namespace SalesFlow.Server;

/// <summary>What the editor of the process offers from the company's own data: people, roles, teams, templates, matrices.</summary>
internal sealed class StudioChoices(UserQueries users, TemplateQueries templates, ApprovalMatrixQueries matrices, TimeProvider clock) : ChoiceSource
{
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(2);
    private static readonly Choice[] Owner = [new("owner", new("Owner of the deal", "Ответственный за сделку"))];
    private static readonly Choice Client = new(NotifyActivity.Client, new("The client", "Клиент"));
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
        var there = (await users.ListAsync(cancel)).Where(person => person.Active).ToList();
        Choice[] people = [.. there.Select(person => new Choice($"user:{person.Name}", new(person.DisplayName, person.DisplayName)))];
        var teams = there.Select(person => person.Team).OfType<string>().Distinct().Order(StringComparer.Ordinal).ToList();
        var choices = new LiveChoices(new Dictionary<(string, string), IReadOnlyList<Choice>>
        {
            [("SalesFlow.Task", "Assignee")] = [.. Owner, .. EveryRole, .. people],
            [("SalesFlow.Notify", "To")] = [.. Owner, Client, .. EveryRole, .. people],
            [("SalesFlow.Assign", "Role")] = [.. EveryRole.Select(role => role with { Value = role.Value["role:".Length..] })],
            [("SalesFlow.Assign", "Team")] = [Nothing(new("Any team", "Любая команда")), .. teams.Select(Named)],
            [("SalesFlow.Approval", "Matrix")] = [.. (await matrices.RefreshAsync(cancel)).Keys.Append(ApprovalMatrixQueries.Terms).Distinct().Order(StringComparer.Ordinal).Select(Named)],
            [("SalesFlow.Approval", "Fallback")] = [.. EveryRole, .. people],
            [("SalesFlow.Meeting", "Members")] = [.. Owner, .. EveryRole, .. teams.Select(team => new Choice($"team:{team}", new($"Team: {team}", $"Команда: {team}"))), .. people],
            [("SalesFlow.Document", "Template")] = [.. (await templates.KeysAsync(cancel)).Select(Named)],
            [("SalesFlow.Document", "Language")] = Languages,
            [("SalesFlow.CloseDeal", "Reason")] = [Nothing(new("None", "Нет")), .. LossReasons.Known.Select(key => new Choice(key, LossReasons.Name(key)))],
        })
        { Globals = DealFacts.FactNames };
        _kept = Tuple.Create(now, choices);
        return choices;
    }

    private static Choice Named(string name) => new(name, new(name, name));

    private static Choice Nothing(Text label) => new("", label);

    private static Choice Role(string role, Text label) => new($"role:{role}", label);
}
