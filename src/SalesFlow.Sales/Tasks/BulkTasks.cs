using System.Collections.Immutable;

namespace SalesFlow.Sales.Tasks;

/// <summary>
/// What is to be done with several tasks: <paramref name="Action"/> is claim, return, reassign, snooze, wait, goOn or complete. <paramref name="Reason"/> is for return and
/// wait, <paramref name="User"/> (a sign-in name) for reassign, <paramref name="Until"/> for snooze, <paramref name="Outcome"/> for complete.
/// </summary>
public sealed record BulkRequest(string Action, ImmutableArray<string> Tasks, string? Reason = null, string? User = null, DateTimeOffset? Until = null, string? Outcome = null);

/// <summary>What came of one task; <paramref name="Problem"/> says why it was not done. <paramref name="Undo"/> undoes it, where that is possible.</summary>
public sealed record BulkRow(string Task, string? Title, bool Done, string? Problem, BulkRequest? Undo);

/// <summary>By which buttons several tasks can be completed at once.</summary>
public static class BulkOutcomes
{
    /// <summary>
    /// The buttons that all of the tasks have and that ask for nothing to be filled in. Terms are decided on one by one, with a look at them: where one of the tasks asks
    /// for that, there are none.
    /// </summary>
    public static ImmutableArray<OutcomeView> Common(IReadOnlyCollection<TaskView> tasks) => tasks.Count == 0 ? []
        : [.. tasks.First().Outcomes.Where(outcome => tasks.All(task => CanComplete(task, outcome.Key) && task.Outcomes.Contains(outcome)))];

    /// <summary>True when the button of that key completes the task without anything to be filled in or looked at.</summary>
    internal static bool CanComplete(TaskView task, string outcome) => !task.Approval && task.Outcomes.Any(known => known.Key == outcome)
        && !task.Form.Any(field => (field.OnlyFor is not { } only || only.Contains(outcome)) && (field.Required || field.RequiredFor.Contains(outcome)));
}
