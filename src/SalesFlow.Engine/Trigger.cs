using System.Collections.Immutable;
using SalesFlow.Engine.Activities;
using SalesFlow.Engine.Definitions;
using SalesFlow.Engine.Expressions;

namespace SalesFlow.Engine;

/// <summary>
/// A point outside of any instance that starts instances of a published definition. <paramref name="Name"/> and <paramref name="Stimulus"/> are what a
/// bookmark of the same activity would have, <paramref name="DueAt"/> makes it a timer, <paramref name="Tag"/> is what the activity itself wrote down.
/// </summary>
public sealed record Trigger(string ActivityId, string Name, string? Stimulus = null, DateTimeOffset? DueAt = null, string? Tag = null);

/// <summary>What an activity may know while it is indexed: its node and its inputs, evaluated outside of any instance, so without variables.</summary>
public sealed class TriggerSource
{
    private readonly Dictionary<string, object?> _inputs = [];

    internal TriggerSource(Node node, DateTimeOffset now, DateTimeOffset? fired, Evaluator evaluator, Scope scope)
    {
        (Node, Now, Fired) = (node, now, fired);
        foreach (var input in node.Activity.Descriptor.Inputs)
            if (input.AutoEvaluate && node.Inputs.TryGetValue(input.Name, out var expression))
                _inputs[input.Name] = evaluator.Evaluate(expression, scope, input.TypeName);
    }

    /// <summary>The trigger's node.</summary>
    public Node Node { get; }
    /// <summary>When it is indexed.</summary>
    public DateTimeOffset Now { get; }
    /// <summary>The due time that has just fired; null when the definition has just been published.</summary>
    public DateTimeOffset? Fired { get; }

    /// <summary>An input by its Pascal-case name; its default when absent.</summary>
    public T? Input<T>(string name)
    {
        var value = _inputs.GetValueOrDefault(name);
        if (value is null)
            foreach (var input in Node.Activity.Descriptor.Inputs)
                if (input.Name == name)
                    value = input.Default;
        return Conversion.To<T>(value);
    }
}

/// <summary>Finds what starts instances of a definition. Pure.</summary>
public static class Triggers
{
    private static readonly Evaluator Evaluator = new(new EngineLimits());

    /// <summary>Every trigger of a definition that is published at <paramref name="now"/>, and what is wrong with those that cannot be indexed.</summary>
    public static (ImmutableArray<Trigger> Found, ImmutableArray<Problem> Problems) Of(WorkflowDefinition definition, DateTimeOffset now)
    {
        var (found, problems) = (ImmutableArray.CreateBuilder<Trigger>(), ImmutableArray.CreateBuilder<Problem>());
        foreach (var node in Nodes(definition))
            try
            {
                found.AddRange(node.Activity.Triggers(Source(definition, node, now, null)));
            }
            catch (Exception mistake) when (mistake is not OutOfMemoryException)
            {
                problems.Add(new Problem(node.Id, mistake.Message));
            }
        return (found.ToImmutable(), problems.ToImmutable());
    }

    /// <summary>When a timer that was due at <paramref name="fired"/> is due next; null when never again.</summary>
    public static DateTimeOffset? Next(WorkflowDefinition definition, string activityId, DateTimeOffset fired, DateTimeOffset now)
    {
        foreach (var node in Nodes(definition))
            if (node.Id == activityId)
                foreach (var trigger in node.Activity.Triggers(Source(definition, node, now, fired)))
                    return trigger.DueAt;
        return null;
    }

    private static TriggerSource Source(WorkflowDefinition definition, Node node, DateTimeOffset now, DateTimeOffset? fired) =>
        new(node, now, fired, Evaluator, new OutsideScope(definition, now));

    /// <summary>Activities that may start the workflow. Those inside used definitions start these, not the one that uses them.</summary>
    private static IEnumerable<Node> Nodes(WorkflowDefinition definition)
    {
        var used = definition.Nodes.Values.Where(node => node.Activity is WorkflowAsActivity).Select(node => node.NodeId + ":").ToList();
        return definition.Nodes.Values.Where(node => node.CanStart && !used.Exists(inside => node.NodeId.StartsWith(inside, StringComparison.Ordinal)))
            .OrderBy(node => node.NodeId, StringComparer.Ordinal);
    }

    /// <summary>What expressions see when there is no instance yet.</summary>
    private sealed class OutsideScope(WorkflowDefinition definition, DateTimeOffset now) : Scope
    {
        private int _number;

        public override IEnumerable<string> VariableNames => [];
        public override IEnumerable<string> InputNames => [];
        public override object? LastResult => null;
        public override string? CorrelationId { get; set; }
        public override string? InstanceName { get; set; }
        public override long InstanceId => 0;
        public override string DefinitionId => definition.DefinitionId;
        public override string VersionId => definition.VersionId;
        public override int Version => definition.Version;
        public override Facts Facts => Facts.None;
        public override DateTimeOffset Now => now;
        public override object? GetVariable(string idOrName, out bool found)
        {
            found = false;
            return null;
        }
        public override void SetVariable(string idOrName, object? value) { }
        public override object? GetInput(string name) => null;
        public override object? GetOutput(string activityIdOrName, string? outputName) => null;
        public override int NextNumber() => ++_number;
    }
}
