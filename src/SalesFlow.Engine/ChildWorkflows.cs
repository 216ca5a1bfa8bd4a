namespace SalesFlow.Engine;

/// <summary>
/// The instance that started this one. <paramref name="Bookmark"/> is where it waits for this one's end, null when it does not wait;
/// <paramref name="Depth"/> counts the instances that wait for one another above this one.
/// </summary>
public sealed record ParentLink(long InstanceId, int? Bookmark, int Depth);

/// <summary>Other definitions are started as children of this instance, each in an instance of its own. <paramref name="Bookmark"/> hears of their end, null when nobody waits.</summary>
public sealed record WorkflowsDispatched(string DefinitionId, IReadOnlyList<ChildStart> Children, int? Bookmark, int Depth, bool AtOnce) : Effect;

/// <summary>One child to be started.</summary>
public sealed record ChildStart(string? CorrelationId, IReadOnlyDictionary<string, object?> Input);

/// <summary>A child tells the instance that waits for it that it has ended.</summary>
public sealed record ChildFinished(long ParentId, int Bookmark, WorkflowSubStatus SubStatus, IReadOnlyDictionary<string, object?> Output) : Effect;

/// <summary>The children of a cancelled instance are cancelled with it.</summary>
public sealed record ChildrenCancelled : Effect;

/// <summary>What an activity that started children hears.</summary>
public abstract record ChildAnswer
{
    private ChildAnswer() { }

    /// <summary>They cannot be started, and trying again would not help.</summary>
    public sealed record Refused(string Reason) : ChildAnswer;

    /// <summary>They have been started, and nobody waits for their end. The status is that of the only one.</summary>
    public sealed record Started(long InstanceId, WorkflowStatus Status, WorkflowSubStatus SubStatus, IReadOnlyDictionary<string, object?> Output) : ChildAnswer;

    /// <summary>One has ended.</summary>
    public sealed record Finished(long InstanceId, WorkflowSubStatus SubStatus, IReadOnlyDictionary<string, object?> Output) : ChildAnswer;
}
