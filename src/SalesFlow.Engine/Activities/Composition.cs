using System.Text.Json;
using SalesFlow.Engine.Definitions;
using SalesFlow.Engine.Expressions;
using SalesFlow.Engine.Flow;

namespace SalesFlow.Engine.Activities;

/// <summary>The implicit node around the root of a definition, used or running by itself.</summary>
internal sealed class WorkflowRoot() : Activity(new("Elsa.Workflow", new("Workflow", "Процесс"), Categories.Workflows) { IsBrowsable = false, Outputs = [new("Result", "Object", new("Result", "Результат"))] })
{
    public static readonly WorkflowRoot Instance = new();

    public override void Execute(Activation activation) => activation.Schedule(activation.Node.Children[0]);

    public override void ChildCompleted(Activation activation, Activation child, Outcomes outcomes) => activation.Complete();

    public override bool Receive(Activation activation, Signal signal)
    {
        if (signal is not Signal.Complete complete)
            return false;
        activation.Complete([.. complete.Outcomes.Names]);
        return true;
    }
}

/// <summary>A published definition used as an activity: it runs inline, in the same instance, in a scope of its own.</summary>
internal sealed class WorkflowAsActivity(string type, JsonElement definition) : Activity(Describe(type, definition))
{
    public override void Execute(Activation activation)
    {
        foreach (var input in Descriptor.Inputs)
            activation.SetVariable(input.Name, activation.Input<object>(input.Name));
        if (activation.Node.Children.Length == 0)
            activation.Complete();
        else
            activation.Schedule(activation.Node.Children[0]);
    }

    public override void ChildCompleted(Activation activation, Activation child, Outcomes outcomes)
    {
        foreach (var output in Descriptor.Outputs)
            activation.Output(output.Name, activation.Variable(output.Name));
        activation.Complete([.. outcomes.Names]);
    }

    private static ActivityDescriptor Describe(string type, JsonElement definition)
    {
        var name = definition.Text("name") ?? type;
        var category = definition.Member("options")?.Text("activityCategory");
        return new ActivityDescriptor(type, new(name, name), category is null ? Categories.Workflows : new(category, category))
        {
            Version = definition.Whole("version") ?? 1, IsBrowsable = definition.Member("options")?.Flag("usableAsActivity") == true,
            Outcomes = [.. definition.Items("outcomes", (_, _) => { }).Select(outcome => new PortDescriptor(outcome.ToString(), new(outcome.ToString(), outcome.ToString())))],
            Inputs = [.. DefinitionReader.Arguments(definition, "inputs", []).Select(input => new InputDescriptor(input.Name, input.TypeName, new(input.Name, input.Name)))],
            Outputs = [.. DefinitionReader.Arguments(definition, "outputs", []).Select(output => new OutputDescriptor(output.Name, output.TypeName, new(output.Name, output.Name)))],
        };
    }
}

/// <summary>Stands where a type is unknown; the node keeps its JSON.</summary>
internal sealed class NotFoundActivity(string type, string message) : Activity(new(type, new(type, type), Categories.System) { IsBrowsable = false })
{
    public override void Execute(Activation activation) => throw new FaultException(message);
}

/// <summary>Completes the nearest composite with outcomes of its own.</summary>
internal sealed class Complete() : Activity(new("Elsa.Complete", new("Complete", "Завершить с исходом"), Categories.Composition)
{
    IsTerminal = true,
    Inputs = [new("Outcomes", "Object", new("Outcomes", "Исходы")) { UIHint = "outcome-picker", DefaultSyntax = "Object" }],
})
{
    public override void Execute(Activation activation)
    {
        var outcomes = Lists.Texts(activation.Input<object>("Outcomes"));
        activation.Raise(new Signal.Complete(outcomes.Count == 0 ? Outcomes.Default : new Outcomes(outcomes)));
        activation.Complete();
    }
}

/// <summary>Sets an output of the nearest composite that declares it, else of the workflow.</summary>
internal sealed class SetOutput() : Activity(new("Elsa.SetOutput", new("Set output", "Задать выход"), Categories.Composition)
{
    Inputs = [new("OutputName", "String", new("Output", "Выход")) { UIHint = "output-picker" }, new("OutputValue", "Object", new("Value", "Значение"))],
})
{
    public override void Execute(Activation activation)
    {
        var name = activation.Input<string>("OutputName") ?? throw new FaultException("SetOutput has no output name.");
        var value = activation.Input<object>("OutputValue");
        for (var holder = activation.Parent; holder is not null; holder = holder.Parent)
            if (holder.Node.Activity is WorkflowAsActivity used && used.Descriptor.Outputs.Any(output => output.Name == name))
            {
                holder.SetVariable(name, value);
                activation.Complete();
                return;
            }
        activation.Instance.Output[name] = Plain.Checked(value);
        activation.Complete();
    }
}

/// <summary>Texts out of what an expression answered: a list, one text, or a list written as JSON text.</summary>
internal static class Lists
{
    public static IReadOnlyList<string> Texts(object? value) => value switch
    {
        null => [],
        string text when text.TrimStart().StartsWith('[') => Texts(Parse(text)),
        string text => text.Length == 0 ? [] : [text],
        System.Collections.IEnumerable items => [.. items.Cast<object?>().Where(item => item is not null).Select(item => Conversion.To<string>(item)!)],
        _ => [Conversion.To<string>(value)!],
    };

    public static List<object?>? Items(object? value) => value switch
    {
        null => null,
        string text when text.TrimStart().StartsWith('[') => Parse(text) as List<object?> ?? [text],
        string text => [text],
        System.Collections.IDictionary dictionary => [dictionary],
        System.Collections.IEnumerable items => [.. items.Cast<object?>()],
        _ => [value],
    };

    private static object? Parse(string text)
    {
        try
        {
            return Json.Parse(text);
        }
        catch (JsonException broken)
        {
            throw new FaultException($"'{text}' looks like a JSON list but is not one: {broken.Message}", inner: broken);
        }
    }
}
