using System.Globalization;
using SalesFlow.Engine.Expressions;
using SalesFlow.Engine.Flow;

namespace SalesFlow.Engine.Activities;

/// <summary>Starts other definitions as children. It waits for the answer of their start, so that what cannot be started faults here, and for their end when asked to.</summary>
internal abstract class Dispatching(ActivityDescriptor descriptor) : Activity(descriptor with { Category = Categories.Composition })
{
    private const int MaxDepth = 50;
    public const string ParentKey = "ParentInstanceId";

    public static readonly InputDescriptor
        DefinitionId = new("WorkflowDefinitionId", "String", new("Workflow Definition", "Определение процесса")) { UIHint = "workflow-definition-picker", Description = new("The published definition to start.", "Опубликованное определение, которое запускается.") },
        Correlation = new("CorrelationId", "String", new("Correlation ID", "Ключ связи")) { Description = new("What ties the child to the outside world.", "Чем дочерний процесс связан с внешним миром.") },
        Arguments = new("Input", "ObjectDictionary", new("Input", "Вход")) { UIHint = "dropdown", Description = new("Inputs of the child by name.", "Входы дочернего процесса по именам.") },
        Wait = new("WaitForCompletion", "Boolean", new("Wait for Completion", "Ждать завершения")) { UIHint = "checkbox", Description = new("Goes on when the child has ended.", "Продолжить, когда дочерний процесс завершится.") },
        NewTrace = new("StartNewTrace", "Boolean", new("Start New Trace", "Новая трассировка")) { UIHint = "checkbox", Category = new("Open Telemetry", "Open Telemetry"), Description = new("Read and kept; traces are the host's.", "Читается и сохраняется; трассировкой ведает сервер.") },
        Channel = new("ChannelName", "String", new("Channel", "Канал")) { UIHint = "dropdown", Options = [("", new("Default", "По умолчанию"))], Description = new("Read and kept; there is one channel.", "Читается и сохраняется; канал один.") };

    /// <summary>Asks for the children; the answer resumes the bookmark.</summary>
    protected static void Dispatch(Activation activation, IReadOnlyList<ChildStart> children, bool wait, bool autoBurn, bool atOnce)
    {
        var definitionId = activation.Input<string>(DefinitionId.Name);
        if (string.IsNullOrEmpty(definitionId))
            throw new FaultException("No workflow definition is chosen: there is nothing to start.");
        var depth = wait || atOnce ? (activation.Instance.Parent?.Depth ?? 0) + 1 : 0;
        if (depth > MaxDepth)
            throw new FaultException($"{MaxDepth} instances wait for one another already. '{definitionId}' seems to start itself; let it not wait for completion, or end the chain by a condition.");
        var bookmark = activation.Wait(activation.Node.Activity.Descriptor.TypeName, autoBurn: autoBurn);
        activation.Instance.HasChildren = true;
        activation.Effect(new WorkflowsDispatched(definitionId, children, wait ? bookmark.Number : null, depth, atOnce), bookmark);
    }

    /// <summary>The child's inputs: those given and the id of the instance that starts it.</summary>
    protected static Dictionary<string, object?> InputsOf(Activation activation)
    {
        var inputs = Json.Members(activation.Input<object>(Arguments.Name))?.ToDictionary(input => input.Key, input => input.Value) ?? [];
        inputs[ParentKey] = TextOf(activation.Instance.InstanceId);
        return inputs;
    }

    protected static string TextOf(long instanceId) => instanceId.ToString(CultureInfo.InvariantCulture);

    protected static void DispatchOne(Activation activation, bool atOnce) =>
        Dispatch(activation, [new ChildStart(activation.Input<string>(Correlation.Name), InputsOf(activation))], activation.Input<bool>(Wait.Name), autoBurn: true, atOnce);
}

/// <summary>Starts one child in the background.</summary>
internal sealed class DispatchWorkflow() : Dispatching(new("Elsa.DispatchWorkflow", new("Dispatch Workflow", "Запустить процесс"), Categories.Composition)
{
    Description = new("Starts a workflow in an instance of its own.", "Запускает процесс в отдельном экземпляре."),
    Inputs = [DefinitionId, Correlation, Arguments, Wait, NewTrace, Channel],
    Outputs = [new("Result", "Object", new("Result", "Результат"))],
})
{
    public override void Execute(Activation activation) => DispatchOne(activation, atOnce: false);

    public override void Resume(Activation activation, Bookmark bookmark, object? input)
    {
        if (input is ChildAnswer.Refused refused)
            throw new FaultException(refused.Reason);
        if (input is not ChildAnswer.Started)
            activation.Output("Result", input is ChildAnswer.Finished finished ? finished.Output : input);
        activation.Complete();
    }
}

