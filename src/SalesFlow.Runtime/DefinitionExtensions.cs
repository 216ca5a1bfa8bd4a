using System.Collections.Immutable;
using SalesFlow.Engine.Definitions;

namespace SalesFlow.Runtime;

/// <summary>Looks a definition over before it is published, beyond what the reader reports; errors stop it, warnings do not. Every registered one is asked.</summary>
public abstract class DefinitionCheck
{
    /// <summary>What is wrong, each with the path of the activity that it is about. <paramref name="db"/> also sees what is being published together with it.</summary>
    public abstract Task<ImmutableArray<Problem>> FindAsync(WorkflowDb db, WorkflowDefinition definition, CancellationToken cancel);
}

/// <summary>Keeps from outside hands the instances that the product answers for. Every registered one is asked.</summary>
public abstract class InstanceGuard
{
    /// <summary>Why that must not be done to the chosen instances, in words for people; null when it may.</summary>
    public abstract Task<string?> ObjectionAsync(InstanceDeed deed, Func<IQueryable<InstanceRow>, IQueryable<InstanceRow>> choose, CancellationToken cancel);
}

/// <summary>What somebody wants to do to an instance from outside.</summary>
public enum InstanceDeed
{
    /// <summary>Delete it with all that is known of it.</summary>
    Delete,
    /// <summary>End it; it stays readable.</summary>
    Cancel,
}
