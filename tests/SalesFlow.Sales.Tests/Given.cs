using System.Collections.Immutable;
using SalesFlow.Engine;
using SalesFlow.Engine.Definitions;
using SalesFlow.Sales.Activities;
using SalesFlow.Sales.Calendars;
using SalesFlow.Sales.Deals;
using SalesFlow.Sales.Tasks;
using SalesFlow.Sales.Tests.Workflows;

namespace SalesFlow.Sales.Tests;

/// <summary>What tests of one deal begin with.</summary>
internal static class Given
{
    /// <summary>Monday, nine in the morning in Moscow; the working day is from 9 to 18 with a break.</summary>
    public static readonly DateTimeOffset Monday = new(2026, 11, 23, 6, 0, 0, TimeSpan.Zero);

    /// <summary>Number of the deal.</summary>
    public static readonly DealId Id = new(7);

    /// <summary>The shipped calendar.</summary>
    public static WorkingCalendar Calendar => Shipped.Calendar;

    /// <summary>A process that is sound.</summary>
    public static WorkflowDefinition Process(string document) => Assert.IsType<Reading.Fine>(DefinitionReader.Read(document, new(SalesActivities.All))).Definition;

    /// <summary>The deal is created on Monday.</summary>
    public static DealCreated Created(UserId? owner = null, params (string Name, object? Value)[] fields) =>
        new(Id, Monday, owner, "D-1", "Gates", "p", "p", new(new(1), "Client"), 10, "RUB", null, owner, fields.ToImmutableDictionary(field => field.Name, field => field.Value));

    /// <summary>One more task of the deal, which is created when it is not yet; it belongs to the assignee, or to the queue of a role.</summary>
    public static SalesTask Task(Deal deal, UserId? assignee, string? role = null, DateTimeOffset? dueAt = null)
    {
        if (deal.Number.Length == 0)
            deal.Apply(Created(assignee));
        var id = new TaskId(Id.Value << 20 | (long)(deal.Tasks.Count + 1));
        deal.Apply(new TaskOpened(Id, Monday, id, new("Ask", "Спросить"), new("", ""), "first", assignee, role, dueAt, [], [], "t", 1));
        return deal.Task(id)!;
    }
}
