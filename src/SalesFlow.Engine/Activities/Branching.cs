using System.Text.Json;
using SalesFlow.Engine.Definitions;
using SalesFlow.Engine.Expressions;
using SalesFlow.Engine.Flow;

namespace SalesFlow.Engine.Activities;

internal sealed class FlowDecision() : Activity(new("Elsa.FlowDecision", new("Decision", "Решение"), Categories.Branching)
{
    Inputs = [new("Condition", "Boolean", new("Condition", "Условие"))],
    Outcomes = [new("True", new("True", "Да")), new("False", new("False", "Нет"))],
})
{
    public override void Execute(Activation activation) => activation.Complete(activation.Input<bool>("Condition") ? "True" : "False");
}

internal sealed class FlowSwitch() : Activity(new("Elsa.FlowSwitch", new("Switch (flow)", "Выбор (схема)"), Categories.Branching)
{
    Inputs = [new("Cases", "Object", new("Cases", "Случаи")) { IsWrapped = false, UIHint = "flow-switch-editor", AutoEvaluate = false }, Cases.Mode],
    Outcomes = [new("Default", new("Default", "Иначе"))],
})
{
    public override object? Compile(NodeSource source) => Cases.Read(source);

    public override void Execute(Activation activation)
    {
        var matching = new List<string>();
        foreach (var one in (List<Case>)activation.Node.Plan!)
            if (one.Holds(activation))
                matching.Add(one.Label);
        if (matching.Count == 0)
            activation.Complete("Default");
        else
            activation.Complete(Cases.MatchesAny(activation) ? [.. matching] : [matching[0]]);
    }
}

internal sealed class Switch() : Activity(new("Elsa.Switch", new("Switch", "Выбор"), Categories.Branching)
{
    Inputs = [new("Cases", "Object", new("Cases", "Случаи")) { IsWrapped = false, UIHint = "switch-editor", AutoEvaluate = false }, Cases.Mode],
    Outputs = [new("Output", "Object", new("Output", "Выход"))],
    Slots = [new("Default", new("Default", "Иначе"))],
})
{
    public override object? Compile(NodeSource source) => Cases.Read(source);

    public override void Execute(Activation activation)
    {
        var matching = new List<Case>();
        foreach (var one in (List<Case>)activation.Node.Plan!)
            if ((matching.Count == 0 || Cases.MatchesAny(activation)) && one.Holds(activation))
                matching.Add(one);
        var next = matching.Count > 0 ? matching.Select(one => one.Activity) : [activation.Node.Slots.GetValueOrDefault("Default")];
        foreach (var node in next)
            if (node is not null)
                activation.Schedule(node);
        if (activation.IsIdle)
            activation.Complete();
    }

    public override void ChildCompleted(Activation activation, Activation child, Outcomes outcomes)
    {
        if (activation.IsIdle)
            activation.Complete();
    }
}

/// <summary>One case of a switch.</summary>
internal sealed record Case(string Label, Expression? Condition, Node? Activity)
{
    public bool Holds(Activation activation) => Condition is not null && Conversion.To<bool>(activation.Evaluate(Condition, "Boolean"));
}

internal static class Cases
{
    public static readonly InputDescriptor Mode = new("Mode", "SwitchMode", new("Mode", "Режим"))
    {
        UIHint = "dropdown", Default = "MatchFirst", Options = [("MatchFirst", new("Match first", "Первый подходящий")), ("MatchAny", new("Match any", "Все подходящие"))],
    };

    public static bool MatchesAny(Activation activation) => activation.Input<string>("Mode") is "MatchAny" or "1";

    public static List<Case> Read(NodeSource source)
    {
        var cases = new List<Case>();
        var index = 0;
        foreach (var item in source.Json.Items("cases", (at, message) => source.Report(at, message)))
        {
            var path = $"cases[{index++}]";
            if (item.Text("label") is not { } label)
                source.Report($"{path}.label", "is missing.");
            else
                cases.Add(new Case(label, item.Member("condition") is { } condition ? source.Expression(condition, $"{path}.condition") : null, item.Member("activity") is { } activity ? source.Child(activity, $"{path}.activity") : null));
        }
        return cases;
    }
}

internal sealed class FlowFork() : Activity(new("Elsa.FlowFork", new("Fork (flow)", "Разветвление"), Categories.Branching)
{
    Inputs = [new("Branches", "String[]", new("Branches", "Ветви")) { UIHint = "dynamic-outcomes", DefaultSyntax = "Object" }],
})
{
    public override void Execute(Activation activation)
    {
        if (!activation.Node.Inputs.ContainsKey("Branches"))
            activation.Complete();
        else
            ((Execution)activation).Complete(new Outcomes(Lists.Texts(activation.Input<object>("Branches"))));
    }
}

internal sealed class FlowJoin() : Activity(new("Elsa.FlowJoin", new("Join (flow)", "Слияние"), Categories.Branching)
{
    Inputs = [new("Mode", "FlowJoinMode", new("Mode", "Режим")) { UIHint = "dropdown", Default = WaitAny, Options = [("WaitAny", new("Wait any", "Любая ветвь")), ("WaitAll", new("Wait all", "Все ветви")), ("WaitAllActive", new("Wait all active", "Все живые ветви"))] }],
})
{
    public const string WaitAny = "WaitAny", WaitAll = "WaitAll";

    /// <summary>The mode, evaluated in the flowchart's scope before the join itself runs.</summary>
    public static string ModeOf(Execution flowchart, Node join) =>
        join.Inputs.TryGetValue("Mode", out var mode) && Conversion.To<string>(flowchart.Evaluate(mode, "String")) is { Length: > 0 } chosen ? chosen : WaitAny;

    public override void Execute(Activation activation)
    {
        // Where tokens are passed, the join has had its turn when they arrived.
        if (activation.Parent is Execution { Node.Plan: FlowGraph graph, Counters: not null } flowchart && graph.IndexOf(activation.Node.Id) is >= 0 and var join)
            Flowchart.CancelAncestors(flowchart, graph, join);
        activation.Complete();
    }
}

internal sealed class If() : Activity(new("Elsa.If", new("If", "Если"), Categories.Branching)
{
    Inputs = [new("Condition", "Boolean", new("Condition", "Условие"))],
    Slots = [new("Then", new("Then", "То")), new("Else", new("Else", "Иначе"))],
    Outputs = [new("Result", "Boolean", new("Result", "Результат"))],
})
{
    public override void Execute(Activation activation)
    {
        var holds = activation.Input<bool>("Condition");
        activation.Output("Result", holds);
        if (activation.Node.Slots.TryGetValue(holds ? "Then" : "Else", out var branch))
            activation.Schedule(branch);
        else
            activation.Complete();
    }
}

internal sealed class FlowNode() : Activity(new("Elsa.FlowNode", new("Flow node", "Узел схемы"), Categories.Flow) { Slots = [new("Body", new("Body", "Тело"))] })
{
    public override void Execute(Activation activation)
    {
        if (activation.Node.Slots.TryGetValue("Body", out var body))
            activation.Schedule(body);
        else
            activation.Complete();
    }
}
