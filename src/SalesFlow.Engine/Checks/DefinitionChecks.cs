using System.Collections.Immutable;
using SalesFlow.Engine.Activities;
using SalesFlow.Engine.Definitions;
using SalesFlow.Engine.Flow;

namespace SalesFlow.Engine.Checks;

/// <summary>Looks over a definition that compiles, before it is published: what would fault, hang or never run. Definitions that it uses are looked over by themselves.</summary>
public static class DefinitionChecks
{
    /// <summary>
    /// Everything found, in the order of the document. <paramref name="facts"/> are the names that expressions may read besides variables; null when they are not known.
    /// </summary>
    public static ImmutableArray<Finding> Find(WorkflowDefinition definition, IReadOnlyCollection<string>? facts = null) =>
        [.. Own(definition).SelectMany(node => Of(node, definition)).Concat(new ExpressionChecks(definition, facts).Find())];

    /// <summary>The nodes of the document itself, without those of the definitions that it uses.</summary>
    public static IEnumerable<Node> Own(WorkflowDefinition definition) =>
        definition.Nodes.Values.Where(node => node.Path.Length > 0 && !node.Path.Contains('<', StringComparison.Ordinal)).OrderBy(node => node.Path, PathOrder.Instance);

    private static IEnumerable<Finding> Of(Node node, WorkflowDefinition definition) => node switch
    {
        { Activity: NotFoundActivity } => [Finding.Warning("unknownType", node, "type", new($"Nothing is known of the activity type '{node.Type}': it faults when it is reached.", $"Тип действия «{node.Type}» неизвестен: когда до него дойдёт, произойдёт ошибка."))],
        { Activity: Complete } when definition.UsableAsActivity => Undeclared(node, definition),
        { Plan: FlowGraph graph } => new FlowChecks(graph).Find(),
        _ => [],
    };

    private static IEnumerable<Finding> Undeclared(Node node, WorkflowDefinition definition) =>
        from outcome in Ports.Texts(node.Inputs.GetValueOrDefault("Outcomes")) ?? []
        where outcome != Outcomes.Done && !definition.Outcomes.Contains(outcome)
        select Finding.Warning("undeclaredOutcome", node, "outcomes", new($"Completes with '{outcome}', which is not among the outcomes that this workflow declares.", $"Завершает с исходом «{outcome}», которого нет среди объявленных исходов процесса."));

    /// <summary>Numbers within paths count as numbers: activities[2] comes before activities[10].</summary>
    private sealed class PathOrder : IComparer<string>
    {
        public static readonly PathOrder Instance = new();

        public int Compare(string? x, string? y)
        {
            var (left, right) = (x!.Split('.', '['), y!.Split('.', '['));
            for (var i = 0; i < Math.Min(left.Length, right.Length); i++)
                if (Step(left[i], right[i]) is not 0 and var order)
                    return order;
            return left.Length.CompareTo(right.Length);
        }

        private static int Step(string left, string right) => int.TryParse(left.TrimEnd(']'), out var first) && int.TryParse(right.TrimEnd(']'), out var second)
            ? first.CompareTo(second) : string.CompareOrdinal(left, right);
    }
}
