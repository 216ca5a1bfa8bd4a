using SalesFlow.Engine.Expressions;
using SalesFlow.Engine.Flow;

namespace SalesFlow.Engine.Activities;

/// <summary>A loop ends when a Break rises from its body.</summary>
internal abstract class Loop(ActivityDescriptor descriptor) : Activity(descriptor with { Slots = [new("Body", new("Body", "Тело"))], Category = Categories.Looping })
{
    protected const string Value = "CurrentValue", Index = "CurrentIndex";

    public override bool Receive(Activation activation, Signal signal)
    {
        if (signal is not Signal.Break)
            return false;
        activation.Complete();
        return true;
    }

    protected static void Body(Activation activation, params (string Name, object? Value)[] variables)
    {
        if (activation.Node.Slots.TryGetValue("Body", out var body))
            activation.Schedule(body, variables: variables.ToDictionary(variable => variable.Name, variable => variable.Value));
        else
            activation.Complete();
    }
}

internal sealed class For() : Loop(new("Elsa.For", new("For", "Цикл по числам"), Categories.Looping)
{
    Inputs = [new("Start", "Int32", new("Start", "От")) { Default = 0 }, new("End", "Int32", new("End", "До")) { Default = 0 }, new("Step", "Int32", new("Step", "Шаг")) { Default = 1 }, new("OuterBoundInclusive", "Boolean", new("Include the end", "Включая конец")) { Default = true, UIHint = "checkbox" }],
    Outputs = [new("CurrentValue", "Object", new("Current value", "Текущее значение"))],
})
{
    public override void Execute(Activation activation)
    {
        activation.Remember("Next", activation.Input<int>("Start"));
        activation.Remember("End", activation.Input<int>("End"));
        activation.Remember("Step", activation.Input<int>("Step"));
        activation.Remember("Inclusive", activation.Input<bool>("OuterBoundInclusive"));
        Round(activation);
    }

    public override void ChildCompleted(Activation activation, Activation child, Outcomes outcomes) => Round(activation);

    private static void Round(Activation activation)
    {
        var (next, end, step) = (activation.Recall<long>("Next"), activation.Recall<long>("End"), activation.Recall<long>("Step"));
        if (step == 0)
            throw new FaultException("A For loop with step 0 would never end; the step must be another number.");
        var goesOn = step > 0 ? next < end : next > end;
        if (!goesOn && !(next == end && activation.Recall<bool>("Inclusive")))
        {
            activation.Complete();
            return;
        }
        activation.Remember("Next", next + step);
        activation.Output(Value, next);
        Body(activation, (Value, next));
    }
}

internal sealed class ForEach() : Loop(new("Elsa.ForEach", new("For each", "Для каждого"), Categories.Looping)
{
    Inputs = [new("Items", "Object", new("Items", "Элементы")) { DefaultSyntax = "Object", AutoEvaluate = false }],
    Outputs = [new("CurrentValue", "Object", new("Current value", "Текущее значение"))],
})
{
    public override void Execute(Activation activation) => Round(activation, 0);

    public override void ChildCompleted(Activation activation, Activation child, Outcomes outcomes) => Round(activation, activation.Recall<int>(Index) + 1);

    // The items are read anew each round, as Elsa does: a body that changes the list changes the loop.
    private static void Round(Activation activation, int index)
    {
        var items = Lists.Items(((Execution)activation).EvaluateInput("Items")) ?? throw new FaultException("ForEach has no items: the expression answered nothing. Answer an empty list instead.");
        if (index >= items.Count)
        {
            activation.Complete();
            return;
        }
        activation.Remember(Index, index);
        activation.Output(Value, items[index]);
        Body(activation, (Value, items[index]), (Index, index));
    }
}

internal sealed class While() : Loop(new("Elsa.While", new("While", "Пока"), Categories.Looping)
{
    Inputs = [new("Condition", "Boolean", new("Condition", "Условие")) { AutoEvaluate = false }],
})
{
    public override void Execute(Activation activation) => Round(activation);

    public override void ChildCompleted(Activation activation, Activation child, Outcomes outcomes) => Round(activation);

    private static void Round(Activation activation)
    {
        if (Conversion.To<bool>(((Execution)activation).EvaluateInput("Condition", "Boolean")))
            Body(activation);
        else
            activation.Complete();
    }
}

internal sealed class ParallelForEach() : Loop(new("Elsa.ParallelForEach", new("Parallel for each", "Для каждого параллельно"), Categories.Looping)
{
    Inputs = [new("Items", "Object", new("Items", "Элементы")) { DefaultSyntax = "Object" }],
})
{
    public override void Execute(Activation activation)
    {
        var items = Lists.Items(activation.Input<object>("Items")) ?? throw new FaultException("ParallelForEach has no items: the expression answered nothing. Answer an empty list instead.");
        if (items.Count == 0 || !activation.Node.Slots.ContainsKey("Body"))
            activation.Complete();
        else
            for (var i = 0; i < items.Count; i++)
                Body(activation, (Value, items[i]), (Index, i));
    }

    public override void ChildCompleted(Activation activation, Activation child, Outcomes outcomes)
    {
        if (activation.IsIdle)
            activation.Complete();
    }
}

internal sealed class Break() : Activity(new("Elsa.Break", new("Break", "Прервать цикл"), Categories.Looping) { IsTerminal = true })
{
    public override void Execute(Activation activation)
    {
        activation.Raise(new Signal.Break());
        activation.Complete();
    }
}

internal sealed class Sequence() : Activity(new("Elsa.Sequence", new("Sequence", "Последовательность"), Categories.Workflows) { IsContainer = true, IsBrowsable = false })
{
    public override void Execute(Activation activation) => Next(activation, 0);

    public override void ChildCompleted(Activation activation, Activation child, Outcomes outcomes)
    {
        if (child.Node.Activity.Descriptor.IsTerminal)
            activation.Complete();
        else
            Next(activation, activation.Node.Children.IndexOf(child.Node) + 1);
    }

    private static void Next(Activation activation, int index)
    {
        if (index >= activation.Node.Children.Length)
        {
            activation.Complete();
            return;
        }
        activation.Schedule(activation.Node.Children[index]);
    }
}

internal sealed class Parallel() : Activity(new("Elsa.Parallel", new("Parallel", "Параллельно"), Categories.Workflows) { IsContainer = true, IsBrowsable = false })
{
    public override void Execute(Activation activation)
    {
        foreach (var child in activation.Node.Children)
            activation.Schedule(child);
        if (activation.Node.Children.Length == 0)
            activation.Complete();
    }

    public override void ChildCompleted(Activation activation, Activation child, Outcomes outcomes)
    {
        if (activation.IsIdle)
            activation.Complete();
    }
}
