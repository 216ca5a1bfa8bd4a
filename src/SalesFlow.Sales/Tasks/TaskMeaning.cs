using System.Globalization;
using SalesFlow.Engine;
using SalesFlow.Sales.Calendars;
using SalesFlow.Sales.Deals;
using SalesFlow.Sales.Pipelines;
using SalesFlow.Sales.Rules;

namespace SalesFlow.Sales.Tasks;

/// <summary>What a task is for, as the stage's rules have it.</summary>
internal static class TaskMeaning
{
    /// <summary>The rules of the stage that ask for the task's outcome or for a field of its form.</summary>
    public static IEnumerable<StageRule> Unblocks(SalesTask task, Stage? stage) => stage is null ? []
        : stage.Rules.Where(rule => rule.Severity != Severity.Measured && StageRule.Atoms([rule]).Any(atom => Asks(atom, task)));

    /// <summary>How much of the stage's time is gone; null for a stay without a limit.</summary>
    public static Text? WhyNow(Visit stay, WorkingCalendar calendar, DateTimeOffset now)
    {
        if (stay.LimitSeconds is not { } limit)
            return null;
        var (stage, spent, allowed) = (stay.StageName, Hours(stay.Clock(calendar, now).Worked / 3600.0), Hours(limit / 3600.0));
        return stay.IsLate(now)
            ? new($"The stage “{stage.En}” is late: {spent} of {allowed} working hours are gone.", $"Этап «{stage.Ru}» просрочен: прошло {spent} из {allowed} рабочих часов.")
            : new($"The stage “{stage.En}” has used {spent} of {allowed} working hours.", $"На этапе «{stage.Ru}» прошло {spent} из {allowed} рабочих часов.");
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
