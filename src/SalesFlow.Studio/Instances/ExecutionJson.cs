using System.Text.Json;
using SalesFlow.Engine;
using SalesFlow.Engine.Definitions;

namespace SalesFlow.Studio.Instances;

/// <summary>What Studio reads of an execution in a list.</summary>
internal record ExecutionSummary
{
    public required string Id { get; init; }
    public required string WorkflowInstanceId { get; init; }
    public required string ActivityId { get; init; }
    public required string ActivityNodeId { get; init; }
    public required string ActivityType { get; init; }
    public required int ActivityTypeVersion { get; init; }
    public string? ActivityName { get; init; }
    public required DateTimeOffset StartedAt { get; init; }
    public DateTimeOffset? CompletedAt { get; init; }
    public required bool HasBookmarks { get; init; }
    public required ActivityStatus Status { get; init; }
    public required int AggregateFaultCount { get; init; }
    public IReadOnlyDictionary<string, object?> Metadata { get; } = ExecutionJson.Map();
}

/// <summary>What Studio reads of one execution.</summary>
internal sealed record ExecutionDetails : ExecutionSummary
{
    public IReadOnlyDictionary<string, object?>? ActivityState { get; init; }
    public IReadOnlyDictionary<string, object?>? Payload { get; init; }
    public IReadOnlyDictionary<string, object?>? Outputs { get; init; }
    public required IReadOnlyDictionary<string, object?> Properties { get; init; }
    public ExceptionJson? Exception { get; init; }
    public string? SchedulingActivityExecutionId { get; init; }
    public string? SchedulingActivityId { get; init; }
    public required int CallStackDepth { get; init; }
    public string TenantId { get; } = "";
}

/// <summary>An exception as Elsa writes it.</summary>
internal sealed record ExceptionJson(string Type, string Message, ExceptionJson? InnerException)
{
    public static ExceptionJson? Of(Failure? failure) => failure is null ? null : new(failure.Type, failure.Message, Of(failure.Inner));
}

/// <summary>Executions on the wire.</summary>
internal static class ExecutionJson
{
    private const string TypeMark = "_type", ObjectMap = "ObjectMap";

    /// <summary>A map as Elsa marks it.</summary>
    public static Dictionary<string, object?> Map(params IEnumerable<KeyValuePair<string, object?>> members) => new(members) { [TypeMark] = ObjectMap };

    public static ExecutionSummary Summary(this SeenInstance instance, ExecutionRecord record) => new()
    {
        Id = ElsaIds.Part(instance.Row.Id, record.Id), WorkflowInstanceId = instance.Id, ActivityId = record.ActivityId, ActivityNodeId = record.NodeId,
        ActivityType = record.ActivityType, ActivityTypeVersion = VersionOf(instance.NodeOf(record.NodeId)), ActivityName = instance.NodeOf(record.NodeId)?.Name,
        StartedAt = record.StartedAt, CompletedAt = record.CompletedAt, HasBookmarks = record.HasBookmarks, Status = record.Status, AggregateFaultCount = record.FaultCount,
    };

    public static ExecutionDetails Details(this SeenInstance instance, ExecutionRecord record)
    {
        var node = instance.NodeOf(record.NodeId);
        var scheduler = record.ScheduledBy == 0 ? null : instance.Ledger.Find(record.ScheduledBy);
        return new()
        {
            Id = ElsaIds.Part(instance.Row.Id, record.Id), WorkflowInstanceId = instance.Id, ActivityId = record.ActivityId, ActivityNodeId = record.NodeId,
            ActivityType = record.ActivityType, ActivityTypeVersion = VersionOf(node), ActivityName = node?.Name,
            StartedAt = record.StartedAt, CompletedAt = record.CompletedAt, HasBookmarks = record.HasBookmarks, Status = record.Status, AggregateFaultCount = record.FaultCount,
            ActivityState = StateOf(record, node), Payload = PayloadOf(record.Outcomes), Outputs = OutputsOf(record, node),
            Properties = Map(instance.ContextOf(record.Id) is { } context ? StateJson.Properties(context, withVariables: false) : []),
            Exception = ExceptionJson.Of(record.Failure), CallStackDepth = record.CallStackDepth,
            SchedulingActivityExecutionId = scheduler is null ? null : ElsaIds.Part(instance.Row.Id, record.ScheduledBy), SchedulingActivityId = scheduler?.Kind.ActivityId,
        };
    }

    /// <summary>Evaluated inputs; an input that the definition does not give has its default.</summary>
    public static IReadOnlyDictionary<string, object?>? StateOf(ExecutionRecord record, Node? node)
    {
        var state = Members(record.State);
        if (record.State is not null || record.Failure is null)
            foreach (var input in node?.Activity.Descriptor.Inputs ?? [])
                if (input is { Default: { } value } && !node!.Inputs.ContainsKey(input.Name))
                    state.TryAdd(input.Name, value);
        return state.Count == 0 ? null : state;
    }

    /// <summary>Every output of the type: null where nothing was set.</summary>
    public static IReadOnlyDictionary<string, object?>? OutputsOf(ExecutionRecord record, Node? node)
    {
        var outputs = Members(record.Outputs);
        foreach (var output in node?.Activity.Descriptor.Outputs ?? [])
            outputs.TryAdd(output.Name, null);
        return outputs.Count == 0 ? null : outputs;
    }

    /// <summary>The outcomes it completed with.</summary>
    public static IReadOnlyDictionary<string, object?>? PayloadOf(IReadOnlyList<string>? outcomes) => outcomes is null ? null : Map(new KeyValuePair<string, object?>("Outcomes", outcomes));

    public static int VersionOf(Node? node) => node?.Json is { ValueKind: JsonValueKind.Object } json && node.Type != "Elsa.Workflow" && json.TryGetProperty("version", out var version)
        && version.ValueKind == JsonValueKind.Number && version.TryGetInt32(out var number) ? number : 1;

    private static Dictionary<string, object?> Members(Snapshot? snapshot)
    {
        var members = new Dictionary<string, object?>();
        if (snapshot is not null)
            foreach (var (name, value) in JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(snapshot.Json) ?? [])
                members[name] = value;
        return members;
    }
}
