using SalesFlow.Engine;
using SalesFlow.Runtime;
using SalesFlow.Sales.Activities;

namespace SalesFlow.Sales.FailedSteps;

/// <summary>
/// Something that the process asked the outside to do and that failed so often that it was given up; it waits for an administrator. <paramref name="Id"/> is
/// "instance-number". <paramref name="DealId"/> and its like are null for an instance without a deal.
/// </summary>
public sealed record FailedStepView(string Id, string Kind, string Step, string InstanceId, string? DealId, string? DealNumber, string? DealTitle, int Attempts, string? Error, DateTimeOffset FailedAt);

/// <summary>Words for what the outside is asked to do.</summary>
internal static class StepWords
{
    private static readonly Dictionary<string, Text> Known = new()
    {
        [nameof(RenderDocument)] = new("issuing a document", "выпуск документа"),
        [nameof(HttpRequestSent)] = new("a request to another system", "запрос к другой системе"),
        [nameof(HttpResponseWritten)] = new("an answer to another system", "ответ другой системе"),
        [nameof(EventPublished)] = new("telling of an event", "передача события"),
        [nameof(TaskRequested)] = new("a task of the host", "задача внешней системы"),
        [nameof(WorkflowsDispatched)] = new("starting a sub-process", "запуск подпроцесса"),
        [nameof(ChildFinished)] = new("going on after a sub-process", "продолжение после подпроцесса"),
        [nameof(ChildrenCancelled)] = new("stopping sub-processes", "остановка подпроцессов"),
        ["PickOwner"] = new("picking an owner", "выбор ответственного"),
    };

    public static Text Of(string kind) => Known.GetValueOrDefault(kind, new(kind, kind));
}
