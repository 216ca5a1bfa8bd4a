using SalesFlow.Engine;
using SalesFlow.Engine.Checks;
using SalesFlow.Engine.Definitions;
using SalesFlow.Sales.Activities;

namespace SalesFlow.Sales.Pipelines;

/// <summary>What makes a definition with stages a pipeline that deals can walk to their end.</summary>
internal sealed class PipelineChecks(WorkflowDefinition definition)
{
    private static readonly string[] OfStages = [.. new StageActivity().Descriptor.Outcomes.Select(port => port.Name)];
    private readonly List<Node> _stages = [.. SalesChecks.Stages(definition)];
    private readonly ILookup<string, string> _ways = Pipeline.Connections(definition.Root.Json).ToLookup(exit => exit.FromActivityId, exit => exit.Outcome);

    public IEnumerable<Finding> Find() => _stages.Count == 0 ? [] : [.. Beginning(), .. Doubled(), .. Nested(), .. Outcomes(), .. DeadEnds(), .. End()];

    private IEnumerable<Finding> Beginning()
    {
        if (!definition.Root.Children.Any(node => node.Activity is DealStarted))
            yield return Finding.Error("noStart", definition.Root, "", new("A pipeline begins with SalesFlow.DealStarted at its top level: without it no deal can be created in it.", "Воронка начинается с «Сделка создана» на верхнем уровне: без неё в воронке нельзя создать сделку."));
    }

    private IEnumerable<Finding> Doubled() =>
        from same in _stages.Where(node => node.Plan is Stage).GroupBy(node => ((Stage)node.Plan!).Key)
        from second in same.Skip(1)
        select Finding.Error("doubledStage", second, "stage", new($"'{same.First().Title}' has the key '{same.Key}' already; every stage needs a key of its own.", $"Ключ «{same.Key}» уже есть у этапа «{same.First().Title}»: у каждого этапа свой ключ."));

    private IEnumerable<Finding> Nested() =>
        from node in _stages
        where !definition.Root.Children.Contains(node)
        select Finding.Error("nestedStage", node, "", new("A stage stands at the top level of its pipeline: this one would be on no board and in no report.", "Этап стоит на верхнем уровне воронки: этого не будет ни на доске, ни в отчётах."));

    private IEnumerable<Finding> Outcomes() =>
        from stage in _stages
        from node in Completing(stage)
        from outcome in Ports.Texts(node.Inputs.GetValueOrDefault("Outcomes")) ?? []
        where !OfStages.Contains(outcome)
        select Finding.Error("unknownStageOutcome", node, "outcomes", new($"'{outcome}' is no outcome of a stage; these are {string.Join(", ", OfStages)}.", $"«{outcome}» — не исход этапа; исходы: {string.Join(", ", OfStages)}."));

    /// <summary>Where the process would be over while the deal is still open.</summary>
    private IEnumerable<Finding> DeadEnds() =>
        from node in definition.Root.Children
        where !node.Activity.Descriptor.IsTerminal && node.Type != "Elsa.Fault"
        let ports = node.Activity is StageActivity ? [Engine.Outcomes.Done, .. Produced(node)] : Ports.Of(node) ?? []
        from port in ports.Distinct()
        where !_ways[node.Id].Contains(port)
        select Finding.Warning("deadEnd", node, "", new(
            $"Left by '{port}' the process ends here, and the deal stays open without one. Lead '{port}' to a stage or to CloseDeal.", $"По исходу «{port}» процесс здесь закончится, а сделка останется открытой без процесса. Ведите «{port}» к этапу или к «Закрыть сделку»."));

    private IEnumerable<Finding> End()
    {
        if (!definition.Root.Children.Any(node => node.Activity is CloseDeal && Ports.Texts(node.Inputs.GetValueOrDefault("Result")) is not [not "won"]))
            yield return Finding.Warning("noWin", definition.Root, "", new("No activity closes a deal as won.", "Ни одно действие не закрывает сделку как выигранную."));
    }

    private IEnumerable<Node> Completing(Node stage) => DefinitionChecks.Own(definition).Where(node => node.Type == "Elsa.Complete" && node.Path.StartsWith(stage.Path + ".", StringComparison.Ordinal));

    private IEnumerable<string> Produced(Node stage) => Completing(stage).SelectMany(node => Ports.Texts(node.Inputs.GetValueOrDefault("Outcomes")) ?? []).Where(OfStages.Contains);
}
