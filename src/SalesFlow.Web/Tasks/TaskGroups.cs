using System.Collections.Immutable;
using SalesFlow.Sales.Tasks;

namespace SalesFlow.Web.Tasks;

/// <summary>Open tasks as a person plans a day: what is late, what is for today, what can wait, what waits for the client, and what was put off.</summary>
public sealed record TaskGroups(ImmutableArray<TaskView> Overdue, ImmutableArray<TaskView> Today, ImmutableArray<TaskView> Later, ImmutableArray<TaskView> Waiting, ImmutableArray<TaskView> Snoozed)
{
    /// <summary>Sorts tasks by the reader's day; those without a due time can wait.</summary>
    public static TaskGroups Of(IEnumerable<TaskView> tasks, BrowserTime time)
    {
        var now = time.Now;
        var byGroup = tasks.OrderBy(task => task.DueAt ?? DateTimeOffset.MaxValue).ToLookup(task => task switch
        {
            { WaitingSince: not null } => 3,
            { SnoozedUntil: { } until } when until > now => 4,
            { DueAt: not { } } => 2,
            { DueAt: { } due } => due < now ? 0 : time.Here(due).Date == now.Date ? 1 : 2,
        });
        return new([.. byGroup[0]], [.. byGroup[1]], [.. byGroup[2]], [.. byGroup[3]], [.. byGroup[4]]);
    }

    /// <summary>The groups in the order of urgency, each with the resource that names it.</summary>
    public IEnumerable<(string Title, ImmutableArray<TaskView> Tasks)> All => [("Overdue", Overdue), ("Today", Today), ("Later", Later), ("Waiting", Waiting), ("Snoozed", Snoozed)];
}
