using SalesFlow.Engine;
using SalesFlow.Sales.Activities;
using SalesFlow.Sales.Deals;
using SalesFlow.Sales.People;
using SalesFlow.Sales.Tasks;

namespace SalesFlow.Sales.Assignments;

/// <summary>An owner is to be picked. <paramref name="Step"/> is the activity, whose turns are taken apart from those of others.</summary>
public sealed record PickOwner(string Step, Strategy Strategy, string Role, string? Team, string? MatchFields) : Effect;

/// <summary>Picks the deal's owner. When nobody can be picked and the picture has no way for it, the head of sales gets a task: no deal is dropped.</summary>
public sealed class AssignActivity() : Activity(new("SalesFlow.Assign", new("Assign owner", "Назначить ответственного"), SalesActivities.Category)
{
    Description = new("Picks the owner of the deal among those who are there, fit and have room.", "Выбирает ответственного среди тех, кто на месте, подходит и не перегружен."),
    Outcomes = [new("Done", new("Assigned", "Назначен")), new(Nobody, new("Nobody", "Никого"))],
    Inputs =
    [
        new("Strategy", "String", new("Strategy", "Способ")) { UIHint = "dropdown", Default = "roundRobin", Options = [("roundRobin", new("In turn", "По очереди")), ("leastLoaded", new("Least loaded", "Наименее загруженный"))] },
        new("Role", "String", new("Role", "Роль")) { Default = Roles.Rep },
        new("Team", "String", new("Team", "Команда")) { Description = new("Only people of this team", "Только сотрудники этой команды") },
        new("MatchFields", "String", new("Fields that skills must match", "Поля, которым должны отвечать навыки")) { UIHint = "multitext", DefaultSyntax = "Object", Description = new("Names such as channel or territory", "Имена, например channel или territory") },
    ],
})
{
    /// <summary>Outcome when nobody can be picked.</summary>
    public const string Nobody = "Nobody";
    private const string BookmarkName = "SalesFlow.Assign";

    /// <inheritdoc />
    public override void Execute(Activation activation)
    {
        SalesActivities.Facts(activation);
        var written = activation.Input<string>("Strategy") ?? "roundRobin";
        if (!Enum.TryParse<Strategy>(written, ignoreCase: true, out var strategy))
            throw new FaultException($"There is no strategy '{written}'; expected roundRobin or leastLoaded.");
        activation.Effect(new PickOwner(activation.Node.Id, strategy, activation.Input<string>("Role") ?? Roles.Rep, activation.Input<string>("Team"), activation.Input<string>("MatchFields")), activation.Wait(BookmarkName));
    }

    /// <inheritdoc />
    public override void Resume(Activation activation, Bookmark bookmark, object? input)
    {
        if (bookmark.Name == TaskActivity.BookmarkName || SalesActivities.Member(input, "outcome") != Nobody)
            activation.Complete();
        else if (SalesActivities.Leads(activation, Nobody))
            activation.Complete(Nobody);
        else
            AskTheHead(activation);
    }

    /// <inheritdoc />
    public override void Cancelled(Activation activation) => TaskActivity.Withdraw(activation);

    private static void AskTheHead(Activation activation)
    {
        var facts = SalesActivities.Facts(activation);
        var task = new TaskId(Runtime.RowIds.Of(activation.Instance.InstanceId, activation.NextNumber()));
        var bookmark = activation.Wait(TaskActivity.BookmarkName);
        activation.Remember("Task", task.Value);
        activation.Change(new TaskOpened(facts.Deal.Id, activation.Now, task, new("Assign an owner", "Назначить ответственного"),
            new("Nobody could be picked automatically. Edit the deal and choose its owner, then press the button.", "Автоматически выбрать некого. Откройте сделку, укажите ответственного и нажмите кнопку."),
            facts.Deal.StageKey ?? "", null, Roles.HeadOfSales, facts.Calendar.Add(activation.Now, TimeSpan.FromHours(2)), [new(Outcomes.Done, new("Assigned", "Назначен"))], [], activation.Node.Id, bookmark.Number));
    }
}
