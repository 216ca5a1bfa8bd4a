using System.Globalization;
using SalesFlow.Engine;
using SalesFlow.Sales.Pipelines;
using SalesFlow.Sales.Rules;

namespace SalesFlow.Sales.Tasks;

/// <summary>What a task is for, as the stage's rules have it.</summary>
internal static class TaskMeaning
{
    /// <summary>The rules of the stage that ask for the task's outcome or for a field of its form.</summary>
    public static IEnumerable<StageRule> Unblocks(SalesTask task, Stage? stage) => stage is null ? []
        : stage.Rules.Where(rule => rule.Severity != Severity.Measured && StageRule.Atoms([rule]).Any(atom => Asks(atom, task)));

    /// <summary>How much of the stage's time is gone, given the working seconds so far; null for a stage without a limit, or when the deal does not stand in it.</summary>
    public static Text? WhyNow(Stage? stage, long? worked)
    {
        if (stage is not { LimitHours: { } limit } || worked is not { } seconds)
            return null;
        var (spent, allowed) = (Hours(seconds / 3600.0), Hours(limit));
        return seconds > limit * 3600
            ? new($"The stage “{stage.Name.En}” is late: {spent} of {allowed} working hours are gone.", $"Этап «{stage.Name.Ru}» просрочен: прошло {spent} из {allowed} рабочих часов.")
            : new($"The stage “{stage.Name.En}” has used {spent} of {allowed} working hours.", $"На этапе «{stage.Name.Ru}» прошло {spent} из {allowed} рабочих часов.");
    }

    private static bool Asks(StageRule atom, SalesTask task) => atom switch
    {
        RequiredOutcome outcome => outcome.Is(task),
        ApprovalValid => task.IsApproval,
        RequiredFields required => task.Form.Exists(field => required.Fields.Contains(field.Field)),
        FieldCondition condition => task.Form.Exists(field => field.Field == condition.Field),
        _ => false,
    };

    private static string Hours(double hours) => Math.Round(hours).ToString(CultureInfo.InvariantCulture);
}
