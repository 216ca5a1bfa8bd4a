using System.Collections.Immutable;
using SalesFlow.Engine;
using SalesFlow.Studio.Instances;

namespace SalesFlow.Studio.Alterations;

/// <summary>Which instances a plan is for. Only those that are not over can be altered; a filter that asks for nothing meets none unless it says so.</summary>
internal sealed record PlanFilter : InstanceFilter
{
    public bool EmptyFilterSelectsAll { get; init; }
    public IReadOnlyList<string>? WorkflowInstanceIds { get; init; }
    public IReadOnlyList<ActivityFilter>? ActivityFilters { get; init; }

    /// <summary>The rows to look at; those with an activity filter have to be looked into.</summary>
    public InstanceFilter Rows() => (this as InstanceFilter) with { Ids = WorkflowInstanceIds, SubStatuses = SubStatuses is { Count: > 0 } ? SubStatuses : [Instances.SubStatus.Pending, Instances.SubStatus.Executing, Instances.SubStatus.Suspended, Instances.SubStatus.Faulted] };

    /// <summary>Asks for nothing.</summary>
    public bool IsEmpty => Lacks(WorkflowInstanceIds) && Lacks(DefinitionIds) && Lacks(DefinitionVersionIds) && Lacks(CorrelationIds) && Lacks(Names) && Lacks(ActivityFilters) && Lacks(TimestampFilters) && Lacks(Statuses) && Lacks(SubStatuses)
        && SearchTerm is null or "" && HasIncidents is null && Status is null && SubStatus is null && DefinitionId is null or "" && CorrelationId is null or "" && Version is null;

    private static bool Lacks<T>(IReadOnlyList<T>? list) => list is not { Count: > 0 };
}

/// <summary>An activity at which an instance stands.</summary>
internal sealed record ActivityFilter(string? ActivityId, string? ActivityInstanceId, string? NodeId, string? Name, ActivityStatus? Status)
{
    public bool Accepts(SeenInstance instance) => instance.Contexts.Any(context => instance.NodeOf(context.NodeId) is { } node
        && (ActivityId is null || node.Id == ActivityId) && (NodeId is null || context.NodeId == NodeId) && (Name is null || node.Name == Name) && (Status is null || context.Status == Status)
        && (ActivityInstanceId is null || ElsaIds.Part(instance.Row.Id, context.Id) == ActivityInstanceId));
}
