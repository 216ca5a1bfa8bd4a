using System.Collections.Immutable;

namespace SalesFlow.Engine.Definitions;

/// <summary>A compiled definition version: immutable, shared by all its instances. <see cref="Document"/> is the JSON as received.</summary>
public sealed class WorkflowDefinition
{
    /// <summary>Logical id shared by all versions.</summary>
    public required string DefinitionId { get; init; }
    /// <summary>Id of this version.</summary>
    public required string VersionId { get; init; }
    /// <summary>From 1.</summary>
    public required int Version { get; init; }
    /// <summary>Name for people.</summary>
    public string? Name { get; init; }
    /// <summary>The document exactly as received.</summary>
    public required string Document { get; init; }
    /// <summary>The implicit Elsa.Workflow node (id Workflow1) whose only child is <see cref="Root"/>.</summary>
    public required Node Workflow { get; init; }
    /// <summary>The root activity, normally a flowchart.</summary>
    public required Node Root { get; init; }
    /// <summary>Workflow variables.</summary>
    public ImmutableArray<Variable> Variables { get; init; } = [];
    /// <summary>Declared inputs.</summary>
    public ImmutableArray<Argument> Inputs { get; init; } = [];
    /// <summary>Declared outputs.</summary>
    public ImmutableArray<Argument> Outputs { get; init; } = [];
    /// <summary>Outcomes it offers when used as an activity.</summary>
    public ImmutableArray<string> Outcomes { get; init; } = [];
    /// <summary>True when a fault leaves other branches running (ContinueWithIncidentsStrategy).</summary>
    public bool ContinueWithIncidents { get; init; }
    /// <summary>Whether a new instance may start beside running ones.</summary>
    public ActivationStrategy Activation { get; init; }
    /// <summary>May be used as an activity.</summary>
    public bool UsableAsActivity { get; init; }
    /// <summary>Every node by its path.</summary>
    public required IReadOnlyDictionary<string, Node> Nodes { get; init; }
    /// <summary>Mistakes that do not stop it from running.</summary>
    public ImmutableArray<Problem> Warnings { get; init; } = [];
}

/// <summary>Elsa's activation strategies: when a new instance may start beside those that are running.</summary>
public enum ActivationStrategy
{
    /// <summary>Always.</summary>
    Always,
    /// <summary>When none of the same definition is running.</summary>
    Singleton,
    /// <summary>When none of the same definition with the same correlation id is running.</summary>
    CorrelatedSingleton,
    /// <summary>When none of any definition with the same correlation id is running.</summary>
    Correlation,
}

/// <summary>The answer of <see cref="DefinitionReader.Read"/>.</summary>
public abstract record Reading
{
    private Reading() { }

    /// <summary>It can run.</summary>
    public sealed record Fine(WorkflowDefinition Definition) : Reading;

    /// <summary>It cannot; every problem is listed.</summary>
    public sealed record Broken(ImmutableArray<Problem> Problems) : Reading;
}