/// <summary>Starts one child and lets it run before whoever woke this instance is answered.</summary>
internal sealed class ExecuteWorkflow() : Dispatching(new("Elsa.ExecuteWorkflow", new("Execute Workflow", "Выполнить процесс"), Categories.Composition)
{
    Kind = "Task",
    Description = new("Runs a workflow in an instance of its own and answers how far it came.", "Выполняет процесс в отдельном экземпляре и сообщает, до чего он дошёл."),
    Inputs = [DefinitionId, Correlation, Arguments, Wait],
    Outputs = [new("Result", "ExecuteWorkflowResult", new("Result", "Результат"))],
})
{
    public override void Execute(Activation activation) => DispatchOne(activation, atOnce: true);

    public override void Resume(Activation activation, Bookmark bookmark, object? input)
    {
        switch (input)
        {
            case ChildAnswer.Refused refused:
                throw new FaultException(refused.Reason);
            case ChildAnswer.Started started:
                activation.Output("Result", Result(started.InstanceId, started.Status, started.SubStatus, started.Output));
                break;
            case ChildAnswer.Finished finished:
                activation.Output("Result", Result(finished.InstanceId, WorkflowStatus.Finished, finished.SubStatus, finished.Output));
                break;
            default:
                activation.Output("Result", input);
                break;
        }
        activation.Complete();
    }

    private static Dictionary<string, object?> Result(long instanceId, WorkflowStatus status, WorkflowSubStatus subStatus, IReadOnlyDictionary<string, object?> output) => new()
    {
        ["workflowInstanceId"] = TextOf(instanceId), ["status"] = $"{status}", ["subStatus"] = $"{subStatus}", ["output"] = output,
    };
}

/// <summary>
/// Starts one child for each item. Waiting, it runs a slot for each child that ends. Only counts are remembered, so that thousands of children fit.
/// </summary>
internal sealed class BulkDispatchWorkflows() : Dispatching(new("Elsa.BulkDispatchWorkflows", new("Bulk Dispatch Workflows", "Запустить процессы по списку"), Categories.Composition)
{
    Kind = "Task",
    Description = new("Starts a workflow for each item of a list.", "Запускает процесс для каждого элемента списка."),
    Inputs =
    [
        DefinitionId, new("Items", "Object", new("Items", "Элементы")) { DefaultSyntax = "Object", Description = new("One child for each. A dictionary becomes the child's inputs itself.", "Один дочерний процесс на элемент. Словарь сам становится входами.") },
        new("DefaultItemInputKey", "String", new("Default Item Input Key", "Имя входа для элемента")) { Default = "Item", Description = new("The input that holds an item that is no dictionary.", "Вход для элемента, который не словарь.") },
        new("CorrelationIdFunction", "String", new("Correlation ID Function", "Функция ключа связи")) { AutoEvaluate = false, Description = new("Evaluated for each item; getItem() reads it.", "Вычисляется для каждого элемента; getItem() читает его.") },
        Arguments, Wait with { Default = true }, NewTrace, Channel,
    ],
    Slots = [new(OnCompleted, new("Child completed", "Дочерний завершён")), new(OnFaulted, new("Child faulted", "Дочерний с ошибкой"))],
    Outcomes = [new("Completed", new("Completed", "Завершены")), new("Canceled", new("Canceled", "Отменены")), new("Done", new("Done", "Готово"))],
})
{
    private const string OnCompleted = "ChildCompleted", OnFaulted = "ChildFaulted", Left = "Left", SomeCancelled = "Cancelled";

    public override void Execute(Activation activation)
    {
        var items = Lists.Items(activation.Input<object>("Items")) ?? [];
        if (items.Count == 0)
        {
            activation.Complete();
            return;
        }
        activation.Remember(Left, items.Count);
        Dispatch(activation, [.. items.Select(item => new ChildStart(CorrelationOf(activation, item), InputsOf(activation, item)))], activation.Input<bool>(Wait.Name), autoBurn: false, atOnce: false);
    }

    public override void Resume(Activation activation, Bookmark bookmark, object? input)
    {
        switch (input)
        {
            case ChildAnswer.Refused refused:
                throw new FaultException(refused.Reason);
            case ChildAnswer.Finished finished:
                Ended(activation, finished);
                break;
            default:
                activation.Complete();
                break;
        }
    }

    public override void ChildCompleted(Activation activation, Activation child, Outcomes outcomes) => CompleteIfAllEnded(activation);

    public override void ChildCancelled(Activation activation, Activation child) => CompleteIfAllEnded(activation);

    private static void Ended(Activation activation, ChildAnswer.Finished finished)
    {
        activation.Remember(Left, activation.Recall<int>(Left) - 1);
        if (finished.SubStatus == WorkflowSubStatus.Cancelled)
            activation.Remember(SomeCancelled, true);
        if (activation.Node.Slots.TryGetValue(finished.SubStatus == WorkflowSubStatus.Finished ? OnCompleted : OnFaulted, out var slot))
            activation.Schedule(slot, variables: new Dictionary<string, object?> { ["ChildInstanceId"] = TextOf(finished.InstanceId) });
        CompleteIfAllEnded(activation);
    }

    private static void CompleteIfAllEnded(Activation activation)
    {
        if (activation.Recall<int>(Left) == 0 && activation.IsIdle)
            activation.Complete(activation.Recall<bool>(SomeCancelled) ? "Canceled" : "Completed", Outcomes.Done);
    }

    private static Dictionary<string, object?> InputsOf(Activation activation, object? item)
    {
        var inputs = InputsOf(activation);
        if (Json.Members(item) is { } members)
            foreach (var (name, value) in members)
                inputs[name] = value;
        else
            inputs[activation.Input<string>("DefaultItemInputKey") is { Length: > 0 } key ? key : "Item"] = item;
        inputs[ParentKey] = TextOf(activation.Instance.InstanceId);
        return inputs;
    }

    private static string? CorrelationOf(Activation activation, object? item) =>
        activation.Node.Inputs.TryGetValue("CorrelationIdFunction", out var function) ? ((Execution)activation).EvaluateWith("Item", item, function, "String") as string : null;
}
