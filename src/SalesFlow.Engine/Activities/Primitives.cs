using SalesFlow.Engine.Definitions;
using SalesFlow.Engine.Expressions;
using SalesFlow.Engine.Flow;

namespace SalesFlow.Engine.Activities;

internal sealed class Start() : Activity(new("Elsa.Start", new("Start", "Начало"), Categories.Flow) { IsStart = true })
{
    public override void Execute(Activation activation) => activation.Complete();
}

internal sealed class End() : Activity(new("Elsa.End", new("End", "Конец"), Categories.Flow) { IsTerminal = true })
{
    public override void Execute(Activation activation) => activation.Complete();
}

internal sealed class Finish() : Activity(new("Elsa.Finish", new("Finish", "Завершить процесс"), Categories.Primitives) { IsTerminal = true })
{
    public override void Execute(Activation activation) => activation.FinishWorkflow();
}

internal sealed class Fault() : Activity(new("Elsa.Fault", new("Fault", "Ошибка"), Categories.Primitives)
{
    Inputs = [new("Code", "String", new("Code", "Код")), new("Category", "String", new("Category", "Категория")), new("FaultType", "String", new("Type", "Вид")), new("Message", "String", new("Message", "Сообщение"))],
})
{
    public override void Execute(Activation activation) => throw new FaultException(activation.Input<string>("Message") ?? "Fault",
        activation.Input<string>("Code") ?? "0", activation.Input<string>("Category") ?? "General", activation.Input<string>("FaultType") ?? "System");
}

internal sealed class SetVariable() : Activity(new("Elsa.SetVariable", new("Set variable", "Задать переменную"), Categories.Primitives)
{
    Inputs = [new("Variable", "Variable", new("Variable", "Переменная")) { IsWrapped = false, UIHint = "variable-picker", AutoEvaluate = false }, new("Value", "Object", new("Value", "Значение"))],
})
{
    private sealed record Target(string Id, string Name);

    public override object? Compile(NodeSource source)
    {
        var variable = source.Json.Member("variable");
        var id = variable?.Text("id") ?? variable?.Text("name");
        if (id is null)
            source.Report("variable", "names no variable; expected {\"id\", \"name\"}. The activity will do nothing.", isError: false);
        return id is null ? null : new Target(id, variable?.Text("name") ?? id);
    }

    public override void Execute(Activation activation)
    {
        if (activation.Node.Plan is Target target)
            activation.SetVariable(((Execution)activation).CellInReach(target.Id) is null ? target.Name : target.Id, activation.Input<object>("Value"));
        activation.Complete();
    }
}

internal sealed class SetName() : Activity(new("Elsa.SetName", new("Set name", "Назвать экземпляр"), Categories.Primitives) { Inputs = [new("Value", "String", new("Name", "Имя"))] })
{
    public override void Execute(Activation activation)
    {
        activation.Instance.Name = activation.Input<string>("Value");
        activation.Complete();
    }
}

internal sealed class Correlate() : Activity(new("Elsa.Correlate", new("Correlate", "Связать"), Categories.Primitives) { Inputs = [new("CorrelationId", "String", new("Correlation id", "Ключ связи"))] })
{
    public override void Execute(Activation activation)
    {
        activation.Instance.CorrelationId = activation.Input<string>("CorrelationId");
        activation.Complete();
    }
}

internal sealed class WriteLine() : Activity(new("Elsa.WriteLine", new("Write line", "Вывести строку"), Categories.Console) { Inputs = [new("Text", "String", new("Text", "Текст"))] })
{
    public override void Execute(Activation activation)
    {
        activation.Line(activation.Input<string>("Text") ?? "");
        activation.Complete();
    }
}

/// <summary>Waits for a named event; as the trigger that started the workflow it completes at once.</summary>
internal sealed class Event() : Activity(new("Elsa.Event", new("Event", "Событие"), Categories.Primitives)
{
    Kind = "Trigger",
    Inputs = [new("EventName", "String", new("Event name", "Имя события"))],
    Outputs = [new("Result", "Object", new("Result", "Результат"))],
})
{
    public override IEnumerable<Trigger> Triggers(TriggerSource source) => source.Input<string>("EventName") is { Length: > 0 } name
        ? [new Trigger(source.Node.Id, Descriptor.TypeName, name)]
        : throw new FaultException("Trigger should have a payload: the event has no name.");

    public override void Execute(Activation activation)
    {
        var run = ((Execution)activation).TurnOf;
        if (run.IsFiring(activation.Node))
        {
            activation.Output("Result", run.Input.GetValueOrDefault("Result"));
            activation.Complete();
            return;
        }
        var name = activation.Input<string>("EventName");
        activation.Wait("Elsa.Event", string.IsNullOrEmpty(name) ? throw new FaultException("The event has no name: nothing could ever resume it.") : name);
    }

    public override void Resume(Activation activation, Bookmark bookmark, object? input)
    {
        activation.Output("Result", input);
        activation.Complete();
    }
}

