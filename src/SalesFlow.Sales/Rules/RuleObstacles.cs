using System.Collections.Immutable;
using SalesFlow.Engine;
using SalesFlow.Runtime;
using SalesFlow.Sales.Deals;
using SalesFlow.Sales.People;
using SalesFlow.Sales.Pipelines;
using SalesFlow.Sales.Tasks;

namespace SalesFlow.Sales.Rules;

/// <summary>A rule that is not met, and the stage whose exit it guards.</summary>
internal sealed record UnmetRule(string StageKey, StageRule Rule);

/// <summary>Puts rules that are not met into the words of the one who asks.</summary>
internal static class RuleObstacles
{
    /// <summary>The obstacle that a rule is, with the one who can remove it and where.</summary>
    public static Obstacle Of(StageRule rule, RuleMoment moment, MoveMoment mover) => new(rule.Kind, rule.Words.In(mover.Actor.Language), Fix(rule, moment, mover.Pipeline).In(mover.Actor.Language),
        Who(rule, moment, mover.People).In(mover.Actor.Language), Link(rule, moment), rule.Severity == Severity.Soft);

    private static Text Fix(StageRule rule, RuleMoment moment, Pipeline pipeline)
    {
        if (MissingFields(rule, moment) is not { Count: > 0 } missing)
            return rule.Fix;
        var labels = missing.ConvertAll(field => pipeline.Fields.FirstOrDefault(known => known.Field == field)?.Label ?? FieldWords.Label(field, moment.Facts.Deal));
        return new($"Fill in: {string.Join(", ", labels.Select(label => label.En))}.", $"Заполните: {string.Join(", ", labels.Select(label => label.Ru))}.");
    }

    private static List<string> MissingFields(StageRule rule, RuleMoment moment) => rule switch
    {
        RequiredFields required => [.. required.Fields.Where(field => !FieldCondition.IsFilled(moment.Facts.Deal, field))],
        FieldCondition { Is: Comparison.Filled } condition => [condition.Field],
        _ => [],
    };

    private static Text Who(StageRule rule, RuleMoment moment, ImmutableDictionary<UserId, UserView> people)
    {
        if (rule is RequiredOutcome or ApprovalValid && OpenTask(rule, moment) is { } task)
            return task.Assignee is { } assignee ? Name(assignee, people) : task.CandidateRole is { } role ? Role(role) : Owner(moment, people);
        return rule is RuleAtom { DoneBy: { } needed } ? Role(needed) : Owner(moment, people);
    }

    private static string Link(StageRule rule, RuleMoment moment)
    {
        var deal = $"/deals/{moment.Facts.Deal.Id}";
        return rule switch
        {
            _ when OpenTask(rule, moment) is { } task => $"{deal}#task-{task.Id}",
            RequiredFields or FieldCondition => $"{deal}#deal-facts",
            MeetingHeld => $"{deal}#deal-meetings",
            _ => deal,
        };
    }

    // The task that a rule asks for, or one whose form asks for the field that is missing.
    private static SalesTask? OpenTask(StageRule rule, RuleMoment moment)
    {
        var open = moment.Facts.Deal.Tasks.FindAll(task => task.Status == SalesTaskStatus.Open);
        if (rule is ApprovalValid)
            return open.Find(task => task.IsApproval);
        return rule is RequiredOutcome outcome
            ? open.Find(task => task.ActivityId == outcome.Task || task.Title.En == outcome.Task || task.Title.Ru == outcome.Task)
            : MissingFields(rule, moment) is { Count: > 0 } missing ? open.Find(task => task.Form.Exists(field => missing.Contains(field.Field))) : null;
    }

    private static Text Owner(RuleMoment moment, ImmutableDictionary<UserId, UserView> people) => moment.Facts.Deal.Owner is { } owner ? Name(owner, people)
        : new("The owner of the deal: nobody yet", "Ответственный за сделку: пока никто");

    private static Text Name(UserId id, ImmutableDictionary<UserId, UserView> people) =>
        DealQueries.NameOf(id, people)?.DisplayName is { } name ? new(name, name) : new("The owner of the deal", "Ответственный за сделку");

    private static Text Role(string role) => role switch
    {
        Roles.Rep => new("Any sales representative", "Любой менеджер"),
        Roles.HeadOfSales => new("The head of sales", "Руководитель отдела продаж"),
        Roles.Approver => new("Any approver", "Любой согласующий"),
        Roles.ProcessOwner => new("The process owner", "Владелец процесса"),
        Roles.Administrator => new("An administrator", "Администратор"),
        _ => new(role, role),
    };
}
