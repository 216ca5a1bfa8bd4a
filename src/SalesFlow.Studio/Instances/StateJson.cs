using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using SalesFlow.Engine;

namespace SalesFlow.Studio.Instances;

/// <summary>An instance as Elsa writes its workflow state.</summary>
internal static class StateJson
{
    /// <summary>The whole state.</summary>
    public static object Of(SeenInstance instance)
    {
        var (row, state) = (instance.Row, instance.State);
        var contexts = instance.Contexts.ToList();
        return new
        {
            instance.Id, row.DefinitionId, row.DefinitionVersionId, row.DefinitionVersion, row.CorrelationId, row.Name,
            status = (WorkflowStatus)row.Status, subStatus = (WorkflowSubStatus)row.SubStatus, isExecuting = false,
            bookmarks = state.Bookmarks.Select(bookmark => Bookmark(instance, bookmark)), incidents = state.Incidents.Select(incident => Incident(instance, incident)),
            isSystem = false,
            completionCallbacks = state.Status == WorkflowStatus.Finished && state.SubStatus != WorkflowSubStatus.Faulted ? [] : contexts.Where(IsUnfinished).Where(context => context.Parent != 0).Select(context => Callback(instance, context)),
            activityExecutionContexts = contexts.Select(context => Context(instance, context)), scheduledActivities = contexts.Where(context => context.Status == ActivityStatus.Pending).Select(context => new { activityNodeId = context.NodeId, ownerActivityInstanceId = ElsaIds.Part(row.Id, context.Parent) }),
            executionLogSequence = instance.Ledger.LineCount, input = state.StoredInput, state.Output, properties = new Dictionary<string, object?>(),
            row.CreatedAt, row.UpdatedAt, row.FinishedAt,
        };
    }

    /// <summary>What went wrong, as the viewer shows it.</summary>
    public static object Incident(SeenInstance instance, Incident incident) => new
    {
        incident.ActivityId, activityNodeId = incident.NodeId, incident.ActivityType, activityInstanceId = ElsaIds.Part(instance.Row.Id, incident.Activation), incident.Message,
        exception = ExceptionJson.Of(instance.Kept(incident.Activation)?.Failure ?? new Failure(incident.ExceptionType ?? "Exception", incident.Message)),
        timestamp = incident.At,
    };

    /// <summary>What an activity keeps: variables, the counters of a flowchart, and values of its own.</summary>
    public static IEnumerable<KeyValuePair<string, object?>> Properties(ContextView context, bool withVariables)
    {
        if (withVariables && context.Variables.Any(variable => !variable.IsDynamic))
            yield return new("Variables", context.Variables.Where(variable => !variable.IsDynamic).DistinctBy(variable => variable.Id).ToDictionary(variable => variable.Id, variable => variable.Value));
        if (context.Visits is { } visits)
            yield return new("FlowScope", new { activitiesVisitCount = visits.Activities, connectionVisitCount = visits.Connections, connectionLastVisitFollowed = visits.Followed });
        foreach (var (key, value) in context.Remembered)
            yield return new(key, value);
    }

    /// <summary>Where it waits. The hash is Elsa's: of the name and the payload.</summary>
    private static object Bookmark(SeenInstance instance, Bookmark bookmark)
    {
        var payload = PayloadOf(instance, bookmark);
        return new
        {
            id = ElsaIds.Part(instance.Row.Id, bookmark.Number), bookmark.Name, hash = Hash(bookmark.Name, payload), payload = payload.ToDictionary(pair => Camel(pair.Key), pair => pair.Value),
            bookmark.ActivityId, activityNodeId = bookmark.NodeId, activityInstanceId = ElsaIds.Part(instance.Row.Id, bookmark.Activation), bookmark.CreatedAt, bookmark.AutoBurn,
            callbackMethodName = "ResumeAsync", autoComplete = true,
        };
    }

    /// <summary>The same as Elsa stores it beside the instance.</summary>
    public static object StoredBookmark(SeenInstance instance, Bookmark bookmark)
    {
        var payload = PayloadOf(instance, bookmark);
        return new
        {
            id = ElsaIds.Part(instance.Row.Id, bookmark.Number), activityTypeName = bookmark.Name, workflowInstanceId = instance.Id, activityInstanceId = ElsaIds.Part(instance.Row.Id, bookmark.Activation),
            hash = Hash(bookmark.Name, payload), instance.Row.CorrelationId, bookmark.CreatedAt, payload, metadata = new { },
        };
    }

    private static Dictionary<string, object?> PayloadOf(SeenInstance instance, Bookmark bookmark)
    {
        var payload = new Dictionary<string, object?>();
        if (bookmark.DueAt is { } due)
            payload["ResumeAt"] = due;
        if (bookmark.Stimulus is { } stimulus)
            payload[bookmark.Name switch { "Elsa.Event" => "EventName", "Elsa.RunTask" => "TaskId", _ => "Stimulus" }] = stimulus;
        if (bookmark.Name == "Elsa.RunTask" && instance.Kept(bookmark.Activation) is { State: { } state }
            && JsonSerializer.Deserialize<JsonElement>(state.Json).TryGetProperty("TaskName", out var name))
            payload["TaskName"] = name;
        return payload;
    }

    private static string Hash(string name, Dictionary<string, object?> payload)
    {
        var hashed = payload.Where(pair => pair.Key != "TaskName").ToDictionary();
        var text = hashed.Count == 0 ? name : $"{name}|{JsonSerializer.Serialize(hashed)}";
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }

    private static object Context(SeenInstance instance, ContextView context)
    {
        var record = instance.Kept(context.Id);
        var parent = instance.Contexts.FirstOrDefault(other => other.Id == context.Parent);
        return new
        {
            id = ElsaIds.Part(instance.Row.Id, context.Id), callStackDepth = record?.CallStackDepth ?? 0, parentContextId = parent is null ? null : ElsaIds.Part(instance.Row.Id, parent.Id),
            scheduledActivityNodeId = context.NodeId, ownerActivityNodeId = parent?.NodeId, properties = Properties(context, withVariables: true).ToDictionary(), metadata = new Dictionary<string, object?>(),
            activityState = record is null ? null : ExecutionJson.StateOf(record, instance.NodeOf(context.NodeId)) ?? new Dictionary<string, object?>(),
            dynamicVariables = context.Variables.Where(variable => variable.IsDynamic).Select(variable => new { variable.Id, variable.Name, variable.Value }),
            context.Status, isExecuting = false, faultCount = record?.FaultCount ?? 0, startedAt = record?.StartedAt ?? instance.Row.CreatedAt, record?.CompletedAt,
        };
    }

    private static object Callback(SeenInstance instance, ContextView child) => new
    {
        ownerInstanceId = ElsaIds.Part(instance.Row.Id, child.Parent), childNodeId = child.NodeId,
        methodName = instance.Contexts.FirstOrDefault(other => other.Id == child.Parent) is { Parent: 0 } ? "OnRootCompletedAsync" : "OnChildCompletedAsync",
    };

    private static bool IsUnfinished(ContextView context) => context.Status is ActivityStatus.Pending or ActivityStatus.Running or ActivityStatus.Faulted;

    private static string Camel(string name) => char.ToLowerInvariant(name[0]) + name[1..];
}
