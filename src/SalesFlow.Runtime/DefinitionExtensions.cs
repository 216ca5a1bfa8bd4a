using System.Collections.Immutable;
using SalesFlow.Engine.Definitions;

namespace SalesFlow.Runtime;

/// <summary>Looks a definition over before it is published, beyond what the reader reports; errors stop it, warnings do not. Every registered one is asked.</summary>
public abstract class DefinitionCheck
{
    /// <summary>What is wrong, each with the path of the activity that it is about.</summary>
    public abstract Task<ImmutableArray<Problem>> FindAsync(WorkflowDefinition definition, CancellationToken cancel);
}

/// <summary>Keeps instances from being deleted that the product still needs. Every registered one is asked.</summary>
public abstract class DeletionGuard
{
    /// <summary>Why the chosen instances must stay, in words for people; null when they may go.</summary>
    public abstract Task<string?> ObjectionAsync(Func<IQueryable<InstanceRow>, IQueryable<InstanceRow>> choose, CancellationToken cancel);
}