internal sealed class PublishEvent() : Activity(new("Elsa.PublishEvent", new("Publish event", "Опубликовать событие"), Categories.Primitives)
{
    Inputs = [new("EventName", "String", new("Event name", "Имя события")), new("CorrelationId", "String", new("Correlation id", "Ключ связи")), new("IsLocalEvent", "Boolean", new("Local event", "Только здесь")) { UIHint = "checkbox" }, new("Payload", "Object", new("Payload", "Данные"))],
})
{
    public override void Execute(Activation activation)
    {
        activation.Effect(new EventPublished(activation.Input<string>("EventName") ?? "", activation.Input<string>("CorrelationId"), activation.Input<bool>("IsLocalEvent"), activation.Input<object>("Payload")));
        activation.Complete();
    }
}

/// <summary>Hands a named task to the host and waits for its answer.</summary>
internal sealed class RunTask() : Activity(new("Elsa.RunTask", new("Run task", "Поручить системе"), Categories.Primitives)
{
    Inputs = [new("TaskName", "String", new("Task name", "Имя задания")), new("Payload", "ObjectDictionary", new("Payload", "Данные"))],
    Outputs = [new("TaskId", "String", new("Task id", "Номер задания")), new("Result", "Object", new("Result", "Результат"))],
})
{
    public override void Execute(Activation activation)
    {
        var taskId = $"{activation.Instance.InstanceId:x}-{activation.NextNumber():x}";
        activation.Output("TaskId", taskId);
        var bookmark = activation.Wait("Elsa.RunTask", taskId);
        activation.Effect(new TaskRequested(taskId, activation.Input<string>("TaskName") ?? "", activation.Input<object>("Payload")), bookmark);
    }

    public override void Resume(Activation activation, Bookmark bookmark, object? input)
    {
        activation.Output("Result", input);
        activation.Complete();
    }
}

internal sealed class Delay() : Activity(new("Elsa.Delay", new("Delay", "Пауза"), Categories.Scheduling) { Inputs = [new("TimeSpan", "TimeSpan", new("Time span", "Длительность")) { Default = "00:01:00" }] })
{
    public override void Execute(Activation activation) => activation.WaitUntil(activation.Now + activation.Input<TimeSpan>("TimeSpan"), "Elsa.Delay");
}

internal sealed class RunJavaScript() : Activity(new("Elsa.RunJavaScript", new("Run JavaScript", "Выполнить JavaScript"), Categories.Scripting)
{
    Inputs = [new("Script", "String", new("Script", "Скрипт")) { UIHint = "code-editor", DefaultSyntax = "JavaScript", AutoEvaluate = false }, new("PossibleOutcomes", "String[]", new("Possible outcomes", "Возможные исходы")) { UIHint = "dynamic-outcomes", DefaultSyntax = "Object" }],
    Outputs = [new("Result", "Object", new("Result", "Результат"))],
})
{
    /// <inheritdoc />
    public override object? Compile(NodeSource source)
    {
        if (!source.Inputs.TryGetValue("Script", out var input) || input.Value.ValueKind != System.Text.Json.JsonValueKind.String || string.IsNullOrWhiteSpace(input.Value.GetString()))
            return null;
        // The text itself is the script, whatever syntax Studio put on it.
        var script = new Expression("JavaScript", input.Value);
        source.Check(script, "script");
        return script;
    }

    public override void Execute(Activation activation)
    {
        if (activation.Node.Plan is not Expression script)
        {
            activation.Complete();
            return;
        }
        var execution = (Execution)activation;
        execution.Show("Script", script.Value.GetString());
        var scope = execution.Scope;
        scope.Choosing = true;
        var result = activation.Evaluate(script);
        if (result is not null)
            activation.Output("Result", result);
        if (scope.ChosenOutcomes is { Count: > 0 } chosen)
            activation.Complete([.. chosen]);
        else
            activation.Complete();
    }
}

/// <summary>Names of the toolbox's groups.</summary>
internal static class Categories
{
    public static readonly Text Flow = new("Flow", "Схема"), Branching = new("Branching", "Ветвление"), Looping = new("Looping", "Циклы"), Composition = new("Composition", "Композиция"), ControlFlow = new("Control Flow", "Управление"), Workflows = new("Workflows", "Процессы"), System = new("System", "Система"),
        Primitives = new("Primitives", "Основное"), Console = new("Console", "Консоль"), Scheduling = new("Scheduling", "Время"), Scripting = new("Scripting", "Скрипты");
}
