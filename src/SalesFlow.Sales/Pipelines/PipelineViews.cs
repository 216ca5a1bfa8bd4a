using System.Collections.Immutable;
using SalesFlow.Sales.Tasks;

namespace SalesFlow.Sales.Pipelines;

/// <summary>A pipeline as the board, the admin pages and the API show it; <paramref name="Fields"/> are those that its tasks ask for.</summary>
public sealed record PipelineView(string Key, string Name, string DefinitionId, int Version, ImmutableArray<PipelineStageView> Stages, ImmutableArray<FormFieldView> Fields);

/// <summary>A stage of a pipeline.</summary>
public sealed record PipelineStageView(string Key, string Name, double Probability, double? LimitHours, ImmutableArray<RuleView> Rules, int Order);

/// <summary>An exit rule of a stage: its kind and what it demands, in words.</summary>
public sealed record RuleView(string Kind, string Message);
