using System.Collections.Immutable;
using System.Text.Json;
using SalesFlow.Engine.Activities;
using SalesFlow.Engine.Definitions;
using SalesFlow.Engine.Expressions;

namespace SalesFlow.Engine.Checks;

/// <summary>The outcomes by which an activity of a definition may be left, as far as its document tells.</summary>
public static class Ports
{
    // Their outcomes are made of values that only the run knows.
    private static readonly HashSet<string> Open = ["Elsa.FlowSendHttpRequest", "Elsa.HttpEndpoint", "Elsa.SendHttpRequest", "Elsa.BulkDispatchWorkflows"];

    /// <summary>The names of the outcomes; null when they are not known before it runs.</summary>
    public static ImmutableArray<string>? Of(Node node)
    {
        var descriptor = node.Activity.Descriptor;
        if (node.Activity is NotFoundActivity || Open.Contains(descriptor.TypeName))
            return null;
        if (node.Plan is List<Case> cases && node.Activity is FlowSwitch)
            return [.. cases.Select(one => one.Label).Append("Default").Distinct()];
        if (descriptor.Inputs.FirstOrDefault(input => input.UIHint == "dynamic-outcomes") is { } written)
            return Written(node, written);
        return descriptor.Outcomes.IsEmpty ? [Outcomes.Done] : [.. descriptor.Outcomes.Select(port => port.Name)];
    }

    /// <summary>True when somebody, or a condition, chooses between the outcomes: each is meant to lead somewhere of its own.</summary>
    public static bool AreChosen(Node node) => node.Activity is FlowDecision or FlowSwitch or WorkflowAsActivity || node.Activity.Descriptor.Inputs.Any(input => input.UIHint == "dynamic-outcomes");

    /// <summary>The texts of a list written as a literal; null when it is computed.</summary>
    public static IReadOnlyList<string>? Texts(Expression? expression)
    {
        if (expression is null)
            return [];
        if (expression.Type is not ("Literal" or "Object" or "Json"))
            return null;
        try
        {
            return Lists.Texts(Json.Plain(expression.Value));
        }
        catch (Exception broken) when (broken is FaultException or JsonException)
        {
            return null;
        }
    }

    private static ImmutableArray<string>? Written(Node node, InputDescriptor input)
    {
        if (Texts(node.Inputs.GetValueOrDefault(input.Name)) is not { } names)
            return null;
        var standing = node.Activity.Descriptor.Outcomes.Select(port => port.Name);
        // A script goes on by Done unless it chooses otherwise.
        return names.Count == 0 || node.Activity is RunJavaScript ? [.. names.Append(Outcomes.Done).Concat(standing).Distinct()] : [.. names.Concat(standing).Distinct()];
    }
}
