using System.Collections.Immutable;
using SalesFlow.Engine.Checks;
using SalesFlow.Engine.Definitions;
using SalesFlow.Engine.Expressions;
using SalesFlow.Sales.Activities;
using SalesFlow.Sales.Approvals;
using SalesFlow.Sales.Meetings;
using SalesFlow.Sales.Rules;

namespace SalesFlow.Sales.Pipelines;

/// <summary>Whether what the rules of stages and gates ask for can ever be there: a task, its outcome, a document, an approval, a role.</summary>
internal sealed class RuleChecks(WorkflowDefinition definition, KnownNames known)
{
    // A rule may ask for what a used definition does.
    private readonly List<Node> _tasks = [.. definition.Nodes.Values.Where(node => node.Activity is TaskActivity or MeetingActivity or ApprovalActivity)];
    private readonly List<Node> _documents = [.. definition.Nodes.Values.Where(node => node.Activity is DocumentActivity)];

    public IEnumerable<Finding> Find() =>
        from node in DefinitionChecks.Own(definition)
        from rule in RulesOf(node).SelectMany(Atoms)
        let finding = Of(node, rule)
        where finding is not null
        select finding;

    /// <summary>The expressions that the rules of a stage or a gate hold.</summary>
    internal static IEnumerable<Expression> Expressions(Node node) => RulesOf(node).SelectMany(Atoms).OfType<ExpressionRule>().Select(rule => rule.Expression);

    private static ImmutableArray<StageRule> RulesOf(Node node)
    {
        try
        {
            return node.Plan is Stage stage ? stage.Rules : node.Activity is Gate ? StageRule.Read(ActivityChecks.Text(node, "Rules")) : [];
        }
        catch (FormatException)
        {
            // Said of the gate already.
            return [];
        }
    }

    private Finding? Of(Node node, StageRule rule) => rule switch
    {
        RequiredOutcome wanted => OfTask(node, wanted),
        RequiredDocument wanted when !_documents.Exists(document => ActivityChecks.Text(document, "Kind") is not { } kind || kind == wanted.Document) =>
            Finding.Warning("unmeetableRule", node, "rules", new($"A rule asks for the document '{wanted.Document}', which no activity of this process issues.", $"Правило требует документ «{wanted.Document}», а процесс его не выпускает.")),
        MeetingHeld wanted when !_tasks.Exists(task => task.Activity is MeetingActivity && (wanted.Meeting is null || task.Id == wanted.Meeting)) =>
            Finding.Warning("unmeetableRule", node, "rules", new("A rule asks for a meeting, which no activity of this process brings about.", "Правило требует встречу, а процесс её не назначает.")),
        ApprovalValid wanted when ActivityChecks.Matrix(node, "rules", wanted.Matrix, known) is { } unknown => unknown,
        ApprovalValid wanted when !_tasks.Exists(task => task.Activity is ApprovalActivity && (ActivityChecks.Text(task, "Matrix") ?? (task.Inputs.ContainsKey("Matrix") ? wanted.Matrix : ApprovalMatrixQueries.Terms)) == wanted.Matrix) =>
            Finding.Warning("unmeetableRule", node, "rules", new($"A rule asks for an approval by the matrix '{wanted.Matrix}', which no activity of this process brings about.", $"Правило требует согласования по матрице «{wanted.Matrix}», а процесс его не запрашивает.")),
        RequiredRole wanted => ActivityChecks.Role(node, "rules", wanted.Role, known),
        _ => null,
    };

    private Finding? OfTask(Node node, RequiredOutcome wanted)
    {
        var meant = _tasks.Where(task => task.Id == wanted.Task || IsTitle(task, wanted.Task)).ToList();
        if (meant.Count == 0)
            // A computed subject may turn out to be the title that the rule means.
            return _tasks.Exists(task => task.Inputs.ContainsKey("Subject") && ActivityChecks.Text(task, "Subject") is null && !wanted.Task.All(IsOfId)) ? null
                : Finding.Warning("unmeetableRule", node, "rules", new($"A rule asks for the task '{wanted.Task}', which this process does not have.", $"Правило требует задачу «{wanted.Task}», а в процессе её нет."));
        return meant.TrueForAll(task => Ports.Of(task) is { } ports && !ports.Contains(wanted.Outcome))
            ? Finding.Warning("unmeetableRule", node, "rules", new($"A rule asks for the outcome '{wanted.Outcome}' of '{meant[0].Title}', which has: {string.Join(", ", Ports.Of(meant[0])!)}.",
                $"Правило требует исход «{wanted.Outcome}» задачи «{meant[0].Title}», а её исходы: {string.Join(", ", Ports.Of(meant[0])!)}."))
            : null;
    }

    private static bool IsTitle(Node task, string title) => ActivityChecks.Text(task, "Subject") is { } subject && Texts.Read(subject) is var text && (text.En == title || text.Ru == title);

    private static bool IsOfId(char letter) => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_';

    private static IEnumerable<StageRule> Atoms(StageRule rule) => rule switch
    {
        AllOf all => all.Rules.SelectMany(Atoms),
        AnyOf any => any.Rules.SelectMany(Atoms),
        NoneOf none => none.Rules.SelectMany(Atoms),
        _ => [rule],
    };
}
