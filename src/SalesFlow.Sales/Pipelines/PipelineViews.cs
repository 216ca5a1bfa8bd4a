using System.Collections.Immutable;

namespace SalesFlow.Sales.Pipelines;

/// <summary>A pipeline as the board, the admin pages and the API show it.</summary>
public sealed record PipelineView(string Key, string Name, string DefinitionId, int Version, ImmutableArray<PipelineStageView> Stages);

/// <summary>A stage of a pipeline.</summary>
public sealed record PipelineStageView(string Key, string Name, double Probability, double? LimitHours, ImmutableArray<RuleView> Rules, int Order);

/// <summary>An exit rule of a stage: its kind and what it demands, in words.</summary>
public sealed record RuleView(string Kind, string Message);
